"""Tells a running task that its process is asked to stop, so that it ends at a safe point and within
seconds."""

import signal
from types import FrameType

SIGNAL = signal.SIGUSR1

_requested = False


def requested() -> bool:
    """Whether the task that asks should come to an end: between two pieces of work, or in the middle of a
    long one."""
    return _requested


def listen() -> None:
    """Have SIGNAL request the stop of this process' task."""
    signal.signal(SIGNAL, _request)


def _request(signum: int, frame: FrameType | None) -> None:
    global _requested  # noqa: PLW0603 (a signal is a matter of the whole process)
    _requested = True
