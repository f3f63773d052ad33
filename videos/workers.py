"""Which workers are alive: each says so while it works, and one at a long piece of work is known by the lease
that it renews.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone

from videos.leases import worker_name
from videos.models import Video, Worker
from videos.states import Stage

BEAT_SECONDS = 5.0
"""How often a worker says that it is there; an idle one looks for work as often."""

SILENT = timedelta(seconds=30)
"""After so long a worker that holds no lease is taken for gone."""

FORGOTTEN = timedelta(days=1)


class Pulse:
    """Says that this process works on a stage, every few seconds at most, however often it is asked to."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._beaten_at = float("-inf")

    def beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten_at < BEAT_SECONDS:
            return
        self._beaten_at = now
        name = worker_name()
        if not Worker.objects.filter(name=name, stage=self._stage).update(seen_at=Now()):
            Worker.objects.bulk_create([Worker(name=name, stage=self._stage)], ignore_conflicts=True)
            Worker.objects.filter(seen_at__lt=Now() - Value(FORGOTTEN)).delete()


@dataclass(frozen=True)
class Alive:
    """A worker, when it was heard of, and the video that it is at work on."""

    stage: Stage
    name: str
    started_at: datetime
    seen_at: datetime
    video: Video | None


def alive() -> list[Alive]:
    """Workers that were heard of lately or hold a lease. Two queries."""
    at_work = {
        video.leased_by: video
        for video in Video.objects.filter(lease_token__isnull=False, leased_until__gt=Now())
        .select_related("channel")
        .defer("description", "thumbnails")
        .order_by("id")[:1000]
    }
    since = timezone.now() - SILENT
    known: Iterable[Worker] = Worker.objects.filter(seen_at__gt=timezone.now() - FORGOTTEN).order_by(
        "stage", "name"
    )
    return [
        Alive(Stage(row.stage), row.name, row.started_at, row.seen_at, at_work.get(row.name))
        for row in known
        if row.seen_at > since or row.name in at_work
    ]
