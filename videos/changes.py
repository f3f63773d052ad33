"""Changes on YouTube that a published video follows on Joystream (mission H7, H8): ordered here, made by the
lane of its app (`videos.pipeline.changing`), each once.

    wanted ──> signed ──> done      what is ordered while a change is wanted is made with it
       ^         │
       └─────────┘                  its extrinsic can never land, or the chain refused it for now
"""

from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now

from videos.models import ChangeKind, ChangeState, Video, VideoChange, VideoEvent
from videos.states import Stage
from ytsynch.clusters.bell import ring

log = structlog.get_logger(__name__)

OPEN = (ChangeState.WANTED, ChangeState.SIGNED)

EDITED, GONE, BACK = "edited_on_youtube", "gone_from_youtube", "back_on_youtube"
"""Events of a video that a change may follow."""

SHOWN = 200
"""Characters of a text that the history keeps."""


@transaction.atomic
def want(
    video: Video, kind: ChangeKind, *, why: str, values: dict[str, Any] | None = None, by: str
) -> VideoChange | None:
    """Order a change of the video.

    None when another one is under way: the next look at the video orders again what is still to be changed.
    """
    Video.objects.select_for_update().get(pk=video.pk)
    change = VideoChange.objects.filter(video=video, state__in=OPEN).first()
    if change is None:
        change = VideoChange(video=video, kind=kind, values=values or {}, why=why)
    elif change.state != ChangeState.WANTED:
        return None
    elif ChangeKind.DELETE in (kind, change.kind):
        change.kind, change.values, change.why = kind, values or {}, why
    elif change.values == {**change.values, **(values or {})}:
        return change
    else:
        change.values, change.why = {**change.values, **(values or {})}, why
    change.save()
    record(video, "change_wanted", by=by, detail={"kind": kind.value, "why": why, **shortened(change.values)})
    ring(Stage.CREATION)
    return change


@transaction.atomic
def call_off(video: Video, *, why: str, by: str) -> bool:
    """Drop the change that was ordered for that reason, if nothing of it is signed. False without one."""
    wanted = VideoChange.objects.filter(video=video, state=ChangeState.WANTED, why=why)
    if not wanted.update(state=ChangeState.DROPPED, settled_at=Now()):
        return False
    record(video, "change_called_off", by=by, detail={"why": why})
    return True


def record(
    video: Video, event: str, *, by: str, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    """A row of the video's history about something that does not move it."""
    VideoEvent.objects.create(
        video=video,
        event=event,
        from_state=video.state,
        to_state=video.state,
        reason=reason,
        detail=detail or {},
        by=by,
    )
    log.info(f"video.{event}", video=video.youtube_id, reason=reason or None, by=by)


def shortened(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the history keeps them."""
    return {name: value[:SHOWN] if isinstance(value, str) else value for name, value in values.items()}
