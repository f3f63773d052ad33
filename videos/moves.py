"""The one place where a video's state changes, always with its history row in the same transaction."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from videos import reactions
from videos.leases import LeaseLost, worker_name
from videos.models import Video, VideoEvent
from videos.states import MOVES, State

log = structlog.get_logger(__name__)

_AT_REST: dict[str, Any] = {
    "lease_token": None,
    "leased_by": "",
    "leased_until": None,
    "progress": None,
    "crashes": 0,
}


_LOOKED_AT_AGAIN = (State.PUBLISHED, State.SKIPPED)
"""At rest, but not for ever: see `videos.discovery.second_looks`."""


class ForbiddenMove(Exception):
    """The table of states does not have this move: a mistake in the code that asked for it."""


@transaction.atomic
def move(
    video: Video, to: State, *, event: str, by: str = "", detail: dict[str, Any] | None = None, **fields: Any
) -> None:
    """Move the video on and end its lease. `fields` are stored with it; `detail` goes into its history.

    Raises `ForbiddenMove`, and `LeaseLost` when the row is no longer as `video` has it: then nothing has
    changed.
    """
    before = State(video.state)
    if to not in MOVES[before]:
        raise ForbiddenMove(f"{video}: {before} → {to}")
    values = {"reason": "", "reason_text": "", "attempts": 0, "next_attempt_at": Now(), **_AT_REST, **fields}
    if to in _LOOKED_AT_AGAIN:
        values["next_look_at"] = Now() + Value(timedelta(seconds=settings.CONFIG.sync.intervals.second_look))
    _update(video, state=to, state_since=Now(), **values)
    _record(video, event, by=by, from_state=before, to_state=to, reason=values["reason"], detail=detail or {})
    video.state = to
    log.info(
        f"video.{event}",
        video=video.youtube_id,
        state=to.value,
        reason=values["reason"] or None,
        **(detail or {}),
    )


def skip(video: Video, error: Exception, *, by: str = "") -> None:
    """The video is not brought over, for the reason that `error` gives. It can be undone: see `states.MOVES`."""
    move(
        video,
        State.SKIPPED,
        event="skipped",
        by=by,
        reason=reactions.code_of(error),
        reason_text=str(error),
        reserved_bytes=0,
    )


def fail(video: Video, error: Exception, *, by: str = "") -> None:
    """Do what the table of reactions says about `error`: try later, wait, skip, or ask a human."""
    reaction = reactions.reaction_to(error)
    delay = reaction.delay(error, video.attempts)
    if delay is not None:
        postpone(video, error, delay=delay, counted=reaction.counted, by=by)
    elif reaction.then is reactions.Then.SKIP:
        skip(video, error, by=by)
    else:
        move(
            video,
            State.STUCK,
            event="stuck",
            by=by,
            reason=reactions.code_of(error),
            reason_text=str(error),
            detail={"text": str(error)[:500], "from": video.state},
            **({} if video.media else {"reserved_bytes": 0}),  # nothing of it is kept
        )


@transaction.atomic
def postpone(video: Video, error: Exception, *, delay: timedelta, counted: bool = True, by: str = "") -> None:
    """Leave the video where it is and have it tried again after `delay`. `counted`: this was a failed try,
    not a wait.

    A wait for the same thing as before is not recorded again.
    """
    code = reactions.code_of(error)
    is_news = counted or code != video.reason
    _update(
        video,
        reason=code,
        reason_text=str(error),
        attempts=video.attempts + int(counted),
        next_attempt_at=Now() + Value(delay),
        **_AT_REST,
    )
    if not is_news:
        return
    event = "failed" if counted else "waits"
    detail = {"text": str(error)[:500], "next_in_seconds": round(delay.total_seconds())}
    _record(
        video,
        event,
        by=by,
        from_state=State(video.state),
        to_state=State(video.state),
        reason=code,
        detail=detail,
    )
    log.warning(f"video.{event}", video=video.youtube_id, state=video.state, reason=code, **detail)


def look_again(video: Video, *, after: timedelta) -> None:
    """Give the lease back and have the video looked at again after a while. Nothing happened, so nothing is
    recorded.
    """
    _update(video, next_attempt_at=Now() + Value(after), **_AT_REST)


def release(video: Video) -> None:
    """Give the lease back, nothing having happened."""
    Video.objects.filter(pk=video.pk, lease_token=video.lease_token).update(**_AT_REST)


def release_claim(token: UUID | None) -> None:
    """Give back whatever is still held under the token of a claim, nothing having happened."""
    Video.objects.filter(lease_token=token, lease_token__isnull=False).update(**_AT_REST)


def _update(video: Video, **values: Any) -> None:
    """Change the row only while it is as `video` has it: the fence against a worker that lost its lease."""
    changed = Video.objects.filter(pk=video.pk, state=video.state, lease_token=video.lease_token).update(
        **values
    )
    if not changed:
        raise LeaseLost(video.youtube_id)
    for name, value in values.items():
        if not hasattr(value, "resolve_expression"):
            setattr(video, name, value)


def _record(
    video: Video,
    event: str,
    *,
    by: str,
    from_state: State,
    to_state: State,
    reason: str,
    detail: dict[str, Any],
) -> None:
    VideoEvent.objects.create(
        video=video,
        event=event,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        detail=detail,
        by=by or worker_name(),
    )
