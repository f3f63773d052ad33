"""How each table of the state lies in storage: its entry, its keys and the plain form of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .scale import ScaleError
from .state import Account, Bag, Bond, Bucket, Channel, DataObject, Member, Video

#: NFT limits that every channel starts with: (videos, period in blocks). Nothing in the devnet issues NFTs.
_DAILY_NFTS, _WEEKLY_NFTS = (10, 14_400), (40, 100_800)
_HASH = 16  # bytes that Blake2_128Concat puts before a key


@dataclass(frozen=True)
class Record:
    """A table's storage map.

    `keys` gives the map's keys of a row, `key` finds the row's key in what follows the prefix.
    """

    table: str
    pallet: str
    entry: str
    keys: Callable[[Any, Any], tuple[Any, ...]]  # of the row's key and the row
    key: Callable[[bytes], Any]
    plain: Callable[[Any], Any]
    row: Callable[[Any, bytes], Any]  # of the plain form and the bytes behind the prefix


def channel_bag(channel_id: int) -> dict[str, Any]:
    """The id of a channel's bag."""
    return {"Dynamic": {"Channel": channel_id}}


def bond_plain(bond: Bond) -> dict[str, Any]:
    return {"repayment_restricted_to": bond.repayment_restricted_to, "amount": bond.amount}


def channel_plain(channel: Channel) -> dict[str, Any]:
    """A channel as `ChannelById` holds it and `ChannelCreated` shows it."""
    return {
        "owner": {"Member": channel.owner},
        "num_videos": channel.num_videos,
        "collaborators": {member: list(names) for member, names in channel.collaborators.items()},
        "cumulative_reward_claimed": 0,
        "privilege_level": 0,
        "paused_features": list(channel.paused_features),
        "transfer_status": "NoActiveTransfer",
        "data_objects": list(channel.data_objects),
        "daily_nft_limit": {"limit": _DAILY_NFTS[0], "block_number_period": _DAILY_NFTS[1]},
        "weekly_nft_limit": {"limit": _WEEKLY_NFTS[0], "block_number_period": _WEEKLY_NFTS[1]},
        "daily_nft_counter": {"counter": 0, "last_updated": 0},
        "weekly_nft_counter": {"counter": 0, "last_updated": 0},
        "creator_token_id": None,
        "channel_state_bloat_bond": bond_plain(channel.bond),
    }


def voucher_plain(bucket: Bucket) -> dict[str, int]:
    return {
        "size_limit": bucket.size_limit,
        "objects_limit": bucket.objects_limit,
        "size_used": bucket.size_used,
        "objects_used": bucket.objects_used,
    }


def _bond(plain: Any) -> Bond:
    return Bond(plain["amount"], plain["repayment_restricted_to"])


def _channel(plain: Any, _: bytes) -> Channel:
    return Channel(
        owner=plain["owner"]["Member"],
        collaborators={member: frozenset(names) for member, names in plain["collaborators"].items()},
        num_videos=plain["num_videos"],
        paused_features=frozenset(plain["paused_features"]),
        data_objects=tuple(plain["data_objects"]),
        bond=_bond(plain["channel_state_bloat_bond"]),
    )


def _account_plain(account: Account) -> dict[str, Any]:
    data = {"free": account.free, "reserved": account.reserved, "misc_frozen": 0, "fee_frozen": 0}
    return {
        "nonce": account.nonce,
        "consumers": 0,
        "providers": int(account.exists),
        "sufficients": 0,
        "data": data,
    }


def _video_plain(video: Video) -> dict[str, Any]:
    return {
        "in_channel": video.in_channel,
        "nft_status": None,
        "data_objects": list(video.data_objects),
        "video_state_bloat_bond": bond_plain(video.bond),
    }


def _bag_plain(bag: Bag) -> dict[str, Any]:
    return {
        "stored_by": list(bag.stored_by),
        "distributed_by": [],
        "objects_total_size": bag.objects_total_size,
        "objects_number": bag.objects_number,
    }


