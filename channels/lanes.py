"""Lanes that staff close and open by hand, when an account needs care."""

import structlog

from channels.errors import Refused
from channels.models import Lane

log = structlog.get_logger(__name__)


def pause(lane: Lane, reason: str, *, by: str) -> None:
    """Let nothing new be sent through the lane; what was sent before is still followed to its end."""
    Lane.objects.filter(pk=lane.pk).update(paused_reason=reason)
    log.warning("lane.paused", lane=lane.member_id, reason=reason, by=by)


def resume(lane: Lane, *, by: str) -> None:
    """Raises `Refused` when the lane is open already."""
    if not Lane.objects.filter(pk=lane.pk).exclude(paused_reason="").update(paused_reason=""):
        raise Refused("it is open already")
    log.info("lane.resumed", lane=lane.member_id, by=by)
