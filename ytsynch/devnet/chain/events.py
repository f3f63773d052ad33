"""What a block says happened, as plain Python values.

Values follow one rule everywhere in the devnet chain (events, calls, storage values):

* integers and compacts are `int`, `Vec<u8>` and `[u8; n]` are `bytes`, an account is its 32 `bytes`;
* a struct is a `dict` by field name, a tuple is a `tuple`, a `Vec` or `BTreeSet` a `list`, a `BTreeMap` a
  `dict`;
* `Option` is `None` or the value;
* an enum is its variant's name (`"NoActiveTransfer"`) or, with content, `{name: content}`
  (`{"Member": 12}`, `{"Dynamic": {"Channel": 5}}`); several unnamed fields are a tuple.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One event; `extrinsic` is the index in the block (None: outside of any), `args` in metadata order."""

    extrinsic: int | None
    pallet: str
    name: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Block:
    """A sealed block.

    `extrinsics[0]` is the timestamp inherent; `events` are those of `System.Events`.
    """

    number: int
    hash: bytes
    parent: bytes
    state_root: bytes
    extrinsics_root: bytes
    extrinsics: tuple[bytes, ...]
    events: tuple[Event, ...]
    timestamp_ms: int
