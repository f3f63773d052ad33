"""Download: from YouTube into the media store, measured and hashed, with thumbnail and subtitles."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from videos import media_store, moves, outside, pace, queue_order, quota, youtube_facts
from videos.errors import FileChanged
from videos.leases import Keeper, LeaseLost, keeping
from videos.models import MediaFile, Role, Video
from videos.pipeline import addresses, adoption, readiness, recordings, tool
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.languages import iso_639_1
from ytsynch.youtube.downloader import Described, Downloaded, Limits, Progress
from ytsynch.youtube.errors import BadFile, DownloadCancelled, StillProcessing

log = structlog.get_logger(__name__)

FIRST_GUESS = 1_000_000
"""Bytes a second that are reserved for a video whose size nobody knows yet (a rich 1080p); set right once it
is on disk.
"""

UNKNOWN_DURATION = 300
"""Seconds that a video is taken to last which was found by a feed and that the Data API has not described
yet.
"""


def reporter(keeper: Keeper) -> Callable[[Progress], None]:
    """What the downloader calls as bytes arrive: stores the progress, and stops it when the video is no
    longer ours.
    """

    def report(progress: Progress) -> None:
        failpoint("download.bytes")
        try:
            keeper.report({"phase": progress.phase, "done": progress.done, "total": progress.total})
        except LeaseLost as lost:
            raise DownloadCancelled("the video was paused or given to another worker") from lost

    return report


def download(video: Video) -> None:
    """Bring the video's files into the media store and move it on. Every failure is dealt with by the table
    of reactions.
    """
    failpoint("download.claimed")
    began = time.monotonic()
    queue_order.served(video)
    limits = outside.download_limits()
    try:
        readiness.require_likely_room(video, outside.query_node())
        adoption.require_not_there(video, outside.query_node())
        _ask_again_for_facts(video)
        recordings.require_complete(video)
        media_store.reserve(video, min((video.duration or UNKNOWN_DURATION) * FIRST_GUESS, limits.max_bytes))
        failpoint("download.reserved")
        with keeping(video) as keeper:
            downloaded = _fetch(video, reporter(keeper), limits=limits)
            failpoint("download.fetched")
            keeper.check()
            if youtube_facts.are_missing(video):
                raise StillProcessing("it can be watched, but the Data API does not show it yet")
            files = _store(video, downloaded)
            failpoint("download.stored")
        media_store.set_reserved(video, sum(file.size for file in files))
        _finish(video, downloaded, files, seconds=time.monotonic() - began)
        failpoint("download.finished")
    except (DownloadCancelled, LeaseLost):
        log.info("download.stopped", video=video.youtube_id)
        moves.release(video)


def _ask_again_for_facts(video: Video) -> None:
    """Facts that the Data API did not give at discovery: without them there is nothing to write on chain."""
    if youtube_facts.are_missing(video):
        facts = outside.data_api(quota.Purpose.SYNC).videos([video.youtube_id]).get(video.youtube_id)
        if facts is not None:
            Video.objects.filter(pk=video.pk).update(
                **{name: getattr(video, name) for name in youtube_facts.fill(video, facts)}
            )


def _fetch(video: Video, report: Callable[[Progress], None], *, limits: Limits) -> Downloaded:
    """Download into the work folder, through one address (see `addresses`).

    The formats of a bad file are remembered: the next try takes others (faults.md Y13).
    """
    try:
        with addresses.borrowed(video) as downloader, tool.watched(video):
            return downloader.download(
                video.youtube_id,
                media_store.work_folder(video),
                limits=limits,
                on_progress=report,
                expect_hd=None if video.needs_description else video.is_hd,
                avoid_formats=video.avoid_formats,
            )
    except BadFile as error:
        avoid = sorted({*video.avoid_formats, *error.formats})
        Video.objects.filter(pk=video.pk).update(avoid_formats=avoid)
        raise


@transaction.atomic
def _finish(video: Video, downloaded: Downloaded, files: list[MediaFile], *, seconds: float) -> None:
    facts = downloaded.facts
    MediaFile.objects.filter(video=video).delete()
    MediaFile.objects.bulk_create(files)
    moves.move(
        video,
        State.DOWNLOADED,
        event="downloaded",
        detail={
            "bytes": files[0].size,
            "width": facts.width,
            "height": facts.height,
            "codec": facts.video_codec,
        },
        is_short=downloaded.is_short,
        language=downloaded.language or video.language,
        **_described(video, downloaded.described),
        media={
            "size": files[0].size,
            "duration": facts.duration,
            "width": facts.width,
            "height": facts.height,
            "video_codec": facts.video_codec,
            "audio_codec": facts.audio_codec,
            "container": facts.container,
            "mime_type": facts.mime_type,
        },
    )
    pace.finished(Stage.DOWNLOAD, seconds=seconds, bytes=files[0].size)
    media_store.clear_work_folder(video)
    failpoint("download.written")


def _described(video: Video, page: Described) -> dict[str, Any]:
    """What the video's own page says, for one that the Data API has not described yet."""
    if not Video.objects.filter(pk=video.pk, needs_description=True).exists():
        return {}
    return {
        "title": page.title or video.title,
        "description": page.description or video.description,
        "published_at": page.published_at or video.published_at,
        "license": page.license,
        "views": page.views or video.views,
        "likes": page.likes or video.likes,
    }


def _store(video: Video, downloaded: Downloaded) -> list[MediaFile]:
    """Move the files into the media store; their order here is the order of the assets on chain."""
    sources: list[tuple[Role, Path, str, str]] = [
        (Role.MEDIA, downloaded.path, downloaded.facts.mime_type, ""),
        (Role.THUMBNAIL, downloaded.thumbnail_path, "image/webp", ""),
        # Joystream's metadata has no place for a language without a two-letter code
        *(
            (Role.SUBTITLE, sub.path, sub.mime_type, sub.language)
            for sub in downloaded.subtitles
            if iso_639_1(sub.language)
        ),
    ]
    store = media_store.media_store()
    files = []
    for position, (role, path, mime_type, language) in enumerate(sources):
        key = f"{video.youtube_id}/{position}{path.suffix}"
        size, content_id = store.take(path, key)
        failpoint("download.file_stored")
        files.append(
            MediaFile(
                video=video,
                position=position,
                role=role,
                language=language,
                mime_type=mime_type,
                key=key,
                size=size,
                content_id=content_id,
            )
        )
    return files


def fetch_again(video: Video, report: Callable[[Progress], None]) -> None:
    """The local files are gone, but the chain has their hashes: download once more. Raises `FileChanged` when
    the bytes differ.
    """
    with addresses.borrowed(video) as downloader, tool.watched(video):
        downloaded = downloader.download(
            video.youtube_id,
            media_store.work_folder(video),
            limits=outside.download_limits(),
            on_progress=report,
        )
    promised = {file.position: file.content_id for file in video.files.all()}
    again = {file.position: file.content_id for file in _store(video, downloaded)}
    media_store.clear_work_folder(video)
    if again != promised:
        raise FileChanged("downloaded once more, and the bytes are not those that the chain was promised")
