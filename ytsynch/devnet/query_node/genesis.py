"""The rows of the first block: what the world held before the chain began."""

from datetime import UTC, datetime
from hashlib import blake2b

import ed25519_zebra

from ytsynch.devnet.chain.events import Block
from ytsynch.devnet.chain.runtime.channels import reward_account
from ytsynch.devnet.content_id import content_id
from ytsynch.devnet.keys import public_key
from ytsynch.devnet.world import CHANNEL_BUCKETS, World

from .mappings import address
from .rows import (
    App,
    Channel,
    Membership,
    StorageBag,
    StorageBucket,
    StorageDataObject,
    VideoCategory,
)
from .store import Store


def put_genesis(store: Store, world: World, block: Block, endpoints: dict[int, str]) -> None:
    """Members, channels with pictures, categories, app, and buckets with the URLs of their nodes."""
    time = datetime.fromtimestamp(block.timestamp_ms / 1000, UTC)
    for category in world.categories:
        store.put(VideoCategory(category.id, category.name))
    for member in world.members:
        account = address(public_key(member.suri))
        store.put(
            Membership(str(member.id), member.handle, account, account, time, member.name, member.about)
        )
    seed = blake2b(world.app.account_seed.encode(), digest_size=32).digest()
    _, auth_key = ed25519_zebra.ed_from_seed(seed)
    store.put(App(world.app.id, world.app.name, str(world.app.owner_member), "0x" + auth_key.hex()))
    _put_channels(store, world, time)
    _put_buckets(store, world, endpoints)


def _put_channels(store: Store, world: World, time: datetime) -> None:
    for channel in world.channels:
        store.put(
            Channel(
                id=str(channel.id),
                owner_member_id=str(channel.owner_member),
                created_at=time,
                created_in_block=0,
                reward_account=address(reward_account(channel.id)),
                title=channel.title,
                description=channel.description,
                language=channel.language,
                avatar_photo_id=str(channel.avatar.id) if channel.avatar else None,
                cover_photo_id=str(channel.cover.id) if channel.cover else None,
            )
        )
        bag = f"dynamic:channel:{channel.id}"
        store.put(StorageBag(bag, tuple(str(bucket) for bucket in CHANNEL_BUCKETS)))
        for asset in channel.assets:
            store.put(
                StorageDataObject(
                    id=str(asset.id),
                    storage_bag_id=bag,
                    ipfs_hash=content_id(asset.content),
                    size=len(asset.content),
                    created_at=time,
                    is_accepted=True,
                )
            )


def _put_buckets(store: Store, world: World, endpoints: dict[int, str]) -> None:
    for bucket in world.buckets:
        is_used = bucket.id in CHANNEL_BUCKETS
        assets = [asset for channel in world.channels for asset in channel.assets if is_used]
        store.put(
            StorageBucket(
                id=str(bucket.id),
                worker_id=bucket.id,
                node_endpoint=endpoints[bucket.id],
                data_objects_size=sum(len(asset.content) for asset in assets),
                data_objects_size_limit=bucket.size_limit,
                data_objects_count=len(assets),
                data_object_count_limit=bucket.objects_limit,
            )
        )
