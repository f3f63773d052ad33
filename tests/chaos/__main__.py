"""`python -m tests.chaos --kills 200 --seed 7 --folder var/chaos`: exit status 0 if nothing was lost, twice
or left.
"""

import argparse
import os
import random
import shutil
import signal
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--folder", type=Path, default=Path("var/chaos"), help="emptied before, kept after")
    given = parser.parse_args()
    folder = given.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "ytsynch.settings"}

    import django

    django.setup()
    from django.db import connection
    from rich.console import Console

    from tests.chaos.harness import Run
    from tests.chaos.town import Town

    # a process that is stopped in the middle of a transaction must not hold up who lets it go on
    connection.settings_dict["OPTIONS"]["options"] = "-c lock_timeout=1s"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(width=None if sys.stdout.isatty() else 110)
    town = Town(folder)
    try:
        complaints = Run(town, seed=given.seed, kills=given.kills, console=console)()
    finally:
        town.stop()
    for complaint in complaints:
        console.print(f"[red]✗[/] {complaint}", highlight=False)
    if complaints:
        console.print(f"Failed with seed {given.seed}; the logs are in {folder}")
        return 1
    console.print(
        "[green]✓[/] every video is on Joystream once, attributed, uploaded and accepted; nothing is left"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
