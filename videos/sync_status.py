"""How far a channel's sync has come, in the three numbers that Atlas shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from channels.models import Channel
from videos.models import Video
from videos.pace import QUEUE, seconds_each, seconds_until_published
from videos.states import IN_PIPELINE, STAGE_OF, Stage, State

GUESS = dict.fromkeys(Stage, 30.0)
"""Seconds that a video is taken to need at each stage while nobody has measured any of those before it."""


@dataclass(frozen=True)
class SyncStatus:
    """`place` is that of the channel's first waiting video; 0: nothing waits, or it is being worked on.

    `eta` in seconds.
    """

    backlog: int = 0
    place: int = 0
    eta: int = 0


def of_channels(channels: Sequence[Channel]) -> dict[int, SyncStatus]:
    """By primary key. The number of queries does not depend on how many channels or videos there are."""
    ids = [channel.pk for channel in channels]
    backlogs = (
        Video.objects.filter(channel__in=ids, state__in=sorted(IN_PIPELINE))
        .values("channel")
        .annotate(
            videos=Count("id"),
            under_way=Count("id", filter=~Q(state=State.NEW) | Q(leased_until__gt=Now())),
        )
    )
    found = {row["channel"]: row for row in backlogs}
    if not found:
        return dict.fromkeys(ids, SyncStatus())
    pace = seconds_each(timezone.now())
    waiting = _waiting(list(found))
    return {
        channel: SyncStatus()
        if channel not in found
        else _status(
            found[channel]["videos"],
            waiting.get(channel, []),
            pace,
            is_under_way=found[channel]["under_way"] > 0,
        )
        for channel in ids
    }


Waiting = tuple[State, int, int]
"""A state, and the places of the channel's first and last video in it."""


def _waiting(channels: list[int]) -> dict[int, list[Waiting]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT channel_id, state, min(place), max(place) FROM {QUEUE} "  # noqa: S608 (our own constant)
            "WHERE channel_id = ANY(%s) GROUP BY channel_id, state",
            [channels],
        )
        places: dict[int, list[Waiting]] = {}
        for channel, state, first, last in cursor.fetchall():
            places.setdefault(channel, []).append((State(state), first, last))
        return places


def _status(
    backlog: int, waiting: list[Waiting], pace: dict[Stage, float], *, is_under_way: bool
) -> SyncStatus:
    first_new = next((first for state, first, _ in waiting if state is State.NEW), 0)
    etas = [_seconds(STAGE_OF[state], last, pace) for state, _, last in waiting]
    return SyncStatus(
        backlog=backlog,
        place=0 if is_under_way else first_new,
        eta=math.ceil(max(etas, default=0)),
    )


def _seconds(stage: Stage, place: int, pace: dict[Stage, float]) -> float:
    seconds = seconds_until_published(stage, place, pace)
    return _seconds(stage, place, GUESS) if seconds is None else seconds
