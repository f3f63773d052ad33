"""Attribution: how the query node learns which app brought a video over, and its YouTube id.

The `meta` of a create_video is an `AppAction`: the video's metadata wrapped and signed with the app's key,
which is ed25519 of seed `blake2b-256(app seed)`. Signed is the UTF-8 JSON array without spaces

    [nonce, "channel id", 0, 0, "0x" assets, "0x" raw action, "0x" action metadata]

(@joystream/js `generateAppActionCommitment`; the zeros are ActionType CREATE_VIDEO and CreatorType
CHANNEL). A wrong nonce or signature still creates the video, but without app and YouTube id: it is then
lost to the search for duplicates.
"""

import json
from collections.abc import Sequence
from hashlib import blake2b

import ed25519_zebra

from ytsynch.joystream import scale
from ytsynch.joystream.chain import Asset
from ytsynch.joystream.proto.metadata_pb2 import AppAction, AppActionMetadata

_CREATE_VIDEO = 0
_CHANNEL = 0


class AppSigner:
    """The app's key, from its seed (any text). `public_key` is the app's `authKey` on the query node,
    without its `0x`.
    """

    def __init__(self, seed: str) -> None:
        digest = blake2b(seed.encode(), digest_size=32).digest()
        self._private_key, public_key = ed25519_zebra.ed_from_seed(digest)
        self.public_key: bytes = bytes(public_key)

    def create_video_meta(
        self,
        *,
        nonce: int,
        channel_id: int,
        assets: Sequence[Asset],
        data_size_fee_per_mb: int,
        content_metadata: bytes,
        youtube_id: str,
        app_id: str,
    ) -> bytes:
        """The `meta` bytes of a create_video, which must have these very `assets` and data size fee (HAPI).

        `nonce` is the channel's `totalVideosCreated` on the query node plus the video's position among
        those that are on their way; `app_id` is the app's id there, `content_metadata` the bytes of
        `metadata.video_metadata`.
        """
        metadata = AppActionMetadata(video_id=youtube_id).SerializeToString()
        encoded = storage_assets(assets, data_size_fee_per_mb)
        message = commitment(nonce, channel_id, encoded, content_metadata, metadata)
        signature = bytes(ed25519_zebra.ed_sign(self._private_key, message))
        action = AppAction(app_id=app_id, metadata=metadata, raw_action=content_metadata, signature=signature)
        return action.SerializeToString()

    def __repr__(self) -> str:
        return f"<AppSigner 0x{self.public_key.hex()}>"


def storage_assets(assets: Sequence[Asset], data_size_fee_per_mb: int) -> bytes:
    """SCALE bytes of `Option<StorageAssets>` with its Option byte, as they are in the call."""
    objects = [scale.u64(asset.size) + scale.octets(asset.content_id.encode()) for asset in assets]
    return b"\x01" + scale.sequence(objects) + scale.u128(data_size_fee_per_mb)


def commitment(nonce: int, channel_id: int, assets: bytes, raw_action: bytes, metadata: bytes) -> bytes:
    """The bytes that the app signs."""
    parts = [nonce, str(channel_id), _CREATE_VIDEO, _CHANNEL]
    parts += ["0x" + part.hex() for part in (assets, raw_action, metadata)]
    return json.dumps(parts, separators=(",", ":")).encode()
