"""Storage: bags, buckets with vouchers, data objects, what they cost, and the working group's levers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ytsynch.devnet.chain.records import channel_bag, voucher_plain
from ytsynch.devnet.chain.state import Bag, Bond, Bucket, DataObject

from .balances import STORAGE_TREASURY, burn, can_pay, move
from .context import Context, DispatchError, ensure

_MEGABYTE = 2**20
_CONTENT_ID_LENGTH = 46


def upload(context: Context, params: dict[str, Any], remove: Iterable[int] = ()) -> list[int]:
    """Adds promised objects to a channel's bag, paid by the source account, and takes others out.

    Gives new ids.
    """
    removed, new = sorted(remove), params["object_creation_list"]
    channel_id = _bag_channel(params["bag_id"])
    ensure(bool(new) or bool(removed), "Storage.NoObjectsOnUpload")
    ids = _add_objects(context, channel_id, params) if new else []
    if removed:
        _remove_objects(context, channel_id, removed, params["state_bloat_bond_source_account_id"])
    _announce_vouchers(context, channel_id)
    if removed:
        context.emit("Storage", "DataObjectsUpdated", params, ids, removed)
    else:
        bond = context.state.values["Storage.DataObjectStateBloatBondValue"]
        context.emit("Storage", "DataObjectsUploaded", ids, params, bond)
    return ids


def delete_objects(context: Context, channel_id: int, ids: Iterable[int], refund_to: bytes) -> None:
    removed = sorted(ids)
    _remove_objects(context, channel_id, removed, refund_to)
    _announce_vouchers(context, channel_id)
    context.emit("Storage", "DataObjectsDeleted", refund_to, channel_bag(channel_id), removed)


def create_bag(context: Context, channel_id: int, params: dict[str, Any]) -> list[int]:
    """The bag of a new channel, with its first objects."""
    buckets = sorted(params["storage_buckets"])
    wanted = context.genesis.buckets_per_new_channel
    ensure(len(buckets) == wanted, "Storage.NumberOfStorageBucketsOutsideOfAllowedContraints")
    ensure(channel_id not in context.state.bags, "Storage.DynamicBagExists")
    for bucket_id in buckets:
        bucket = _bucket(context, bucket_id)
        ensure(bucket.accepting_new_bags, "Storage.StorageBucketDoesntAcceptNewBags")
        context.state.buckets[bucket_id] = replace(bucket, assigned_bags=bucket.assigned_bags + 1)
    context.state.bags[channel_id] = Bag(stored_by=tuple(buckets))
    _check_prices(context, params)
    ids = _add_objects(context, channel_id, params) if params["object_creation_list"] else []
    if ids:
        _announce_vouchers(context, channel_id)
    context.emit("Storage", "DynamicBagCreated", params, ids)
    return ids


def delete_bag(context: Context, channel_id: int, ids: Sequence[int], refund_to: bytes) -> None:
    bag = context.state.bags[channel_id]
    _remove_objects(context, channel_id, ids, refund_to)
    if ids:
        _announce_vouchers(context, channel_id)
    for bucket_id in bag.stored_by:
        bucket = _bucket(context, bucket_id)
        context.state.buckets[bucket_id] = replace(bucket, assigned_bags=bucket.assigned_bags - 1)
    del context.state.bags[channel_id]
    context.emit("Storage", "DynamicBagDeleted", {"Channel": channel_id})


def cost_of_upload(context: Context, objects: Sequence[dict[str, Any]]) -> int:
    """HAPI for bonds and the data fee (a megabyte begun counts whole)."""
    values, size = context.state.values, sum(entry["size"] for entry in objects)
    fee = -(-size // _MEGABYTE) * values["Storage.DataObjectPerMegabyteFee"]
    return int(fee + len(objects) * values["Storage.DataObjectStateBloatBondValue"])


def accept_pending_data_objects(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    bucket_id, ids = args["storage_bucket_id"], sorted(args["data_objects"])
    bucket = _bucket(context, bucket_id)
    ensure(bucket.worker == args["worker_id"], "Storage.InvalidStorageProvider")
    ensure(bucket.transactor == signer, "Storage.InvalidTransactorAccount")
    channel_id = _bag_channel(args["bag_id"])
    bag = context.state.bags.get(channel_id)
    ensure(bag is not None, "Storage.DynamicBagDoesntExist")
    ensure(bool(ids), "Storage.DataObjectIdParamsAreEmpty")
    ensure(bag is not None and bucket_id in bag.stored_by, "Storage.StorageBucketIsNotBoundToBag")
    for number in ids:
        entry = _object(context, channel_id, number)
        context.state.data_objects[number] = replace(entry, accepted=True)
    worker, bag_id = args["worker_id"], args["bag_id"]
    context.emit("Storage", "PendingDataObjectsAccepted", bucket_id, worker, bag_id, ids)


def set_storage_bucket_voucher_limits(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer)
    values, bucket_id = context.state.values, args["storage_bucket_id"]
    bucket = _bucket(context, bucket_id)
    size, number = args["new_objects_size_limit"], args["new_objects_number_limit"]
    most_bytes = values["Storage.VoucherMaxObjectsSizeLimit"]
    ensure(size <= most_bytes, "Storage.VoucherMaxObjectSizeLimitExceeded")
    most_objects = values["Storage.VoucherMaxObjectsNumberLimit"]
    ensure(number <= most_objects, "Storage.VoucherMaxObjectNumberLimitExceeded")
    context.state.buckets[bucket_id] = replace(bucket, size_limit=size, objects_limit=number)
    context.emit("Storage", "StorageBucketVoucherLimitsSet", bucket_id, size, number)


def update_storage_buckets_for_bag(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer)
    channel_id = _bag_channel(args["bag_id"])
    add, remove = set(args["add_buckets"]), set(args["remove_buckets"])
    bag = context.state.bags.get(channel_id)
    if bag is None:
        raise DispatchError("Storage.DynamicBagDoesntExist")
    ensure(bool(add or remove), "Storage.StorageBucketIdCollectionsAreEmpty")
    ensure(remove <= set(bag.stored_by), "Storage.StorageBucketIsNotBoundToBag")
    ensure(not add & set(bag.stored_by), "Storage.StorageBucketIsBoundToBag")
    for bucket_id in (*add, *remove):
        sign = 1 if bucket_id in add else -1
        bucket = _bucket(context, bucket_id)
        context.state.buckets[bucket_id] = replace(
            _with_use(bucket, sign * bag.objects_total_size, sign * bag.objects_number),
            assigned_bags=bucket.assigned_bags + sign,
        )
    stored_by = tuple(sorted((set(bag.stored_by) | add) - remove))
    context.state.bags[channel_id] = replace(bag, stored_by=stored_by)
    context.emit("Storage", "StorageBucketsUpdatedForBag", args["bag_id"], sorted(add), sorted(remove))


def update_data_size_fee(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer)
    context.state.values["Storage.DataObjectPerMegabyteFee"] = args["new_data_size_fee"]
    context.emit("Storage", "DataObjectPerMegabyteFeeUpdated", args["new_data_size_fee"])


def update_data_object_state_bloat_bond(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer)
    context.state.values["Storage.DataObjectStateBloatBondValue"] = args["state_bloat_bond"]
    context.emit("Storage", "DataObjectStateBloatBondValueUpdated", args["state_bloat_bond"])


def update_uploading_blocked_status(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer)
    context.state.values["Storage.UploadingBlocked"] = int(args["new_status"])
    context.emit("Storage", "UploadingBlockStatusUpdated", args["new_status"])


def _ensure_lead(context: Context, signer: bytes) -> None:
    if signer != context.genesis.storage_lead:
        raise DispatchError("BadOrigin")


def _check_prices(context: Context, params: dict[str, Any]) -> None:
    values = context.state.values
    bond, fee = params["expected_data_object_state_bloat_bond"], params["expected_data_size_fee"]
    ensure(fee == values["Storage.DataObjectPerMegabyteFee"], "Storage.DataSizeFeeChanged")
    ensure(bond == values["Storage.DataObjectStateBloatBondValue"], "Storage.DataObjectStateBloatBondChanged")


def _add_objects(context: Context, channel_id: int, params: dict[str, Any]) -> list[int]:
    new, payer = params["object_creation_list"], params["state_bloat_bond_source_account_id"]
    ensure(not context.state.values["Storage.UploadingBlocked"], "Storage.UploadingBlocked")
    _check_prices(context, params)
    for entry in new:
        ensure(entry["size"] <= context.genesis.max_object_size, "Storage.MaxDataObjectSizeExceeded")
        ensure(entry["size"] > 0, "Storage.ZeroObjectSize")
        ensure(bool(entry["ipfs_content_id"]), "Storage.EmptyContentId")
        ensure(len(entry["ipfs_content_id"]) <= _CONTENT_ID_LENGTH, "Storage.InvalidCidLength")
    bond = context.state.values["Storage.DataObjectStateBloatBondValue"]
    cost = cost_of_upload(context, new)
    ensure(can_pay(context, payer, cost), "Storage.InsufficientBalance")
    _use_bag(context, channel_id, sum(entry["size"] for entry in new), len(new))
    move(context, payer, STORAGE_TREASURY, bond * len(new))
    burn(context, payer, cost - bond * len(new))
    ids = []
    for entry in new:
        number = context.state.take("Storage.NextDataObjectId")
        promised = DataObject(channel_id, entry["size"], entry["ipfs_content_id"], bond=Bond(bond))
        context.state.data_objects[number] = promised
        ids.append(number)
    return ids


def _remove_objects(context: Context, channel_id: int, ids: Sequence[int], refund_to: bytes) -> None:
    entries = [_object(context, channel_id, number) for number in ids]
    _use_bag(context, channel_id, -sum(entry.size for entry in entries), -len(entries))
    for number, entry in zip(ids, entries, strict=True):
        del context.state.data_objects[number]
        move(context, STORAGE_TREASURY, entry.bond.repayment_restricted_to or refund_to, entry.bond.amount)


def _use_bag(context: Context, channel_id: int, size: int, number: int) -> None:
    """Books space in the bag and in its buckets' vouchers, whose limits hold for what is added."""
    bag = context.state.bags[channel_id]
    context.state.bags[channel_id] = replace(
        bag, objects_total_size=bag.objects_total_size + size, objects_number=bag.objects_number + number
    )
    for bucket_id in bag.stored_by:
        context.state.buckets[bucket_id] = _with_use(_bucket(context, bucket_id), size, number)


