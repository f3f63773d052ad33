"""What people and working groups do on chain: extrinsics of theirs, which take effect in the next block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ytsynch.devnet.chain.pool import InvalidTransaction
from ytsynch.devnet.keys import public_key
from ytsynch.devnet.world import (
    CHANNEL_BUCKETS,
    COLLABORATOR,
    COLLABORATOR_PERMISSIONS,
    HAPI_PER_JOY,
    LEAD_SURI,
    SPARE_BUCKET,
)

from .registry import BadRequest, Count, Result, account, action

if TYPE_CHECKING:
    from ytsynch.devnet.chain.state import Channel
    from ytsynch.devnet.joystream_process import Joystream

#: What owners may let a collaborator do, as far as videos are concerned.
PERMISSIONS = ("UpdateVideoMetadata", "AddVideo", "ManageVideoAssets", "DeleteVideo")

#: What a bucket's voucher is raised to while a bag moves in.
AMPLE_BYTES, AMPLE_OBJECTS = 10**14, 10**6


@action("/chain/transfer")
def transfer(world: Joystream, sender: str, to: str, joy: Annotated[float, Field(gt=0)]) -> Result:
    """Sends JOY from a person of the world (SURI) to an account (SURI or address)."""
    call = {"Balances": {"transfer": {"dest": account(to, "to"), "value": int(joy * HAPI_PER_JOY)}}}
    return _submit(world, sender, call, field="sender")


@action("/chain/drain-collaborator")
def drain_collaborator(world: Joystream, joy_left: Annotated[float, Field(ge=0)] = 0.1) -> Result:
    """Takes the collaborator's funds but for `joy_left`; /chain/transfer from //Lead gives them back."""
    free = world.chain.state().account(public_key(COLLABORATOR.suri)).free
    value = free - int(joy_left * HAPI_PER_JOY)
    if value <= 0:
        raise BadRequest("joy_left", f"the account has only {free / HAPI_PER_JOY} JOY")
    call = {"Balances": {"transfer": {"dest": public_key(LEAD_SURI), "value": value}}}
    return _submit(world, COLLABORATOR.suri, call)


@action("/chain/set-prices")
def set_prices(
    world: Joystream,
    data_size_fee: Count | None = None,
    object_bond: Count | None = None,
    video_bond: Count | None = None,
) -> Result:
    """Sets what storage and videos cost, in HAPI: fee a megabyte, bond an object, bond a video."""
    calls: list[dict[str, Any]] = []
    if data_size_fee is not None:
        calls.append({"Storage": {"update_data_size_fee": {"new_data_size_fee": data_size_fee}}})
    if object_bond is not None:
        calls.append({"Storage": {"update_data_object_state_bloat_bond": {"state_bloat_bond": object_bond}}})
    if video_bond is not None:
        name = "update_video_state_bloat_bond"
        calls.append({"Content": {name: {"new_video_state_bloat_bond": video_bond}}})
    if not calls:
        raise BadRequest("body", "give one of data_size_fee, object_bond, video_bond")
    return _submit(world, LEAD_SURI, _all_of(calls))


@action("/chain/take-space")
def take_space(
    world: Joystream, channel_id: int, bytes_left: Count = 0, objects_left: Count = AMPLE_OBJECTS
) -> Result:
    """A Joystream channel's storage is full but for `bytes_left` and `objects_left` (its voucher's limit)."""
    _channel(world, channel_id)
    bag = world.chain.state().bags[channel_id]
    spare = world.chain.state().buckets[SPARE_BUCKET]
    is_moved = SPARE_BUCKET in bag.stored_by
    used_bytes = spare.size_used + (0 if is_moved else bag.objects_total_size)
    used_objects = spare.objects_used + (0 if is_moved else bag.objects_number)
    limits = _voucher_limits(used_bytes + bytes_left, used_objects + objects_left)
    if is_moved:
        return _submit(world, LEAD_SURI, limits)
    move = _swap_buckets(channel_id, SPARE_BUCKET, CHANNEL_BUCKETS[-1])
    return _submit(world, LEAD_SURI, _all_of([_voucher_limits(AMPLE_BYTES, AMPLE_OBJECTS), move, limits]))


