"""The best chain and its state: blocks put on top, taken off again, looked up, and kept in the archive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .codec import Codec
from .events import Block, Event
from .extrinsics import Extrinsic, decode_extrinsic
from .genesis import Genesis, first_state
from .hashing import blake2_256
from .persistence import Archive, StoredBlock, StoredChange
from .production import BlockInProgress
from .runtime import Context
from .scale import compact
from .state import ABSENT, Layer, PastState, State, StateView
from .storage import Storage

KEPT_STATES = 256  # blocks back from the best one whose state can be read, whether they are final or not

_NO_BLOCK = b"\0" * 32


@dataclass(frozen=True)
class Sealed:
    """A recent block of the best chain, with what undoes it and the extrinsics that were in it."""

    block: Block
    undo: Layer
    extrinsics: tuple[Extrinsic, ...]


class Ledger:
    """Goes on from the SQLite file `store` (None: memory only).

    ValueError when that began with another genesis.
    """

    def __init__(self, genesis: Genesis, codec: Codec, store: Path | None) -> None:
        self.storage = Storage(codec, self.block_hash)
        self._genesis = genesis
        self._codec = codec
        self._archive = Archive(store)
        self._recent: list[Sealed] = []  # without gaps; the last one is the best block
        self._lost: dict[bytes, Block] = {}  # blocks of branches that were taken off
        self._last_timestamp = 0
        self.final = 0  # number of the last final block: what is not final is kept, however old it is
        first, changes = self._first_block()
        if self._archive.head() is None:
            self.current = first_state(genesis)
            self._archive.append(_stored(first, b"\0", ()), changes)
            self._recent = [Sealed(first, {}, ())]
        elif self._archive.hash_of(0) == first.hash:
            self.current = State()
            self._restore()
        else:
            self._archive.close()
            raise ValueError(f"{store} holds a chain with another genesis")
        self.genesis_hash = first.hash

    @property
    def best(self) -> Block:
        return self._recent[-1].block

    def block(self, number: int) -> Block:
        """The block of the best chain; KeyError when there is none."""
        index = number - self._recent[0].block.number
        if 0 <= index < len(self._recent):
            return self._recent[index].block
        stored = self._archive.block(number)
        if stored is None:
            raise KeyError(number)
        return self._block(stored)

    def block_by_hash(self, block_hash: bytes) -> Block | None:
        """A block of the best chain or of a branch that was taken off."""
        if block_hash in self._lost:
            return self._lost[block_hash]
        number = self._archive.number_of(block_hash)
        return None if number is None else self.block(number)

    def block_hash(self, number: int) -> bytes | None:
        """Hash of the best chain's block; None when there is none."""
        index = number - self._recent[0].block.number if self._recent else -1
        if 0 <= index < len(self._recent):
            return self._recent[index].block.hash
        return self._archive.hash_of(number)

    def state(self, at: bytes) -> StateView:
        """The state after a block; KeyError when it is unknown, of a lost branch or too old."""
        if at == self.best.hash:
            return self.current
        number = self._archive.number_of(at)
        if number is None or number < self._recent[0].block.number:
            raise KeyError(at)
        later = self._recent[number - self._recent[0].block.number + 1 :]
        return PastState(self.current, [sealed.undo for sealed in later])

    def extrinsics(self, number: int) -> tuple[Extrinsic, ...]:
        """The signed extrinsics of a recent block of the best chain."""
        return self._recent[number - self._recent[0].block.number].extrinsics

    def append(self, timestamp_ms: int, share: float, choose: Callable[[BlockInProgress], None]) -> Sealed:
        """Makes the next block of the extrinsics that `choose` puts into it, and commits it."""
        parent = self.best
        # Blocks of two branches must differ even when both are empty, and time never stands still.
        timestamp_ms = self._last_timestamp = max(timestamp_ms, self._last_timestamp + 1)
        context = Context(self.current, self._genesis, self._codec)
        self.current.begin()
        building = BlockInProgress(context, timestamp_ms, share)
        try:
            choose(building)
        except BaseException:
            self.current.rollback()
            raise
        undo = self.current.commit()
        changes = self.storage.changes(self.current, undo)
        block = _seal(parent, timestamp_ms, _root(parent.state_root, changes), building.raws, context.events)
        before = tuple((key, old) for key, _, old in changes)
        try:
            stored = _stored(block, self.storage.events(block), before)
            self._archive.append(stored, changes, self._too_old(block.number))
        except BaseException:  # a full disk: memory must not run ahead of the file
            self.current.undo(undo)
            raise
        sealed = Sealed(block, undo, tuple(building.included))
        del self._recent[: len(self._too_old(block.number))]
        self._recent.append(sealed)
        return sealed

    def take_off(self, depth: int) -> list[Sealed]:
        """Takes the newest blocks off, in one transaction; gives them, highest first."""
        self._archive.retract(depth)
        lost = [self._recent.pop() for _ in range(depth)]
        for sealed in lost:
            self.current.undo(sealed.undo)
            self._lost[sealed.block.hash] = sealed.block
        return lost

    def close(self) -> None:
        self._archive.close()

    def _too_old(self, best: int) -> range:
        """Numbers of recent blocks that are no longer needed when `best` is the newest one."""
        return range(self._recent[0].block.number, min(best - KEPT_STATES, self.final))

    def _first_block(self) -> tuple[Block, list[StoredChange]]:
        state = first_state(self._genesis)
        everything = {(name, key): ABSENT for name in state.TABLES for key in state.table(name)}
        changes = self.storage.changes(state, everything)
        root = _root(_NO_BLOCK, changes)
        return _seal(None, self._genesis.timestamp_ms, root, (), ()), changes

    def _restore(self) -> None:
        head = self._archive.head() or 0
        self.storage.load(self.current, self._archive.entries())
        for number in range(max(0, head - KEPT_STATES), head + 1):
            stored = self._archive.block(number)
            if stored is None:
                raise ValueError(f"the store lacks block {number}")
            block = self._block(stored)
            extrinsics = tuple(decode_extrinsic(self._codec, raw) for raw in block.extrinsics[1:])
            self._recent.append(Sealed(block, self.storage.layer(stored.undo), extrinsics))
        self._last_timestamp = self.best.timestamp_ms

    def _block(self, stored: StoredBlock) -> Block:
        events = []
        for record in self._codec.decode_event_records(stored.events):
            phase = record["phase"]
            extrinsic = phase["ApplyExtrinsic"] if isinstance(phase, dict) else None
            events.append(Event(extrinsic, *self._codec.event_parts(record["event"])))
        return Block(
            number=stored.number,
            hash=stored.hash,
            parent=stored.parent,
            state_root=stored.state_root,
            extrinsics_root=stored.extrinsics_root,
            extrinsics=stored.extrinsics,
            events=tuple(events),
            timestamp_ms=stored.timestamp_ms,
        )


