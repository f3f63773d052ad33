"""How far a channel's sync has come, in the three numbers that Atlas shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from channels.models import Channel
from videos import pace, places
from videos.models import Video
from videos.pace import Outlook, Pace
from videos.places import Ends
from videos.states import IN_PIPELINE, STAGE_OF, Stage, State

GUESS = Outlook(dict.fromkeys(Stage, Pace(each=30.0, passing=30.0)))
"""What is taken for the pace while nobody has measured any of the stages before a video: seconds."""


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
    view = pace.outlook(timezone.now())
    ends = places.of_channels(list(found))
    return {
        channel: SyncStatus()
        if channel not in found
        else _status(
            found[channel]["videos"],
            ends.get(channel, []),
            view,
            is_under_way=found[channel]["under_way"] > 0,
        )
        for channel in ids
    }


def _status(backlog: int, ends: list[Ends], view: Outlook, *, is_under_way: bool) -> SyncStatus:
    first_new = next((each.first for each in ends if each.state is State.NEW), 0)
    etas = [_seconds(STAGE_OF[each.state], each.last, view) for each in ends]
    return SyncStatus(
        backlog=backlog,
        place=0 if is_under_way else first_new,
        eta=math.ceil(max(etas, default=0)),
    )


def _seconds(stage: Stage, place: int, view: Outlook) -> float:
    seconds = view.seconds_until_published(stage, place)
    return _seconds(stage, place, GUESS) if seconds is None else seconds
