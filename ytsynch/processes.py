"""A supervisor of processes: starts them, starts them again when they die or hang, stops them all.

Children are forked from the supervisor, so that Django is loaded once and they are up in milliseconds. Each
one leads a process group of its own (a terminal's Ctrl-C reaches the supervisor alone), and ends when the
supervisor does, however that ends.
"""

import mmap
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from socket import socket

import structlog
from django.core.management.base import CommandError
from django.db import connections

from ytsynch import logging
from ytsynch.orphans import die_with

log = structlog.get_logger(__name__)

CANNOT_START = 2  # exit status: as things are, another try would end the same way
STALE_SECONDS = 45.0  # a heart that has not beaten for so long
STOP_SECONDS = 25.0  # children have shorter time-outs of their own
LONGEST_PAUSE = 30.0  # seconds between two starts of a child that keeps dying
HEALTHY_SECONDS = 60.0  # after so long a child's earlier deaths are forgotten


class Heart:
    """A moment in memory that a child shares with its supervisor."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)
        self.beat()

    def beat(self) -> None:
        self._memory[:] = struct.pack("d", time.monotonic())

    def silent_for(self) -> float:
        """Seconds since the last beat."""
        beaten: float = struct.unpack("d", self._memory[:])[0]
        return time.monotonic() - beaten


@dataclass
class Child:
    """A process to keep running. `run` is called in it and returns its exit status.

    No other child keeps its `listener` open: one that outlives the supervisor must not hold the port.
    """

    name: str
    run: Callable[[], int]
    heart: Heart | None = None
    listener: socket | None = None
    pid: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0


@dataclass
class Supervisor:
    """Keeps children running until SIGTERM or SIGINT, or until one says that it cannot start."""

    children: Sequence[Child]
    _status: int | None = field(default=None, init=False)

    def run(self) -> int:
        """The exit status: 0 after a stop that was asked for, CANNOT_START if a child could not start."""
        connections.close_all()  # a connection must not be shared with forked children
        wake, wakened = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(wakened, False)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._ask_to_stop)
        while self._status is None:
            self._bury_the_dead()
            self._kill_the_silent()
            self._start_the_due()
            self._sleep(wake, 1.0)
        self._stop(wake)
        return self._status

    def _ask_to_stop(self, *_: object) -> None:
        self._status = 0 if self._status is None else self._status

    def _start_the_due(self) -> None:
        for child in self.children:
            if not child.pid and child.start_at <= time.monotonic() and self._status is None:
                if child.heart:
                    child.heart.beat()
                child.started_at = time.monotonic()
                child.pid = _fork(child, self.children)

    def _bury_the_dead(self) -> None:
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            child.pid = 0
            code = os.waitstatus_to_exitcode(status)
            if self._status is None:
                self._after_death(child, code)

    def _after_death(self, child: Child, code: int) -> None:
        if code == CANNOT_START:
            log.error("process.cannot_start", name=child.name)
            self._status = CANNOT_START
            return
        now = time.monotonic()
        child.deaths = 1 if now - child.started_at > HEALTHY_SECONDS else child.deaths + 1
        pause = min(0.25 * 2**child.deaths, LONGEST_PAUSE)
        child.start_at = now + pause
        how = {"signal": signal.Signals(-code).name} if code < 0 else {"status": code}
        log.error("process.died", name=child.name, again_in=pause, **how)

    def _kill_the_silent(self) -> None:
        for child in self.children:
            if child.pid and child.heart and child.heart.silent_for() > STALE_SECONDS:
                log.error("process.hangs", name=child.name, silent_for=round(child.heart.silent_for(), 1))
                _signal_group(child.pid, signal.SIGKILL)
                child.heart.beat()

    def _stop(self, wake: int) -> None:
        log.info("supervisor.stopping", processes=[child.name for child in self.children if child.pid])
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.pid for child in self.children):
            self._sleep(wake, 0.2)
            self._bury_the_dead()
            if time.monotonic() > deadline:
                for child in self.children:
                    if child.pid:
                        log.error("process.killed", name=child.name, after=STOP_SECONDS)
                        _signal_group(child.pid, signal.SIGKILL)
        log.info("supervisor.stopped")

    @staticmethod
    def _sleep(wake: int, seconds: float) -> None:
        """Until a signal arrives, `seconds` at most."""
        if select.select([wake], [], [], seconds)[0]:
            os.read(wake, 4096)


def _fork(child: Child, children: Sequence[Child]) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for signum in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, signal.SIG_DFL)
        die_with(parent)
        for other in children:
            if other is not child and other.listener is not None:
                other.listener.close()
        logging.name_process(child.name)
        status = child.run()
    except CommandError as error:
        sys.stderr.write(f"{child.name}: {error}\n")
        status = error.returncode
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        log.exception("process.failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _signal_group(leader: int, signum: signal.Signals) -> None:
    try:
        os.killpg(leader, signum)
    except ProcessLookupError:
        os.kill(leader, signum)  # it has not yet made its group