@action("/chain/give-space")
def give_space(world: Joystream, channel_id: int) -> Result:
    """Undoes /chain/take-space for a Joystream channel."""
    _channel(world, channel_id)
    if SPARE_BUCKET not in world.chain.state().bags[channel_id].stored_by:
        raise BadRequest("channel_id", f"the space of channel {channel_id} was not taken")
    return _submit(world, LEAD_SURI, _swap_buckets(channel_id, CHANNEL_BUCKETS[-1], SPARE_BUCKET))


@action("/chain/block-uploads")
def block_uploads(world: Joystream, on: bool = True) -> Result:
    """The storage working group forbids new data objects for everybody."""
    call = {"Storage": {"update_uploading_blocked_status": {"new_status": on}}}
    return _submit(world, LEAD_SURI, call)


@action("/chain/pause-channel")
def pause_channel(world: Joystream, channel_id: int, on: bool = True) -> Result:
    """A moderator forbids the creation of videos in a Joystream channel."""
    _channel(world, channel_id)
    arguments = {
        "actor": "Lead",
        "channel_id": channel_id,
        "new_paused_features": ["VideoCreation"] if on else [],
        "rationale": b"devnet",
    }
    return _submit(world, LEAD_SURI, {"Content": {"set_channel_paused_features_as_moderator": arguments}})


@action("/chain/remove-collaborator")
def remove_collaborator(world: Joystream, channel_id: int) -> Result:
    """The owner takes the service's collaborator off the Joystream channel."""
    channel = _channel(world, channel_id)
    rest = {member: sorted(may) for member, may in channel.collaborators.items() if member != COLLABORATOR.id}
    return _set_collaborators(world, channel_id, channel, rest)


@action("/chain/add-collaborator")
def add_collaborator(world: Joystream, channel_id: int, permissions: list[str] | None = None) -> Result:
    """The owner makes the service the collaborator of the Joystream channel, or gives it other permissions."""
    channel = _channel(world, channel_id)
    others = {member: sorted(may) for member, may in channel.collaborators.items()}
    wanted = list(COLLABORATOR_PERMISSIONS) if permissions is None else permissions
    if unknown := set(wanted) - set(PERMISSIONS):
        raise BadRequest("permissions", f"there is no {', '.join(sorted(unknown))}")
    return _set_collaborators(world, channel_id, channel, others | {COLLABORATOR.id: wanted})


@action("/chain/create-video")
def create_video(
    world: Joystream, channel_id: int, title: str, seconds: Count, published: str | None = None
) -> Result:
    """The owner creates a video by hand, without files; `published`: the date that it says it first appeared."""
    channel, state = _channel(world, channel_id), world.chain.state()
    facts: list[tuple[int, bytes | int]] = [(1, title.encode()), (5, seconds)]
    if published is not None:
        facts.append((11, _message((1, True), (2, published.encode()))))
    params: dict[str, Any] = {
        "assets": None,
        "meta": _message((1, _message(*facts, (13, True)))),
        "auto_issue_nft": None,
        "expected_video_state_bloat_bond": state.values["Content.VideoStateBloatBondValue"],
        "expected_data_object_state_bloat_bond": state.values["Storage.DataObjectStateBloatBondValue"],
        "storage_buckets_num_witness": len(state.bags[channel_id].stored_by),
    }
    arguments = {"actor": {"Member": channel.owner}, "channel_id": channel_id, "params": params}
    return _submit(world, _owner(world, channel), {"Content": {"create_video": arguments}})


@action("/chain/edit-video")
def edit_video(
    world: Joystream, video_id: int, title: str | None = None, is_public: bool | None = None
) -> Result:
    """The owner gives a video on Joystream another title, or hides or shows it."""
    video = world.chain.state().videos.get(video_id)
    if video is None:
        raise BadRequest("video_id", f"there is no video {video_id}")
    channel = world.chain.state().channels[video.in_channel]
    facts: list[tuple[int, bytes | int]] = [(1, title.encode())] if title is not None else []
    facts += [(13, is_public)] if is_public is not None else []
    params: dict[str, Any] = {
        "assets_to_upload": None,
        "new_meta": _message((1, _message(*facts))),
        "assets_to_remove": [],
        "auto_issue_nft": None,
        "expected_data_object_state_bloat_bond": 0,
        "storage_buckets_num_witness": None,
    }
    arguments = {"actor": {"Member": channel.owner}, "video_id": video_id, "params": params}
    return _submit(world, _owner(world, channel), {"Content": {"update_video": arguments}})


