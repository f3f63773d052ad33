"""What the chain knows, in plain frozen values. Amounts are HAPI (1 JOY = 10^10 HAPI), sizes are bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class BlockRef:
    """A block by number and hash (`0x…`): the number alone may mean another block after a fork."""

    number: int
    hash: str


@dataclass(frozen=True)
class ChainChannel:
    """A Joystream channel with the state of its storage bag.

    `owner_member` is None for a channel of a curator group. `collaborators` maps member id to the names of
    its permissions (`AddVideo` …). `stored_by` are the storage buckets of the bag: their count is the
    witness that `create_video` asks for.
    """

    id: int
    owner_member: int | None
    collaborators: dict[int, frozenset[str]]
    paused_features: frozenset[str]
    video_count: int
    stored_by: tuple[int, ...]
    bag_objects: int
    bag_bytes: int

    @property
    def stored_by_count(self) -> int:
        return len(self.stored_by)

    def allows(self, member_id: int, permission: str) -> bool:
        """True where the collaborator `member_id` has `permission`."""
        return permission in self.collaborators.get(member_id, frozenset())


@dataclass(frozen=True)
class ChainVideo:
    """A video; `data_objects` are the ids of its assets, ascending."""

    id: int
    channel_id: int
    data_objects: tuple[int, ...]


@dataclass(frozen=True)
class DataObject:
    """A file that the chain holds storage to: its size in bytes, its content id, and whether a node has
    accepted it.
    """

    size: int
    content_id: str
    accepted: bool


@dataclass(frozen=True)
class Prices:
    """What a `create_video` must name exactly as the chain has it, in HAPI: a stale value fails the call."""

    data_size_fee_per_mb: int
    object_bond: int
    video_bond: int


@dataclass(frozen=True)
class Voucher:
    """How much a storage bucket may hold and holds, in bytes and in objects."""

    bucket_id: int
    size_limit: int
    size_used: int
    objects_limit: int
    objects_used: int


@dataclass(frozen=True)
class Asset:
    """A file promised on chain: its size in bytes and its content id (`gW…`, see `content_id`)."""

    size: int
    content_id: str


@dataclass(frozen=True)
class NewVideo:
    """A video to create: `meta` are the bytes of an AppAction, `assets` in the order of their indexes
    (media, thumbnail, subtitles …).
    """

    meta: bytes
    assets: Sequence[Asset]


@dataclass(frozen=True)
class ChannelBatch:
    """The videos of one channel that stand or fall together; `member_id` is the collaborator that creates
    them.
    """

    channel_id: int
    member_id: int
    videos: Sequence[NewVideo]
    prices: Prices
    stored_by_count: int


@dataclass(frozen=True)
class ChannelPayment:
    """HAPI for the reward account of a channel (SS58), with the bytes of the remark that says what for."""

    account: str
    amount: int
    message: bytes


@dataclass(frozen=True)
class VideoUpdate:
    """What changes on a video: `meta` are the bytes of a ContentMetadata with the changed fields alone, None for
    none; `assets` are new files, `removed` the ids of the data objects that they take the place of.
    `member_id` is the collaborator that does it.
    """

    video_id: int
    member_id: int
    meta: bytes | None
    prices: Prices
    stored_by_count: int
    assets: Sequence[Asset] = ()
    removed: Sequence[int] = ()


@dataclass(frozen=True)
class VideoDeletion:
    """A video to delete with its files; `object_count` is how many data objects the chain has of it."""

    video_id: int
    member_id: int
    object_count: int
    stored_by_count: int


@dataclass(frozen=True)
class Call:
    """SCALE bytes of a call, as the runtime `spec_version` understands them."""

    data: bytes
    spec_version: int


@dataclass(frozen=True)
class Weight:
    """What an extrinsic takes of a block: reference time (picoseconds), proof size and length (bytes)."""

    ref_time: int
    proof_size: int
    length: int


@dataclass(frozen=True)
class SignedExtrinsic:
    """An extrinsic ready to send. Write it down before: with these values its fate can be found out after
    any crash.

    `hash` is `0x` + blake2b-256 of `data`; it can be included in the blocks `birth + 1 … death - 1` only.
    """

    data: bytes
    hash: str
    nonce: int
    birth: int
    death: int


@dataclass(frozen=True)
class Inclusion:
    """Where an extrinsic was found: the block, and its index in it."""

    block: BlockRef
    index: int


@dataclass(frozen=True)
class DispatchError:
    """Why a call failed: `Content.ChannelDoesNotExist`; errors of no pallet have their kind instead
    (`Token.NoFunds`, `Runtime.BadOrigin`).
    """

    pallet: str
    name: str

    def __str__(self) -> str:
        return f"{self.pallet}.{self.name}"


@dataclass(frozen=True)
class ChainEvent:
    """An event; `attributes` as substrate-interface decodes them: a tuple or a dict by the metadata, None
    where there are none.
    """

    pallet: str
    name: str
    attributes: Any


@dataclass(frozen=True)
class Outcome:
    """What became of an included extrinsic: `error` only where it failed as a whole; `fee` in HAPI, tip
    included; `at` is when its block was made.
    """

    success: bool
    error: DispatchError | None
    events: tuple[ChainEvent, ...]
    fee: int
    at: datetime | None = None
