"""Runs a module as a child of the devnet: `python -m ytsynch.devnet.child <module> <argument>…`.

The parent holds the other end of standard input. When the parent is gone, however that came, the input ends
and so does the child.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
