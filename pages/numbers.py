"""The programme in four numbers, for everybody. They are taken once in a while, however many look, and cost the
same however much there is: of large tables they are estimates.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from channels.models import Status
from videos import tally
from videos.models import StagePace
from videos.states import IN_PIPELINE, Stage, State
from videos.tally import Tally

KEPT = 5
"""Seconds for which the numbers are not taken again."""


@dataclass(frozen=True)
class Numbers:
    """`last_day` are videos published in the last 24 hours, `queue` those on their way. Estimates are rounded:
    more would be pretended.
    """

    channels: int
    published: int
    last_day: int
    queue: int
    is_estimate: bool


def of_programme() -> Numbers:
    known: Numbers | None = cache.get("numbers-of-the-programme")
    if known is None:
        known = _take()
        cache.set("numbers-of-the-programme", known, KEPT)
    return known


def _take() -> Numbers:
    since = timezone.now() - timedelta(days=1)
    finished = StagePace.objects.filter(stage=Stage.ACCEPTANCE, slot__gte=since).aggregate(
        sum=Sum("finished")
    )
    videos, channels = tally.of_videos(), tally.of_channels()
    return Numbers(
        channels=_honest(channels.all.total() - channels.all[Status.OPTED_OUT], channels),
        published=_honest(videos.all[State.PUBLISHED], videos),
        last_day=finished["sum"] or 0,
        queue=_honest(sum(videos.active[state] for state in IN_PIPELINE), videos),
        is_estimate=videos.is_estimate or channels.is_estimate,
    )


def _honest(count: int, counted: Tally) -> int:
    """An estimate to two figures, a count as it is."""
    return round(count, 2 - len(str(count))) if counted.is_estimate else count
