"""One video from YouTube to files on disk, checked: the media, its thumbnail, its subtitles.

The work is done by yt-dlp; here is what it is asked for, what is refused before and after, and what stays
on disk.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yt_dlp.utils import YoutubeDLError

from ytsynch.youtube import classify, formats
from ytsynch.youtube.described import Described, read_described
from ytsynch.youtube.errors import (
    BadFile,
    ChannelNotFound,
    DamagedDownload,
    DownloadStopped,
    EmptyDownload,
    LiveUpcoming,
    LocalDiskTrouble,
    NetworkTrouble,
    PostprocessingFailed,
    RecordingNotReady,
    RecordingRefused,
    TooLarge,
    ToolBroken,
    TooLong,
    VideoUnavailable,
    YouTubeError,
)
from ytsynch.youtube.extraction import WATCH_PAGE, Extractor, Info
from ytsynch.youtube.fetching import fetch
from ytsynch.youtube.languages import iso_language
from ytsynch.youtube.listing import TABS, ChannelEntry, channel_tab, read_entries
from ytsynch.youtube.probe import MediaFacts, is_readable, probe
from ytsynch.youtube.progress import Limits, Progress, Watch
from ytsynch.youtube.subtitles import MAX_BYTES as MAX_SUBTITLE_BYTES
from ytsynch.youtube.subtitles import SubtitleFile, save_subtitles
from ytsynch.youtube.thumbnails import MAX_BYTES as MAX_THUMBNAIL_BYTES
from ytsynch.youtube.thumbnails import make_thumbnail

__all__ = ["ChannelEntry", "Described", "Downloaded", "Downloader", "Limits", "Progress", "SubtitleFile"]

# After these the part files stay, for the next attempt to go on from.
_RESUMABLE = (DownloadStopped, NetworkTrouble, LocalDiskTrouble)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


@dataclass(frozen=True)
class Downloaded:
    """A finished download: files in the folder that was given, and what is known of them.

    `thumbnail_path` is a 1280×720 WebP. `language` is the ISO 639 code of the sound where YouTube says it.
    `described` is what the video's page says. `was_live`: the video is the recording of a live stream.
    """

    path: Path
    facts: MediaFacts
    thumbnail_path: Path
    subtitles: tuple[SubtitleFile, ...]
    is_short: bool
    language: str | None
    source_has_audio: bool
    described: Described
    was_live: bool = False


class Downloader:
    """Fetches videos through one address.

    `proxy` is a URL (socks5h://…, http://…), '' for none whatever the environment says, None for the
    environment's; `ca_file` is a PEM file of certificates to trust besides the usual; `ffmpeg` a binary, by
    default the one of imageio-ffmpeg; `player_clients` overrides yt-dlp's choice of YouTube clients;
    `cache_folder` keeps YouTube's player scripts between videos. The object keeps no connection: one may
    serve several threads.
    """

    def __init__(
        self,
        *,
        proxy: str | None,
        ca_file: str | None,
        ffmpeg: str | None = None,
        socket_timeout: float = 20.0,
        player_clients: Collection[str] | None = None,
        cache_folder: Path | None = None,
    ) -> None:
        self._extractor = Extractor(
            proxy=proxy,
            ca_file=ca_file,
            ffmpeg=ffmpeg,
            socket_timeout=socket_timeout,
            player_clients=tuple(player_clients) if player_clients else None,
            cache_folder=cache_folder,
        )

    def download(
        self,
        video_id: str,
        folder: Path,
        *,
        limits: Limits,
        on_progress: Callable[[Progress], None],
        expect_hd: bool | None = None,
        avoid_formats: Collection[str] = (),
    ) -> Downloaded:
        """Fetch a video into `folder`, going on from part files of an earlier attempt.

        Files are named `<video id>.…`. `on_progress` is called about twice a second and may raise
        DownloadCancelled to stop. `expect_hd` is the Data API's word that there is a high definition;
        `avoid_formats` are format ids of a damaged earlier file.

        Raises the errors of `ytsynch.youtube.errors`. After DownloadStopped, NetworkTrouble and
        LocalDiskTrouble the part files stay; after any other none of the video's files stays in the folder.
        """
        if not _VIDEO_ID.fullmatch(video_id):
            raise ValueError(f"not a YouTube video id: {video_id[:40]!r}")
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        attempt = _Attempt(self._extractor, video_id, folder, limits, Watch(limits, on_progress))
        try:
            return attempt.run(expect_hd=expect_hd, avoid_formats=avoid_formats)
        except YouTubeError as error:
            if not isinstance(error, _RESUMABLE):
                attempt.remove_files()
            raise

    def ask(self, video_id: str) -> None:
        """See whether YouTube gives the video out through this address; nothing is fetched. Raises as
        `download`.
        """
        with self._extractor.open() as ydl:
            try:
                info = ydl.extract_info(WATCH_PAGE + video_id, download=False)
            except YoutubeDLError as error:
                raise classify.of_extraction(error, ydl.journal.warnings) from error
        formats.refuse_other_video(info, video_id)
        formats.refuse_live(info)
        formats.refuse_hidden(info)

    def list_channel(
        self, channel: str, tab: str = "videos", *, limit: int | None = None
    ) -> tuple[ChannelEntry, ...]:
        """What a channel shows to everybody, without quota, newest first.

        `channel` is a channel id, a handle with its @, or an address; `tab` is videos, shorts or streams. A
        channel without that tab has no entries. An empty list proves nothing. Dates are about right («2 weeks
        ago»). Raises ChannelNotFound, ChannelTerminated, AddressBlocked, YouTubeUnreachable, ToolBroken.
        """
        info = self._channel_info(channel, tab, limit)
        return read_entries(info) if info is not None else ()

    def identify_channel(self, channel: str) -> str:
        """The id of the channel that a handle with its @ or an address names. Raises as `list_channel`."""
        for tab in TABS:
            info = self._channel_info(channel, tab, 1)
            if info is not None and info.get("channel_id"):
                return str(info["channel_id"])
        raise ChannelNotFound(f"no channel id on the page of {channel}")

    def _channel_info(self, channel: str, tab: str, limit: int | None) -> Info | None:
        """yt-dlp's facts of a channel's tab; None where the channel has no such tab."""
        url = channel_tab(channel, tab)
        with self._extractor.open({"extract_flat": True, "playlistend": limit}) as ydl:
            try:
                info: Info = ydl.extract_info(url, download=False)
            except YoutubeDLError as error:
                if f"does not have a {tab} tab" in str(error):
                    return None
                failure = classify.of_extraction(error, ydl.journal.warnings)
                if isinstance(failure, VideoUnavailable):
                    failure = ChannelNotFound(failure.raw)
                raise failure from error
        return info


class _Attempt:
    """One attempt at one video: ask, refuse or fetch, check, add thumbnail and subtitles."""

    def __init__(
        self, extractor: Extractor, video_id: str, folder: Path, limits: Limits, watch: Watch
    ) -> None:
        self._extractor = extractor
        self._video_id = video_id
        self._folder = folder
        self._limits = limits
        self._watch = watch

    def run(self, *, expect_hd: bool | None, avoid_formats: Collection[str]) -> Downloaded:
        settings = {
            "format": formats.format_choice(avoid_formats),
            "format_sort": list(formats.FORMAT_ORDER),
            "merge_output_format": "mp4",
            "outtmpl": {"default": str(self._folder / "%(id)s.%(ext)s")},
            "ratelimit": self._limits.rate_limit,
            # Blocks of 64 KiB: each calls the hook, so that a slow stream is noticed and can be stopped.
            "buffersize": 65536,
            "noresizebuffer": True,
            "progress_hooks": [self._watch.on_bytes],
            "postprocessor_hooks": [self._watch.on_postprocessing],
        }
        with self._extractor.open(settings) as ydl:
            self._watch.enter("asking")
            info = self._ask(ydl)
            self._refuse_unfit(info, expect_hd)
            self._watch.expected = formats.expected_bytes(info)
            path = self._fetch(ydl, info)
            self._watch.enter("checking")
            facts = self._check(path, info)
            return self._complete(ydl, info, path, facts)

    def remove_files(self) -> None:
        """Remove everything of this video from the folder, parts and leftovers too."""
        self._remove_all_but(frozenset())

    def _ask(self, ydl: Any) -> Info:
        try:
            info: Info = ydl.extract_info(WATCH_PAGE + self._video_id, download=False)
        except YoutubeDLError as error:
            refusal = classify.of_extraction(error, ydl.journal.warnings)
            raise self._second_look(refusal) from error
        return info

    def _second_look(self, refusal: YouTubeError) -> YouTubeError:
        """What a refusal truly is, where yt-dlp tells more when it is asked without formats.

        That is the start of an upcoming stream, and that a stream without formats is live at all.
        """
        if not isinstance(refusal, LiveUpcoming | ToolBroken):
            return refusal
        with self._extractor.open({"ignore_no_formats_error": True}) as ydl:
            try:
                info = ydl.extract_info(WATCH_PAGE + self._video_id, download=False)
                formats.refuse_other_video(info, self._video_id)
                formats.refuse_live(info)
            except LiveUpcoming as upcoming:
                # The sentence knows a premiere from a stream better than the flags do.
                kind = type(refusal) if isinstance(refusal, LiveUpcoming) else type(upcoming)
                return kind(refusal.raw, starts_at=upcoming.starts_at)
            except YouTubeError as better:
                return better
            except YoutubeDLError:
                return refusal
        return refusal

    def _refuse_unfit(self, info: Info, expect_hd: bool | None) -> None:
        formats.refuse_other_video(info, self._video_id)
        formats.refuse_live(info)
        formats.refuse_hidden(info)
        if info.get("live_status") == "was_live" and not self._limits.recordings:
            raise RecordingRefused
        formats.refuse_over_limits(
            info, max_seconds=self._limits.max_seconds, max_bytes=self._limits.max_bytes
        )
        formats.refuse_poor_quality(info, expect_hd=expect_hd, now=datetime.now(UTC))

    def _fetch(self, ydl: Any, info: Info) -> Path:
        """Fetch and put together; returns the path of the file."""
        try:
            result = self._transfer(ydl, info)
        except YoutubeDLError as error:
            failure = classify.of_transfer(error)
            if isinstance(failure, PostprocessingFailed) and not all(map(is_readable, self._streams(info))):
                failure = DamagedDownload(failure.raw)
            if isinstance(failure, BadFile):
                failure.formats = formats.chosen_ids(info)
            raise failure from error
        downloads = result.get("requested_downloads") or []
        if not downloads or not downloads[0].get("filepath"):
            raise EmptyDownload("yt-dlp left no file", formats.chosen_ids(info))
        return Path(downloads[0]["filepath"])

    def _transfer(self, ydl: Any, info: Info) -> Info:
        try:
            result: Info = ydl.process_ie_result(info, download=True)
        except YoutubeDLError as error:
            if not classify.is_range_refused(error):
                raise
            # A part file that is whole already, or longer than what is offered now: yt-dlp cannot go on
            # from it.
            for part in self._folder.glob(f"{self._video_id}.*.part"):
                part.unlink()
            result = ydl.process_ie_result(info, download=True)
        return result

    def _streams(self, info: Info) -> Iterator[Path]:
        """Files of the single streams, before they are put together."""
        for name in formats.chosen_ids(info):
            yield from self._folder.glob(f"{self._video_id}.f{name}.*")

    def _check(self, path: Path, info: Info) -> MediaFacts:
        """The facts of the file, once it is whole and within limits."""
        try:
            facts = probe(path)
        except BadFile as damage:
            damage.formats = formats.chosen_ids(info)
            raise
        if facts.size > self._limits.max_bytes:
            raise TooLarge(facts.size, self._limits.max_bytes)
        if facts.duration > self._limits.max_seconds:
            raise TooLong(facts.duration, self._limits.max_seconds)
        if facts.audio_codec is None and formats.source_has_audio(info):
            raise DamagedDownload("no sound, though the source has some", formats.chosen_ids(info))
        declared = float(info.get("duration") or 0)
        if declared and abs(facts.exact_duration - declared) > max(1.0, 0.02 * declared):
            words = f"{facts.exact_duration:.1f} s long, {declared:.0f} s declared"
            if info.get("live_status") == "was_live":
                raise RecordingNotReady(words)
            raise DamagedDownload(words, formats.chosen_ids(info))
        return facts

    def _complete(self, ydl: Any, info: Info, path: Path, facts: MediaFacts) -> Downloaded:
        """Thumbnail and subtitles beside the checked file."""
        self._watch.enter("thumbnail")
        thumbnail = self._folder / f"{self._video_id}.thumbnail.webp"
        make_thumbnail(
            self._video_id,
            path,
            thumbnail,
            fetch=lambda url: fetch(ydl, url, max_bytes=MAX_THUMBNAIL_BYTES),
        )
        self._watch.enter("subtitles")
        subtitles = save_subtitles(
            info.get("subtitles") or {},
            self._folder / self._video_id,
            fetch=lambda url: fetch(ydl, url, max_bytes=MAX_SUBTITLE_BYTES),
        )
        self._remove_all_but({path, thumbnail, *(subtitle.path for subtitle in subtitles)})
        return Downloaded(
            path=path,
            facts=facts,
            thumbnail_path=thumbnail,
            subtitles=subtitles,
            is_short=info.get("media_type") == "short"
            or formats.is_short(
                width=facts.width,
                height=facts.height,
                duration=facts.exact_duration,
                published=formats.published(info),
            ),
            language=iso_language(info.get("language")),
            source_has_audio=formats.source_has_audio(info),
            described=read_described(info),
            was_live=info.get("live_status") == "was_live",
        )

    def _remove_all_but(self, kept: Collection[Path]) -> None:
        for path in self._folder.glob(f"{self._video_id}.*"):
            if path not in kept and path.is_file():
                path.unlink(missing_ok=True)
