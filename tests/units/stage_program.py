"""Runs `manage.py ARGUMENTS…` with a stage task that only notes its calls, in place of the pipeline."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from ytsynch.clusters import stopping


def note(stage):
    """Append our pid to the file of the stage; work until told to stop if the file `long` is there."""
    folder = Path(os.environ["NOTES"])
    with (folder / stage).open("a") as notes:
        notes.write(f"{os.getpid()}\n")
    while (folder / "long").exists() and not stopping.requested():
        time.sleep(0.05)
    if stopping.requested():
        (folder / "stopped").touch()
    if (folder / "last_wish").exists():  # killed while it holds the lock that its sentinel asks for
        (folder / "last_wish").unlink()
        multiprocessing.current_process()._args[2].get_lock().acquire()  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)
    if (folder / "deaf").exists():
        time.sleep(600)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "ytsynch.settings"
    from django.conf import settings

    settings.STAGE_TASKS = dict.fromkeys(settings.STAGES, "tests.units.stage_program.note")

    from ytsynch import processes

    if "STALE_SECONDS" in os.environ:
        processes.STALE_SECONDS = float(os.environ["STALE_SECONDS"])

    from ytsynch.command_line import main

    main(["manage.py", *sys.argv[1:]])