def _with_use(bucket: Bucket, size: int, number: int) -> Bucket:
    used = replace(bucket, size_used=bucket.size_used + size, objects_used=bucket.objects_used + number)
    if number > 0:
        ensure(used.objects_used <= used.objects_limit, "Storage.StorageBucketObjectNumberLimitReached")
        ensure(used.size_used <= used.size_limit, "Storage.StorageBucketObjectSizeLimitReached")
    return used


def _announce_vouchers(context: Context, channel_id: int) -> None:
    for bucket_id in context.state.bags[channel_id].stored_by:
        context.emit("Storage", "VoucherChanged", bucket_id, voucher_plain(_bucket(context, bucket_id)))


def _bucket(context: Context, bucket_id: int) -> Bucket:
    ensure(bucket_id in context.state.buckets, "Storage.StorageBucketDoesntExist")
    return context.state.buckets[bucket_id]


def _object(context: Context, channel_id: int, number: int) -> DataObject:
    entry = context.state.data_objects.get(number)
    if entry is None or entry.channel != channel_id:
        raise DispatchError("Storage.DataObjectDoesntExist")
    return entry


def _bag_channel(bag_id: dict[str, Any]) -> int:
    """The channel of a bag id; only channels have bags here."""
    channel = bag_id.get("Dynamic", {}).get("Channel")
    if channel is None:
        raise DispatchError("Storage.DynamicBagDoesntExist")
    return int(channel)
