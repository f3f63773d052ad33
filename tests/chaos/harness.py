"""A run: trouble until enough processes were killed, then peace, then the verdict."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from rich.console import Console
from rich.table import Table

from channels.gateways import app_of_configuration
from tests.chaos import verdict
from tests.chaos.crowd import Crowd
from tests.chaos.town import Town
from tests.chaos.troubles import Row, Troubles, make_every_channel_due
from videos import interventions
from videos.errors import Poison
from videos.models import Video
from videos.states import State
from ypp.models import Requirement
from ytsynch.config.loader import read

TICK = 0.2
HEAL_SECONDS = 300.0
BUSY = 10
"""So many videos under way keep every stage busy."""


@dataclass(frozen=True)
class Pace:
    """Seconds between two deeds of each kind; `armed` orders wait at named points at a time."""

    kill: float = 2.0
    outside: float = 3.0
    bells: float = 15.0
    sign_up: float = 10.0
    armed: int = 6


class Run:
    """Everything of one run. The seed decides what is done and in which order; not when processes get there."""

    def __init__(self, town: Town, *, seed: int, kills: int, console: Console) -> None:
        self.dice = random.Random(seed)
        self.town, self.seed, self.kills, self.console = town, seed, kills, console
        self.crowd = Crowd(town, self.dice)
        self.troubles = Troubles(town, self.dice)
        self.poisoned = 0
        self._due: dict[str, float] = {}
        self._started = time.monotonic()

    def __call__(self) -> list[str]:
        """What is not as it must be at the end; nothing, if all is well."""
        self._begin()
        self._make_trouble()
        self._heal()
        publishable = self.crowd.publishable()
        settled = self._wait_until_settled(publishable)
        statuses = self.town.stop_service()
        complaints = list(verdict.complaints(publishable, self.town.chain_state()["videos"]))
        complaints += [f"host {name} ended with {status}" for name, status in statuses.items() if status]
        if not settled:
            complaints.insert(0, f"not settled within {HEAL_SECONDS:.0f} s")
        self.console.print(self._table(publishable))
        missed = ", ".join(self.troubles.missed) or "none"
        self.say(f"named points that nobody came by while there was an order: {missed}")
        self.say(f"{self.poisoned} times a video was set aside after three crashes, and tried again by staff")
        return complaints

    def _begin(self) -> None:
        self.say("starting the devnet and the service")
        self.town.start()
        settings.CONFIG = read({"CONFIG_PATH": str(self.town.config_file)})
        Requirement.objects.update_or_create(
            app=app_of_configuration(), defaults={"min_videos": 1, "min_video_age_hours": 0}
        )
        while not self.crowd.sign_up_next():
            time.sleep(0.5)

    def _make_trouble(self) -> None:
        pace = Pace()
        self.say(f"seed {self.seed}: trouble until {self.kills} processes were killed")
        while self.troubles.kills < self.kills:
            self.town.keep_running()
            self.troubles.tend()
            self._with_database(self._one_tick, pace)
            time.sleep(TICK)

    def _one_tick(self, pace: Pace) -> None:
        self.troubles.collect()
        while self.troubles.armed < pace.armed:
            self.troubles.arm_next()
        self._now_and_then("kill", pace.kill, self.troubles.kill_someone)
        self._now_and_then("outside", pace.outside, self.troubles.disturb_outside)
        self._now_and_then("bells", pace.bells, self.troubles.ring_too_often)
        self._retry_poisoned()
        if self.crowd.waiting:
            self._now_and_then("sign-up", pace.sign_up, self.crowd.sign_up_next)
        if self.crowd.unseen() + Video.objects.exclude(state=State.PUBLISHED).count() < BUSY:
            self.crowd.upload()
        self._now_and_then("word", 10.0, self._report)

    def _heal(self) -> None:
        self.say("peace: nothing is killed any more")
        self.troubles.end_all()
        while self.town.ask("chain/stall-blocks", on=False) is None or not self.town.is_web_up():
            self.town.keep_running()
            time.sleep(TICK)
        self.troubles.end_faults_of_outside()
        self._due["look"] = time.monotonic()

    def _wait_until_settled(self, publishable: set[str]) -> bool:
        """Whether all is published in time."""
        deadline = time.monotonic() + HEAL_SECONDS
        left = 1
        while left and time.monotonic() < deadline:
            self.town.keep_running()
            self._with_database(self._now_and_then, "look", HEAL_SECONDS / 10, make_every_channel_due)
            self._with_database(self._retry_poisoned)
            left = (
                len(publishable)
                - Video.objects.filter(state=State.PUBLISHED, youtube_id__in=publishable).count()
            )
            self._now_and_then("word", 10.0, self._report)
            time.sleep(TICK * 2)
        return not left

    def _retry_poisoned(self) -> None:
        """Staff look at what was set aside: here it was us who killed its workers."""
        for video in Video.objects.filter(state=State.STUCK, reason=Poison.code):
            interventions.retry(video, by="chaos")
            self.poisoned += 1

    def _with_database(self, deed: Callable[..., Any], *arguments: Any) -> None:
        """The database is among the victims."""
        try:
            deed(*arguments)
        except DatabaseError as error:
            self.say(f"  (our own connection: {str(error).splitlines()[0]})")
            connection.close()

    def _now_and_then(self, name: str, seconds: float, deed: Callable[[], Any]) -> None:
        now = time.monotonic()
        if now >= self._due.setdefault(name, now + seconds * self.dice.random()):
            self._due[name] = now + seconds * (0.5 + self.dice.random())
            deed()

    def _report(self) -> None:
        counts = Counter(Video.objects.values_list("state", flat=True))
        shown = ", ".join(f"{counts[state]} {state}" for state in State.values if counts[state])
        self.say(f"{self.troubles.kills} kills; {shown}")

    def say(self, text: str) -> None:
        self.console.print(f"[dim]{time.monotonic() - self._started:6.0f} s[/]  {text}", highlight=False)

    def _table(self, publishable: set[str]) -> Table:
        published = set(Video.objects.filter(state=State.PUBLISHED).values_list("youtube_id", flat=True))
        table = Table(title=f"Seed {self.seed}: {self.troubles.kills} kills, {len(publishable)} videos")
        for column in ("point", "fault"):
            table.add_column(column)
        for column in ("times", "kills", "videos hit"):
            table.add_column(column, justify="right")
        table.add_column("outcome")
        for row in sorted(self.troubles.rows.values(), key=lambda row: (row.fault != "kill", row.point)):
            table.add_row(row.point, row.fault, str(row.times), str(row.kills), *_outcome(row, published))
        return table


def _outcome(row: Row, published: set[str]) -> tuple[str, str]:
    lost = row.videos - published
    said = f"[red]{len(lost)} not published[/]" if lost else "[green]all published[/]"
    return str(len(row.videos) or ""), said