def _seal(
    parent: Block | None, timestamp_ms: int, root: bytes, raws: Sequence[bytes], events: Sequence[Event]
) -> Block:
    number = 0 if parent is None else parent.number + 1
    parent_hash = _NO_BLOCK if parent is None else parent.hash
    extrinsics_root = blake2_256(b"".join(raws))
    # The SCALE bytes of the header, with an empty digest: clients compute the hash from it, too.
    header = parent_hash + compact(number) + root + extrinsics_root + b"\0"
    return Block(
        number=number,
        hash=blake2_256(header),
        parent=parent_hash,
        state_root=root,
        extrinsics_root=extrinsics_root,
        extrinsics=tuple(raws),
        events=tuple(events),
        timestamp_ms=timestamp_ms,
    )


def _root(parent_root: bytes, changes: Sequence[StoredChange]) -> bytes:
    """Commits to the whole state by its changes; no client here asks for Merkle proofs."""
    parts = [part for key, new, _ in changes for part in (key, b"\0" if new is None else b"\x01" + new)]
    return blake2_256(parent_root + b"".join(compact(len(part)) + part for part in parts))


def _stored(block: Block, events: bytes, undo: tuple[tuple[bytes, bytes | None], ...]) -> StoredBlock:
    return StoredBlock(
        number=block.number,
        hash=block.hash,
        parent=block.parent,
        state_root=block.state_root,
        extrinsics_root=block.extrinsics_root,
        timestamp_ms=block.timestamp_ms,
        extrinsics=block.extrinsics,
        events=events,
        undo=undo,
    )
