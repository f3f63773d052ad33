"""The calls that the service makes, built by the codec library from the runtime's own metadata."""

from collections.abc import Sequence
from typing import Any

from substrateinterface import SubstrateInterface

from ytsynch.joystream.chain import (
    Asset,
    ChannelBatch,
    ChannelPayment,
    NewVideo,
    VideoDeletion,
    VideoUpdate,
)

CallTree = dict[str, Any]
"""A call as scalecodec takes it: pallet, name and arguments, which may hold further calls."""


def create_videos(batches: Sequence[ChannelBatch]) -> CallTree:
    """`force_batch([batch_all([create_video …]) per channel])`: a channel's videos stand or fall together,
    channels do not disturb each other.
    """
    return _call("Utility", "force_batch", calls=[_channel_videos(batch) for batch in batches])


def pay_channels(member_id: int, payments: Sequence[ChannelPayment]) -> CallTree:
    """`force_batch([member_remark …])`: each payment is made or refused by itself. `member_id` pays, from its
    controller account.
    """
    return _call("Utility", "force_batch", calls=[_payment(member_id, payment) for payment in payments])


def change_videos(changes: Sequence[VideoUpdate | VideoDeletion]) -> CallTree:
    """`force_batch([update_video | delete_video …])`: each change is made or refused by itself."""
    return _call("Utility", "force_batch", calls=[_change(change) for change in changes])


def _change(change: VideoUpdate | VideoDeletion) -> CallTree:
    if isinstance(change, VideoDeletion):
        return _call(
            "Content",
            "delete_video",
            actor={"Member": change.member_id},
            video_id=change.video_id,
            num_objects_to_delete=change.object_count,
            storage_buckets_num_witness=change.stored_by_count,
        )
    touches_assets = bool(change.assets or change.removed)
    assets = {
        "object_creation_list": [_data_object(asset) for asset in change.assets],
        "expected_data_size_fee": change.prices.data_size_fee_per_mb,
    }
    parameters = {
        "assets_to_upload": assets if change.assets else None,
        "new_meta": None if change.meta is None else "0x" + change.meta.hex(),
        "assets_to_remove": sorted(change.removed),
        "auto_issue_nft": None,
        "expected_data_object_state_bloat_bond": change.prices.object_bond,
        "storage_buckets_num_witness": change.stored_by_count if touches_assets else None,
    }
    actor = {"Member": change.member_id}
    return _call("Content", "update_video", actor=actor, video_id=change.video_id, params=parameters)


def _payment(member_id: int, payment: ChannelPayment) -> CallTree:
    message = "0x" + payment.message.hex()
    paid = (payment.account, payment.amount)
    return _call("Members", "member_remark", member_id=member_id, msg=message, payment=paid)


def encode(substrate: SubstrateInterface, tree: CallTree) -> bytes:
    """The SCALE bytes of a call under the runtime that `substrate` has loaded."""
    call = substrate.runtime_config.create_scale_object("Call", metadata=substrate.metadata)
    return bytes(call.encode(tree).data)


def _channel_videos(batch: ChannelBatch) -> CallTree:
    return _call("Utility", "batch_all", calls=[_create_video(batch, video) for video in batch.videos])


def _create_video(batch: ChannelBatch, video: NewVideo) -> CallTree:
    """A collaborator acts as `Member`: the runtime has no actor of its own for collaborators."""
    parameters = {
        "assets": {
            "object_creation_list": [_data_object(asset) for asset in video.assets],
            "expected_data_size_fee": batch.prices.data_size_fee_per_mb,
        },
        "meta": "0x" + video.meta.hex(),
        "auto_issue_nft": None,
        "expected_video_state_bloat_bond": batch.prices.video_bond,
        "expected_data_object_state_bloat_bond": batch.prices.object_bond,
        "storage_buckets_num_witness": batch.stored_by_count,
    }
    actor = {"Member": batch.member_id}
    return _call("Content", "create_video", actor=actor, channel_id=batch.channel_id, params=parameters)


def _data_object(asset: Asset) -> dict[str, Any]:
    return {"size": asset.size, "ipfs_content_id": asset.content_id}


def _call(pallet: str, name: str, **arguments: Any) -> CallTree:
    return {"call_module": pallet, "call_function": name, "call_args": arguments}
