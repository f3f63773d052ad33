"""What is done to the town: real processes are killed, named points take theirs down, the outside misbehaves.

Each trouble is one row of the table at the end: where (`point`) and what (`fault`).
"""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from channels.models import Channel
from tests.chaos.town import LEASE, ROOT, Town
from videos.models import Purpose, Video
from videos.pipeline import outbox
from videos.states import Stage
from ytsynch.clusters import bell

ARMED_SECONDS = 12.0
"""How long an order waits for a process that comes by its point."""

MISSED_FIRST = 0.3

STOPPED_SECONDS = LEASE + 3
"""A process that is stopped for so long has lost its lease when it goes on."""


@dataclass
class Row:
    """How often a trouble befell the town, and which videos (YouTube ids) it caught."""

    point: str
    fault: str
    times: int = 0
    kills: int = 0
    videos: set[str] = field(default_factory=set)


def points() -> list[str]:
    """The name of every failpoint on a video's way to its publication; nobody edits videos in the town."""
    sources = [*(ROOT / "videos").rglob("*.py"), *(ROOT / "ytsynch" / "clusters").glob("*.py")]
    texts = (source.read_text() for source in sources)
    calls = (line.strip() for text in texts for line in text.splitlines())
    named = {call.split('"')[1] for call in calls if call.startswith('failpoint("')}
    named -= {name for name in named if name.startswith(f"{Purpose.CHANGE}.")}
    return sorted(named | {f"{Purpose.CREATION}.{point}" for point in outbox.POINTS})


def make_every_channel_due() -> None:
    """As if hours had passed: the next look finds what YouTube announced while nobody was there to hear it."""
    Channel.objects.update(next_discovery_at="2020-01-01T00:00:00Z")


class Troubles:
    """Everything that can be done to the town, and what has been done."""

    def __init__(self, town: Town, dice: random.Random) -> None:
        self._town, self._dice = town, dice
        self.rows: dict[tuple[str, str], Row] = {}
        self._armed: dict[str, tuple[str, float]] = {}
        self._stopped: list[tuple[int, float]] = []
        self._undo: list[tuple[float, Callable[[], object]]] = []
        self._points = self._shuffled_for_ever(points())
        self._kills = self._shuffled_for_ever([*_VICTIMS, "worker at work"])
        self._outside = self._shuffled_for_ever(list(OUTSIDE))

    @property
    def kills(self) -> int:
        return sum(row.kills for row in self.rows.values())

    @property
    def missed(self) -> list[str]:
        """Named points at which nothing has happened yet."""
        return [point for point in points() if not any(name == f"at {point}" for name, _ in self.rows)]

    # --- Named points
    # ----------------------------------------------------------------------------------------

    def arm_next(self) -> None:
        """Order a point to take down whoever comes by, mostly by a kill; often one where nothing has happened yet."""
        missed = [point for point in self.missed if point not in self._armed]
        point = (
            self._dice.choice(missed) if missed and self._dice.random() < MISSED_FIRST else next(self._points)
        )
        how = self._dice.choices(("kill", "stop", "cut"), weights=(6, 1, 2))[0]
        (self._town.failpoints / f"{point}").write_text(f"{how} {self._dice.choice((1, 1, 1, 3))}")
        self._armed[point] = (how, time.monotonic())

    def collect(self) -> None:
        """Note which orders were carried out, and take back those that nobody came by for."""
        for point, (how, since) in list(self._armed.items()):
            if done := list(self._town.failpoints.glob(f"{point}@*")):
                self._note_done(point, how, done[0])
            elif time.monotonic() - since > ARMED_SECONDS:
                # a process that is counting at this moment has it: looked at again
                with contextlib.suppress(FileNotFoundError):
                    (self._town.failpoints / point).unlink()
                    del self._armed[point]

    @property
    def armed(self) -> int:
        return len(self._armed)

    def _note_done(self, point: str, how: str, note: Path) -> None:
        pid = int(note.name.partition("@")[2])
        note.unlink()
        del self._armed[point]
        if how == "stop":
            self._stopped.append((pid, time.monotonic() + STOPPED_SECONDS))
        self._note(f"at {point}", how, kills=how == "kill", pid=pid)

    # --- Whoever it hits
    # -------------------------------------------------------------------------------------

    def kill_someone(self) -> None:
        """SIGKILL, of the next kind of process that runs."""
        kind = next(self._kills)
        victim = _VICTIMS[kind](self._town, self._dice)
        if victim is None:
            return
        self._note(kind, "kill", kills=True, pid=victim)
        with contextlib.suppress(ProcessLookupError):
            if kind == "cluster":
                os.killpg(victim, signal.SIGKILL)
            else:
                os.kill(victim, signal.SIGKILL)

    def ring_too_often(self) -> None:
        """Wake more workers than there is work for, and make every channel due: nothing may be done twice."""
        for stage in Stage:
            bell.ring(stage, bell.MOST_UNHEARD)
        make_every_channel_due()
        self._note("queue", "every bell rung 8 times")

    # --- The outside
    # -----------------------------------------------------------------------------------------

    def disturb_outside(self) -> None:
        """The next fault of chain, query node, storage or YouTube; what lasts is ended after some seconds."""
        name = next(self._outside)
        path, parameters, undo, lasts = OUTSIDE[name]
        if self._town.ask(path, **parameters) is None:
            return
        self._note(path.split("/")[0], name)
        if undo is not None:
            self._undo.append((time.monotonic() + lasts, lambda: self._town.ask(path, **undo)))

    def tend(self) -> None:
        """End what has lasted long enough, and let stopped processes go on."""
        now = time.monotonic()
        for item in [item for item in self._undo if item[0] <= now]:
            self._undo.remove(item)
            item[1]()
        for pid, until in [one for one in self._stopped if one[1] <= now]:
            self._stopped.remove((pid, until))
            if pid in self._town.offspring_of_hosts():
                os.kill(pid, signal.SIGCONT)

    def end_all(self) -> None:
        """No more orders, nobody stopped, every fault of the outside over."""
        for order in self._town.failpoints.iterdir():
            order.unlink(missing_ok=True)
        self._armed.clear()
        self._stopped = [(pid, 0.0) for pid, _ in self._stopped]
        self._undo = []
        self.tend()

    def end_faults_of_outside(self) -> None:
        """Once the devnet answers: also what a dead devnet could not be told, and what it has written down."""
        for path, _, undo, _ in OUTSIDE.values():
            if undo is not None:
                assert self._town.ask(path, **undo) is not None, f"{path} could not be ended"

    # --- Book-keeping
    # ----------------------------------------------------------------------------------------

    def _note(self, point: str, fault: str, *, kills: bool = False, pid: int | None = None) -> None:
        row = self.rows.setdefault((point, fault), Row(point, fault))
        row.times += 1
        row.kills += kills
        if pid is not None:
            row.videos |= set(
                Video.objects.filter(leased_by__endswith=f":{pid}").values_list("youtube_id", flat=True)
            )

    def _shuffled_for_ever(self, names: list[str]) -> Iterator[str]:
        """Each once in a random order, then again: so that a run of any length misses as few as it can."""
        while True:
            yield from self._dice.sample(names, len(names))


