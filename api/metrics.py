"""The service in numbers, for everybody: taken together, and kept for a few seconds, however many ask."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from videos import halts, pace, quota, tally
from videos.halts import Halt
from videos.models import StagePace
from videos.quota import Forecast, Purpose
from videos.states import IN_PIPELINE, STAGE_OF, Stage
from videos.tally import Tally

KEPT = 10
"""Seconds for which the numbers are not taken again."""

HOURS = 24


@dataclass(frozen=True)
class Hour:
    begins_at: datetime
    published: int


@dataclass(frozen=True)
class Pace:
    """`seconds_each`: between two videos of the stage, lately; None while it finishes none."""

    stage: Stage
    waiting: int
    seconds_each: float | None


@dataclass(frozen=True)
class Quota:
    """Of the YouTube Data API, on a day in California: a share for the sync, and one for sign-ups."""

    day: date
    sync: Forecast
    sign_up: Forecast


@dataclass(frozen=True)
class Metrics:
    """`backlog`: videos under way that nothing holds; `seconds_to_empty`: until all of that is published."""

    at: datetime
    videos: Tally
    channels: Tally
    published_by_hour: Sequence[Hour]
    stages: Sequence[Pace]
    backlog: int
    seconds_to_empty: int | None
    quota: Quota
    halts: Sequence[Halt]


def current() -> Metrics:
    known: Metrics | None = cache.get("metrics")
    if known is None:
        known = _take(timezone.now())
        cache.set("metrics", known, KEPT)
    return known


def _take(now: datetime) -> Metrics:
    videos = tally.of_videos()
    paces = pace.measured(now)
    return Metrics(
        at=now,
        videos=videos,
        channels=tally.of_channels(),
        published_by_hour=_published_by_hour(now),
        stages=[_stage(stage, videos.active[state], paces) for state, stage in STAGE_OF.items()],
        backlog=sum(videos.active[state] for state in IN_PIPELINE),
        seconds_to_empty=_seconds_to_empty(videos, paces),
        quota=Quota(
            day=quota.quota_day(now),
            sync=quota.forecast(Purpose.SYNC, now),
            sign_up=quota.forecast(Purpose.SIGN_UP, now),
        ),
        halts=halts.for_everybody(),
    )


def _published_by_hour(now: datetime) -> list[Hour]:
    """The hour that has just begun, and those before it; the oldest first."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    first = this_hour - timedelta(hours=HOURS - 1)
    rows = (
        StagePace.objects.filter(stage=Stage.ACCEPTANCE, slot__gte=first)
        .annotate(hour=TruncHour("slot"))
        .values_list("hour")
        .annotate(Sum("finished"))
        .order_by("hour")
    )
    counts = dict(rows)
    return [Hour(hour, counts.get(hour, 0)) for hour in (first + timedelta(hours=n) for n in range(HOURS))]


def _stage(stage: Stage, waiting: int, paces: Mapping[Stage, pace.Pace]) -> Pace:
    return Pace(stage, waiting, paces[stage].each if stage in paces else None)


def _seconds_to_empty(videos: Tally, paces: Mapping[Stage, pace.Pace]) -> int | None:
    """Until the last one of every stage's queue is published. None while nobody can say."""
    waiting = {stage: videos.active[state] for state, stage in STAGE_OF.items()}
    view = pace.Outlook(paces, waiting)
    lasts = [view.seconds_until_published(stage, count) for stage, count in waiting.items() if count]
    if None in lasts:
        return None
    return math.ceil(max((last for last in lasts if last is not None), default=0))
