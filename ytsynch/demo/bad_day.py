"""`manage.py demo --faults`: one misfortune after the other while the demo runs, told as they happen, and what the
videos' histories say of each at the end.

They are done to the devnet by its control port, as `manage.py devnet-control` does it; the service knows nothing.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psutil
import requests
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from videos import words
from videos.models import QuotaDay, Video, VideoEvent
from ytsynch.demo.world import World

FIRST_AFTER = 6.0
"""Seconds until the day turns bad: something is to be under way by then."""

BETWEEN = 3.0
"""Seconds to draw breath."""

STEPS_BETWEEN, PATIENCE = 4, 20.0
"""So many steps are to be made before the next misfortune, unless that takes too many seconds."""


@dataclass(frozen=True)
class Misfortune:
    """What happens, what the service makes of it, and what ends it after some seconds."""

    happens: str
    answer: str
    begin: Callable[["BadDay"], None]
    end: Callable[["BadDay"], None] = lambda day: None
    lasts: float = 2.0


def _devnet(path: str, **parameters: Any) -> Callable[["BadDay"], None]:
    return lambda day: day.ask(path, **parameters)


def _midnight(day: "BadDay") -> None:
    """In California the quota's day begins."""
    day.ask("youtube/set_quota_left", units=10_000)
    QuotaDay.objects.update(exhausted_at=None)


MISFORTUNES: tuple[Misfortune, ...] = (
    Misfortune(
        "kill -9: a worker in the middle of its work",
        "its lease ends, and another worker takes its video",
        lambda day: day.kill_a_worker(),
    ),
    Misfortune(
        "YouTube: «sign in to confirm you're not a bot», at our only address",
        "the address rests, the videos keep their places",
        _devnet("youtube/block_proxy", kind="bot_check"),
        _devnet("youtube/unblock_proxy"),
        5.0,
    ),
    Misfortune(
        "the Joystream node loses the next two extrinsics",
        "the same bytes are sent again, and cannot land twice",
        _devnet("chain/drop-extrinsics", count=2),
    ),
    Misfortune(
        "a fork drops the last two blocks",
        "only final blocks count, so nothing was believed too early",
        _devnet("chain/drop-blocks", count=2),
    ),
    Misfortune(
        "the storage nodes are away",
        "files wait for them",
        _devnet("storage/unavailable", on=True),
        _devnet("storage/unavailable", on=False),
        5.0,
    ),
    Misfortune(
        "the query node falls 15 blocks behind",
        "no attribution is signed until it has caught up",
        _devnet("query-node/lag", blocks=15),
        _devnet("query-node/lag", blocks=0),
        8.0,
    ),
    Misfortune(
        "Google: the day's quota is spent",
        "feeds and push need none; new uploads are still found",
        _devnet("youtube/set_quota_left", units=0),
        _midnight,
        6.0,
    ),
    Misfortune(
        "kill -9: every worker at once",
        "the supervisor starts new ones, and nothing is done twice",
        lambda day: day.kill_all_workers(),
    ),
)


@dataclass
class Past:
    """A misfortune that came to pass."""

    what: Misfortune
    began: datetime
    ended: datetime | None = None


