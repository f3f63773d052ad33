"""Lanes that are closed and opened: by staff, when an account needs care, and by the outbox, when a lane needs
a human.
"""

import structlog

from channels.errors import Refused
from channels.models import Lane

log = structlog.get_logger(__name__)

LONGEST = 200


def pause(lane: Lane, reason: str, *, by: str) -> None:
    """Let nothing new be sent through the lane; what was sent before is still followed to its end."""
    Lane.objects.filter(pk=lane.pk).update(paused_reason=reason[:LONGEST])
    log.warning("lane.paused", lane=lane.member_id, reason=reason, by=by)


def call_human(lane: Lane, reason: str) -> None:
    """Leave the lane alone until staff have looked: it cannot be told what became of what was sent."""
    Lane.objects.filter(pk=lane.pk).update(
        needs_human=True, paused_reason=f"Needs a human: {reason}"[:LONGEST]
    )
    log.error("lane.needs_human", lane=lane.member_id, reason=reason)


def resume(lane: Lane, *, by: str) -> None:
    """Raises `Refused` when the lane is open already."""
    paused = Lane.objects.filter(pk=lane.pk).exclude(paused_reason="")
    if not paused.update(paused_reason="", needs_human=False):
        raise Refused("it is open already")
    log.info("lane.resumed", lane=lane.member_id, by=by)
