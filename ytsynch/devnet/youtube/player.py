"""What YouTube's player is told of a video: whether it plays, its facts, its streams, its captions.

Source: the answers that the yt-dlp extractor reads; the texts are those of the real player.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from ytsynch.devnet.youtube import captions, formats
from ytsynch.devnet.youtube.catalogue import Channel, Obstacle, Video
from ytsynch.devnet.youtube.faults import Block
from ytsynch.devnet.youtube.formats import BY_ITAG, Format
from ytsynch.devnet.youtube.site import Site

Json = dict[str, Any]
#: Status, reason and further reason.
Refusal = tuple[str, str, str]

_CATEGORIES = {
    "10": "Music",
    "19": "Travel & Events",
    "22": "People & Blogs",
    "27": "Education",
    "28": "Science & Technology",
}
#: The countries of the world that matter here: those that a blocked video leaves.
_COUNTRIES = ("AT", "CH", "DE", "FR", "GB", "JP", "US")

BOT_CHECK = (
    "LOGIN_REQUIRED",
    "Sign in to confirm you’re not a bot",
    "This helps protect our community. Learn more",
)
RATE_LIMITED = ("ERROR", "This content isn't available, try again later.", "")
UNAVAILABLE = ("ERROR", "Video unavailable", "")
TERMINATED = (
    "ERROR",
    "Video unavailable",
    "This video is no longer available because the YouTube account associated with this video has been "
    "terminated.",
)
PRIVATE = ("LOGIN_REQUIRED", "Private video", "Sign in if you've been granted access to this video")
_DISTRUST: dict[Block | None, Refusal] = {"bot_check": BOT_CHECK, "rate_limited": RATE_LIMITED}
_OBSTACLES: dict[Obstacle, Refusal] = {
    "removed": ("ERROR", "Video unavailable", "This video has been removed by the uploader"),
    "members_only": (
        "UNPLAYABLE",
        "Join this channel to get access to members-only content like this video, and other exclusive perks.",
        "",
    ),
    "paid": ("UNPLAYABLE", "This video requires payment to watch.", ""),
    "age_restricted": (
        "LOGIN_REQUIRED",
        "Sign in to confirm your age",
        "This video may be inappropriate for some users.",
    ),
    "geo_blocked": (
        "UNPLAYABLE",
        "Video unavailable",
        "The uploader has not made this video available in your country",
    ),
}


async def player_response(site: Site, video_id: str, block: Block | None) -> Json:
    """The player's JSON for a video, through an address that suffers `block`."""
    video = site.library.videos.get(video_id)
    refusal = _refusal(site, video, block)
    response: Json = {
        "responseContext": {"visitorData": "CgtkZXZuZXR2aXNpdA%3D%3D"},
        "playabilityStatus": _playability(site, video, refusal),
    }
    if video is None or (refusal and refusal[0] == "ERROR") or refusal == BOT_CHECK:
        return response  # the real player says nothing else of such a video
    channel = site.library.channels[video.channel_id]
    response["videoDetails"] = _details(video, channel)
    response["microformat"] = {"playerMicroformatRenderer": _microformat(video, channel)}
    if block == "other_video":
        response["videoDetails"]["videoId"] = "aQvGIIdgFDM"  # a notice to watch YouTube elsewhere
    if refusal is None and video.live not in ("upcoming_live", "upcoming_premiere"):
        streams = await _streams(site, video, block)
        response["streamingData" if not site.state.faults.is_player_changed else "playbackData"] = streams
        if tracks := captions.tracks(video):
            response["captions"] = {"playerCaptionsTracklistRenderer": {"captionTracks": tracks}}
    return response


def count_visit(site: Site, video_id: str) -> None:
    """Note that somebody opened the watch page of a video that turns its first visitors away."""
    video = site.library.videos.get(video_id)
    if video and (video.rate_limited_visits or video.bot_checked_visits):
        site.state.visits[video_id] = site.state.visits.get(video_id, 0) + 1


def _refusal(site: Site, video: Video | None, block: Block | None) -> Refusal | None:
    """Why the video does not play; the address comes before the video, as with the real one."""
    if block in _DISTRUST:
        return _DISTRUST[block]
    if video is None:
        return UNAVAILABLE
    visits = site.state.visits.get(video.id, 0)
    if video.rate_limited_visits and visits <= video.rate_limited_visits:
        return RATE_LIMITED
    if video.bot_checked_visits and visits <= video.bot_checked_visits:
        return BOT_CHECK
    status = site.library.channels[video.channel_id].status
    if status != "public":
        return TERMINATED if status == "terminated" else UNAVAILABLE
    return PRIVATE if video.privacy == "private" else _OBSTACLES.get(video.obstacle)


def _playability(site: Site, video: Video | None, refusal: Refusal | None) -> Json:
    if refusal:
        status, reason, subreason = refusal
        texts = {"reason": {"simpleText": reason}}
        if subreason:
            texts["subreason"] = {"simpleText": subreason}
        return {"status": status, "reason": reason, "errorScreen": {"playerErrorMessageRenderer": texts}}
    if video and video.live in ("upcoming_live", "upcoming_premiere"):
        return {"status": "LIVE_STREAM_OFFLINE", "reason": _countdown(site, video), "playableInEmbed": True}
    return {"status": "OK", "playableInEmbed": True}


