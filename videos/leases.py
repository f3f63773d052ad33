"""Who is at work on a video, and until when.

A stage takes its next rows with SELECT … FOR UPDATE SKIP LOCKED, so two workers never take one row, and
stamps a lease on them. A worker that dies loses only its lease: when that ends, the row is claimable again. A
worker that was merely slow finds its token gone and changes nothing. All times are the database's.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from channels.models import Pause
from videos import brakes
from videos.models import Video
from videos.states import STAGE_OF, Stage, State
from ytsynch.clusters import stopping

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=settings.CONFIG.sync.intervals.lease)
"""How long a silent worker keeps its rows."""

RENEW_EVERY = LEASE.total_seconds() / 6
"""Seconds between two renewals while a worker is at work."""

POISON_AFTER = 3
"""A row whose workers died this often, one after the other, is set aside for a human (faults.md O8)."""

_POISON = Q(crashes__gte=POISON_AFTER - 1, lease_token__isnull=False)
"""The last death is counted by nobody: the token of the one who died is still on the row."""


class LeaseLost(Exception):
    """Another worker, or an operator, has the video now: what this one did for it does not count."""


def worker_name() -> str:
    """Host and process: enough for a human to find the log."""
    return f"{socket.gethostname()}:{os.getpid()}"


@transaction.atomic
def claim(stage: Stage, *, limit: int = 1, **only: Any) -> list[Video]:
    """Take up to `limit` videos that the stage may work on now, in queue order; `only` narrows the choice.

    A token that is still on a row belongs to a worker that ended without a word, so taking it counts as a
    crash. Those that were there at a crash are taken in smaller company, and at last alone, so that poison is
    told from bystanders.
    """
    claimable = Video.objects.claimable(stage).filter(~_POISON, **only)
    if stage is Stage.DOWNLOAD or stage is Stage.CREATION:
        claimable = claimable.filter(channel__pause=Pause.NONE)
    rows = claimable.select_for_update(skip_locked=True, of=("self",)).select_related("channel__app")
    videos = _same_company(list(rows[:limit]), limit)
    token = uuid.uuid4()
    Video.objects.filter(pk__in=[video.pk for video in videos]).update(
        crashes=F("crashes") + Case(When(lease_token__isnull=False, then=Value(1)), default=Value(0)),
        lease_token=token,
        leased_by=worker_name(),
        leased_until=Now() + Value(LEASE),
    )
    for video in videos:
        video.lease_token = token
    return videos


def _same_company(videos: list[Video], limit: int) -> list[Video]:
    """Those that were at as many crashes as the first one: `limit` of them at none, one at the last but one."""

    def crashes(video: Video) -> int:
        return video.crashes + (video.lease_token is not None)

    alike = [video for video in videos if crashes(video) == crashes(videos[0])]
    share = max(1 - crashes(videos[0]) / (POISON_AFTER - 1), 0) if videos else 1
    return alike[: max(round(limit**share), 1)]


def poisoned(stage: Stage) -> list[Video]:
    """Videos that no worker of the stage survives."""
    return list(Video.objects.waiting_for(stage).filter(_POISON, leased_until__lt=Now())[:100])


class Keeper:
    """Keeps the leases of some videos alive from a thread of its own, so that no silent step (a merge, a slow
    answer) loses them.
    """

    def __init__(self, videos: Sequence[Video]) -> None:
        self._ids = [video.pk for video in videos]
        self._token = videos[0].lease_token
        self._stage = STAGE_OF[State(videos[0].state)]
        self._stop = threading.Event()
        self._lost = False
        self._reported_at = 0.0

    def check(self) -> None:
        """Raises `LeaseLost` if the videos are somebody else's now, or their channel was paused."""
        if self._lost:
            raise LeaseLost(f"{len(self._ids)} videos")

    def report(self, progress: dict[str, Any]) -> None:
        """Store the progress, once a second at most. Raises `LeaseLost`, also when this process is asked to
        stop, or its stage.
        """
        if stopping.requested():
            raise LeaseLost("this worker is asked to stop")
        self.check()
        now = time.monotonic()
        if now - self._reported_at >= 1:
            self._reported_at = now
            if brakes.must_stop(self._stage):
                raise LeaseLost(f"{self._stage} is switched off")
            self._renew(progress=progress)
            self.check()

    def _renew(self, **fields: Any) -> None:
        mine = Video.objects.filter(pk__in=self._ids, lease_token=self._token, held="")
        if mine.update(leased_until=Now() + Value(LEASE), **fields) != len(self._ids):
            self._lost = True

    def _run(self) -> None:
        try:
            while not self._stop.wait(RENEW_EVERY) and not self._lost:
                try:
                    self._renew()
                except (
                    DatabaseError
                ) as error:  # the next renewal may work; if none does, the lease ends by itself
                    log.warning("lease.not_renewed", error=str(error))
                    connection.close()
        finally:
            connection.close()


@contextmanager
def keeping(*videos: Video) -> Iterator[Keeper]:
    """While in this block, the leases of the videos are renewed."""
    keeper = Keeper(videos)
    thread = threading.Thread(target=keeper._run, name="lease-keeper", daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        keeper._stop.set()
        thread.join()
