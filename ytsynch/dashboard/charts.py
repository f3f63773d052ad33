"""The dashboard's charts, in the words of Chart.js, which the admin's theme brings along."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from videos.states import Stage
from ytsynch.dashboard.numbers import Done, Window

MEGABYTE = 10**6


def published(rows: Iterable[Done], window: Window) -> str:
    """Videos published on Joystream, an hour or a day a bar."""
    counts = {row.at: row.finished for row in rows if row.stage is Stage.ACCEPTANCE}
    return _bars(window, counts, "Published", "--color-primary-600")


def downloaded(rows: Iterable[Done], window: Window) -> str:
    """Megabytes that came from YouTube, an hour or a day a bar."""
    sizes = {row.at: round(row.size / MEGABYTE, 1) for row in rows if row.stage is Stage.DOWNLOAD}
    return _bars(window, sizes, "MB downloaded", "--color-primary-400")


def _bars(
    window: Window, values: dict[datetime, float] | dict[datetime, int], label: str, colour: str
) -> str:
    times = list(_times(window))
    chart = {
        "labels": [_label(time, window) for time in times],
        "datasets": [
            {
                "label": label,
                "data": [values.get(time, 0) for time in times],
                "backgroundColor": f"var({colour})",
                "maxBarThickness": 18,
                "displayYAxis": True,
                "maxTicksXLimit": 7,
            }
        ],
    }
    return json.dumps(chart)


def _label(time: datetime, window: Window) -> str:
    if window.by_day:
        return f"{time:%d %b}"
    return f"{time:%H:00}" if window.length <= timedelta(days=1) else f"{time:%d %b %H:00}"


def _times(window: Window) -> Iterator[datetime]:
    """The beginning of every hour, or day, of the window."""
    step = timedelta(days=1) if window.by_day else timedelta(hours=1)
    time = window.since.replace(minute=0, second=0, microsecond=0)
    if window.by_day:
        time = time.replace(hour=0)
    while time <= timezone.now():
        yield time
        time += step
