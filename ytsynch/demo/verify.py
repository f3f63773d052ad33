"""The proof that a video is published: fetched back from its storage node, and compared with what the chain
and the query node say.
"""

from collections.abc import Sequence

from videos import outside
from videos.models import MediaFile, Video
from ytsynch.joystream.content_id import ContentHasher


class NotVerified(Exception):
    """Something about the published video is not as it should be; the message says what."""


def verify(video: Video) -> None:
    """Raises `NotVerified`, and the clients' errors while a service does not answer."""
    files = list(video.files.all())
    _check_attribution(video)
    _check_chain(video, files)
    endpoints = [
        bucket.endpoint
        for bucket in outside.query_node().storage_buckets(video.channel.joystream_channel_id or 0)
    ]
    for file in files:
        _check_storage(file, endpoints)


def _check_attribution(video: Video) -> None:
    shown = outside.query_node().video(video.joystream_video_id or 0)
    if shown is None:
        raise NotVerified("the query node does not have it")
    if (shown.youtube_id, shown.app_name) != (video.youtube_id, video.channel.app.name):
        raise NotVerified(f"attributed to {shown.app_name} as {shown.youtube_id}")
    if not all(asset.is_accepted for asset in shown.assets):
        raise NotVerified("the query node has not seen all its files accepted")
    others = outside.query_node().videos_by_youtube_id([video.youtube_id])[video.youtube_id]
    if len(others) != 1:
        raise NotVerified(f"it is on Joystream {len(others)} times")


def _check_chain(video: Video, files: Sequence[MediaFile]) -> None:
    ids = [file.object_id or 0 for file in files]
    objects = outside.node().data_objects(video.channel.joystream_channel_id or 0, ids)
    for file in files:
        found = objects.get(file.object_id or 0)
        if found is None or not found.accepted:
            raise NotVerified(f"the chain has not accepted its {file.role}")
        if (found.content_id, found.size) != (file.content_id, file.size):
            raise NotVerified(f"the chain has another hash for its {file.role}")


def _check_storage(file: MediaFile, endpoints: Sequence[str]) -> None:
    """The node that took the file has it; it is at any of the addresses that the query node names today."""
    for endpoint in endpoints:
        node = outside.storage_node(endpoint)
        if node.head(file.object_id or 0) is None:
            continue
        hasher = ContentHasher()
        for chunk in node.fetch(file.object_id or 0):
            hasher.update(chunk)
        if hasher.digest() != file.content_id:
            raise NotVerified(f"the storage node gives other bytes for its {file.role}")
        return
    raise NotVerified(f"no storage node has its {file.role}")