def _worker_at_work(town: Town, dice: random.Random) -> int | None:
    """The process that holds the lease of some video.

    Only one that is ours: the lease of a dead worker names a process id that may be anybody's by now.
    """
    names = Video.objects.exclude(leased_by="").values_list("leased_by", flat=True).distinct()
    at_work = {int(name.rpartition(":")[2]) for name in names} & town.offspring_of_hosts()
    return dice.choice(sorted(at_work)) if at_work else None


def _any_below_a_cluster(town: Town, dice: random.Random) -> int | None:
    """A worker, pusher or monitor, idle or not."""
    below = []
    for cluster in town.clusters():
        with contextlib.suppress(psutil.NoSuchProcess):
            below += [child.pid for child in cluster.children()]
    return dice.choice(below) if below else None


def _one_of(processes: list[psutil.Process], dice: random.Random) -> int | None:
    return dice.choice(processes).pid if processes else None


def _supervisor(town: Town, dice: random.Random) -> int | None:
    return dice.choice(town.hosts).pid


def _pid(process: psutil.Process | None) -> int | None:
    return process.pid if process is not None else None


_VICTIMS: dict[str, Callable[[Town, random.Random], int | None]] = {
    "worker at work": _worker_at_work,
    "worker, pusher or monitor": _any_below_a_cluster,
    "sentinel": lambda town, dice: _one_of(town.clusters(), dice),
    "cluster": lambda town, dice: _one_of(town.clusters(), dice),
    "web": lambda town, dice: _one_of(town.webs(), dice),
    "supervisor": _supervisor,
    "PostgreSQL": lambda town, _: _pid(town.postmaster()),
    "Joystream (chain, query node, storage)": lambda town, _: _pid(town.joystream()),
}

Fault = tuple[str, dict[str, object], dict[str, object] | None, float]

OUTSIDE: dict[str, Fault] = {
    "extrinsics dropped": ("chain/drop-extrinsics", {"count": 2}, None, 0),
    "fork of 1": ("chain/drop-blocks", {"count": 1}, None, 0),
    "fork of 2": ("chain/drop-blocks", {"count": 2}, None, 0),
    "sockets cut": ("chain/cut-sockets", {}, None, 0),
    "cut at submit": ("chain/cut-at-submit", {"count": 2}, None, 0),
    "finality stalls": ("chain/stall-finality", {"on": True}, {"on": False}, 4),
    "blocks stall": ("chain/stall-blocks", {"on": True}, {"on": False}, 4),
    "node refuses": ("chain/refuse", {"on": True}, {"on": False}, 3),
    "lags": ("query-node/lag", {"blocks": 15}, {"blocks": 0}, 6),
    "503": ("query-node/unavailable", {"on": True}, {"on": False}, 3),
    "connections cut": ("query-node/cut", {"on": True}, {"on": False}, 3),
    "nodes away": ("storage/unavailable", {"on": True}, {"on": False}, 3),
    "uploads cut": ("storage/cut-uploads", {"after_bytes": 2000, "count": 2}, {"after_bytes": None}, 8),
    "objects not seen yet": ("storage/blind", {"on": True}, {"on": False}, 4),
    "taken, not accepted": ("storage/never-accept", {"on": True}, {"on": False}, 5),
    "Data API down": ("youtube/api_down", {"down": True}, {"down": False}, 4),
    "hub down": ("youtube/hub_down", {"down": True}, {"down": False}, 6),
    "streams cut": ("youtube/media", {"kind": "cut", "after_bytes": 20000, "times": 2}, {"kind": "ok"}, 6),
}
"""Path, parameters, what ends it (None: it ends by itself), and after how many seconds."""