@action("/chain/delete-video")
def delete_video(world: Joystream, video_id: int) -> Result:
    """The owner deletes a video on Joystream."""
    video = world.chain.state().videos.get(video_id)
    if video is None:
        raise BadRequest("video_id", f"there is no video {video_id}")
    channel = world.chain.state().channels[video.in_channel]
    return _submit(world, _owner(world, channel), _deletion_of_video(world, channel, video_id))


@action("/chain/delete-channel")
def delete_channel(world: Joystream, channel_id: int) -> Result:
    """The owner deletes a Joystream channel with all its videos."""
    state, channel = world.chain.state(), _channel(world, channel_id)
    videos = [number for number, video in state.videos.items() if video.in_channel == channel_id]
    arguments = {
        "actor": {"Member": channel.owner},
        "channel_id": channel_id,
        "channel_bag_witness": {
            "storage_buckets_num": len(state.bags[channel_id].stored_by),
            "distribution_buckets_num": 0,
        },
        "num_objects_to_delete": len(channel.data_objects),
    }
    calls = [_deletion_of_video(world, channel, number) for number in videos]
    calls.append({"Content": {"delete_channel": arguments}})
    return _submit(world, _owner(world, channel), _all_of(calls))


def _message(*facts: tuple[int, bytes | int]) -> bytes:
    """A protobuf message of short fields."""
    message = b""
    for number, value in facts:
        if isinstance(value, int):
            message += compact_number(number << 3) + compact_number(int(value))
        else:
            message += compact_number(number << 3 | 2) + compact_number(len(value)) + value
    return message


def compact_number(value: int) -> bytes:
    """A protobuf varint."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _channel(world: Joystream, channel_id: int) -> Channel:
    channel = world.chain.state().channels.get(channel_id)
    if channel is None:
        raise BadRequest("channel_id", f"there is no Joystream channel {channel_id}")
    return channel


def _owner(world: Joystream, channel: Channel) -> str:
    for member in world.world.members:
        if member.id == channel.owner:
            return member.suri
    raise BadRequest("channel_id", f"the key of member {channel.owner} is not known to the devnet")


def _submit(world: Joystream, signer: str, call: dict[str, Any], *, field: str = "body") -> Result:
    account(signer, field)
    try:
        return {"extrinsic": "0x" + world.chain.submit_as(signer, call).hex()}
    except InvalidTransaction as error:
        raise BadRequest(field, f"the node refuses the extrinsic: {error}") from error


def _all_of(calls: list[dict[str, Any]]) -> dict[str, Any]:
    return calls[0] if len(calls) == 1 else {"Utility": {"batch_all": {"calls": calls}}}


def _voucher_limits(size: int, objects: int) -> dict[str, Any]:
    arguments = {
        "storage_bucket_id": SPARE_BUCKET,
        "new_objects_size_limit": size,
        "new_objects_number_limit": objects,
    }
    return {"Storage": {"set_storage_bucket_voucher_limits": arguments}}


def _swap_buckets(channel_id: int, add: int, remove: int) -> dict[str, Any]:
    arguments = {
        "bag_id": {"Dynamic": {"Channel": channel_id}},
        "add_buckets": [add],
        "remove_buckets": [remove],
    }
    return {"Storage": {"update_storage_buckets_for_bag": arguments}}


def _set_collaborators(
    world: Joystream, channel_id: int, channel: Channel, collaborators: dict[int, list[str]]
) -> Result:
    params: dict[str, Any] = {
        "assets_to_upload": None,
        "new_meta": None,
        "assets_to_remove": [],
        "collaborators": collaborators,
        "expected_data_object_state_bloat_bond": 0,
        "storage_buckets_num_witness": None,
    }
    arguments = {"actor": {"Member": channel.owner}, "channel_id": channel_id, "params": params}
    return _submit(world, _owner(world, channel), {"Content": {"update_channel": arguments}})


def _deletion_of_video(world: Joystream, channel: Channel, video_id: int) -> dict[str, Any]:
    state = world.chain.state()
    video = state.videos[video_id]
    arguments = {
        "actor": {"Member": channel.owner},
        "video_id": video_id,
        "num_objects_to_delete": len(video.data_objects),
        "storage_buckets_num_witness": len(state.bags[video.in_channel].stored_by),
    }
    return {"Content": {"delete_video": arguments}}
