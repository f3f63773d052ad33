"""What each event of the chain means for the rows. One function an event, found by pallet and name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scalecodec.utils.ss58 import ss58_encode

from ytsynch.devnet.chain.events import Block
from ytsynch.devnet.chain.events import Event as ChainEvent
from ytsynch.devnet.chain.hashing import blake2_256

from .messages import CHANNEL_METADATA, MEMBER_REMARKED, MEMBERSHIP_METADATA, MalformedMessage, Message
from .rows import (
    App,
    Channel,
    ChannelPaymentMadeEventData,
    Event,
    Membership,
    PaymentContextChannel,
    PaymentContextVideo,
    StorageBag,
    StorageBucket,
    StorageDataObject,
    Video,
    VideoCategory,
    VideoSubtitle,
)
from .store import Store
from .video_metadata import integrate_creation, integrate_update

SS58_PREFIX = 126


@dataclass(frozen=True)
class At:
    """Where an event stands: rows are dated by it."""

    block: int
    event: int
    time: datetime
    extrinsic: str | None = None  # its hash


Args = tuple[Any, ...]
Mapper = Callable[[Store, At, Args], None]
_MAPPERS: dict[tuple[str, str], Mapper] = {}


def apply_block(store: Store, block: Block) -> None:
    """Brings the rows from the block before to `block`; can be undone by its number."""
    store.begin(block.number)
    time = datetime.fromtimestamp(block.timestamp_ms / 1000, UTC)
    for index, event in enumerate(block.events):
        apply_event(store, At(block.number, index, time, _hash_of_extrinsic(block, event)), event)


def _hash_of_extrinsic(block: Block, event: ChainEvent) -> str | None:
    return None if event.extrinsic is None else "0x" + blake2_256(block.extrinsics[event.extrinsic]).hex()


def apply_event(store: Store, at: At, event: ChainEvent) -> None:
    if mapper := _MAPPERS.get((event.pallet, event.name)):
        mapper(store, at, event.args)


def address(public_key: bytes) -> str:
    return str(ss58_encode(public_key, ss58_format=SS58_PREFIX))


def bag_name(bag_id: Mapping[str, Any]) -> str:
    """`dynamic:channel:5`, as every Joystream API writes a bag."""
    (kind, inner), *_ = bag_id.items()
    if isinstance(inner, str):
        return f"{kind}:{inner}".lower()
    (owner, number), *_ = inner.items()
    return f"{kind}:{owner}:{number}".lower()


def _on(pallet: str, *names: str) -> Callable[[Mapper], Mapper]:
    def register(mapper: Mapper) -> Mapper:
        for name in names:
            _MAPPERS[pallet, name] = mapper
        return mapper

    return register


def _decoded(message: Message, data: bytes | None) -> dict[str, Any]:
    """Metadata that cannot be read changes nothing: on chain it is only bytes."""
    try:
        return message.decode(data or b"")
    except MalformedMessage:
        return {}


# Members


@_on("Members", "MembershipBought", "MembershipGifted")
def _membership_created(store: Store, at: At, args: Args) -> None:
    member_id, params, *_ = args
    metadata = _decoded(MEMBERSHIP_METADATA, params["metadata"])
    store.put(
        Membership(
            id=str(member_id),
            handle=(params["handle"] or b"").decode(errors="replace"),
            controller_account=address(params["controller_account"]),
            root_account=address(params["root_account"]),
            created_at=at.time,
            name=metadata.get("name"),
            about=metadata.get("about"),
            avatar_uri=metadata.get("avatar_uri"),
        )
    )


@_on("Members", "MemberAccountsUpdated")
def _member_accounts_updated(store: Store, at: At, args: Args) -> None:
    member_id, root, controller = args
    if member := store.get(Membership, str(member_id)):
        store.put(
            replace(
                member,
                root_account=address(root) if root else member.root_account,
                controller_account=address(controller) if controller else member.controller_account,
            )
        )


@_on("Members", "MemberRemarked")
def _member_remarked(store: Store, at: At, args: Args) -> None:
    member_id, message, payment = args
    remark = _decoded(MEMBER_REMARKED, message)
    if create := remark.get("create_app"):
        taken = any(app.name == create["name"] for app in store.all(App))
        if not taken:
            new = App(f"{at.block}-{at.event}", create["name"], str(member_id))
            store.put(replace(new, **create.get("app_metadata", {})))
    elif update := remark.get("update_app"):
        app = store.get(App, update["app_id"])
        if app and app.owner_member_id == str(member_id):
            store.put(replace(app, **update.get("app_metadata", {})))
    elif category := remark.get("create_video_category"):
        store.put(VideoCategory(f"{at.block}-{at.event}", created_in_block=at.block, **category))
    elif "make_channel_payment" in remark and payment is not None:
        _channel_paid(store, at, str(member_id), payment, remark["make_channel_payment"])


def _channel_paid(
    store: Store, at: At, payer: str, payment: tuple[bytes, int], message: dict[str, Any]
) -> None:
    """Only reward accounts of channels are known as payees: payments to others are left out, as on Orion."""
    account, amount = payment
    payee = address(account)
    channel = next((row for row in store.all(Channel) if row.reward_account == payee), None)
    if channel is None:
        return
    video = store.get(Video, str(message.get("video_id")))
    is_of_channel = video is not None and video.channel_id == channel.id
    context = PaymentContextVideo(video.id) if video and is_of_channel else PaymentContextChannel(channel.id)
    data = ChannelPaymentMadeEventData(payer, channel.id, amount, context, message.get("rationale"))
    store.put(Event(f"{at.block}-{at.event}", at.block, at.extrinsic, at.event, at.time, data))


# Storage


@_on("Storage", "DataObjectsUploaded")
def _data_objects_uploaded(store: Store, at: At, args: Args) -> None:
    object_ids, params, *_ = args
    _put_objects(store, at, bag_name(params["bag_id"]), object_ids, params["object_creation_list"])


@_on("Storage", "DataObjectsUpdated")
def _data_objects_updated(store: Store, at: At, args: Args) -> None:
    params, new_ids, removed_ids = args
    _put_objects(store, at, bag_name(params["bag_id"]), new_ids, params["object_creation_list"])
    _remove_objects(store, removed_ids)


@_on("Storage", "DynamicBagCreated")
def _dynamic_bag_created(store: Store, at: At, args: Args) -> None:
    params, object_ids, *_ = args
    bag = bag_name({"Dynamic": params["bag_id"]})
    store.put(StorageBag(bag, tuple(str(bucket) for bucket in params["storage_buckets"])))
    _put_objects(store, at, bag, object_ids, params["object_creation_list"])


@_on("Storage", "DynamicBagDeleted")
def _dynamic_bag_deleted(store: Store, at: At, args: Args) -> None:
    (bag_id,) = args
    store.remove(StorageBag, bag_name({"Dynamic": bag_id}))


@_on("Storage", "StorageBucketsUpdatedForBag")
def _buckets_updated(store: Store, at: At, args: Args) -> None:
    bag_id, added, removed = args
    bag = store.get(StorageBag, bag_name(bag_id)) or StorageBag(bag_name(bag_id))
    gone = {str(bucket) for bucket in removed}
    kept = [bucket for bucket in bag.bucket_ids if bucket not in gone]
    store.put(replace(bag, bucket_ids=(*kept, *(str(bucket) for bucket in added))))


@_on("Storage", "PendingDataObjectsAccepted")
def _pending_objects_accepted(store: Store, at: At, args: Args) -> None:
    _, _, _, object_ids = args
    for object_id in object_ids:
        if data_object := store.get(StorageDataObject, str(object_id)):
            store.put(replace(data_object, is_accepted=True))


@_on("Storage", "DataObjectsDeleted")
def _data_objects_deleted(store: Store, at: At, args: Args) -> None:
    _, _, object_ids = args
    _remove_objects(store, object_ids)


@_on("Storage", "VoucherChanged")
def _voucher_changed(store: Store, at: At, args: Args) -> None:
    bucket_id, voucher = args
    if bucket := store.get(StorageBucket, str(bucket_id)):
        store.put(
            replace(
                bucket,
                data_objects_size=voucher["size_used"],
                data_objects_size_limit=voucher["size_limit"],
                data_objects_count=voucher["objects_used"],
                data_object_count_limit=voucher["objects_limit"],
            )
        )


@_on("Storage", "StorageBucketVoucherLimitsSet")
def _voucher_limits_set(store: Store, at: At, args: Args) -> None:
    bucket_id, size_limit, objects_limit = args
    if bucket := store.get(StorageBucket, str(bucket_id)):
        store.put(replace(bucket, data_objects_size_limit=size_limit, data_object_count_limit=objects_limit))


def _put_objects(
    store: Store, at: At, bag: str, object_ids: Sequence[int], creations: Sequence[Mapping[str, Any]]
) -> None:
    for object_id, creation in zip(sorted(object_ids), creations, strict=True):
        store.put(
            StorageDataObject(
                id=str(object_id),
                storage_bag_id=bag,
                ipfs_hash=bytes(creation["ipfs_content_id"]).decode(errors="replace"),
                size=creation["size"],
                created_at=at.time,
            )
        )


def _remove_objects(store: Store, object_ids: Sequence[int]) -> None:
    for object_id in object_ids:
        store.remove(StorageDataObject, str(object_id))


# Channels


@_on("Content", "ChannelCreated")
def _channel_created(store: Store, at: At, args: Args) -> None:
    channel_id, channel, params, account = args
    owner = channel["owner"]
    new = Channel(
        id=str(channel_id),
        owner_member_id=str(owner["Member"]) if "Member" in owner else None,
        created_at=at.time,
        created_in_block=at.block,
        reward_account=address(account),
    )
    objects = sorted(channel["data_objects"])
    store.put(_with_channel_metadata(new, _decoded(CHANNEL_METADATA, params["meta"]), objects))


@_on("Content", "ChannelUpdated")
def _channel_updated(store: Store, at: At, args: Args) -> None:
    _, channel_id, params, new_objects = args
    if channel := store.get(Channel, str(channel_id)):
        metadata = _decoded(CHANNEL_METADATA, params["new_meta"])
        store.put(_with_channel_metadata(channel, metadata, sorted(new_objects)))


@_on("Content", "ChannelDeleted", "ChannelDeletedByModerator")
def _channel_deleted(store: Store, at: At, args: Args) -> None:
    _, channel_id, *_ = args
    store.remove(Channel, str(channel_id))


@_on("Content", "ChannelVisibilitySetByModerator")
def _channel_visibility(store: Store, at: At, args: Args) -> None:
    _, channel_id, hidden, *_ = args
    if channel := store.get(Channel, str(channel_id)):
        store.put(replace(channel, is_censored=hidden))


def _with_channel_metadata(
    channel: Channel, metadata: Mapping[str, Any], object_ids: Sequence[int]
) -> Channel:
    changes = {
        name: metadata[name] for name in ("title", "description", "language", "is_public") if name in metadata
    }
    for photo in ("avatar_photo", "cover_photo"):
        index = metadata.get(photo)
        if index is not None and index < len(object_ids):
            changes[f"{photo}_id"] = str(object_ids[index])
    return replace(channel, **changes)


# Videos


@_on("Content", "VideoCreated")
def _video_created(store: Store, at: At, args: Args) -> None:
    _, channel_id, video_id, params, object_ids = args
    channel = store.get(Channel, str(channel_id))
    video = Video(
        id=str(video_id),
        channel_id=str(channel_id),
        created_at=at.time,
        created_in_block=at.block,
    )
    nonce = channel.total_videos_created if channel else 0
    integrate_creation(store, video, params, sorted(object_ids), nonce)
    if channel:
        store.put(replace(channel, total_videos_created=nonce + 1))


@_on("Content", "VideoUpdated")
def _video_updated(store: Store, at: At, args: Args) -> None:
    _, video_id, params, object_ids = args
    if video := store.get(Video, str(video_id)):
        integrate_update(store, video, params, sorted(object_ids))


@_on("Content", "VideoDeleted", "VideoDeletedByModerator")
def _video_deleted(store: Store, at: At, args: Args) -> None:
    _, video_id, *_ = args
    store.remove(Video, str(video_id))
    for subtitle in [row for row in store.all(VideoSubtitle) if row.video_id == str(video_id)]:
        store.remove(VideoSubtitle, subtitle.id)


@_on("Content", "VideoVisibilitySetByModerator")
def _video_visibility(store: Store, at: At, args: Args) -> None:
    _, video_id, hidden, *_ = args
    if video := store.get(Video, str(video_id)):
        store.put(replace(video, is_censored=hidden))
