"""The chain's state as typed Python values, with an undo journal.

A block does not copy the state: every change notes the old value once in the journal's top layer. Undoing a
layer takes back a failed call; the layers of the last blocks take back a fork and let the past be read.
Records are immutable: a change replaces the record.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Account:
    """HAPI, `free` without what is `reserved`; `nonce` is the number of extrinsics so far."""

    nonce: int = 0
    free: int = 0
    reserved: int = 0

    @property
    def exists(self) -> bool:
        return self.free > 0 or self.reserved > 0


@dataclass(frozen=True)
class Member:
    handle_hash: bytes
    root_account: bytes
    controller_account: bytes
    verified: bool = False
    invites: int = 0


@dataclass(frozen=True)
class Bond:
    """A state bloat bond: what goes back to whom when the thing is deleted (None: to whoever deletes it)."""

    amount: int = 0
    repayment_restricted_to: bytes | None = None


@dataclass(frozen=True)
class Channel:
    owner: int  # member
    collaborators: Mapping[int, frozenset[str]] = field(default_factory=dict)  # member -> permissions
    num_videos: int = 0
    paused_features: frozenset[str] = frozenset()
    data_objects: tuple[int, ...] = ()
    bond: Bond = Bond()


@dataclass(frozen=True)
class Video:
    in_channel: int
    data_objects: tuple[int, ...] = ()
    bond: Bond = Bond()


@dataclass(frozen=True)
class Bag:
    """The bag of a channel: the buckets that store it, and what is in it."""

    stored_by: tuple[int, ...] = ()
    objects_total_size: int = 0
    objects_number: int = 0


@dataclass(frozen=True)
class Bucket:
    """A storage bucket; the voucher's limits and use are in bytes and objects over all its bags."""

    worker: int
    transactor: bytes
    size_limit: int
    objects_limit: int
    size_used: int = 0
    objects_used: int = 0
    accepting_new_bags: bool = True
    assigned_bags: int = 0


@dataclass(frozen=True)
class DataObject:
    """A file's promise; `channel` names the bag that it lies in."""

    channel: int
    size: int
    content_id: bytes
    accepted: bool = False
    bond: Bond = Bond()


Change = tuple[str, Any]  # table, key
Layer = dict[Change, Any]  # the value before, or ABSENT
ABSENT: Any = object()


class Journal:
    """A stack of layers; a change is noted in the top one."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []

    def note(self, change: Change, old: Any) -> None:
        if self.layers:
            self.layers[-1].setdefault(change, old)


class Table(MutableMapping[K, V]):
    """Rows of the newest state."""

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self._journal = journal
        self._rows: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        return self._rows[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._journal.note((self.name, key), self._rows.get(key, ABSENT))
        self._rows[key] = value

    def __delitem__(self, key: K) -> None:
        self._journal.note((self.name, key), self._rows[key])
        del self._rows[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def restore(self, key: K, old: Any) -> None:
        """Puts an old value back without noting it."""
        if old is ABSENT:
            self._rows.pop(key, None)
        else:
            self._rows[key] = old


class PastTable(Mapping[K, V], Generic[K, V]):
    """Rows as they were before the blocks whose layers are given, oldest first."""

    def __init__(self, table: Table[K, V], undo: Sequence[Layer]) -> None:
        self._table = table
        self._undo = undo

    def __getitem__(self, key: K) -> V:
        change = (self._table.name, key)
        for layer in self._undo:
            if change in layer:
                old: V = layer[change]
                if old is ABSENT:
                    raise KeyError(key)
                return old
        return self._table[key]

    def __iter__(self) -> Iterator[K]:
        touched = {key for layer in self._undo for table, key in layer if table == self._table.name}
        yield from (key for key in self._table if key not in touched)
        yield from (key for key in touched if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class StateView:
    """What can be read of a state, newest or past.

    `values` holds the single numbers by their storage name: `Content.NextVideoId`,
    `Members.MembershipPrice`, …
    """

    accounts: Mapping[bytes, Account]  # by public key
    members: Mapping[int, Member]
    handles: Mapping[bytes, int]  # blake2b-256 of a handle -> member
    channels: Mapping[int, Channel]
    videos: Mapping[int, Video]
    bags: Mapping[int, Bag]  # by channel
    buckets: Mapping[int, Bucket]
    data_objects: Mapping[int, DataObject]
    values: Mapping[str, int]

    TABLES = (
        "accounts", "members", "handles", "channels", "videos", "bags", "buckets", "data_objects", "values",
    )  # fmt: skip

    def account(self, public_key: bytes) -> Account:
        return self.accounts.get(public_key, NO_ACCOUNT)

    def table(self, name: str) -> Mapping[Any, Any]:
        table: Mapping[Any, Any] = getattr(self, name)
        return table


class State(StateView):
    """The newest state, which calls change."""

    accounts: Table[bytes, Account]
    members: Table[int, Member]
    handles: Table[bytes, int]
    channels: Table[int, Channel]
    videos: Table[int, Video]
    bags: Table[int, Bag]
    buckets: Table[int, Bucket]
    data_objects: Table[int, DataObject]
    values: Table[str, int]

    def __init__(self) -> None:
        self._journal = Journal()
        for name in self.TABLES:
            setattr(self, name, Table(name, self._journal))

    def begin(self) -> None:
        """Opens a layer: what changes from here can be undone alone."""
        self._journal.layers.append({})

    def commit(self) -> Layer:
        """Closes the top layer; the layer below (if any) can still undo its changes.

        Gives the closed layer.
        """
        layer = self._journal.layers.pop()
        for change, old in layer.items():
            self._journal.note(change, old)
        return layer

    def rollback(self) -> None:
        """Undoes the changes since `begin`."""
        self.undo(self._journal.layers.pop())

    def undo(self, layer: Layer) -> None:
        """Takes back the changes of a closed layer; the newest closed layer first."""
        for (name, key), old in layer.items():
            table: Table[Any, Any] = getattr(self, name)
            table.restore(key, old)

    def take(self, counter: str) -> int:
        """The next id of a counter such as `Content.NextVideoId`."""
        number = self.values[counter]
        self.values[counter] = number + 1
        return number


class PastState(StateView):
    """The state as it was before some of the newest blocks."""

    def __init__(self, state: State, undo: Sequence[Layer]) -> None:
        for name in self.TABLES:
            setattr(self, name, PastTable(getattr(state, name), undo))


NO_ACCOUNT = Account()
