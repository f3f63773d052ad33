"""Rows by class and id, in memory, with a journal that can undo the last blocks.

Nothing is written to disk: the chain keeps its blocks, and a query node that starts reads them again.
"""

from collections.abc import Collection
from typing import Any, TypeVar, cast

from .rows import Row

R = TypeVar("R", bound=Row)

Change = tuple[type[Row], str, Row | None]  # what stood there before


class Store:
    def __init__(self) -> None:
        self._rows: dict[type[Row], dict[str, Row]] = {}
        self._journal: dict[int, list[Change]] = {}
        self._changes: list[Change] = []

    def get(self, kind: type[R], row_id: str | None) -> R | None:
        row = self._rows.get(kind, {}).get(row_id) if row_id is not None else None
        return row if isinstance(row, kind) else None

    def all(self, kind: type[R]) -> Collection[R]:
        """Every row of a class, in the order in which they were first put."""
        rows: Any = self._rows.get(kind, {}).values()  # of `kind`: the key is the class
        return cast("Collection[R]", rows)

    def put(self, row: Row) -> None:
        rows = self._rows.setdefault(type(row), {})
        self._changes.append((type(row), row.id, rows.get(row.id)))
        rows[row.id] = row

    def remove(self, kind: type[Row], row_id: str) -> None:
        rows = self._rows.get(kind, {})
        if row_id in rows:
            self._changes.append((kind, row_id, rows.pop(row_id)))

    def begin(self, block: int) -> None:
        """What follows belongs to `block`."""
        self._changes = self._journal[block] = []

    def undo(self, block: int) -> None:
        """Puts back what `block` changed. Blocks are undone from the last one down."""
        for kind, row_id, before in reversed(self._journal.pop(block)):
            if before is None:
                del self._rows[kind][row_id]
            else:
                self._rows[kind][row_id] = before

    def forget(self, up_to: int) -> None:
        """Blocks up to this one are final: they are never undone."""
        for block in [number for number in self._journal if number <= up_to]:
            del self._journal[block]
