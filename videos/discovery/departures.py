"""Published videos that their creator takes off YouTube's public pages, and what becomes of them on Joystream:
the creator's own choice, after a grace period (mission H8).

Two sources must agree: the Data API no longer shows the video as public, and neither does its page. What happens
to the whole channel (terminated, hidden) is no choice of the creator's, and changes nothing.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db.models.functions import Now

from channels.models import Channel, WhenGone
from videos import changes, errors, outside
from videos.models import ChangeKind, ProxyAddress, Video
from videos.pipeline import addresses
from ytsynch.joystream.query_node import QnVideo
from ytsynch.youtube.data_api import YouTubeVideo
from ytsynch.youtube.errors import (
    AddressBlocked,
    VideoDeleted,
    VideoPrivate,
    VideoUnavailable,
    VideoUnlisted,
    YouTubeError,
)

log = structlog.get_logger(__name__)

BY = "youtube"

AGREEING = (VideoPrivate, VideoDeleted, VideoUnavailable, VideoUnlisted)
"""What the page of a video says that its creator has taken away."""


def grace() -> timedelta:
    return timedelta(seconds=settings.CONFIG.sync.intervals.grace)


def reason_of(video: Video, shown: YouTubeVideo | None) -> str | None:
    """The code of how the video left YouTube's public pages; None when it has not, as far as two sources say.

    Raises `YouTubeError` while its page cannot be asked.
    """
    if shown is not None and shown.privacy_status == "public" and shown.upload_status != "deleted":
        return None
    said = _what_its_page_says(video)
    if isinstance(said, AGREEING):
        return said.code
    if said is None and shown is not None and shown.privacy_status == "unlisted":
        return VideoUnlisted.code  # its page shows it to whoever has the address
    log.info("departure.sources_disagree", video=video.youtube_id, text=str(said))
    return None


def _what_its_page_says(video: Video) -> YouTubeError | None:
    address = _address()
    try:
        outside.downloader(addresses.url_of(address)).ask(video.youtube_id)
    except AddressBlocked as block:
        addresses.exclude(address, block)
        raise
    except YouTubeError as error:
        return error
    return None


def _address() -> ProxyAddress:
    try:
        return addresses.take()
    except errors.NoFreeAddress as error:
        raise AddressBlocked(str(error)) from error


def gone(video: Video, reason: str, there: QnVideo) -> timedelta | None:
    """Note that the public no longer sees the video on YouTube; after the grace period do what its creator
    chose. Returns the time until the next look, where it matters.
    """
    now = datetime.now(UTC)
    if video.gone_since is None:
        Video.objects.filter(pk=video.pk).update(gone_since=Now(), gone_reason=reason)
        changes.record(video, changes.GONE, by=BY, reason=reason)
        return grace() if grace() < timedelta(days=90) else None
    left = video.gone_since + grace() - now
    if left > timedelta(0):
        return left
    _act(video, there)
    return None


def _act(video: Video, there: QnVideo) -> None:
    match WhenGone(video.channel.when_gone):
        case WhenGone.DELETE:
            changes.want(video, ChangeKind.DELETE, why=changes.GONE, by=BY)
        case WhenGone.UNLIST if there.is_public and video.written.get("is_public", True):
            changes.want(video, ChangeKind.UPDATE, why=changes.GONE, values={"is_public": False}, by=BY)
        case _:
            pass


def back(video: Video, there: QnVideo) -> None:
    """The video is public on YouTube: what was to follow from its absence is called off, or undone."""
    if video.gone_since is not None:
        Video.objects.filter(pk=video.pk).update(gone_since=None, gone_reason="")
        changes.record(video, changes.BACK, by=BY)
        changes.call_off(video, why=changes.GONE, by=BY)
    if video.written.get("is_public") is False and there.is_public is False:
        changes.want(video, ChangeKind.UPDATE, why=changes.BACK, values={"is_public": True}, by=BY)


def still_wanted(channel: Channel, video: Video, kind: ChangeKind) -> bool:
    """Whether a change that follows a departure is what the creator wants now."""
    if video.gone_since is None:
        return False
    wanted = WhenGone.DELETE if kind == ChangeKind.DELETE else WhenGone.UNLIST
    return channel.when_gone == wanted
