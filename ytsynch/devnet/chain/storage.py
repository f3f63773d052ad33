"""The state as a node's database shows it: storage keys and SCALE values.

Each table of the state is a storage map and each of `values` a storage value (`records`). What `System` and
`Timestamp` hold of a block comes from the block itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from .codec import Codec
from .events import Block
from .persistence import StoredChange
from .records import RECORDS, VALUES, Record
from .scale import ScaleError
from .state import ABSENT, Change, Layer, State, StateView

_PREFIX = 32  # bytes: Twox128 of the pallet and of the entry

_OF_BLOCK: dict[tuple[str, str], Callable[[Block], Any]] = {
    ("System", "Number"): lambda block: block.number,
    ("System", "ParentHash"): lambda block: block.parent,
    ("System", "EventCount"): lambda block: len(block.events),
    ("System", "Digest"): lambda block: {"logs": []},
    ("Timestamp", "Now"): lambda block: block.timestamp_ms,
    ("TransactionPayment", "NextFeeMultiplier"): lambda block: 10**18,  # FixedU128: one
}


class Storage:
    """Translates between typed state and storage under one metadata; `block_hash` finds old hashes."""

    def __init__(self, codec: Codec, block_hash: Callable[[int], bytes | None]) -> None:
        self._codec = codec
        self._block_hash = block_hash
        self._maps = {codec.storage_key(record.pallet, record.entry): record for record in RECORDS}
        self._records = {record.table: record for record in RECORDS}
        self._values = {codec.storage_key(*_of_value(name)): name for name in VALUES}
        self._of_block = {codec.storage_key(*name): name for name in _OF_BLOCK}
        self._events = codec.storage_key("System", "Events")
        self._block_hashes = codec.storage_key("System", "BlockHash")
        self._encoded_events: dict[bytes, bytes] = {}

    def read(self, state: StateView, block: Block, key: bytes) -> bytes | None:
        """The value at a storage key after `block`; None when there is none."""
        prefix = key[:_PREFIX]
        if prefix in self._maps:
            return self._read_row(state, self._maps[prefix], key)
        if prefix == self._block_hashes:
            return self._read_block_hash(block, key)
        if key in self._values:
            name = self._values[key]
            return self.value("values", name, state.values[name])
        if key in self._of_block:
            entry = self._of_block[key]
            return self._codec.encode_storage(*entry, _OF_BLOCK[entry](block))
        return self.events(block) if key == self._events else None

    def keys(self, state: StateView, prefix: bytes) -> list[bytes]:
        """All storage keys that begin with `prefix`, in order."""
        found = [key for key in self._all_keys(state, prefix) if key.startswith(prefix)]
        return sorted(found)

    def events(self, block: Block) -> bytes:
        """The value of System.Events, encoded once a block."""
        if block.hash not in self._encoded_events:
            if len(self._encoded_events) > 64:
                self._encoded_events.clear()
            self._encoded_events[block.hash] = self._encode_events(block)
        return self._encoded_events[block.hash]

    def garbled_events(self, block: Block) -> bytes:
        """The same without what was created: as a client reads them that has the wrong types."""
        return self._encode_events(
            replace(block, events=tuple(event for event in block.events if event.name != "VideoCreated"))
        )

    def is_events(self, key: bytes) -> bool:
        return key == self._events

    def key(self, change: Change, row: Any) -> bytes:
        """The storage key of a table's row (`row` as it is, or as it was)."""
        table, key = change
        if table == "values":
            return self._codec.storage_key(*_of_value(key))
        record = self._records[table]
        return self._codec.storage_key(record.pallet, record.entry, *record.keys(key, row))

    def value(self, table: str, key: Any, row: Any) -> bytes:
        if table == "values":
            return self._codec.encode_storage(*_of_value(key), row)
        record = self._records[table]
        return self._codec.encode_storage(record.pallet, record.entry, record.plain(row))

    def load(self, state: State, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Puts stored entries into an empty state."""
        for key, raw in entries:
            (table, row_key), row = self.row(key, raw)
            state.table(table)[row_key] = row  # type: ignore[index]

    def layer(self, undo: Iterable[tuple[bytes, bytes | None]]) -> Layer:
        """An undo layer from stored entries."""
        return dict(self.row(key, old) for key, old in undo)

    def row(self, key: bytes, raw: bytes | None) -> tuple[Change, Any]:
        """Which row a storage key stands for, and the row (ABSENT for None)."""
        if key in self._values:
            name = self._values[key]
            number = ABSENT if raw is None else int(self._codec.decode_storage(*_of_value(name), raw))
            return ("values", name), number
        record, rest = self._maps[key[:_PREFIX]], key[_PREFIX:]
        change = record.table, record.key(rest)
        if raw is None:
            return change, ABSENT
        return change, record.row(self._codec.decode_storage(record.pallet, record.entry, raw), rest)

    def changes(self, state: State, layer: Layer) -> list[StoredChange]:
        """What the changes of a layer (the newest) are in storage, in the order of the keys."""
        found = []
        for (table, key), old in layer.items():
            new = state.table(table).get(key, ABSENT)
            if new is ABSENT and old is ABSENT:
                continue  # came and went
            storage_key = self.key((table, key), old if new is ABSENT else new)
            found.append((storage_key, self._stored(table, key, new), self._stored(table, key, old)))
        return sorted(found, key=lambda change: change[0])

    def _stored(self, table: str, key: Any, row: Any) -> bytes | None:
        return None if row is ABSENT else self.value(table, key, row)

    def _read_row(self, state: StateView, record: Record, key: bytes) -> bytes | None:
        try:
            row_key = record.key(key[_PREFIX:])
        except ScaleError:
            return None
        row = state.table(record.table).get(row_key)
        # The same object id in another bag is another key.
        if row is None or self.key((record.table, row_key), row) != key:
            return None
        return self.value(record.table, row_key, row)

    def _read_block_hash(self, block: Block, key: bytes) -> bytes | None:
        number = int.from_bytes(key[_PREFIX + 8 :], "little")
        return self._block_hash(number) if number < block.number and len(key) == _PREFIX + 12 else None

    def _all_keys(self, state: StateView, prefix: bytes) -> Iterator[bytes]:
        yield from self._of_block
        yield self._events
        yield from self._values
        for of_map, record in self._maps.items():
            if of_map.startswith(prefix[:_PREFIX]):
                for key, row in state.table(record.table).items():
                    yield self.key((record.table, key), row)

    def _encode_events(self, block: Block) -> bytes:
        return self._codec.encode_event_records(
            [
                {
                    "phase": "Initialization" if e.extrinsic is None else {"ApplyExtrinsic": e.extrinsic},
                    "event": self._codec.event(e.pallet, e.name, e.args),
                    "topics": [],
                }
                for e in block.events
            ]
        )


def _of_value(name: str) -> tuple[str, str]:
    """Pallet and entry of a name in `VALUES`."""
    pallet, _, entry = name.partition(".")
    return pallet, entry
