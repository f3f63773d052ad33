"""Videos that somebody removes on Joystream: never brought over again, not even after another sign-up
(mission C13; faults.md N15).

A row in the state «removed» stays for good, so that no listing finds its video new.
"""

from django.db import transaction
from django.db.models.functions import Now

from videos import media_store, moves, outside
from videos.models import MediaFile, Video
from videos.states import State

EVENT = "removed_on_joystream"


def is_removed(video: Video) -> bool:
    """Whether the video is no longer on Joystream: a final block and the query node, which has read the block
    of its creation, both lack it. Raises `JoystreamError`.
    """
    if video.joystream_video_id is None:
        return False
    query_node = outside.query_node()
    if query_node.video(video.joystream_video_id) is not None:
        return False
    if query_node.last_processed_block() < (video.created_in_block or 0):
        return False
    node = outside.node()
    return node.video(video.joystream_video_id, node.finalized()) is None


def note(video: Video, *, by: str = "chain") -> None:
    """Write it down, and forget what was kept of the video."""
    with transaction.atomic():
        MediaFile.objects.filter(video=video, removed_at=None).update(removed_at=Now())
        moves.move(
            video,
            State.REMOVED,
            event=EVENT,
            by=by,
            detail={"joystream_video": video.joystream_video_id},
            reserved_bytes=0,
        )
        transaction.on_commit(lambda: media_store.media_store().remove(video.youtube_id))
