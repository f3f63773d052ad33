"""The value of a GraphQL field of a row: what resolvers answer and what filters compare.

Most fields are the row's attribute of the same name in snake case. `_COMPUTED` has the others: relations, and
the small objects that Orion keeps as entities of their own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .rows import (
    App,
    Channel,
    ChannelPaymentMadeEventData,
    License,
    Membership,
    PaymentContextChannel,
    PaymentContextVideo,
    Row,
    StorageBag,
    StorageBucket,
    StorageDataObject,
    Video,
    VideoCategory,
    VideoSubtitle,
)
from .store import Store


@dataclass(frozen=True)
class VideoMediaMetadata:
    id: str
    encoding: "VideoMediaEncoding"
    pixel_width: int | None
    pixel_height: int | None
    size: int | None
    created_in_block: int


@dataclass(frozen=True)
class VideoMediaEncoding:
    codec_name: str | None
    container: str | None
    mime_media_type: str | None


@dataclass(frozen=True)
class MemberMetadata:
    id: str
    name: str | None
    about: str | None
    avatar: "AvatarUri | None"


@dataclass(frozen=True)
class AvatarUri:
    avatar_uri: str


@dataclass(frozen=True)
class StorageBucketBag:
    id: str
    storage_bucket: StorageBucket
    bag: StorageBag


@dataclass(frozen=True)
class StorageBucketOperatorStatusActive:
    worker_id: int
    transactor_account_id: str | None = None


@dataclass(frozen=True)
class StorageBucketOperatorMetadata:
    id: str
    node_endpoint: str
    extra: str | None = None


def field_value(store: Store, row: Any, field: str) -> Any:
    """`field` (camel case) of `row`, whose class has the name of the GraphQL type."""
    if compute := _COMPUTED.get((type(row), field)):
        return compute(store, row)
    return getattr(row, _snake(field))


def type_name(row: Any) -> str:
    return type(row).__name__


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match.group().lower(), name)


def _one(kind: type[Row], attribute: str) -> Callable[[Store, Any], Any]:
    return lambda store, row: store.get(kind, getattr(row, attribute))


def _many(kind: type[Row], attribute: str) -> Callable[[Store, Any], Any]:
    """The rows of `kind` whose `attribute` is this row's id."""
    return lambda store, row: [other for other in store.all(kind) if getattr(other, attribute) == row.id]


def _media_metadata(store: Store, video: Video) -> VideoMediaMetadata:
    media = store.get(StorageDataObject, video.media_id)
    return VideoMediaMetadata(
        id=video.id,
        encoding=VideoMediaEncoding(video.codec_name, video.container, video.mime_media_type),
        pixel_width=video.pixel_width,
        pixel_height=video.pixel_height,
        size=media.size if media else None,
        created_in_block=video.created_in_block,
    )


def _member_metadata(_: Store, member: Membership) -> MemberMetadata:
    avatar = AvatarUri(member.avatar_uri) if member.avatar_uri else None
    return MemberMetadata(member.id, member.name, member.about, avatar)


def _bags_of_bucket(store: Store, bucket: StorageBucket) -> list[StorageBucketBag]:
    return [
        StorageBucketBag(f"{bucket.id}-{bag.id}", bucket, bag)
        for bag in store.all(StorageBag)
        if bucket.id in bag.bucket_ids
    ]


def _buckets_of_bag(store: Store, bag: StorageBag) -> list[StorageBucketBag]:
    buckets = (store.get(StorageBucket, bucket_id) for bucket_id in bag.bucket_ids)
    return [StorageBucketBag(f"{bucket.id}-{bag.id}", bucket, bag) for bucket in buckets if bucket]


_COMPUTED: dict[tuple[type, str], Callable[[Store, Any], Any]] = {
    (Channel, "avatarPhoto"): _one(StorageDataObject, "avatar_photo_id"),
    (Channel, "coverPhoto"): _one(StorageDataObject, "cover_photo_id"),
    (Channel, "ownerMember"): _one(Membership, "owner_member_id"),
    (Channel, "videos"): _many(Video, "channel_id"),
    (Video, "channel"): _one(Channel, "channel_id"),
    (Video, "category"): _one(VideoCategory, "category_id"),
    (Video, "thumbnailPhoto"): _one(StorageDataObject, "thumbnail_photo_id"),
    (Video, "media"): _one(StorageDataObject, "media_id"),
    (Video, "mediaMetadata"): _media_metadata,
    (Video, "subtitles"): _many(VideoSubtitle, "video_id"),
    (Video, "entryApp"): _one(App, "entry_app_id"),
    (License, "id"): lambda _, row: str(row.code),
    (VideoSubtitle, "video"): _one(Video, "video_id"),
    (VideoSubtitle, "asset"): _one(StorageDataObject, "asset_id"),
    (VideoCategory, "parentCategory"): _one(VideoCategory, "parent_category_id"),
    (VideoCategory, "videos"): _many(Video, "category_id"),
    (Membership, "metadata"): _member_metadata,
    (Membership, "channels"): _many(Channel, "owner_member_id"),
    (ChannelPaymentMadeEventData, "payer"): _one(Membership, "payer_id"),
    (ChannelPaymentMadeEventData, "payeeChannel"): _one(Channel, "payee_channel_id"),
    (PaymentContextVideo, "video"): _one(Video, "video_id"),
    (PaymentContextChannel, "channel"): _one(Channel, "channel_id"),
    (App, "ownerMember"): _one(Membership, "owner_member_id"),
    (StorageDataObject, "storageBag"): _one(StorageBag, "storage_bag_id"),
    (StorageBag, "objects"): _many(StorageDataObject, "storage_bag_id"),
    (StorageBag, "storageBuckets"): _buckets_of_bag,
    (StorageBucket, "operatorStatus"): lambda _, row: StorageBucketOperatorStatusActive(row.worker_id),
    (StorageBucket, "operatorMetadata"): lambda _, row: StorageBucketOperatorMetadata(
        row.id, row.node_endpoint
    ),
    (StorageBucket, "bags"): _bags_of_bucket,
}
