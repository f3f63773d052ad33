"""Content: calls on channels, with the checks of Joystream's pallet_content in its order."""

from dataclasses import replace
from typing import Any

from ytsynch.devnet.chain.records import channel_bag, channel_plain
from ytsynch.devnet.chain.state import Bond, Channel

from . import storage
from .balances import CONTENT_TREASURY, can_pay, move
from .context import Context, DispatchError, ensure
from .permissions import authorise, controls, ensure_may_change_collaborators, for_channel_update

_MOST_ASSETS = 10
_MOST_COLLABORATORS = 10
NO_ASSETS: dict[str, Any] = {"object_creation_list": [], "expected_data_size_fee": 0}


def create_channel(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    owner, params = args["channel_owner"], args["params"]
    ensure("Member" in owner, "Content.ChannelOwnerCuratorGroupDoesNotExist")
    ensure(controls(context, signer, owner["Member"]), "Content.MemberAuthFailed")
    collaborators = _collaborators(context, params["collaborators"]) or {}
    values = context.state.values
    bond = values["Content.ChannelStateBloatBondValue"]
    ensure(params["expected_channel_state_bloat_bond"] == bond, "Content.ChannelStateBloatBondChanged")
    objects = (params["assets"] or NO_ASSETS)["object_creation_list"]
    ensure(len(objects) <= _MOST_ASSETS, "Content.MaxNumberOfChannelAssetsExceeded")
    cost = bond + storage.cost_of_upload(context, objects)
    ensure(can_pay(context, signer, cost), "Content.InsufficientBalanceForChannelCreation")
    channel_id = context.state.take("Content.NextChannelId")
    ids = storage.create_bag(context, channel_id, _bag_parameters(context, signer, channel_id, params))
    move(context, signer, CONTENT_TREASURY, bond)
    channel = Channel(
        owner=owner["Member"], collaborators=collaborators, data_objects=tuple(ids), bond=Bond(bond)
    )  # fmt: skip
    context.state.channels[channel_id] = channel
    context.emit(
        "Content", "ChannelCreated", channel_id, channel_plain(channel), params, reward_account(channel_id)
    )


def update_channel(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    channel_id, params = args["channel_id"], args["params"]
    channel = existing(context, channel_id)
    new = _collaborators(context, params["collaborators"])
    own = authorise(context, signer, args["actor"], channel, for_channel_update(params))
    ensure_may_change_collaborators(own, channel, new)
    ensure_not_paused(channel, "ChannelUpdate")
    ids: list[int] = []
    if params["assets_to_upload"] is not None or params["assets_to_remove"]:
        ids, objects = replace_assets(
            context,
            signer,
            channel_id=channel_id,
            present=channel.data_objects,
            params=params,
            most=_MOST_ASSETS,
            too_many="Content.MaxNumberOfChannelAssetsExceeded",
        )
        channel = replace(channel, data_objects=objects)
    if new is not None:
        channel = replace(channel, collaborators=new)
    context.state.channels[channel_id] = channel
    context.emit("Content", "ChannelUpdated", args["actor"], channel_id, params, ids)


def delete_channel(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    channel_id, witness = args["channel_id"], args["channel_bag_witness"]
    channel = existing(context, channel_id)
    bag = context.state.bags[channel_id]
    expected = {"storage_buckets_num": len(bag.stored_by), "distribution_buckets_num": 0}
    ensure(witness == expected, "Content.InvalidChannelBagWitnessProvided")
    needed = {"DeleteChannel"} | ({"ManageNonVideoChannelAssets"} if channel.data_objects else set())
    authorise(context, signer, args["actor"], channel, needed)
    ensure(channel.num_videos == 0, "Content.ChannelContainsVideos")
    ensure(bag.objects_number == args["num_objects_to_delete"], "Content.InvalidBagSizeSpecified")
    storage.delete_bag(context, channel_id, channel.data_objects, signer)
    move(context, CONTENT_TREASURY, channel.bond.repayment_restricted_to or signer, channel.bond.amount)
    del context.state.channels[channel_id]
    context.emit("Content", "ChannelDeleted", args["actor"], channel_id)


def channel_owner_remark(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    channel = existing(context, args["channel_id"])
    ensure(controls(context, signer, channel.owner), "Content.MemberAuthFailed")
    context.emit("Content", "ChannelOwnerRemarked", args["channel_id"], args["msg"])


def set_channel_paused_features_as_moderator(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    channel = existing(context, args["channel_id"])
    _ensure_lead(context, signer, args["actor"])
    paused = frozenset(args["new_paused_features"])
    context.state.channels[args["channel_id"]] = replace(channel, paused_features=paused)
    context.emit(
        "Content", "ChannelPausedFeaturesUpdatedByModerator",
        args["actor"], args["channel_id"], sorted(paused), args["rationale"],
    )  # fmt: skip


def update_video_state_bloat_bond(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    _ensure_lead(context, signer, "Lead")
    context.state.values["Content.VideoStateBloatBondValue"] = args["new_video_state_bloat_bond"]
    context.emit("Content", "VideoStateBloatBondValueUpdated", args["new_video_state_bloat_bond"])


def existing(context: Context, channel_id: int) -> Channel:
    channel = context.state.channels.get(channel_id)
    if channel is None:
        raise DispatchError("Content.ChannelDoesNotExist")
    return channel


def ensure_not_paused(channel: Channel, feature: str) -> None:
    ensure(feature not in channel.paused_features, "Content.ChannelFeaturePaused")


def ensure_buckets_witness(context: Context, channel_id: int, witness: int | None) -> None:
    """The caller must know how many buckets store the bag: the call's weight depends on it."""
    if witness is None:
        raise DispatchError("Content.MissingStorageBucketsNumWitness")
    buckets = len(context.state.bags[channel_id].stored_by)
    ensure(witness == buckets, "Content.InvalidStorageBucketsNumWitnessProvided")


def replace_assets(
    context: Context,
    signer: bytes,
    *,
    channel_id: int,
    present: tuple[int, ...],
    params: dict[str, Any],
    most: int,
    too_many: str,
) -> tuple[list[int], tuple[int, ...]]:
    """Uploads and removes assets of a channel or video. Gives the new ids, and all that there are then."""
    ensure_buckets_witness(context, channel_id, params["storage_buckets_num_witness"])
    removed, assets = set(params["assets_to_remove"]), params["assets_to_upload"] or NO_ASSETS
    ensure(removed <= set(present), "Content.AssetsToRemoveBeyondEntityAssetsSet")
    after = len(present) - len(removed) + len(assets["object_creation_list"])
    ensure(after <= most, too_many)
    ids = storage.upload(context, upload_parameters(signer, channel_id, assets, params), removed)
    return ids, tuple(sorted((set(present) - removed) | set(ids)))


def upload_parameters(
    signer: bytes, channel_id: int, assets: dict[str, Any], params: dict[str, Any]
) -> dict[str, Any]:
    return {
        "bag_id": channel_bag(channel_id),
        "object_creation_list": assets["object_creation_list"],
        "state_bloat_bond_source_account_id": signer,
        "expected_data_size_fee": assets["expected_data_size_fee"],
        "expected_data_object_state_bloat_bond": params["expected_data_object_state_bloat_bond"],
    }


def _bag_parameters(
    context: Context, signer: bytes, channel_id: int, params: dict[str, Any]
) -> dict[str, Any]:
    # Without assets the runtime takes the present fee, so that nothing can have changed.
    fee = context.state.values["Storage.DataObjectPerMegabyteFee"]
    assets = params["assets"] or {**NO_ASSETS, "expected_data_size_fee": fee}
    return {
        **upload_parameters(signer, channel_id, assets, params),
        "bag_id": {"Channel": channel_id},
        "storage_buckets": params["storage_buckets"],
        "distribution_buckets": params["distribution_buckets"],
    }


def _collaborators(context: Context, wanted: dict[int, list[str]] | None) -> dict[int, frozenset[str]] | None:
    if wanted is None:
        return None
    ensure(all(member in context.state.members for member in wanted), "Content.InvalidMemberProvided")
    ensure(len(wanted) <= _MOST_COLLABORATORS, "Content.MaxNumberOfChannelCollaboratorsExceeded")
    return {member: frozenset(names) for member, names in wanted.items()}


def _ensure_lead(context: Context, signer: bytes, actor: Any) -> None:
    ensure(actor == "Lead", "Content.ActorNotAuthorized")
    ensure(signer == context.genesis.content_lead, "Content.LeadAuthFailed")


def reward_account(channel_id: int) -> bytes:
    """The channel's own account: the content pallet's sub-account."""
    return (b"modlmContent" + channel_id.to_bytes(8, "little")).ljust(32, b"\0")
