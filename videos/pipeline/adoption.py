"""Videos that are on Joystream already: by an earlier life of this service, by another operator, or by an
extrinsic we lost sight of.

The query node is asked by YouTube id over all apps. One on the same Joystream channel is adopted: the row
goes on from what is there. One on another channel is shown to staff: who is right is not for a program to
say.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from videos import errors, moves
from videos.models import MediaFile, Video
from videos.states import State
from ytsynch.joystream.query_node import QnVideo, QueryNode


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
    return unknown


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