def _bucket_plain(bucket: Bucket) -> dict[str, Any]:
    return {
        "operator_status": {"StorageWorker": (bucket.worker, bucket.transactor)},
        "accepting_new_bags": bucket.accepting_new_bags,
        "voucher": voucher_plain(bucket),
        "assigned_bags": bucket.assigned_bags,
    }


def _bucket(plain: Any, _: bytes) -> Bucket:
    worker, transactor = plain["operator_status"]["StorageWorker"]
    return Bucket(
        worker=worker,
        transactor=transactor,
        **plain["voucher"],
        accepting_new_bags=plain["accepting_new_bags"],
        assigned_bags=plain["assigned_bags"],
    )


def _object_plain(entry: DataObject) -> dict[str, Any]:
    return {
        "accepted": entry.accepted,
        "state_bloat_bond": bond_plain(entry.bond),
        "size": entry.size,
        "ipfs_content_id": entry.content_id,
    }


def _object(plain: Any, raw: bytes) -> DataObject:
    return DataObject(
        channel=_bag_key(raw[: _HASH + 10]),
        size=plain["size"],
        content_id=plain["ipfs_content_id"],
        accepted=plain["accepted"],
        bond=_bond(plain["state_bloat_bond"]),
    )


def _number_key(raw: bytes) -> int:
    return int.from_bytes(_of_length(raw[_HASH:], 8), "little")


def _hash_key(raw: bytes) -> bytes:
    return _of_length(raw[_HASH:], 32)


def _bag_key(raw: bytes) -> int:
    key = _of_length(raw[_HASH:], 10)
    if key[:2] != b"\x01\x01":  # Dynamic, Channel
        raise ScaleError("only channels have bags here")
    return int.from_bytes(key[2:], "little")


def _object_key(raw: bytes) -> int:
    _bag_key(raw[: _HASH + 10])
    return _number_key(raw[_HASH + 10 :])


def _of_length(key: bytes, length: int) -> bytes:
    if len(key) != length:
        raise ScaleError(f"a key of {length} bytes is expected")
    return key


def _by_key(key: Any, _: Any) -> tuple[Any, ...]:
    return (key,)


RECORDS = (
    Record(
        "accounts", "System", "Account", _by_key, _hash_key, _account_plain,
        lambda p, _: Account(p["nonce"], p["data"]["free"], p["data"]["reserved"]),
    ),
    Record(
        "members", "Members", "MembershipById", _by_key, _number_key,
        lambda member: dict(vars(member)), lambda p, _: Member(**p),
    ),
    Record(
        "handles", "Members", "MemberIdByHandleHash", _by_key, _hash_key,
        lambda member: member, lambda p, _: p,
    ),
    Record("channels", "Content", "ChannelById", _by_key, _number_key, channel_plain, _channel),
    Record(
        "videos", "Content", "VideoById", _by_key, _number_key, _video_plain,
        lambda p, _: Video(p["in_channel"], tuple(p["data_objects"]), _bond(p["video_state_bloat_bond"])),
    ),
    Record(
        "bags", "Storage", "Bags", lambda channel, _: (channel_bag(channel),), _bag_key, _bag_plain,
        lambda p, _: Bag(tuple(p["stored_by"]), p["objects_total_size"], p["objects_number"]),
    ),
    Record("buckets", "Storage", "StorageBucketById", _by_key, _number_key, _bucket_plain, _bucket),
    Record(
        "data_objects", "Storage", "DataObjectsById",
        lambda number, entry: (channel_bag(entry.channel), number), _object_key, _object_plain, _object,
    ),
)  # fmt: skip

#: Storage values that the state keeps as numbers (flags as 0 and 1).
VALUES = (
    "Balances.TotalIssuance",
    "Members.NextMemberId",
    "Members.MembershipPrice",
    "Content.NextChannelId",
    "Content.NextVideoId",
    "Content.ChannelStateBloatBondValue",
    "Content.VideoStateBloatBondValue",
    "Storage.UploadingBlocked",
    "Storage.NextStorageBucketId",
    "Storage.NextDataObjectId",
    "Storage.DataObjectPerMegabyteFee",
    "Storage.DataObjectStateBloatBondValue",
    "Storage.VoucherMaxObjectsSizeLimit",
    "Storage.VoucherMaxObjectsNumberLimit",
)
