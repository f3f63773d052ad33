"""`python -m tests.bench --sizes 10000,100000,1000000 --write docs/benchmarks.md`"""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

HEAD = """# Benchmarks

*Written by `make bench` (`{command}`), {date}, on {cores} cores, with
PostgreSQL, the measured code and its caller on them together.*

Times are medians of many runs, as ratios to the shortest queue, and depend on what else the machine does. Pages are
those of 8 kB that PostgreSQL looked at for one run, and depend on nothing else: where they stay the same, a table a
hundred times as long changes nothing.

"""


@dataclass
class Line:
    """What something costs at each size of the queue: seconds, and pages that the database looks at."""

    name: str
    note: str
    seconds: list[float] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="videos in the queue")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="emptied before")
    parser.add_argument("--write", type=Path, help="the page to write the results to")
    given = parser.parse_args()
    folder = given.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ |= {"VAR_DIR": str(folder), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "ytsynch.settings"}
    os.environ |= {"CONFIG_PATH": "", "YT_SYNCH__STAFF__SECOND_FACTOR": "off"}

    import django

    django.setup()
    from rich.console import Console

    console = Console()
    sizes = [int(size) for size in given.sizes.split(",")]
    lines = _by_size(sizes, console)
    speeds = _speeds(folder, console)
    page = HEAD.format(
        command=f"python -m tests.bench --sizes {given.sizes}",
        date=f"{datetime.now(UTC):%d %B %Y}",
        cores=os.cpu_count(),
    ) + _table(sizes, lines, speeds)
    if given.write:
        given.write.write_text(page)
    print(page)  # noqa: T201 (as it is written)


def _by_size(sizes: list[int], console: "Console") -> list[Line]:
    from django.core.management import call_command

    from tests.bench import growing

    call_command("migrate", verbosity=0)
    town = growing.Town()
    lines = [Line(name, note) for name, note, _ in growing.MEASURES]
    for size in sizes:
        began = time.monotonic()
        town.grow_to(size)
        console.print(f"{size:,} videos after {time.monotonic() - began:.0f} s")
        for line, (_, _, measure) in zip(lines, growing.MEASURES, strict=True):
            line.seconds.append(median(partial(measure, town)))
            line.pages.append(growing.pages(partial(measure, town)))
            console.print(f"  {line.name}: {line.seconds[-1] * 1000:.2f} ms, {line.pages[-1]:,} pages")
    return lines


def _speeds(folder: Path, console: "Console") -> list[str]:
    from tests.bench import speed

    found = []
    for measure in speed.MEASURES:
        found.append(measure(folder))
        console.print(found[-1], markup=False)
    return found


def median(deed: Callable[[], object], *, seconds: float = 2.0) -> float:
    """Seconds that the deed takes, after a first time that does not count: of so many runs as fit."""
    deed()
    took: list[float] = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends or len(took) < 3:
        began = time.perf_counter()
        deed()
        took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2]


def _table(sizes: list[int], lines: list[Line], speeds: list[str]) -> str:
    rows = ["## As the queue grows", ""]
    titles = [f"{size:,} videos: {what}" for what in ("pages", "time") for size in sizes]
    rows.append(f"| what | {' | '.join(titles)} | how |")
    rows.append("| --- |" + " ---: |" * len(titles) + " --- |")
    for line in lines:
        pages = [f"{pages:,}" for pages in line.pages]
        ratios = [f"{seconds / line.seconds[0]:.1f} ×" for seconds in line.seconds]
        rows.append(f"| {line.name} | {' | '.join([*pages, *ratios])} | {line.note} |")
    return "\n".join(
        [*rows, "", "## What does not depend on it", "", *(f"* {speed}" for speed in speeds), ""]
    )


if __name__ == "__main__":
    main()
