"""Joystream's metadata messages (protobuf, proto2), decoded by tables of field numbers.

A decoded message is a dict that holds the fields that were present, and nothing else: absence means «leave as
it is» in an update. Unknown fields are skipped, as protobuf asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Scalar = Literal["string", "bytes", "uint", "bool"]


class MalformedMessage(ValueError):
    """The bytes are not this message: cut short, of another wire type, not UTF-8, or incomplete."""


@dataclass(frozen=True)
class Field:
    name: str
    type: Scalar | Message
    repeated: bool = False
    required: bool = False


@dataclass(frozen=True)
class Message:
    """A message type: its fields by number."""

    fields: Mapping[int, Field]

    def decode(self, data: bytes) -> dict[str, Any]:
        """The fields present in `data`. Raises MalformedMessage."""
        values: dict[str, Any] = {}
        for number, raw in _wire_fields(data):
            if (field := self.fields.get(number)) is None:
                continue
            if field.repeated:
                values.setdefault(field.name, []).extend(_repeated(field, raw))
            else:
                values[field.name] = _value(field, raw)
        for field in self.fields.values():
            if field.required and field.name not in values:
                raise MalformedMessage(f"{field.name} is missing")
        return values


def _wire_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        number, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, position = _varint(data, position)
            yield number, value
            continue
        if wire_type == 2:
            length, position = _varint(data, position)
        elif wire_type in (1, 5):
            length = 8 if wire_type == 1 else 4
        else:
            raise MalformedMessage(f"wire type {wire_type}")
        if position + length > len(data):
            raise MalformedMessage("cut short")
        yield number, data[position : position + length]
        position += length


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise MalformedMessage("cut short")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, position
    raise MalformedMessage("a varint of more than ten bytes")


def _value(field: Field, raw: int | bytes) -> Any:
    if isinstance(raw, int):
        if field.type == "uint":
            return raw
        if field.type == "bool":
            return bool(raw)
        raise MalformedMessage(f"{field.name} is a number")
    if isinstance(field.type, Message):
        return field.type.decode(raw)
    if field.type == "bytes":
        return raw
    if field.type == "string":
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise MalformedMessage(f"{field.name} is not UTF-8") from error
    raise MalformedMessage(f"{field.name} is not a number")


def _repeated(field: Field, raw: int | bytes) -> list[Any]:
    if field.type != "uint" or isinstance(raw, int):
        return [_value(field, raw)]
    numbers, position = [], 0  # packed
    while position < len(raw):
        number, position = _varint(raw, position)
        numbers.append(number)
    return numbers


def _message(**fields: tuple[int, Scalar | Message]) -> Message:
    return Message({number: Field(name, kind) for name, (number, kind) in fields.items()})


MEDIA_TYPE = _message(codec_name=(1, "string"), container=(2, "string"), mime_media_type=(3, "string"))
LICENSE = _message(code=(1, "uint"), attribution=(2, "string"), custom_text=(3, "string"))
PUBLISHED_BEFORE_JOYSTREAM = _message(is_published=(1, "bool"), date=(2, "string"))
SUBTITLE = Message(
    {
        1: Field("type", "string", required=True),
        2: Field("new_asset", "uint"),
        3: Field("language", "string", required=True),
        4: Field("mime_type", "string", required=True),
    }
)
VIDEO_METADATA = Message(
    {
        1: Field("title", "string"),
        2: Field("description", "string"),
        3: Field("video", "uint"),
        4: Field("thumbnail_photo", "uint"),
        5: Field("duration", "uint"),
        6: Field("media_pixel_height", "uint"),
        7: Field("media_pixel_width", "uint"),
        8: Field("media_type", MEDIA_TYPE),
        9: Field("language", "string"),
        10: Field("license", LICENSE),
        11: Field("published_before_joystream", PUBLISHED_BEFORE_JOYSTREAM),
        12: Field("has_marketing", "bool"),
        13: Field("is_public", "bool"),
        14: Field("is_explicit", "bool"),
        15: Field("persons", "uint", repeated=True),
        16: Field("category", "string"),
        17: Field("subtitles", SUBTITLE, repeated=True),
        18: Field("enable_comments", "bool"),
        19: Field("clear_subtitles", "bool"),
        20: Field("is_short", "bool"),
    }
)
CONTENT_METADATA = _message(video_metadata=(1, VIDEO_METADATA))
CHANNEL_METADATA = _message(
    title=(1, "string"),
    description=(2, "string"),
    is_public=(3, "bool"),
    language=(4, "string"),
    cover_photo=(5, "uint"),
    avatar_photo=(6, "uint"),
)
APP_ACTION = Message(
    {
        2: Field("metadata", "bytes"),
        3: Field("raw_action", "bytes"),
        4: Field("signature", "bytes"),
        999: Field("app_id", "string", required=True),
    }
)
APP_ACTION_METADATA = _message(video_id=(2, "string"))
MEMBERSHIP_METADATA = _message(
    name=(1, "string"), avatar_object=(2, "uint"), about=(3, "string"), avatar_uri=(4, "string")
)
APP_METADATA = _message(
    website_url=(2, "string"), one_liner=(7, "string"), description=(8, "string"), auth_key=(10, "string")
)
CREATE_APP = Message({1: Field("name", "string", required=True), 2: Field("app_metadata", APP_METADATA)})
UPDATE_APP = Message({1: Field("app_id", "string", required=True), 2: Field("app_metadata", APP_METADATA)})
CREATE_VIDEO_CATEGORY = Message(
    {
        1: Field("name", "string", required=True),
        2: Field("description", "string"),
        3: Field("parent_category_id", "string"),
    }
)
MAKE_CHANNEL_PAYMENT = _message(rationale=(1, "string"), video_id=(2, "uint"))
MEMBER_REMARKED = _message(
    create_video_category=(6, CREATE_VIDEO_CATEGORY),
    create_app=(7, CREATE_APP),
    update_app=(8, UPDATE_APP),
    make_channel_payment=(10, MAKE_CHANNEL_PAYMENT),
)
