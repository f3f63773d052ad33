"""What YouTube offers for a video: which streams are taken, and what shows that the offer must not be taken.

All functions look at yt-dlp's information (a dict) and fetch nothing.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ytsynch.youtube.errors import (
    AddressBlocked,
    LiveNow,
    LiveUpcoming,
    MembersOnly,
    PaidOnly,
    PremiereUpcoming,
    RecordingNotReady,
    StillProcessing,
    TooLarge,
    ToolBroken,
    TooLong,
    VideoPrivate,
    VideoUnlisted,
    YouTubeError,
)

Info = dict[str, Any]

# The original sound before dubs; 1080p whatever its codec, else the nearest below; H.264 and AAC where
# there is a choice. «res» compares the shorter side, so that vertical videos come out right.
FORMAT_ORDER = ("lang", "res:1080", "vcodec:h264", "acodec:aac")

_PROCESSING_TIME = timedelta(hours=6)
_AVAILABILITY: dict[str, type[YouTubeError]] = {
    "private": VideoPrivate,
    "unlisted": VideoUnlisted,
    "subscriber_only": MembersOnly,
    "premium_only": PaidOnly,
}


def format_choice(avoid: Collection[str] = ()) -> str:
    """yt-dlp's format expression: best picture with best sound.

    `avoid` names format ids that made a bad file; they are taken again only where there is nothing else.
    """
    without = "".join(f'[format_id!="{name}"]' for name in sorted(avoid))
    choices = [f"bv{without}+ba{without}", f"bv{without}+ba", f"bv+ba{without}"] if avoid else []
    return "/".join([*choices, "bv+ba", "b"])


def refuse_other_video(info: Info, video_id: str) -> None:
    """Raise AddressBlocked when the answer is about another video: distrusted addresses get such."""
    if info.get("_type", "video") != "video":
        raise ToolBroken(f"{info['_type']} instead of a video")
    if info.get("id") != video_id:
        raise AddressBlocked(f"asked for {video_id}, got {info.get('id')!r}")


def refuse_live(info: Info) -> None:
    """Raise LiveNow, LiveUpcoming, PremiereUpcoming or RecordingNotReady by the state of a live stream."""
    state = info.get("live_status")
    if state == "is_live":
        raise LiveNow("live_status is_live")
    if state == "is_upcoming":
        raise upcoming(info)
    if state == "post_live":
        raise RecordingNotReady("live_status post_live")


def upcoming(info: Info) -> LiveUpcoming:
    """The error for an upcoming stream or premiere, with its start where YouTube says it.

    A premiere is an uploaded video: its length is known before it begins.
    """
    start = info.get("release_timestamp")
    starts_at = datetime.fromtimestamp(start, UTC) if isinstance(start, int | float) else None
    kind = PremiereUpcoming if info.get("duration") else LiveUpcoming
    return kind("live_status is_upcoming", starts_at=starts_at)


def refuse_hidden(info: Info) -> None:
    """Raise when the video is not public. The Data API knows better; this is the last look before the
    download.
    """
    kind = _AVAILABILITY.get(info.get("availability") or "")
    if kind is not None:
        raise kind(f"availability {info['availability']}")


def refuse_poor_quality(info: Info, *, expect_hd: bool | None, now: datetime) -> None:
    """The one rule about too small pictures. Height means the shorter side of the best picture offered.

    * published less than 6 hours ago and below 720: YouTube is still making the better ones →
      StillProcessing;
    * at most 360, although there is more → AddressBlocked. That there is more shows in the Data API
      (`definition: hd`, given as `expect_hd`), or in that nothing but picture and sound in one stream is
      offered: YouTube makes separate streams of every video, and gives only format 18 (360p) to addresses
      it distrusts.

    Otherwise a small video is a small video: there are many old ones.
    """
    best = best_height(info)
    since = published(info)
    if since is not None and now - since < _PROCESSING_TIME and best < 720:
        raise StillProcessing(f"best picture {best}p, published {since:%Y-%m-%d %H:%M} UTC")
    if best <= 360 and (expect_hd or not _has_separate_streams(info)):
        raise AddressBlocked(f"nothing above {best}p offered")


def refuse_over_limits(info: Info, *, max_seconds: int, max_bytes: int) -> None:
    """Raise TooLong or TooLarge by what YouTube declares.

    Sizes that yt-dlp only estimates from the bit rate count when they are over by a fifth; exact sizes and
    the download itself decide the rest.
    """
    duration = int(info.get("duration") or 0)
    if duration > max_seconds:
        raise TooLong(duration, max_seconds)
    exact = sum(int(stream.get("filesize") or 0) for stream in chosen(info))
    if exact > max_bytes:
        raise TooLarge(exact, max_bytes)
    estimate = expected_bytes(info)
    if estimate is not None and estimate > max_bytes * 1.2:
        raise TooLarge(estimate, max_bytes)


def chosen(info: Info) -> list[Info]:
    """The one or two streams that yt-dlp has chosen."""
    return info.get("requested_formats") or [info]


def chosen_ids(info: Info) -> tuple[str, ...]:
    """Format ids of the chosen streams."""
    return tuple(str(stream.get("format_id")) for stream in chosen(info))


def expected_bytes(info: Info) -> int | None:
    """Bytes of the chosen streams, exact or estimated; None unless known of each."""
    sizes = [stream.get("filesize") or stream.get("filesize_approx") for stream in chosen(info)]
    return sum(int(size or 0) for size in sizes) if all(sizes) else None


def source_has_audio(info: Info) -> bool:
    """Whether any stream offered carries sound."""
    return any(has_audio(stream) for stream in info.get("formats") or chosen(info))


def has_audio(stream: Info) -> bool:
    """Whether a stream carries sound."""
    return (stream.get("acodec") or "none") != "none"


def has_video(stream: Info) -> bool:
    """Whether a stream carries a picture."""
    return (stream.get("vcodec") or "none") != "none"


def best_height(info: Info) -> int:
    """Shorter side, in pixels, of the largest picture offered; 0 where there is none."""
    return max((_short_side(stream) for stream in _pictures(info)), default=0)


def is_short(*, width: int, height: int, duration: float, published: datetime | None) -> bool:
    """Whether YouTube files the video under Shorts: square or taller, and up to 3 minutes.

    Before 15 October 2024 the limit was one minute. Source:
    https://support.google.com/youtube/answer/15424877.
    """
    old = published is not None and published < datetime(2024, 10, 15, tzinfo=UTC)
    return height >= width and duration <= (60 if old else 180)


def _pictures(info: Info) -> Iterator[Info]:
    return (stream for stream in info.get("formats") or () if has_video(stream) and stream.get("height"))


def _short_side(stream: Info) -> int:
    return min(int(stream["height"]), int(stream.get("width") or stream["height"]))


def _has_separate_streams(info: Info) -> bool:
    return any(not has_audio(stream) for stream in _pictures(info))


def published(info: Info) -> datetime | None:
    """When the video became public, as far as the watch page says (a moment, or midnight of a day)."""
    moment = info.get("timestamp")
    if isinstance(moment, int | float):
        return datetime.fromtimestamp(moment, UTC)
    day = info.get("upload_date")
    return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) if isinstance(day, str) else None
