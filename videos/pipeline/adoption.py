"""Videos that are on Joystream already: by an earlier life of this service, by another operator, or by an
extrinsic we lost sight of.

The query node is asked by YouTube id over all apps. One on the same Joystream channel is adopted: the row
goes on from what is there. One on another channel is shown to staff: who is right is not for a program to
say.

A creator's own upload to Joystream has no YouTube id there. It is recognised by title, length and date, and left
alone (mission H13).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from videos import errors, moves
from videos.discovery import edits
from videos.models import MediaFile, Video
from videos.states import State
from ytsynch.joystream.errors import QueryNodeUnavailable
from ytsynch.joystream.metadata import fitted_texts
from ytsynch.joystream.query_node import QnVideo, QueryNode

log = structlog.get_logger(__name__)


def adopt_known(videos: Sequence[Video], query_node: QueryNode) -> list[Video]:
    """Deal with those of the videos that are on Joystream; return the others, in their order."""
    known = query_node.videos_by_youtube_id([video.youtube_id for video in videos])
    unknown = []
    for video in videos:
        found = known.get(video.youtube_id, [])
        here = [other for other in found if other.channel_id == video.channel.joystream_channel_id]
        if here:
            adopt(video, here[0])
        elif found:
            where = ", ".join(str(other.channel_id) for other in found)
            moves.fail(video, errors.FoundElsewhere(f"on Joystream channel {where}"))
        else:
            unknown.append(video)
    return _without_own_uploads(unknown, query_node)


def _without_own_uploads(videos: list[Video], query_node: QueryNode) -> list[Video]:
    """Those that their creators have not uploaded to Joystream themselves; the others are left alone."""
    by_channel: dict[int, list[Video]] = {}
    for video in videos:
        by_channel.setdefault(video.channel.joystream_channel_id or 0, []).append(video)
    own: set[int] = set()
    for channel_id, mine in by_channel.items():
        titles = sorted({_title(video) for video in mine})
        there = query_node.videos_of_channel_titled(channel_id, titles)
        for video in mine:
            same = next((other for other in there if is_the_same(video, other)), None)
            if same is not None:
                moves.fail(video, _by_hand(same))
                own.add(video.pk)
    return [video for video in videos if video.pk not in own]


def require_not_there(video: Video, query_node: QueryNode) -> None:
    """Before a download: raises `UploadedByHand` when the creator has uploaded the video themselves (H13).

    Creation asks again, so a silent query node stops no download.
    """
    if not video.title or not video.duration:
        return
    try:
        there = query_node.videos_of_channel_titled(video.channel.joystream_channel_id or 0, [_title(video)])
    except QueryNodeUnavailable as error:
        log.info("download.own_uploads_unknown", video=video.youtube_id, text=str(error))
        return
    for other in there:
        if is_the_same(video, other):
            raise _by_hand(other)


def _by_hand(there: QnVideo) -> errors.UploadedByHand:
    return errors.UploadedByHand(f"video {there.id} on Joystream has its title, length and date")


def _title(video: Video) -> str:
    fallback = edits.fallback_title(video)
    return fitted_texts(video.title, "", title_fallback=fallback)[0]


LENGTH = 0.02
"""Lengths that differ by no more are the same: encoders cut and pad."""

A_DAY = timedelta(days=1)
EARLIER = timedelta(days=30)
"""A creator who publishes on Joystream first does so not long before."""


def is_the_same(video: Video, there: QnVideo) -> bool:
    """Whether what no app has brought over is the creator's own upload of the same video, by title, length and
    date: the date that it names as its first publication, else its own.
    """
    length = (video.media or {}).get("duration") or video.duration
    if there.youtube_id is not None or there.title != _title(video) or not there.duration or not length:
        return False
    if abs(there.duration - length) > max(2, LENGTH * length):
        return False
    if there.published_before is not None:
        return abs(there.published_before - video.published_at) <= A_DAY
    return there.created_at is not None and there.created_at > video.published_at - EARLIER


@transaction.atomic
def adopt(video: Video, found: QnVideo) -> None:
    """Go on from what is on chain: published if its files are accepted, to be uploaded if they are ours, a
    human's if neither.
    """
    files = list(MediaFile.objects.filter(video=video).order_by("position"))
    promised = {asset.content_id: asset.object_id for asset in found.assets}
    fields: dict[str, Any] = {"joystream_video_id": found.id, "created_in_block": found.created_in_block}
    detail = {"joystream_video": found.id}
    if all(asset.is_accepted for asset in found.assets):
        moves.move(
            video, State.PUBLISHED, event="adopted", detail=detail, adopted=True, reserved_bytes=0, **fields
        )
    elif files and all(file.content_id in promised for file in files):
        for file in files:
            file.object_id = promised[file.content_id]
        MediaFile.objects.bulk_update(files, ["object_id"])
        moves.move(video, State.CREATED, event="adopted", detail=detail, **fields)
    else:
        moves.fail(
            video, errors.FileChanged(f"video {found.id} on Joystream waits for files that are not these")
        )
