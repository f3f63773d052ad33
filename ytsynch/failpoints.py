"""Named points in the code at which a test takes this process down, to see what that leaves behind.

    failpoint("creation.signed")        # committed, and not sent yet

The environment variable YTSYNCH_FAILPOINTS names a folder. A file there with a point's name is an order for
whichever process comes by first, or n-th: `kill`, `stop` or `cut`, and a number (`kill 3`). One process
carries it out, once: the file becomes `<name>@<pid>`, which is how a test learns of it. Without the variable
a point costs a comparison; production refuses to start with it.
"""

import os
import signal
from pathlib import Path

from django.db import connection

VARIABLE = "YTSYNCH_FAILPOINTS"

_FOLDER = os.environ.get(VARIABLE)


def failpoint(name: str) -> None:
    """Do here what a test has ordered, if it has."""
    if _FOLDER is not None:
        _obey(Path(_FOLDER), name)


def are_on() -> bool:
    return _FOLDER is not None


def _obey(folder: Path, name: str) -> None:
    order, mine, done = folder / name, folder / f"{name}.{os.getpid()}", folder / f"{name}@{os.getpid()}"
    try:
        order.rename(mine)
        how, _, passings = mine.read_text().partition(" ")
        if int(passings or 1) > 1:
            mine.write_text(f"{how} {int(passings) - 1}")
            mine.rename(order)
            return
        mine.rename(done)
    except FileNotFoundError:  # no order, or somebody else took it, or it was taken back
        return
    match how:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":  # whoever ordered it sends SIGCONT
            os.kill(os.getpid(), signal.SIGSTOP)
        case "cut":  # as by a restart of PostgreSQL: whatever is asked of it next fails
            if connection.connection is not None:
                connection.connection.close()
        case _:
            raise ValueError(f"failpoint {name}: {how!r} is none of kill, stop, cut")
