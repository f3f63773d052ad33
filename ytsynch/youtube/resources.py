"""The Data API's channel and video resources as plain values.

Google leaves fields out freely, so whatever can have a default has one; what cannot (an id, a date of
publication) raises ApiAnswerInvalid. Source of fields: https://developers.google.com/youtube/v3/docs
(channels, videos).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ytsynch.youtube.errors import ApiAnswerInvalid

Resource = Mapping[str, Any]

CHANNEL_PARTS = "snippet,contentDetails,statistics,status,brandingSettings"
VIDEO_PARTS = "snippet,contentDetails,statistics,status,liveStreamingDetails,paidProductPlacementDetails"


@dataclass(frozen=True)
class YouTubeChannel:
    """A channel. `handle` begins with @ ('' where there is none); `subscribers` is None where they are
    hidden.
    """

    id: str
    title: str
    description: str
    handle: str
    published_at: datetime
    country: str
    default_language: str
    thumbnails: dict[str, str]
    banner_url: str
    subscribers: int | None
    videos: int
    views: int
    uploads_playlist_id: str
    privacy_status: str


@dataclass(frozen=True)
class YouTubeVideo:
    """A video.

    `duration` in seconds (0 while live or upcoming); `live_broadcast_content` is none, live or upcoming;
    `upload_status` is uploaded, processed, failed, rejected or deleted; `privacy_status` is public,
    unlisted or private; `license` is youtube or creativeCommon; `definition` is hd or sd; `paid_promotion`
    as the creator declared it; counts are None where hidden. '' stands for what Google left out.
    """

    id: str
    channel_id: str
    title: str
    description: str
    published_at: datetime
    duration: int
    category_id: str
    default_language: str
    default_audio_language: str
    live_broadcast_content: str
    scheduled_start_at: datetime | None
    actual_end_at: datetime | None
    upload_status: str
    privacy_status: str
    license: str
    age_restricted: bool
    view_count: int | None
    like_count: int | None
    comment_count: int | None
    thumbnails: dict[str, str]
    caption: bool
    definition: str = ""
    paid_promotion: bool = False


def read_channel(item: Resource) -> YouTubeChannel:
    """Raises ApiAnswerInvalid."""
    hidden = _field(item, "statistics", "hiddenSubscriberCount") is True
    return YouTubeChannel(
        id=_required(item, "id"),
        title=_text(item, "snippet", "title"),
        description=_text(item, "snippet", "description"),
        handle=_text(item, "snippet", "customUrl"),
        published_at=_required_time(item, "snippet", "publishedAt"),
        country=_text(item, "snippet", "country") or _text(item, "brandingSettings", "channel", "country"),
        default_language=_text(item, "snippet", "defaultLanguage")
        or _text(item, "brandingSettings", "channel", "defaultLanguage"),
        thumbnails=_thumbnails(item),
        banner_url=_text(item, "brandingSettings", "image", "bannerExternalUrl"),
        subscribers=None if hidden else _count(item, "statistics", "subscriberCount"),
        videos=_count(item, "statistics", "videoCount") or 0,
        views=_count(item, "statistics", "viewCount") or 0,
        uploads_playlist_id=_text(item, "contentDetails", "relatedPlaylists", "uploads"),
        privacy_status=_text(item, "status", "privacyStatus"),
    )


def read_video(item: Resource) -> YouTubeVideo:
    """Raises ApiAnswerInvalid."""
    return YouTubeVideo(
        id=_required(item, "id"),
        channel_id=_required(item, "snippet", "channelId"),
        title=_text(item, "snippet", "title"),
        description=_text(item, "snippet", "description"),
        published_at=_required_time(item, "snippet", "publishedAt"),
        duration=seconds(_text(item, "contentDetails", "duration")),
        category_id=_text(item, "snippet", "categoryId"),
        default_language=_text(item, "snippet", "defaultLanguage"),
        default_audio_language=_text(item, "snippet", "defaultAudioLanguage"),
        live_broadcast_content=_text(item, "snippet", "liveBroadcastContent") or "none",
        scheduled_start_at=_time(item, "liveStreamingDetails", "scheduledStartTime"),
        actual_end_at=_time(item, "liveStreamingDetails", "actualEndTime"),
        upload_status=_text(item, "status", "uploadStatus"),
        privacy_status=_text(item, "status", "privacyStatus"),
        license=_text(item, "status", "license") or "youtube",
        age_restricted=_field(item, "contentDetails", "contentRating", "ytRating") == "ytAgeRestricted",
        view_count=_count(item, "statistics", "viewCount"),
        like_count=_count(item, "statistics", "likeCount"),
        comment_count=_count(item, "statistics", "commentCount"),
        thumbnails=_thumbnails(item),
        caption=_field(item, "contentDetails", "caption") in ("true", True),
        definition=_text(item, "contentDetails", "definition"),
        paid_promotion=_field(item, "paidProductPlacementDetails", "hasPaidProductPlacement") is True,
    )


_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def seconds(duration: str) -> int:
    """Seconds of an ISO 8601 duration («PT1H2M3S», «P1DT2S»); a running live has «P0D», an upcoming one
    none: 0.
    """
    if not duration:
        return 0
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ApiAnswerInvalid(f"not a duration: {duration[:40]!r}")
    weeks, days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + rest


def _field(item: Resource, *path: str) -> Any:
    """The value at a path of names, None where any step is missing."""
    value: Any = item
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _text(item: Resource, *path: str) -> str:
    value = _field(item, *path)
    return value if isinstance(value, str) else ""


def _required(item: Resource, *path: str) -> str:
    value = _text(item, *path)
    if not value:
        raise ApiAnswerInvalid(f"no {'.'.join(path)} in {_field(item, 'id')!r}")
    return value


def _count(item: Resource, *path: str) -> int | None:
    """Google sends counts as decimal strings."""
    value = str(_field(item, *path))
    return int(value) if value.isascii() and value.isdigit() else None


def _time(item: Resource, *path: str) -> datetime | None:
    value = _text(item, *path)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _required_time(item: Resource, *path: str) -> datetime:
    moment = _time(item, *path)
    if moment is None:
        raise ApiAnswerInvalid(f"no date in {'.'.join(path)} of {_field(item, 'id')!r}")
    return moment


def _thumbnails(item: Resource) -> dict[str, str]:
    sizes = _field(item, "snippet", "thumbnails")
    if not isinstance(sizes, Mapping):
        return {}
    return {name: url for name in sizes if (url := _text(sizes, name, "url"))}
