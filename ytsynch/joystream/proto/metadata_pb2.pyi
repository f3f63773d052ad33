from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContentMetadata(_message.Message):
    __slots__ = ("video_metadata",)
    VIDEO_METADATA_FIELD_NUMBER: _ClassVar[int]
    video_metadata: VideoMetadata
    def __init__(self, video_metadata: _Optional[_Union[VideoMetadata, _Mapping]] = ...) -> None: ...

class VideoMetadata(_message.Message):
    __slots__ = ("title", "description", "video", "thumbnail_photo", "duration", "media_pixel_height", "media_pixel_width", "media_type", "language", "license", "published_before_joystream", "has_marketing", "is_public", "is_explicit", "persons", "category", "subtitles", "enable_comments", "clear_subtitles", "is_short")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VIDEO_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_PHOTO_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    MEDIA_PIXEL_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_PIXEL_WIDTH_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_BEFORE_JOYSTREAM_FIELD_NUMBER: _ClassVar[int]
    HAS_MARKETING_FIELD_NUMBER: _ClassVar[int]
    IS_PUBLIC_FIELD_NUMBER: _ClassVar[int]
    IS_EXPLICIT_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SUBTITLES_FIELD_NUMBER: _ClassVar[int]
    ENABLE_COMMENTS_FIELD_NUMBER: _ClassVar[int]
    CLEAR_SUBTITLES_FIELD_NUMBER: _ClassVar[int]
    IS_SHORT_FIELD_NUMBER: _ClassVar[int]
    title: str
    description: str
    video: int
    thumbnail_photo: int
    duration: int
    media_pixel_height: int
    media_pixel_width: int
    media_type: MediaType
    language: str
    license: License
    published_before_joystream: PublishedBeforeJoystream
    has_marketing: bool
    is_public: bool
    is_explicit: bool
    persons: _containers.RepeatedScalarFieldContainer[int]
    category: str
    subtitles: _containers.RepeatedCompositeFieldContainer[SubtitleMetadata]
    enable_comments: bool
    clear_subtitles: bool
    is_short: bool
    def __init__(self, title: _Optional[str] = ..., description: _Optional[str] = ..., video: _Optional[int] = ..., thumbnail_photo: _Optional[int] = ..., duration: _Optional[int] = ..., media_pixel_height: _Optional[int] = ..., media_pixel_width: _Optional[int] = ..., media_type: _Optional[_Union[MediaType, _Mapping]] = ..., language: _Optional[str] = ..., license: _Optional[_Union[License, _Mapping]] = ..., published_before_joystream: _Optional[_Union[PublishedBeforeJoystream, _Mapping]] = ..., has_marketing: _Optional[bool] = ..., is_public: _Optional[bool] = ..., is_explicit: _Optional[bool] = ..., persons: _Optional[_Iterable[int]] = ..., category: _Optional[str] = ..., subtitles: _Optional[_Iterable[_Union[SubtitleMetadata, _Mapping]]] = ..., enable_comments: _Optional[bool] = ..., clear_subtitles: _Optional[bool] = ..., is_short: _Optional[bool] = ...) -> None: ...

class MediaType(_message.Message):
    __slots__ = ("codec_name", "container", "mime_media_type")
    CODEC_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    MIME_MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    codec_name: str
    container: str
    mime_media_type: str
    def __init__(self, codec_name: _Optional[str] = ..., container: _Optional[str] = ..., mime_media_type: _Optional[str] = ...) -> None: ...

class License(_message.Message):
    __slots__ = ("code", "attribution", "custom_text")
    CODE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_TEXT_FIELD_NUMBER: _ClassVar[int]
    code: int
    attribution: str
    custom_text: str
    def __init__(self, code: _Optional[int] = ..., attribution: _Optional[str] = ..., custom_text: _Optional[str] = ...) -> None: ...

class PublishedBeforeJoystream(_message.Message):
    __slots__ = ("is_published", "date")
    IS_PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    is_published: bool
    date: str
    def __init__(self, is_published: _Optional[bool] = ..., date: _Optional[str] = ...) -> None: ...

class SubtitleMetadata(_message.Message):
    __slots__ = ("type", "new_asset", "language", "mimeType")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    NEW_ASSET_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MIMETYPE_FIELD_NUMBER: _ClassVar[int]
    type: str
    new_asset: int
    language: str
    mimeType: str
    def __init__(self, type: _Optional[str] = ..., new_asset: _Optional[int] = ..., language: _Optional[str] = ..., mimeType: _Optional[str] = ...) -> None: ...

class MemberRemarked(_message.Message):
    __slots__ = ("make_channel_payment",)
    MAKE_CHANNEL_PAYMENT_FIELD_NUMBER: _ClassVar[int]
    make_channel_payment: MakeChannelPayment
    def __init__(self, make_channel_payment: _Optional[_Union[MakeChannelPayment, _Mapping]] = ...) -> None: ...

class MakeChannelPayment(_message.Message):
    __slots__ = ("rationale", "video_id")
    RATIONALE_FIELD_NUMBER: _ClassVar[int]
    VIDEO_ID_FIELD_NUMBER: _ClassVar[int]
    rationale: str
    video_id: int
    def __init__(self, rationale: _Optional[str] = ..., video_id: _Optional[int] = ...) -> None: ...

class AppAction(_message.Message):
    __slots__ = ("app_id", "metadata", "raw_action", "signature")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    RAW_ACTION_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    metadata: bytes
    raw_action: bytes
    signature: bytes
    def __init__(self, app_id: _Optional[str] = ..., metadata: _Optional[bytes] = ..., raw_action: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class AppActionMetadata(_message.Message):
    __slots__ = ("video_id",)
    VIDEO_ID_FIELD_NUMBER: _ClassVar[int]
    video_id: str
    def __init__(self, video_id: _Optional[str] = ...) -> None: ...
