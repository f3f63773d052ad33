"""What YouTube says of channels, read again: titles, subscribers, and the tier that follows from them
(mission C4).
"""

from collections.abc import Iterable, Sequence

import structlog
from django.db import transaction

from channels import sync
from channels.models import Channel
from ypp import membership, sign_up
from ytsynch.youtube.data_api import DataApi, YouTubeChannel

log = structlog.get_logger(__name__)

PER_CALL = 50
"""Channels that one call asks for: one unit of quota."""

TELLING = ("title", "handle", "subscribers", "public_videos")
"""Fields whose changes are worth a line in the history."""


def refresh(channels: Sequence[Channel], api: DataApi, *, by: str) -> set[int]:
    """Read the channels again and store what changed. Returns the primary keys of those that YouTube showed.

    One that it does not show stays as it is: an absence alone proves nothing (faults.md C8). Raises
    `YouTubeError`.
    """
    shown = set()
    for part in _parts(channels):
        found = api.channels([channel.youtube_id for channel in part])
        for channel in part:
            if channel.youtube_id in found:
                _store(channel, found[channel.youtube_id], by=by)
                shown.add(channel.pk)
    return shown


def _parts(channels: Sequence[Channel]) -> Iterable[Sequence[Channel]]:
    return (channels[start : start + PER_CALL] for start in range(0, len(channels), PER_CALL))


@transaction.atomic
def _store(channel: Channel, found: YouTubeChannel, *, by: str) -> None:
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    facts = sign_up.facts(found)
    changes = {
        name: {"from": getattr(channel, name), "to": facts[name]}
        for name in TELLING
        if name in facts and getattr(channel, name) != facts[name]
    }
    Channel.objects.filter(pk=channel.pk).update(**facts)
    if changes:
        sync.record(channel, "refreshed", by=by, detail=changes)
    membership.follow_subscribers(channel, by=by)
