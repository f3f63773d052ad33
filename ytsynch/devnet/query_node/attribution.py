"""Whether an app really signed the creation of a video: Orion's commitment, checked with the app's authKey.

The app signs, with ed25519, the UTF-8 JSON array `[nonce, channel id, action, creator type, assets, raw
action, metadata]`. The nonce is the number of videos that the channel has had created so far, the assets are
the SCALE bytes of the call's `Option<StorageAssets>`, and all bytes are written as `0x…`.
"""

import json
from collections.abc import Mapping
from typing import Any

import ed25519_zebra

CREATE_VIDEO = 0
CREATOR_CHANNEL = 0


def is_signed_by(
    auth_key: str,
    *,
    signature: bytes,
    nonce: int,
    channel_id: str,
    assets: Mapping[str, Any] | None,
    raw_action: bytes,
    metadata: bytes,
) -> bool:
    """True when `signature` is that of `auth_key` (0x and 32 bytes in hex) under exactly these facts."""
    commitment = json.dumps(
        [
            nonce,
            channel_id,
            CREATE_VIDEO,
            CREATOR_CHANNEL,
            _hex(_option_of_assets(assets)),
            _hex(raw_action),
            _hex(metadata),
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )
    try:
        public_key = bytes.fromhex(auth_key.removeprefix("0x"))
    except ValueError:
        return False  # an app may publish any text as its key
    if len(public_key) != 32 or len(signature) != 64:
        return False
    return bool(ed25519_zebra.ed_verify(signature, commitment.encode(), public_key))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _option_of_assets(assets: Mapping[str, Any] | None) -> bytes:
    if assets is None:
        return b"\0"
    objects, fee = assets["object_creation_list"], int(assets["expected_data_size_fee"])
    return (
        b"\1"
        + _compact(len(objects))
        + b"".join(
            entry["size"].to_bytes(8, "little")
            + _compact(len(entry["ipfs_content_id"]))
            + bytes(entry["ipfs_content_id"])
            for entry in objects
        )
        + fee.to_bytes(16, "little")
    )


def _compact(number: int) -> bytes:
    """SCALE's compact integer, as far as lengths need it (below 2^30)."""
    if number < 1 << 6:
        return (number << 2).to_bytes(1, "little")
    if number < 1 << 14:
        return (number << 2 | 1).to_bytes(2, "little")
    return (number << 2 | 2).to_bytes(4, "little")
