"""Whether a Joystream channel can take videos now: it exists, lets us publish, is not paused, and has space.

Asked at one final block before an extrinsic is built, and again and again while one of these is missing (see
`rechecks`).
"""

from collections.abc import Sequence

import structlog
from django.db.models import Count, Sum

from channels.models import Channel
from videos import errors
from videos.models import MediaFile, Video
from videos.states import State
from ytsynch.joystream.errors import QueryNodeUnavailable
from ytsynch.joystream.node import BlockRef, ChainChannel, Node
from ytsynch.joystream.query_node import QueryNode

log = structlog.get_logger(__name__)

VIDEO_CREATION = "VideoCreation"
"""The runtime's name of the feature that moderators pause."""

LEAST_BYTES_A_SECOND = 100_000
"""What a second of video weighs at least: less space than that is surely too little."""

LEAST_FILES = 2
"""A video and its thumbnail."""


def require(channel: Channel, on_chain: ChainChannel | None) -> ChainChannel:
    """The channel as the chain has it. Raises the `ChannelTrouble` that keeps us from publishing there."""
    if on_chain is None:
        raise errors.JoystreamChannelGone(f"channel {channel.joystream_channel_id} is not on chain")
    lane = channel.app.lane
    if not on_chain.allows(lane.member_id, "AddVideo"):
        raise errors.CollaboratorMissing(f"member {lane.member_id} may not add videos")
    if VIDEO_CREATION in on_chain.paused_features:
        raise errors.ChannelModerated(f"channel {on_chain.id} may not create videos")
    return on_chain


class Space:
    """What storage buckets have left at a block, less what was taken since: channels share buckets."""

    def __init__(self, node: Node, at: BlockRef) -> None:
        self._node, self._at = node, at
        self._left: dict[int, tuple[int, int]] = {}  # bucket → bytes, objects

    def take(self, channel: ChainChannel, videos: Sequence[Video]) -> list[Video]:
        """Those of the videos that there is room for, in their order; the room is taken.

        Raises `JoystreamStorageFull` when there is none for any of them.
        """
        sizes = _sizes(videos)
        fitting = [video for video in videos if self._take(channel, *sizes[video.pk])]
        if videos and not fitting:
            size, files = min(sizes.values())
            raise errors.JoystreamStorageFull(
                f"the smallest video has {size:,} bytes in {files} files, left are {self._words(channel)}"
            )
        return fitting

    def has_room(self, channel: ChainChannel, size: int, files: int) -> bool:
        """Whether every bucket of the channel's bag can hold that much more."""
        self._read(channel)
        return all(
            self._left[bucket][0] >= size and self._left[bucket][1] >= files for bucket in channel.stored_by
        )

    def _take(self, channel: ChainChannel, size: int, files: int) -> bool:
        if not self.has_room(channel, size, files):
            return False
        for bucket in channel.stored_by:
            bytes_left, objects_left = self._left[bucket]
            self._left[bucket] = bytes_left - size, objects_left - files
        return True

    def _read(self, channel: ChainChannel) -> None:
        if all(bucket in self._left for bucket in channel.stored_by):
            return
        for voucher in self._node.bucket_vouchers(channel.id, self._at):
            self._left.setdefault(
                voucher.bucket_id,
                (voucher.size_limit - voucher.size_used, voucher.objects_limit - voucher.objects_used),
            )

    def _words(self, channel: ChainChannel) -> str:
        left = [self._left[bucket] for bucket in channel.stored_by]
        return f"{min(bytes for bytes, _ in left):,} bytes and {min(objects for _, objects in left):,} files"


def _sizes(videos: Sequence[Video]) -> dict[int, tuple[int, int]]:
    """Bytes and number of files of each video, by primary key."""
    rows = MediaFile.objects.filter(video__in=[video.pk for video in videos]).values("video")
    return {
        row["video"]: (row["bytes"], row["files"])
        for row in rows.annotate(bytes=Sum("size"), files=Count("id"))
    }


def next_size(channel: Channel) -> tuple[int, int]:
    """Bytes and files of the smallest video that waits for space; a guess for one that is not here yet."""
    downloaded = _sizes(list(channel.videos.filter(state=State.DOWNLOADED)[:100]))
    if downloaded:
        return min(downloaded.values())
    duration = channel.videos.filter(state=State.NEW).order_by("duration").values_list("duration", flat=True)
    return least_size(duration.first() or 0)


def least_size(duration: int) -> tuple[int, int]:
    """Bytes and files that a video of so many seconds has at least."""
    return max(duration, 1) * LEAST_BYTES_A_SECOND, LEAST_FILES


def require_likely_room(video: Video, query_node: QueryNode) -> None:
    """Before a download: is there room for the least that it will be? Raises `JoystreamStorageFull`.

    The query node is asked, which costs less than the chain; creation asks the chain itself, so a silent
    query node stops no download.
    """
    try:
        buckets = query_node.storage_buckets(video.channel.joystream_channel_id or 0)
    except QueryNodeUnavailable as error:
        log.info("download.room_unknown", video=video.youtube_id, text=str(error))
        return
    size, files = least_size(video.duration)
    for bucket in buckets:
        if bucket.free_bytes < size or bucket.free_objects < files:
            raise errors.JoystreamStorageFull(
                f"bucket {bucket.id} has {bucket.free_bytes:,} bytes and {bucket.free_objects:,} files left"
            )
