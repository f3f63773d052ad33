"""Acceptance: the storage node has accepted the files on chain, and the query node attributes the video: it
is published.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from videos import media_store, moves, outside, pace
from videos.errors import AttributionMissing, NeverAccepted
from videos.leases import LeaseLost
from videos.models import MediaFile, Video
from videos.pipeline import removals
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.query_node import QnVideo

log = structlog.get_logger(__name__)

PATIENCE = timedelta(hours=1)
"""How long a storage node may take to accept (faults.md S6), and the query node to attribute (Q3)."""

ROUNDS = 2
"""How often a file that was never accepted is uploaded again, each time to another node."""

UPLOADED_IN_VAIN = "never_accepted"


def check(videos: Sequence[Video]) -> int:
    """Publish those of the claimed videos that are accepted; the others are looked at again. Returns how many
    were published.
    """
    failpoint("acceptance.claimed")
    query_node = outside.query_node()
    files: dict[int, list[MediaFile]] = {}
    for file in MediaFile.objects.filter(video__in=videos):
        files.setdefault(file.video_id, []).append(file)
    accepted = query_node.objects_accepted(
        [file.object_id for group in files.values() for file in group if file.object_id is not None]
    )
    known = query_node.videos([video.joystream_video_id for video in videos if video.joystream_video_id])
    published = 0
    for video in videos:
        if (video.joystream_video_id or 0) not in known and _is_removed(video):
            continue
        is_accepted = all(accepted.get(file.object_id or 0) for file in files.get(video.pk, []))
        try:
            published += _decide(video, known.get(video.joystream_video_id or 0), is_accepted=is_accepted)
        except LeaseLost:
            log.info("acceptance.lease_lost", video=video.youtube_id)
    return published


def _is_removed(video: Video) -> bool:
    """Whether somebody has removed the video on Joystream meanwhile: then that is written down."""
    try:
        if not removals.is_removed(video):
            return False
        removals.note(video)
    except LeaseLost:
        log.info("acceptance.lease_lost", video=video.youtube_id)
    return True


def _decide(video: Video, shown: QnVideo | None, *, is_accepted: bool) -> bool:
    """Whether the video is published now."""
    if not is_accepted:
        _wait(video, NeverAccepted("the storage node has not accepted it yet"))
    elif not _attributed(video, shown):
        _wait(video, AttributionMissing("the query node shows it without app and YouTube id"))
    else:
        failpoint("acceptance.accepted")
        _publish(video)
        return True
    return False


def _attributed(video: Video, shown: QnVideo | None) -> bool:
    return (
        shown is not None
        and shown.youtube_id == video.youtube_id
        and shown.app_name == video.channel.app.name
    )


def _wait(video: Video, error: NeverAccepted | AttributionMissing) -> None:
    """Look again soon; after the patience is over, upload again to another node, or show it to a human."""
    if datetime.now(UTC) - video.state_since < PATIENCE:
        moves.look_again(video, after=timedelta(seconds=settings.CONFIG.sync.intervals.acceptance))
    elif isinstance(error, NeverAccepted) and _rounds(video) < ROUNDS:
        with transaction.atomic():
            MediaFile.objects.filter(video=video).update(uploaded_at=None, uploaded_bytes=0)
            moves.move(video, State.CREATED, event=UPLOADED_IN_VAIN)
    else:
        moves.fail(video, error)


def _rounds(video: Video) -> int:
    """How often it was uploaded in vain. Its history knows: failed tries are counted within a state."""
    return video.events.filter(event=UPLOADED_IN_VAIN).count()


def _publish(video: Video) -> None:
    waited = datetime.now(UTC) - video.state_since
    with transaction.atomic():
        MediaFile.objects.filter(video=video).update(accepted_at=Now(), removed_at=Now())
        moves.move(
            video,
            State.PUBLISHED,
            event="published",
            detail={"joystream_video": video.joystream_video_id},
            reserved_bytes=0,
            published_on_joystream_at=Now(),
        )
        pace.finished(Stage.ACCEPTANCE, seconds=waited.total_seconds())
        failpoint("acceptance.written")
    failpoint("acceptance.published")
    media_store.forget(video)
