"""Content: calls on videos, with the checks of Joystream's pallet_content in its order.

NFTs are not issued here.
"""

from dataclasses import replace
from typing import Any

from ytsynch.devnet.chain.state import Bond, Video

from . import storage
from .balances import CONTENT_TREASURY, can_pay, move
from .channels import (
    NO_ASSETS,
    ensure_buckets_witness,
    ensure_not_paused,
    existing,
    replace_assets,
    upload_parameters,
)
from .context import Context, DispatchError, ensure
from .permissions import authorise, for_video_update

_MOST_ASSETS = 20


def create_video(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    channel_id, params = args["channel_id"], args["params"]
    channel = existing(context, channel_id)
    with_nft = {"ManageVideoNfts"} if params["auto_issue_nft"] is not None else set()
    authorise(context, signer, args["actor"], channel, {"AddVideo"} | with_nft)
    ensure_not_paused(channel, "VideoCreation")
    _ensure_no_nft(params)
    ensure_buckets_witness(context, channel_id, params["storage_buckets_num_witness"])
    bond = context.state.values["Content.VideoStateBloatBondValue"]
    ensure(params["expected_video_state_bloat_bond"] == bond, "Content.VideoStateBloatBondChanged")
    objects = (params["assets"] or NO_ASSETS)["object_creation_list"]
    ensure(len(objects) <= _MOST_ASSETS, "Content.MaxNumberOfVideoAssetsExceeded")
    cost = bond + storage.cost_of_upload(context, objects)
    ensure(can_pay(context, signer, cost), "Content.InsufficientBalanceForVideoCreation")
    ids: list[int] = []
    if params["assets"] is not None:
        ids = storage.upload(context, upload_parameters(signer, channel_id, params["assets"], params))
    move(context, signer, CONTENT_TREASURY, bond)
    video_id = context.state.take("Content.NextVideoId")
    context.state.videos[video_id] = Video(channel_id, tuple(ids), Bond(bond))
    context.state.channels[channel_id] = replace(channel, num_videos=channel.num_videos + 1)
    context.emit("Content", "VideoCreated", args["actor"], channel_id, video_id, params, ids)


def update_video(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    video_id, params = args["video_id"], args["params"]
    video = _existing(context, video_id)
    channel = existing(context, video.in_channel)
    authorise(context, signer, args["actor"], channel, for_video_update(params))
    ensure_not_paused(channel, "VideoUpdate")
    _ensure_no_nft(params)
    ids: list[int] = []
    if params["assets_to_upload"] is not None or params["assets_to_remove"]:
        ids, objects = replace_assets(
            context,
            signer,
            channel_id=video.in_channel,
            present=video.data_objects,
            params=params,
            most=_MOST_ASSETS,
            too_many="Content.MaxNumberOfVideoAssetsExceeded",
        )
        context.state.videos[video_id] = replace(video, data_objects=objects)
    context.emit("Content", "VideoUpdated", args["actor"], video_id, params, ids)


def delete_video(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    video_id = args["video_id"]
    video = _existing(context, video_id)
    channel = existing(context, video.in_channel)
    needed = {"DeleteVideo"} | ({"ManageVideoAssets"} if video.data_objects else set())
    authorise(context, signer, args["actor"], channel, needed)
    exact = len(video.data_objects) == args["num_objects_to_delete"]
    ensure(exact, "Content.InvalidVideoDataObjectsCountProvided")
    if video.data_objects:
        ensure_buckets_witness(context, video.in_channel, args["storage_buckets_num_witness"])
        storage.delete_objects(context, video.in_channel, video.data_objects, signer)
    move(context, CONTENT_TREASURY, video.bond.repayment_restricted_to or signer, video.bond.amount)
    del context.state.videos[video_id]
    context.state.channels[video.in_channel] = replace(channel, num_videos=channel.num_videos - 1)
    context.emit("Content", "VideoDeleted", args["actor"], video_id)


def _existing(context: Context, video_id: int) -> Video:
    video = context.state.videos.get(video_id)
    if video is None:
        raise DispatchError("Content.VideoDoesNotExist")
    return video


def _ensure_no_nft(params: dict[str, Any]) -> None:
    if params["auto_issue_nft"] is not None:
        raise DispatchError("Content.ChannelNftDailyLimitExceeded")
