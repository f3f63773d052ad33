"""Pausing and resuming a channel's sync. Its queued videos follow in the same transaction: see the trigger in
the videos' migrations.

Two kinds of things pause a channel. What people decided (the creator's wish, the operators' switch, the
status in the programme) is in fields of its own and comes first; what happened outside (no space, no
collaborator, a deleted channel) holds until it is over.
"""

from typing import Any

import structlog
from django.db import transaction

from channels.models import Channel, ChannelEvent, Pause, Status

log = structlog.get_logger(__name__)

BY_PEOPLE = frozenset({Pause.BY_CREATOR, Pause.BY_STAFF, Pause.LEFT, Pause.SUSPENDED})
"""Pauses that follow from what people decided; the others are the world's."""


def decided(channel: Channel) -> Pause:
    """The pause that people's decisions ask for."""
    if channel.status == Status.OPTED_OUT:
        return Pause.LEFT
    if channel.status == Status.SUSPENDED:
        return Pause.SUSPENDED
    if not channel.allow_operator_ingestion:
        return Pause.BY_STAFF
    return Pause.NONE if channel.wants_sync else Pause.BY_CREATOR


def follow_decisions(channel: Channel, *, by: str) -> None:
    """Pause or resume as people decided.

    A pause that came from outside stays until what caused it is over.
    """
    wanted = decided(channel)
    if wanted is not Pause.NONE:
        pause(channel, wanted, by=by)
    elif channel.pause in BY_PEOPLE:
        resume(channel, by=by)


@transaction.atomic
def pause(channel: Channel, why: Pause, *, by: str, detail: dict[str, Any] | None = None) -> bool:
    """Stop the channel's videos where they are; what is on chain is still finished.

    False when it was paused so already.
    """
    changed = Channel.objects.filter(pk=channel.pk).exclude(pause=why).update(pause=why)
    if changed:
        record(channel, "paused", by=by, detail={"why": why.value, **(detail or {})})
    channel.pause = why
    return bool(changed)


@transaction.atomic
def resume(channel: Channel, *, by: str, detail: dict[str, Any] | None = None) -> bool:
    """Let the channel's videos go on, unless people decided otherwise meanwhile.

    False when nothing changed.
    """
    now = decided(Channel.objects.select_for_update().get(pk=channel.pk))
    changed = Channel.objects.filter(pk=channel.pk).exclude(pause=now).update(pause=now)
    if changed:
        record(
            channel,
            "resumed" if now is Pause.NONE else "paused",
            by=by,
            detail={"was": str(channel.pause), **(detail or {})},
        )
    channel.pause = now
    return bool(changed) and now is Pause.NONE


def record(channel: Channel, event: str, *, by: str, detail: dict[str, Any] | None = None) -> None:
    """Add a row to the channel's history, and a line to the log."""
    ChannelEvent.objects.create(channel=channel, event=event, by=by, detail=detail or {})
    log.info(f"channel.{event}", channel=channel.youtube_id, by=by, **(detail or {}))
