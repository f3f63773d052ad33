"""What staff do to a video by hand: try it again, leave it out, let it go first, forget its file.

Each is refused where it would break a promise made on chain, and each is in the video's history with who
did it.
"""

from collections.abc import Callable

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from channels.errors import Refused
from channels.models import Channel
from videos import media_store, moves
from videos.errors import SkippedByStaff
from videos.models import Band, MediaFile, Video, VideoEvent
from videos.states import STAGE_OF, State
from ytsynch.clusters.bell import ring

log = structlog.get_logger(__name__)

SKIPPABLE = frozenset({State.NEW, State.DOWNLOADED, State.STUCK})
"""Before anything is promised on chain. One that is being created is in a signed extrinsic already."""

BOOSTABLE = frozenset(STAGE_OF)

FORGETTABLE = frozenset({State.NEW, State.DOWNLOADED, State.PUBLISHED, State.SKIPPED, State.REMOVED})
"""Nobody needs the file any more, or it can be downloaded again and be another one."""


def why_not_retry(video: Video) -> str | None:
    """Why there is nothing to try again; None when there is. So in the three that follow."""
    state = State(video.state)
    if state in (State.SKIPPED, State.STUCK):
        return None
    if state not in STAGE_OF:
        return f"it is «{state.label.lower()}»"
    if video.held:
        return "its channel is paused"
    return None if video.reason or video.attempts else "nothing has gone wrong with it"


def why_not_skip(video: Video) -> str | None:
    if video.joystream_video_id is not None:
        return "it is on Joystream already"
    return None if video.state in SKIPPABLE else f"it is «{State(video.state).label.lower()}»"


def why_not_boost(video: Video) -> str | None:
    if video.state not in BOOSTABLE:
        return f"it is «{State(video.state).label.lower()}»"
    return "it is boosted already" if video.band == Band.BOOST else None


def why_not_forget_file(video: Video) -> str | None:
    if video.state not in FORGETTABLE:
        return "Joystream was promised exactly this file"
    return None


@transaction.atomic
def retry(video: Video, *, by: str) -> State:
    """Have the video tried again at once. Returns the state that it goes on from. Raises `Refused`."""
    video = _locked(video, why_not_retry)
    target = resumes_from(video)
    if target == video.state:
        Video.objects.filter(pk=video.pk).update(
            reason="", reason_text="", attempts=0, crashes=0, next_attempt_at=Now()
        )
        _record(video, "retried", by=by)
    else:
        moves.move(video, target, event="retried", by=by)
    ring(STAGE_OF[target].value)
    return target


def resumes_from(video: Video) -> State:
    """The state in which a retry puts the video: as far along as what is known of it allows."""
    state = State(video.state)
    if state not in (State.SKIPPED, State.STUCK):
        return state
    files = list(video.files.all())
    if video.joystream_video_id is not None:
        is_uploaded = bool(files) and all(file.uploaded_at for file in files)
        return State.UPLOADED if is_uploaded else State.CREATED
    is_here = bool(files) and not any(file.removed_at for file in files)
    return State.DOWNLOADED if state is State.STUCK and video.media and is_here else State.NEW


@transaction.atomic
def skip(video: Video, reason: str, *, by: str) -> None:
    """Do not bring the video over.

    Raises `Refused` once it is on chain, or in an extrinsic that is on its way there.
    """
    video = _locked(video, why_not_skip)
    moves.skip(video, SkippedByStaff(reason), by=by)
    _forget_files_after_commit(video)


@transaction.atomic
def boost(video: Video, *, by: str) -> None:
    """Let the video go before all others that are not boosted. Raises `Refused`."""
    video = _locked(video, why_not_boost)
    Video.objects.filter(pk=video.pk).update(band=Band.BOOST, tag=timezone.now().timestamp())
    _record(video, "boosted", by=by)
    ring(STAGE_OF[State(video.state)].value)


@transaction.atomic
def boost_channel(channel: Channel, *, by: str) -> int:
    """Let all waiting videos of the channel go before others. Returns how many."""
    waiting = Video.objects.filter(channel=channel, state__in=sorted(BOOSTABLE)).exclude(band=Band.BOOST)
    ids = list(waiting.select_for_update().in_queue_order().values_list("pk", flat=True))
    # one behind the other, as they were
    first = timezone.now().timestamp()
    boosted = [Video(pk=pk, band=Band.BOOST, tag=first + place / 1000) for place, pk in enumerate(ids)]
    Video.objects.bulk_update(boosted, ["band", "tag"], batch_size=500)
    VideoEvent.objects.bulk_create(VideoEvent(video_id=pk, event="boosted", by=by) for pk in ids)
    if ids:
        for stage in STAGE_OF.values():
            ring(stage.value)
    return len(ids)


@transaction.atomic
def forget_file(video: Video, *, by: str) -> None:
    """Delete what the media store and the work folder have of the video.

    One that waits with its file is downloaded again. Raises `Refused` while the file is what was promised
    on chain and has not arrived there.
    """
    video = _locked(video, why_not_forget_file)
    if video.state == State.DOWNLOADED:
        moves.move(video, State.NEW, event="file_forgotten", by=by, media=None, reserved_bytes=0)
        MediaFile.objects.filter(video=video).delete()
        ring(STAGE_OF[State.NEW].value)
    else:
        MediaFile.objects.filter(video=video, removed_at=None).update(removed_at=Now())
        Video.objects.filter(pk=video.pk).update(reserved_bytes=0)
        _record(video, "file_forgotten", by=by)
    _forget_files_after_commit(video)


def _locked(video: Video, why_not: Callable[[Video], str | None]) -> Video:
    """The row as it is now. Raises `Refused` when it is too late for what was ordered."""
    video = Video.objects.select_for_update().get(pk=video.pk)
    objection = why_not(video)
    if objection is not None:
        raise Refused(objection)
    return video


def _record(video: Video, event: str, *, by: str) -> None:
    VideoEvent.objects.create(video=video, event=event, from_state=video.state, to_state=video.state, by=by)
    log.info(f"video.{event}", video=video.youtube_id, by=by)


def _forget_files_after_commit(video: Video) -> None:
    def forget() -> None:
        media_store.clear_work_folder(video)
        media_store.forget(video)

    transaction.on_commit(forget)
