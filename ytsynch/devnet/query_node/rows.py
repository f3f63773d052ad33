"""What the query node keeps. A class is named as its GraphQL type, its fields as GraphQL's in snake case.

Rows are frozen: a change is a new row in the place of the old one, which is what lets the store undo a block.
References to other rows are ids; `schema` resolves them.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Row:
    id: str


@dataclass(frozen=True)
class Membership(Row):
    handle: str
    controller_account: str  # SS58
    root_account: str
    created_at: datetime
    name: str | None = None
    about: str | None = None
    avatar_uri: str | None = None


@dataclass(frozen=True)
class Channel(Row):
    owner_member_id: str | None
    created_at: datetime
    created_in_block: int
    reward_account: str
    title: str | None = None
    description: str | None = None
    language: str | None = None
    is_public: bool | None = True
    is_censored: bool = False
    avatar_photo_id: str | None = None
    cover_photo_id: str | None = None
    total_videos_created: int = 0


@dataclass(frozen=True)
class License:
    code: int | None
    attribution: str | None
    custom_text: str | None


@dataclass(frozen=True)
class Video(Row):
    channel_id: str
    created_at: datetime
    created_in_block: int
    title: str | None = None
    description: str | None = None
    category_id: str | None = None
    duration: int | None = None  # seconds
    language: str | None = None
    license: License | None = None
    published_before_joystream: datetime | None = None
    has_marketing: bool | None = None
    is_public: bool | None = None
    is_explicit: bool | None = None
    is_short: bool | None = None
    is_censored: bool = False
    is_comment_section_enabled: bool = True
    thumbnail_photo_id: str | None = None
    media_id: str | None = None
    pixel_width: int | None = None
    pixel_height: int | None = None
    codec_name: str | None = None
    container: str | None = None
    mime_media_type: str | None = None
    entry_app_id: str | None = None
    yt_video_id: str | None = None
    views_num: int = 0


@dataclass(frozen=True)
class VideoSubtitle(Row):
    video_id: str
    type: str
    language: str
    mime_type: str
    asset_id: str | None


@dataclass(frozen=True)
class VideoCategory(Row):
    name: str
    description: str | None = None
    parent_category_id: str | None = None
    created_in_block: int = 0


@dataclass(frozen=True)
class App(Row):
    name: str
    owner_member_id: str | None
    auth_key: str | None = None
    website_url: str | None = None
    one_liner: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class PaymentContextVideo:
    video_id: str


@dataclass(frozen=True)
class PaymentContextChannel:
    channel_id: str


@dataclass(frozen=True)
class ChannelPaymentMadeEventData:
    payer_id: str
    payee_channel_id: str
    amount: int  # HAPI
    payment_context: PaymentContextVideo | PaymentContextChannel
    rationale: str | None


@dataclass(frozen=True)
class Event(Row):
    """What happened on chain, of the kinds that Atlas shows; `in_extrinsic` is the extrinsic's hash."""

    in_block: int
    in_extrinsic: str | None
    index_in_block: int
    timestamp: datetime
    data: ChannelPaymentMadeEventData


@dataclass(frozen=True)
class StorageDataObject(Row):
    storage_bag_id: str
    ipfs_hash: str
    size: int  # bytes
    created_at: datetime
    is_accepted: bool = False


@dataclass(frozen=True)
class StorageBag(Row):
    bucket_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class StorageBucket(Row):
    worker_id: int
    node_endpoint: str
    data_objects_size: int
    data_objects_size_limit: int
    data_objects_count: int
    data_object_count_limit: int
    accepting_new_bags: bool = True