class BadDay:
    """The order of the day: `go_on` is called now and then, `is_over` when all has been suffered."""

    def __init__(self, world: World, console: Console) -> None:
        self._world, self._console = world, console
        self._coming = list(MISFORTUNES)
        self._past: list[Past] = []
        self._next_at = FIRST_AFTER
        self._uploads = 0

    @property
    def is_over(self) -> bool:
        return not self._coming and not self._is_suffering

    @property
    def _is_suffering(self) -> bool:
        return bool(self._past) and self._past[-1].ended is None

    def go_on(self, elapsed: float, *, settled: bool) -> None:
        """What is due happens, or ends. A creator uploads something whenever all is done, so that it has a victim."""
        if settled and self._coming:
            self._upload()
        if elapsed < self._next_at:
            return
        if self._is_suffering:
            self._end(elapsed)
        elif self._coming and (elapsed > self._next_at + PATIENCE or self._has_moved()):
            self._begin(elapsed)

    def end_all(self) -> None:
        """Whatever goes on is over, also when the demo ends before its time."""
        if self._is_suffering:
            with suppress(requests.RequestException):
                self._past[-1].what.end(self)

    def unseen(self) -> int:
        """Uploads of the day that the service has not found yet."""
        return self._uploads - Video.objects.filter(title__startswith=_TITLE).count()

    def ask(self, path: str, **parameters: Any) -> None:
        answer = requests.post(f"{self._world.devnet['control']}/{path}", json=parameters, timeout=20)
        answer.raise_for_status()

    def kill_a_worker(self) -> None:
        """One that holds a video's lease, or any."""
        at_work = {
            int(name.rpartition(":")[2])
            for name in Video.objects.exclude(leased_by="").values_list("leased_by", flat=True)
        }
        alive = self._workers()
        self._kill(sorted(alive & at_work)[:1] or sorted(alive)[:1])

    def kill_all_workers(self) -> None:
        self._kill(sorted(self._workers()))

    def _workers(self) -> set[int]:
        """The processes below the clusters; the clusters themselves and the web have the supervisor as parent."""
        below: set[int] = set()
        for child in psutil.Process(self._world.service_pid).children():
            with suppress(psutil.NoSuchProcess):
                mine = child.children()
                if len(mine) > 1:  # the web has one: a cluster has worker, pusher and monitor
                    below |= {process.pid for process in mine}
        return below

    def _kill(self, pids: Sequence[int]) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _has_moved(self) -> bool:
        """Whether the service has shaken the last misfortune off."""
        since = self._past[-1].ended if self._past else None
        steps = VideoEvent.objects.filter(event__in=STEPS, **({"at__gte": since} if since else {}))
        return len(steps.values("pk")[:STEPS_BETWEEN]) == STEPS_BETWEEN

    def _upload(self) -> None:
        if self.unseen() <= 0:
            person = self._world.devnet["people"][0]
            self.ask("youtube/add_video", channel=person["handle"], title=f"{_TITLE} {self._uploads + 1}")
            self._uploads += 1

    def _begin(self, elapsed: float) -> None:
        misfortune = self._coming.pop(0)
        self._past.append(Past(misfortune, timezone.now()))
        self._console.print(
            f"[red]✗[/] {elapsed:4.0f} s  {misfortune.happens}: {misfortune.answer}", highlight=False
        )
        misfortune.begin(self)
        self._next_at = elapsed + misfortune.lasts

    def _end(self, elapsed: float) -> None:
        self._past[-1].what.end(self)
        self._past[-1].ended = timezone.now()
        self._next_at = elapsed + BETWEEN
        if not self._coming:
            self._console.print(
                f"[green]✓[/] {elapsed:4.0f} s  the day is over; what is left is done in peace"
            )

    def summary(self) -> Table:
        """Each misfortune with what the videos' histories say of the time from it to the next."""
        table = Table(
            title="The bad day", title_justify="left", box=None, pad_edge=False, header_style="bold dim"
        )
        for title in ("what happened", "what the videos' histories say of it"):
            table.add_column(title, overflow="fold")
        ends = [past.began for past in self._past[1:]] + [timezone.now()]
        for past, end in zip(self._past, ends, strict=True):
            table.add_row(past.what.happens, _histories(past.began, end))
        return table


_TITLE = "In spite of everything"

STEPS = ("downloaded", "created", "uploaded", "published")
"""Events of a video that are a step on its way."""


def _histories(begin: datetime, end: datetime) -> str:
    """How many videos moved on meanwhile, and what the others waited for."""
    events = VideoEvent.objects.filter(at__gte=begin, at__lt=end).values_list("event", "reason")
    moved = sum(event in STEPS for event, _ in events)
    waits = Counter(
        reason for event, reason in events if event in ("failed", "waits", "not_created") and reason
    )
    told = [f"{count} × {words.of(reason).happened}" for reason, count in waits.most_common(3)]
    return "; ".join([f"{moved} steps were made", *told])
