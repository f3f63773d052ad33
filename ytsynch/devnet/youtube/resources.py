"""Channels, playlist items and videos in the words of the Data API: a function each, an entry a part."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from ytsynch.devnet.youtube.catalogue import Channel, Video
from ytsynch.devnet.youtube.library import Library

Resource = dict[str, Any]

CHANNEL_PARTS = (
    "id",
    "snippet",
    "contentDetails",
    "statistics",
    "status",
    "brandingSettings",
    "localizations",
    "topicDetails",
    "auditDetails",
    "contentOwnerDetails",
)
PLAYLIST_ITEM_PARTS = ("id", "snippet", "contentDetails", "status")
VIDEO_PARTS = (
    "id",
    "snippet",
    "contentDetails",
    "statistics",
    "status",
    "liveStreamingDetails",
    "paidProductPlacementDetails",
    "localizations",
    "topicDetails",
    "recordingDetails",
    "player",
)

#: Thumbnail in the API → name of its file → width and height.
_THUMBNAILS = (
    ("default", "default", 120, 90),
    ("medium", "mqdefault", 320, 180),
    ("high", "hqdefault", 480, 360),
    ("standard", "sddefault", 640, 480),
    ("maxres", "maxresdefault", 1280, 720),
)


def channel(
    library: Library, each: Channel, parts: Collection[str], *, avatar_host: str, banner_host: str
) -> Resource:
    avatar = f"{avatar_host}/avatar/{each.id}.jpg"
    localized = {"title": each.title, "description": each.description}
    language = {"defaultLanguage": each.language} if each.language else {}
    country = {"country": each.country} if each.country else {}
    known: Resource = {
        "snippet": {
            **localized,
            "customUrl": each.handle,
            "publishedAt": _time(each.published_at),
            "thumbnails": {
                name: {"url": f"{avatar}?s={size}", "width": size, "height": size}
                for name, size in (("default", 88), ("medium", 240), ("high", 800))
            },
            **language,
            "localized": localized,
            **country,
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": each.uploads_playlist_id}},
        "statistics": _channel_statistics(library, each),
        "status": {
            "privacyStatus": "private" if each.status == "hidden" else "public",
            "isLinked": True,
            "longUploadsStatus": "longUploadsUnspecified",
            "madeForKids": False,
        },
        "brandingSettings": {
            "channel": {**localized, **language, **country},
            "image": {"bannerExternalUrl": f"{banner_host}/banner/{each.id}.jpg"},
        },
        "localizations": {each.language or "en": localized},
        "topicDetails": {"topicIds": [], "topicCategories": []},
    }
    return _resource("youtube#channel", each.id, known, parts)


def _channel_statistics(library: Library, each: Channel) -> Resource:
    videos = library.public_videos(each.id)
    subscribers = {} if each.hides_subscribers else {"subscriberCount": str(_rounded(each.subscribers))}
    return {
        "viewCount": str(sum(video.view_count for video in videos)),
        **subscribers,
        "hiddenSubscriberCount": each.hides_subscribers,
        "videoCount": str(len(videos)),
    }


def playlist_item(
    library: Library,
    each: Video,
    position: int,
    parts: Collection[str],
    google_user: str | None,
    *,
    thumbnail_host: str,
) -> Resource:
    """A video that is gone or closed shows its place only, under the title YouTube gives it."""
    owner = library.channels[each.channel_id]
    resource_id = {"kind": "youtube#video", "videoId": each.id}
    is_shown = library.may_see_facts(each, google_user)
    title, description = each.title, each.description
    if not is_shown:
        is_gone = each.obstacle == "removed"
        title = "Deleted video" if is_gone else "Private video"
        description = f"This video is {'unavailable' if is_gone else 'private'}."
    known: Resource = {
        "snippet": {
            "publishedAt": _time(each.published_at),
            "channelId": owner.id,
            "title": title,
            "description": description,
            "thumbnails": _thumbnails(each, thumbnail_host) if is_shown else {},
            "channelTitle": owner.title,
            "playlistId": owner.uploads_playlist_id,
            "position": position,
            "resourceId": resource_id,
        },
        "contentDetails": {
            "videoId": each.id,
            **({"videoPublishedAt": _time(each.published_at)} if is_shown else {}),
        },
        "status": {"privacyStatus": each.privacy if is_shown else "privacyStatusUnspecified"},
    }
    item_id = hashlib.blake2b(f"{owner.id} {each.id}".encode(), digest_size=24).hexdigest()
    return _resource("youtube#playlistItem", f"VVV{item_id}", known, parts)


def video(library: Library, each: Video, parts: Collection[str], *, thumbnail_host: str) -> Resource:
    owner = library.channels[each.channel_id]
    localized = {"title": each.title, "description": each.description}
    languages = (
        {"defaultLanguage": each.language, "defaultAudioLanguage": each.language} if each.language else {}
    )
    known: Resource = {
        "snippet": {
            "publishedAt": _time(each.published_at),
            "channelId": owner.id,
            **localized,
            "thumbnails": _thumbnails(each, thumbnail_host),
            "channelTitle": owner.title,
            **({"tags": list(each.tags)} if each.tags else {}),
            "categoryId": each.category_id,
            "liveBroadcastContent": _broadcast(each),
            "localized": localized,
            **languages,
        },
        "contentDetails": _content_details(each),
        "statistics": _video_statistics(each),
        "status": {
            "uploadStatus": each.upload_status,
            "privacyStatus": each.privacy,
            "license": each.license,
            "embeddable": True,
            "publicStatsViewable": True,
            "madeForKids": each.made_for_kids,
        },
        "topicDetails": {"topicCategories": []},
        "paidProductPlacementDetails": {"hasPaidProductPlacement": each.paid_promotion},
        "recordingDetails": {},
        "localizations": {each.language or "en": localized},
        "player": {"embedHtml": f'<iframe src="//www.youtube.com/embed/{each.id}"></iframe>'},
    }
    if each.live != "no":
        known["liveStreamingDetails"] = _live_streaming_details(each)
    return _resource("youtube#video", each.id, known, parts)


def _video_statistics(each: Video) -> Resource:
    return {
        "viewCount": str(each.view_count),
        "likeCount": str(each.like_count),
        "favoriteCount": "0",
        "commentCount": str(each.comment_count),
    }


def iso_duration(seconds: int) -> str:
    """ISO 8601 as YouTube writes it: `P0D` for nothing, days before the T."""
    if not seconds:
        return "P0D"
    days, rest = divmod(seconds, 86_400)
    hours, minutes, left = rest // 3600, rest % 3600 // 60, rest % 60
    clock = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if value)
    return f"P{f'{days}D' if days else ''}{'T' + clock if clock else ''}"


def _is_high_definition(each: Video) -> bool:
    """720 lines or more, as YouTube counts."""
    if each.source_size:
        return min(each.source_size) >= 720
    return any(itag not in (18, 135, 140, 251) for itag in each.itags)


def _content_details(each: Video) -> Resource:
    details: Resource = {
        "duration": iso_duration(each.duration),
        "dimension": "2d",
        "definition": "hd" if _is_high_definition(each) else "sd",
        "caption": "true" if each.subtitles else "false",
        "licensedContent": False,
        "contentRating": {"ytRating": "ytAgeRestricted"} if each.obstacle == "age_restricted" else {},
        "projection": "rectangular",
    }
    if each.blocked_countries:
        details["regionRestriction"] = {"blocked": list(each.blocked_countries)}
    return details


def _live_streaming_details(each: Video) -> Resource:
    starts_at = each.starts_at or each.published_at
    times = {"scheduledStartTime": _time(starts_at)}
    if each.live in ("live", "finishing", "recording"):
        times["actualStartTime"] = _time(starts_at + timedelta(seconds=20))
    if each.live in ("finishing", "recording"):
        times["actualEndTime"] = _time(starts_at + timedelta(seconds=20 + each.duration))
    return {**times, **({"concurrentViewers": "17"} if each.live == "live" else {})}


def _broadcast(each: Video) -> str:
    if each.live == "live":
        return "live"
    return "upcoming" if each.live in ("upcoming_live", "upcoming_premiere") else "none"


def _thumbnails(each: Video, host: str) -> Resource:
    return {
        name: {"url": f"{host}/vi/{each.id}/{file}.jpg", "width": width, "height": height}
        for name, file, width, height in _THUMBNAILS
        if each.has_large_thumbnail or name != "maxres"
    }


def _rounded(count: int) -> int:
    """YouTube shows three digits of a subscriber count, the rest cut off."""
    unit = int(10 ** max(0, len(str(count)) - 3))
    return count // unit * unit


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _resource(kind: str, resource_id: str, known: Resource, parts: Collection[str]) -> Resource:
    shown = {name: value for name, value in known.items() if name in parts}
    etag = hashlib.md5(repr(shown).encode(), usedforsecurity=False).hexdigest()
    return {"kind": kind, "etag": etag, "id": resource_id, **shown}
