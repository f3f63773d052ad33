"""Joystream's protobuf metadata, written field by field: an encoder that shares no code with anybody."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import ed25519_zebra


def message(*fields: tuple[int, Any]) -> bytes:
    """A protobuf message of (number, value): text, bytes or a nested message, a number or a bool."""
    return b"".join(_field(number, value) for number, value in fields)


def content_metadata(*fields: tuple[int, Any]) -> bytes:
    """ContentMetadata{video_metadata} of the VideoMetadata fields."""
    return message((1, message(*fields)))


def app_action(raw_action: bytes, *, youtube_id: str, app_id: str, secret: bytes, commitment: str) -> bytes:
    signature = ed25519_zebra.ed_sign(secret, commitment.encode())
    metadata = message((2, youtube_id))
    return message((2, metadata), (3, raw_action), (4, signature), (999, app_id))


def app_secret(account_seed: str) -> bytes:
    secret, _ = ed25519_zebra.ed_from_seed(blake2b(account_seed.encode(), digest_size=32).digest())
    return bytes(secret)


def create_video(
    channel_id: int, member_id: int, meta: bytes, assets: list[tuple[int, str]], prices: Mapping[str, int]
) -> dict[str, Any]:
    """A create_video call; assets are (bytes, content id)."""
    params = {
        "assets": {
            "expected_data_size_fee": prices["Storage.DataObjectPerMegabyteFee"],
            "object_creation_list": [
                {"size": size, "ipfs_content_id": content_id.encode()} for size, content_id in assets
            ],
        },
        "meta": meta,
        "auto_issue_nft": None,
        "expected_video_state_bloat_bond": prices["Content.VideoStateBloatBondValue"],
        "expected_data_object_state_bloat_bond": prices["Storage.DataObjectStateBloatBondValue"],
        "storage_buckets_num_witness": 2,
    }
    arguments = {"actor": {"Member": member_id}, "channel_id": channel_id, "params": params}
    return {"Content": {"create_video": arguments}}


def _field(number: int, value: Any) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(int(value))
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
