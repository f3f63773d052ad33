"""Processes that must not outlive the one that started them."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Have this process receive `by` when its parent, the process `parent`, ends in whatever way.

    Linux does it by itself as soon as the thread ends that forked us (start children from the main thread);
    elsewhere a thread of ours looks once a second.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    else:
        threading.Thread(target=_watch, args=(parent, by), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), by)


def _watch(parent: int, by: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), by)
