"""Putting a letter down."""

from typing import Any

import structlog
from django.db.models import Q

from channels.models import Channel, ChannelEvent, Creator
from ypp.letters.kinds import ABOUT
from ypp.letters.models import Kind, Letter
from ytsynch.clusters.bell import ring

log = structlog.get_logger(__name__)

STAGE = "upkeep"
"""Whose workers deliver letters."""


def forget(creator: Creator) -> None:
    """Erase what was written to a creator whose account is deleted; only the letter that says so still goes
    out.
    """
    theirs = Q(channel__creator=creator) | Q(channel=None, address=creator.email)
    Letter.objects.filter(theirs).exclude(kind=Kind.LEFT, sent_at=None).delete()


def send(
    kind: Kind, channel: Channel | None, *, event: ChannelEvent | str, address: str = "", **facts: Any
) -> Letter | None:
    """Write a letter in the caller's transaction: if that is undone, so is the letter. It is sent soon after.

    `event` is what happened, a row of the channel's history or a name of it; a second letter about it is not
    written. `address` is for whom no channel is known; `facts` are those that the kind's text needs
    (`kinds.ABOUT`). None when there is nobody to write to.
    """
    if facts.keys() != ABOUT[kind].sample.keys():
        raise TypeError(f"a letter of kind {kind} needs {sorted(ABOUT[kind].sample)}, not {sorted(facts)}")
    address = address or (channel.email if channel else "")
    name = f"channel event {event.pk}" if isinstance(event, ChannelEvent) else event
    if not address:
        log.info("letter.no_address", kind=kind.value, about=name)
        return None
    letter, is_new = Letter.objects.get_or_create(
        event=name, defaults={"kind": kind, "channel": channel, "address": address, "facts": facts}
    )
    if is_new:
        log.info("letter.written", letter=letter.pk, kind=kind.value, about=name)
        ring(STAGE)
    return letter