def _countdown(site: Site, video: Video) -> str:
    """`This live event will begin in 2 days.`, `Premieres in 6 hours`."""
    left = (video.starts_at or site.today()) - site.today()
    if left >= timedelta(days=2):
        wait = f"{left.days} days"
    elif left >= timedelta(hours=2):
        wait = f"{left // timedelta(hours=1)} hours"
    else:
        wait = f"{max(1, left // timedelta(minutes=1))} minutes"
    if video.live == "upcoming_premiere":
        return f"Premieres in {wait}"
    return f"This live event will begin in {wait}."


def _details(video: Video, channel: Channel) -> Json:
    return {
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": str(video.duration),
        "keywords": list(video.tags),
        "channelId": channel.id,
        "shortDescription": video.description,
        "thumbnail": _thumbnail(video),
        "author": channel.title,
        "viewCount": str(video.view_count),
        "isPrivate": video.privacy == "private",
        "isLiveContent": video.live in ("live", "upcoming_live", "finishing", "recording"),
        **({"isLive": True} if video.live == "live" else {}),
        **({"isUpcoming": True} if video.live in ("upcoming_live", "upcoming_premiere") else {}),
        **({"isPostLiveDvr": True} if video.live == "finishing" else {}),
    }


def _microformat(video: Video, channel: Channel) -> Json:
    published = video.published_at.isoformat()
    facts: Json = {
        "title": {"simpleText": video.title},
        "description": {"simpleText": video.description},
        "thumbnail": _thumbnail(video),
        "lengthSeconds": str(video.duration),
        "ownerProfileUrl": f"http://www.youtube.com/{channel.handle}",
        "ownerChannelName": channel.title,
        "externalChannelId": channel.id,
        "isFamilySafe": video.obstacle != "age_restricted",
        "isUnlisted": video.privacy == "unlisted",
        "isShortsEligible": video.is_short,
        "availableCountries": [each for each in _COUNTRIES if each not in video.blocked_countries],
        "viewCount": str(video.view_count),
        "category": _CATEGORIES.get(video.category_id, "Entertainment"),
        "publishDate": published,
        "uploadDate": published,
    }
    if video.live != "no" and video.starts_at:
        end = {}
        if video.live in ("finishing", "recording"):
            end = {"endTimestamp": (video.starts_at + timedelta(seconds=20 + video.duration)).isoformat()}
        start = {"isLiveNow": video.live == "live", "startTimestamp": video.starts_at.isoformat()}
        facts["liveBroadcastDetails"] = {**start, **end}
    return facts


def _thumbnail(video: Video) -> Json:
    address = f"https://i.ytimg.com/vi/{video.id}/hqdefault.jpg"
    return {"thumbnails": [{"url": address, "width": 480, "height": 360}]}


async def _streams(site: Site, video: Video, block: Block | None) -> Json:
    if video.live == "live":
        manifest = f"https://manifest.googlevideo.com/api/manifest/hls_variant/id/{video.id}/master.m3u8"
        return {"expiresInSeconds": "21540", "hlsManifestUrl": manifest}
    itags = formats.LOW if block == "only_360p" else video.itags
    paths = await asyncio.gather(*(site.media.stream(video, itag) for itag in itags))
    expires = int(site.now()) + 21_540
    described = [
        _stream(video, BY_ITAG[itag], path.stat().st_size, expires)
        for itag, path in zip(itags, paths, strict=True)
    ]
    described += _dubbed(video, described)
    return {
        "expiresInSeconds": "21540",
        "formats": [each for each in described if each["itag"] in formats.LOW],
        "adaptiveFormats": [each for each in described if each["itag"] not in formats.LOW],
    }


def _dubbed(video: Video, described: list[Json]) -> list[Json]:
    """The sound once more in each language it was dubbed into; the original one is marked as such."""
    sounds = [each for each in described if each["mimeType"].startswith("audio/")] if video.dubs else []
    copies = [each | {"audioTrack": _track(dub, "")} for dub in video.dubs for each in sounds]
    for sound in sounds:
        sound["audioTrack"] = _track(video.language or "en", " original")
    return copies


def _track(language: str, kind: str) -> Json:
    """Source: `audioTrack` of the player's formats."""
    number = 4 if kind else 3
    return {
        "id": f"{language}.{number}",
        "displayName": f"{language}{kind}",
        "audioIsDefault": language == "en" and not kind,  # the default follows the visitor's language
    }


def _stream(video: Video, fmt: Format, length: int, expires: int) -> Json:
    query = {"expire": expires, "id": video.id, "itag": fmt.itag, "mime": fmt.mime_type, "clen": length}
    stream: Json = {
        "itag": fmt.itag,
        "url": f"https://rr1---sn-devnet.googlevideo.com/videoplayback?{urlencode(query)}",
        "mimeType": f'{fmt.mime_type}; codecs="{fmt.codecs}"',
        "bitrate": fmt.bitrate,
        "averageBitrate": fmt.bitrate,
        "contentLength": str(length),
        "approxDurationMs": str(video.duration * 1000),
        "quality": fmt.quality,
    }
    if fmt.content != "audio":
        width, height = video.source_size or fmt.size(is_vertical=video.is_vertical)
        lines = min(width, height)
        stream |= {"width": width, "height": height, "fps": 30, "qualityLabel": f"{lines}p"}
    if fmt.content != "video":
        stream |= {"audioQuality": "AUDIO_QUALITY_MEDIUM", "audioSampleRate": "48000", "audioChannels": 1}
    return stream
