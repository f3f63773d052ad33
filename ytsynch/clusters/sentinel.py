"""A cluster of one worker that neither hangs nor outlives its supervisor.

django-q2's own cluster is a parent, a sentinel, a worker, a pusher and a monitor, talking over
`multiprocessing` queues. A process that is killed (-9, out of memory) while it holds the lock of such a
queue takes it to its grave, and the cluster hangs for good while its sentinel believes all is well
(django-q2 issues 23 and 339: a worker holds that lock whenever it is idle). Hence:

* a cluster one of whose processes was killed ends altogether; its supervisor starts a fresh one;
* the sentinel beats only while an idle worker takes what is put before it; its supervisor replaces a
  cluster that has not beaten for a while;
* every process ends with its parent;
* a stop reaches the running task (`stopping`), and what does not stop in time is killed, also a sentinel that
  waits for a lock in somebody's grave when its supervisor was killed too.

The sentinel runs in the process of the command itself, without a parent in between.
"""

import os
import signal
import threading
import time
import uuid
from multiprocessing.process import BaseProcess
from typing import Any

import structlog
from django.db import DatabaseError
from django_q import cluster
from django_q.conf import Conf

from ytsynch.clusters import bell, stopping
from ytsynch.orphans import die_with
from ytsynch.processes import Heart

log = structlog.get_logger(__name__)

KILLED = 70  # exit status: a process of the cluster was killed
STOP_SECONDS = 20  # a stop takes no longer, or the process group is killed
RING_SECONDS = 5.0  # an idle cluster rings its own bell so often
LISTLESS_SECONDS = 15.0  # a worker that leaves a task lying for longer is hung


class ProcessKilled(Exception):
    """A process of the cluster ended by a signal and may have left a lock behind that nobody will ever
    release."""


class _StopRequest:
    """Stands for the sentinel's `stop_event`. Setting it from a signal handler is safe, which an Event's is
    not.

    The sentinel waits on it once in a guard cycle: that is its pulse.
    """

    def __init__(self, pulse: Any) -> None:
        self._pulse = pulse
        self._set = False

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> bool:
        self._pulse()
        if not self._set:
            time.sleep(seconds)
        return self._set


class Sentinel(cluster.Sentinel):  # type: ignore[misc]  # django-q2 has no types
    """Guards the cluster of a stage, in this process, until SIGTERM or SIGINT."""

    def __init__(self, stage: str, heart: Heart) -> None:
        self.stage, self.heart = stage, heart
        self._last_ring = 0.0
        self._busy_or_served = time.monotonic()
        super().__init__(_StopRequest(self._pulse), threading.Event(), uuid.uuid4(), start=False)

    def reincarnate(self, process: BaseProcess) -> None:
        """Replace a worker that timed out or was recycled. One that was killed is the end of the
        cluster."""
        if process.exitcode is not None and process.exitcode < 0:
            raise ProcessKilled(
                f"process {process.pid} of cluster {self.stage} by signal {-process.exitcode}"
            )
        super().reincarnate(process)

    def stop(self) -> None:
        for process in self.pool:
            os.kill(process.pid, stopping.SIGNAL)
        super().stop()

    def _pulse(self) -> None:
        now = time.monotonic()
        idle = all(process.timer.value < 0 for process in self.pool)
        if not idle or self.task_queue.empty():
            self._busy_or_served = now
        if now - self._busy_or_served < LISTLESS_SECONDS:
            self.heart.beat()
        if idle and now - self._last_ring >= RING_SECONDS:
            self._last_ring = now
            self._ring()

    def _ring(self) -> None:
        try:
            if not bell.unheard(self.stage):
                bell.ring(self.stage)
        except DatabaseError as error:  # the pusher waits for the database too, and goes on by itself
            log.warning("cluster.database_away", stage=self.stage, error=str(error))


def run(stage: str, heart: Heart) -> int:
    """Be the cluster of a stage; the exit status."""
    Conf.CLUSTER_NAME = stage  # the queue's name, read whenever a broker is made
    sentinel = Sentinel(stage, heart)
    _adopt_forked_children()
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGKILL))

    def ask_to_stop(*_: object) -> None:
        sentinel.stop_event.set()
        signal.alarm(STOP_SECONDS)

    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, ask_to_stop)
    log.info("cluster.started", stage=stage)
    try:
        sentinel.start()
    except ProcessKilled as killed:
        log.error("cluster.process_killed", stage=stage, what=str(killed))
        return KILLED
    log.info("cluster.stopped", stage=stage)
    return 0


def _adopt_forked_children() -> None:
    """Worker, pusher and monitor end when the process ends that forked them, and take its stop as a
    request."""
    parent = 0

    def before() -> None:
        nonlocal parent
        parent = os.getpid()

    def in_child() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stopping.listen()
        die_with(parent, by=signal.SIGKILL)

    os.register_at_fork(before=before, after_in_child=in_child)
