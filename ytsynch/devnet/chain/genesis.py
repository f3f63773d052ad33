"""The first state of the chain: who has what before block 1. Filled by the devnet's world."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .hashing import blake2_256
from .runtime.balances import CONTENT_TREASURY, STORAGE_TREASURY
from .state import Account, Bag, Bond, Bucket, Channel, DataObject, Member, State


@dataclass(frozen=True)
class Prices:
    """What the runtime asks, in HAPI (10^-10 JOY)."""

    data_size_fee: int = 1_000  # a megabyte begun of an upload
    object_bond: int = 266_666_560  # a data object
    video_bond: int = 266_666_560
    channel_bond: int = 266_666_560
    membership: int = 1_666_666_000


@dataclass(frozen=True)
class GenesisMember:
    id: int
    handle: str
    controller: bytes  # public key
    root: bytes | None = None  # the controller where nothing is said


@dataclass(frozen=True)
class GenesisBucket:
    """A storage bucket whose operator has accepted; ``transactor`` signs ``accept_pending_data_objects``."""

    id: int
    worker: int
    transactor: bytes
    size_limit: int  # bytes, the voucher
    objects_limit: int


@dataclass(frozen=True)
class GenesisObject:
    id: int
    size: int
    content_id: str
    accepted: bool = True


@dataclass(frozen=True)
class GenesisChannel:
    """A member's channel with its avatar and cover as data objects."""

    id: int
    owner: int  # member
    collaborators: Mapping[int, frozenset[str]] = field(default_factory=dict)  # member -> permission names
    stored_by: tuple[int, ...] = (0,)  # buckets
    objects: tuple[GenesisObject, ...] = ()


@dataclass(frozen=True)
class Genesis:
    timestamp_ms: int
    balances: Mapping[bytes, int]  # public key -> HAPI
    members: tuple[GenesisMember, ...] = ()
    channels: tuple[GenesisChannel, ...] = ()
    buckets: tuple[GenesisBucket, ...] = ()
    prices: Prices = Prices()
    storage_lead: bytes | None = None  # public keys that sign what only a working group's lead may change
    content_lead: bytes | None = None
    buckets_per_new_channel: int = 1
    max_object_size: int = 60 * 10**9  # bytes


def first_state(genesis: Genesis) -> State:
    """The state before block 1."""
    state = State()
    for key, free in genesis.balances.items():
        state.accounts[key] = Account(free=free)
    for member in genesis.members:
        handle_hash = blake2_256(member.handle.encode())
        root = member.root or member.controller
        state.members[member.id] = Member(handle_hash, root, member.controller)
        state.handles[handle_hash] = member.id
    for bucket in genesis.buckets:
        state.buckets[bucket.id] = Bucket(
            bucket.worker, bucket.transactor, bucket.size_limit, bucket.objects_limit
        )
    for channel in genesis.channels:
        _add_channel(state, channel, genesis.prices)
    state.values.update(_first_values(genesis))
    return state


def _add_channel(state: State, channel: GenesisChannel, prices: Prices) -> None:
    state.channels[channel.id] = Channel(
        owner=channel.owner,
        collaborators=dict(channel.collaborators),
        data_objects=tuple(sorted(entry.id for entry in channel.objects)),
        bond=Bond(prices.channel_bond),
    )
    for entry in channel.objects:
        state.data_objects[entry.id] = DataObject(
            channel.id, entry.size, entry.content_id.encode(), entry.accepted, Bond(prices.object_bond)
        )
    size, number = sum(entry.size for entry in channel.objects), len(channel.objects)
    state.bags[channel.id] = Bag(tuple(sorted(channel.stored_by)), size, number)
    for bucket_id in channel.stored_by:
        bucket = state.buckets[bucket_id]
        state.buckets[bucket_id] = replace(
            bucket,
            size_used=bucket.size_used + size,
            objects_used=bucket.objects_used + number,
            assigned_bags=bucket.assigned_bags + 1,
        )
    _fund_bonds(state, channel, prices)


def _fund_bonds(state: State, channel: GenesisChannel, prices: Prices) -> None:
    """The treasuries hold the bonds of what exists, so that deleting it can pay them back."""
    for treasury, bond in (
        (CONTENT_TREASURY, prices.channel_bond),
        (STORAGE_TREASURY, prices.object_bond * len(channel.objects)),
    ):
        held = state.account(treasury)
        state.accounts[treasury] = replace(held, free=held.free + bond)


def _first_values(genesis: Genesis) -> dict[str, int]:
    prices = genesis.prices
    issued = sum(genesis.balances.values()) + sum(
        prices.channel_bond + prices.object_bond * len(channel.objects) for channel in genesis.channels
    )
    objects = [entry.id for channel in genesis.channels for entry in channel.objects]
    return {
        "Balances.TotalIssuance": issued,
        "Members.NextMemberId": _next(member.id for member in genesis.members),
        "Members.MembershipPrice": prices.membership,
        "Content.NextChannelId": _next(channel.id for channel in genesis.channels),
        "Content.NextVideoId": 1,
        "Content.ChannelStateBloatBondValue": prices.channel_bond,
        "Content.VideoStateBloatBondValue": prices.video_bond,
        "Storage.UploadingBlocked": 0,
        "Storage.NextStorageBucketId": _next((bucket.id for bucket in genesis.buckets), first=0),
        "Storage.NextDataObjectId": _next(objects),
        "Storage.DataObjectPerMegabyteFee": prices.data_size_fee,
        "Storage.DataObjectStateBloatBondValue": prices.object_bond,
        "Storage.VoucherMaxObjectsSizeLimit": 10**15,
        "Storage.VoucherMaxObjectsNumberLimit": 10**9,
    }


def _next(ids: Iterable[int], first: int = 1) -> int:
    return max(ids, default=first - 1) + 1
