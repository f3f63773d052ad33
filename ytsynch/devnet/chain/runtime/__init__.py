"""The runtime: which function carries out which call."""

from collections.abc import Callable, Mapping
from typing import Any

from . import balances, channels, members, storage, system, utility, videos
from .context import Context, DispatchError

__all__ = ["Context", "DispatchError", "dispatch"]

_CALLS: dict[str, Callable[[Context, bytes, dict[str, Any]], None]] = {
    "System.remark": system.remark,
    "System.remark_with_event": system.remark_with_event,
    "Balances.transfer": balances.transfer,
    "Balances.transfer_keep_alive": balances.transfer_keep_alive,
    "Members.buy_membership": members.buy_membership,
    "Members.gift_membership": members.gift_membership,
    "Members.update_accounts": members.update_accounts,
    "Members.member_remark": members.member_remark,
    "Content.create_channel": channels.create_channel,
    "Content.update_channel": channels.update_channel,
    "Content.delete_channel": channels.delete_channel,
    "Content.channel_owner_remark": channels.channel_owner_remark,
    "Content.set_channel_paused_features_as_moderator": channels.set_channel_paused_features_as_moderator,
    "Content.update_video_state_bloat_bond": channels.update_video_state_bloat_bond,
    "Content.create_video": videos.create_video,
    "Content.update_video": videos.update_video,
    "Content.delete_video": videos.delete_video,
    "Storage.accept_pending_data_objects": storage.accept_pending_data_objects,
    "Storage.set_storage_bucket_voucher_limits": storage.set_storage_bucket_voucher_limits,
    "Storage.update_storage_buckets_for_bag": storage.update_storage_buckets_for_bag,
    "Storage.update_data_size_fee": storage.update_data_size_fee,
    "Storage.update_data_object_state_bloat_bond": storage.update_data_object_state_bloat_bond,
    "Storage.update_uploading_blocked_status": storage.update_uploading_blocked_status,
}

_BATCHES = {"batch": utility.batch, "batch_all": utility.batch_all, "force_batch": utility.force_batch}


def dispatch(context: Context, signer: bytes, call: Mapping[str, Any]) -> None:
    """Carries out a call as `signer`; when it fails nothing of it stays, and DispatchError says why."""
    ((pallet, content),) = call.items()
    ((name, args),) = content.items()
    with context.all_or_nothing():
        if pallet == "Utility" and name in _BATCHES:
            _BATCHES[name](context, signer, args, dispatch)
        elif f"{pallet}.{name}" in _CALLS:
            _CALLS[f"{pallet}.{name}"](context, signer, args)
        else:
            raise DispatchError("BadOrigin")  # what only root, inherents or roles outside the devnet may call
