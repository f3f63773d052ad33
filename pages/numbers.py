"""The programme in four numbers, for everybody. They are counted once in a while, however many look."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from channels.models import Channel
from videos.models import StagePace, Video
from videos.states import IN_PIPELINE, Stage, State

KEPT = 5
"""Seconds for which the numbers are not counted again."""


@dataclass(frozen=True)
class Numbers:
    """`last_day` are videos published in the last 24 hours, `queue` those on their way."""

    channels: int
    published: int
    last_day: int
    queue: int


def of_programme() -> Numbers:
    known: Numbers | None = cache.get("numbers-of-the-programme")
    if known is None:
        known = _count()
        cache.set("numbers-of-the-programme", known, KEPT)
    return known


def _count() -> Numbers:
    since = timezone.now() - timedelta(days=1)
    finished = StagePace.objects.filter(stage=Stage.ACCEPTANCE, slot__gte=since).aggregate(
        sum=Sum("finished")
    )
    return Numbers(
        channels=Channel.objects.participating().count(),
        published=Video.objects.filter(state=State.PUBLISHED).count(),
        last_day=finished["sum"] or 0,
        queue=Video.objects.filter(state__in=sorted(IN_PIPELINE), held="").count(),
    )
