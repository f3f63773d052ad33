"""Blocks and state in one SQLite file, one transaction a block: storage keys and SCALE values.

A process that is killed at any moment leaves the file as it was after the last whole block (write-ahead
log). Of the newest blocks the file also keeps what they replaced, so that the past can be read and a fork
taken back.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .scale import compact, decode_compact, take

#: A change of a stored entry: key, new value, old value (None: absent).
StoredChange = tuple[bytes, bytes | None, bytes | None]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, parent BLOB NOT NULL, state_root BLOB NOT NULL,
    extrinsics_root BLOB NOT NULL, timestamp_ms INTEGER NOT NULL, extrinsics BLOB NOT NULL,
    events BLOB NOT NULL, undo BLOB
);
"""
_NO_UNDO = b"\0"  # an empty list


@dataclass(frozen=True)
class StoredBlock:
    """A block with its events as the value of System.Events, and what it replaced in the state."""

    number: int
    hash: bytes
    parent: bytes
    state_root: bytes
    extrinsics_root: bytes
    timestamp_ms: int
    extrinsics: tuple[bytes, ...]
    events: bytes
    undo: tuple[tuple[bytes, bytes | None], ...]


class Archive:
    """`path` None keeps everything in memory."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # One thread uses it at a time, but not always the one that opened it.
        self._database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        self._database.close()

    def append(
        self, block: StoredBlock, changes: Sequence[StoredChange], too_old: Iterable[int] = ()
    ) -> None:
        """Puts a block on top, and forgets what the blocks with the numbers `too_old` replaced."""
        with _transaction(self._database) as database:
            _apply(database, [(key, new) for key, new, _ in changes])
            database.execute(
                "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    block.number, block.hash, block.parent, block.state_root, block.extrinsics_root,
                    block.timestamp_ms, _pack(block.extrinsics), block.events, _pack_undo(block.undo),
                ),
            )  # fmt: skip
            forgotten = [(number,) for number in too_old]
            database.executemany("UPDATE blocks SET undo = NULL WHERE number = ?", forgotten)

    def retract(self, depth: int) -> None:
        """Takes the newest blocks and their changes back."""
        head = self.head() or 0
        with _transaction(self._database) as database:
            for number in range(head, head - depth, -1):
                block = self.block(number)
                if block is not None:
                    _apply(database, block.undo)
                    database.execute("DELETE FROM blocks WHERE number = ?", (number,))

    def head(self) -> int | None:
        """Number of the last block; None in a new file."""
        number: int | None = self._database.execute("SELECT max(number) FROM blocks").fetchone()[0]
        return number

    def block(self, number: int) -> StoredBlock | None:
        row = self._database.execute("SELECT * FROM blocks WHERE number = ?", (number,)).fetchone()
        if row is None:
            return None
        number, block_hash, parent, state_root, extrinsics_root, timestamp_ms, extrinsics, events, undo = row
        return StoredBlock(
            number=number,
            hash=block_hash,
            parent=parent,
            state_root=state_root,
            extrinsics_root=extrinsics_root,
            timestamp_ms=timestamp_ms,
            extrinsics=tuple(_unpack(extrinsics)),
            events=events,
            undo=tuple(_unpack_undo(undo or _NO_UNDO)),
        )

    def number_of(self, block_hash: bytes) -> int | None:
        row = self._database.execute("SELECT number FROM blocks WHERE hash = ?", (block_hash,)).fetchone()
        return None if row is None else int(row[0])

    def hash_of(self, number: int) -> bytes | None:
        row = self._database.execute("SELECT hash FROM blocks WHERE number = ?", (number,)).fetchone()
        return None if row is None else bytes(row[0])

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of the state after the last block."""
        yield from self._database.execute("SELECT key, value FROM state")


class _transaction:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def __exit__(self, kind: object, *_: object) -> None:
        self._database.execute("COMMIT" if kind is None else "ROLLBACK")


def _apply(database: sqlite3.Connection, entries: Sequence[tuple[bytes, bytes | None]]) -> None:
    removed = [(key,) for key, value in entries if value is None]
    written = [entry for entry in entries if entry[1] is not None]
    database.executemany("DELETE FROM state WHERE key = ?", removed)
    database.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", written)


def _pack(items: Sequence[bytes]) -> bytes:
    return compact(len(items)) + b"".join(compact(len(item)) + item for item in items)


def _unpack(raw: bytes) -> Iterator[bytes]:
    count, at = decode_compact(raw, 0)
    for _ in range(count):
        size, at = decode_compact(raw, at)
        yield take(raw, at, size)
        at += size


def _pack_undo(undo: Sequence[tuple[bytes, bytes | None]]) -> bytes:
    """Keys and values in turn; a value has a byte in front that says whether there was one."""
    return _pack([part for key, old in undo for part in (key, b"\0" if old is None else b"\x01" + old)])


def _unpack_undo(raw: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    parts = list(_unpack(raw))
    for key, old in zip(parts[::2], parts[1::2], strict=True):
        yield key, (old[1:] if old[:1] == b"\x01" else None)
