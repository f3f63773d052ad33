"""Rows of a command, as a table for people, as CSV for spreadsheets, as JSON for programs."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

FORMATS = ("table", "csv", "json")
Row = Mapping[str, Any]


class Out(Protocol):
    """A file, or what a command writes to."""

    def write(self, text: str, /) -> object: ...


WIDEST = 40
"""Characters of a cell of a table."""

_NAME = re.compile(r"@[\w.-]+")


def write(rows: Sequence[Row], columns: Sequence[str], form: str, out: Out) -> None:
    """`columns` are the keys of each row, in the order in which they are shown."""
    if form == "json":
        out.write(
            json.dumps([{name: _plain(row[name]) for name in columns} for row in rows], indent=2) + "\n"
        )
    elif form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_safe(row[name]) for name in columns] for row in rows)
    else:
        _write_table([[_cell(row[name]) for name in columns] for row in rows], columns, out)


def _write_table(rows: Sequence[Sequence[str]], columns: Sequence[str], out: Out) -> None:
    widths = [max(map(len, (name, *(row[i] for row in rows)))) for i, name in enumerate(columns)]
    for line in (columns, ["-" * width for width in widths], *rows):
        out.write(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would calculate is kept a text: titles come from strangers."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value and not _NAME.fullmatch(value):
        return f"'{value}"
    return "" if value is None else _plain(value)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
