"""How many rows there are, by the value of a column, at a cost that does not grow with the table.

Blocks of a large table are read here and there (TABLESAMPLE), all of a small one.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import connection

SAMPLE = 50_000
"""Rows of a table that are looked at. A table with more of them is estimated from so many."""


@dataclass(frozen=True)
class Tally:
    """Rows by the value of a column: those that nothing holds, and all.

    `is_estimate`: they were counted in a part of the table.
    """

    active: Counter[str]
    all: Counter[str]
    is_estimate: bool


def of_videos() -> Tally:
    """By state. Active are those that no pause holds."""
    return _tally("videos_video", "state", is_active="held = ''")


def of_channels() -> Tally:
    """Those that signed up, by status. Active are those that nothing pauses."""
    return _tally(
        "channels_channel", "status", is_active="pause = ''", where="joystream_channel_id IS NOT NULL"
    )


_COUNT = """
    SELECT {column}, {is_active}, count(*) FROM {table} TABLESAMPLE SYSTEM (%s) WHERE {where} GROUP BY 1, 2
"""


def _tally(table: str, column: str, *, is_active: str, where: str = "true") -> Tally:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (rows,) = cursor.fetchone()  # -1: never analysed, so it is new
        share = min(1.0, SAMPLE / max(rows, 1))
        cursor.execute(
            _COUNT.format(table=table, column=column, is_active=is_active, where=where), [100 * share]
        )
        active: Counter[str] = Counter()
        every: Counter[str] = Counter()
        for value, nothing_holds_it, count in cursor.fetchall():
            every[value] += round(count / share)
            active[value] += round(count / share) * nothing_holds_it
    return Tally(active, every, is_estimate=share < 1)
