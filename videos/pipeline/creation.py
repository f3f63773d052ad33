"""Creation: downloaded videos get their place on chain, many in one extrinsic, exactly once.

One lane at a time: first the question that its outstanding extrinsic leaves open is answered
(`videos.pipeline.outbox`), then the next is built:

1. take downloaded videos of the lane in queue order;
2. ask the query node whether any of them is on Joystream already, whoever brought it, and how far it has read
   the chain;
3. ask the chain, at one final block, for each channel's permission and bucket count, and for fees and bonds;
4. sign `force_batch` of one `batch_all` a channel, as much as the configured share of a block takes;
5. commit the signed bytes with their videos, and only then send them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from channels.models import Channel, Lane
from videos import errors, moves, outages, outside
from videos.discovery import edits
from videos.leases import claim
from videos.models import ChainTransaction, MediaFile, Purpose, Role, TransactionVideo, Video
from videos.pipeline import adoption, changing, funds, lanes, outbox, readiness, refusals
from videos.pipeline.settlement import VideoCargo
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.metadata import Subtitle, VideoFacts, fitted_texts, video_metadata
from ytsynch.joystream.node import (
    Asset,
    Call,
    ChainChannel,
    ChannelBatch,
    NewVideo,
    Node,
    Prices,
    SignedExtrinsic,
)
from ytsynch.joystream.query_node import QnChannel, QueryNode
from ytsynch.joystream.texts import fit_description, fit_title

log = structlog.get_logger(__name__)

MOST = 400
"""Videos taken for one extrinsic; the block's weight usually allows fewer (about 300 at half a block)."""


def advance(lane: Lane) -> bool:
    """One step of the lane. True when something is under way, so that it is worth looking again soon."""
    if settle(lane):
        return True
    node = outside.node()
    for prepare in _turns(lane):
        row = prepare(lane, node, outside.query_node())
        if row is not None:
            failpoint(f"{row.purpose}.signed")
            outbox.send(row, node)
            return True
    return False


Prepare = Callable[[Lane, Node, QueryNode], ChainTransaction | None]


def _turns(lane: Lane) -> tuple[Prepare, Prepare]:
    """New videos and changes of published ones take turns, so that neither starves the other."""
    last = (
        ChainTransaction.objects.filter(lane=lane).order_by("-id").values_list("purpose", flat=True).first()
    )
    return (changing.prepare, _prepare) if last == Purpose.CREATION else (_prepare, changing.prepare)


CARGO: dict[str, outbox.Cargo] = {Purpose.CREATION: VideoCargo(), Purpose.CHANGE: changing.ChangeCargo()}
"""What a lane of videos sends, by its purpose."""


def settle(lane: Lane) -> bool:
    """Follow what the lane has sent, and send nothing new. False when nothing of it is under way."""
    row = outbox.outstanding(lane.pk)
    if row is None:
        return False
    node = outside.node()
    if not outbox.reconcile(row, node, CARGO[row.purpose]):
        outbox.send_again_if_lost(row, node)
    return True


@dataclass(frozen=True)
class Group:
    """A channel's videos for one batch, with what the chain and the query node say of the channel."""

    channel: Channel
    videos: list[Video]
    on_chain: ChainChannel
    first_nonce: int


def _prepare(lane: Lane, node: Node, query_node: QueryNode) -> ChainTransaction | None:
    """Build, sign and commit the lane's next extrinsic. None when there is nothing that may be sent now."""
    videos = claim(Stage.CREATION, limit=lanes.batch_size(lane, MOST), channel__app__lane=lane)
    if not videos:
        return None
    failpoint("creation.claimed")
    token = videos[0].lease_token
    row = None
    with outages.surviving(videos):
        try:
            groups = _groups(videos, node, query_node)
            row = _sign(lane, groups, node) if groups else None
        except errors.LaneDry as dry:
            funds.run_dry(lane, dry)
        finally:
            moves.release_claim(token)
    return row


def _groups(videos: Sequence[Video], node: Node, query_node: QueryNode) -> list[Group]:
    """Sort the videos by channel and drop those that may not be created now, each with its reason."""
    videos = adoption.adopt_known(videos, query_node)
    by_channel: dict[int, list[Video]] = {}
    for video in videos:
        by_channel.setdefault(video.channel_id, []).append(video)
    if not by_channel:
        return []
    seen = query_node.last_processed_block()
    at = node.finalized()
    ids = [mine[0].channel.joystream_channel_id for mine in by_channel.values()]
    on_query_node = query_node.channels([id for id in ids if id is not None])
    space = readiness.Space(node, at)
    groups = []
    for mine in by_channel.values():
        channel = mine[0].channel
        assert channel.joystream_channel_id is not None  # claimed videos belong to channels that sync
        on_chain = node.channel(channel.joystream_channel_id, at)
        try:
            ready = readiness.require(channel, on_chain)
            known = _check_nonce(channel, on_query_node.get(channel.joystream_channel_id), seen)
            fitting = space.take(ready, _batch(mine))
        except errors.VideoError as error:
            _refuse(channel, mine, error)
            continue
        groups.append(Group(channel, fitting, ready, known.total_videos_created))
    return groups


def _batch(videos: list[Video]) -> list[Video]:
    """A video that was refused before goes alone, so that it cannot take its channel's others down with it."""
    suspects = [video for video in videos if video.reason == errors.CreationRefused.code]
    innocent = [video for video in videos if video not in suspects]
    return innocent or suspects[:1]


def _check_nonce(channel: Channel, known: QnChannel | None, seen: int) -> QnChannel:
    """Is the nonce of the next attribution certain to be right? Raises `QueryNodeBehind` if not."""
    last_block = channel.videos.aggregate(last=Max("created_in_block"))["last"] or 0
    if known is None or seen < last_block:
        raise errors.QueryNodeBehind(f"it has read block {seen}, our last video is in {last_block}")
    return known


def _refuse(channel: Channel, videos: Sequence[Video], error: errors.VideoError) -> None:
    if isinstance(error, errors.ChannelTrouble):
        refusals.pause_channel(channel, error)
    for video in videos:
        moves.fail(video, error)


def _sign(lane: Lane, groups: list[Group], node: Node) -> ChainTransaction:
    """Fit the groups into the share of a block, sign, and commit the row before anything is sent."""
    signer = outside.lane_signer(lane.pk)
    prices = node.prices()
    groups, call = _fit(groups, lane, prices, node)
    birth = node.finalized()
    signed = node.sign(
        call,
        signer,
        nonce=node.nonce(signer.address),
        era_period=settings.CONFIG.joystream.era_period,
        birth=birth,
    )
    failpoint("creation.signing")
    return _commit(lane, groups, signed, birth=birth.number)


def _fit(groups: list[Group], lane: Lane, prices: Prices, node: Node) -> tuple[list[Group], Call]:
    """As many of the videos, in order, as the share of a block takes (weight, length) and the account can
    pay.

    Raises `LaneDry` when it cannot pay for one.
    """
    signer = outside.lane_signer(lane.pk)
    share = settings.CONFIG.joystream.block_weight_share
    weight_limit, length_limit = node.block_weight_limit() * share, node.block_length_limit() * share
    balance = node.balance(signer.address)
    while True:
        call = node.create_videos_call([_channel_batch(group, lane, prices) for group in groups])
        weight, fee = node.weight_of(call, signer)
        needs = fee + funds.cost([video for group in groups for video in group.videos], prices)
        excess = max(weight.ref_time / weight_limit, weight.length / length_limit, needs / max(balance, 1))
        count = sum(len(group.videos) for group in groups)
        if count == 1 and needs > balance:
            raise errors.LaneDry(
                f"the next video takes {needs:,} HAPI, there are {balance:,}", needs=needs, has=balance
            )
        if excess <= 1 or count == 1:
            return groups, call
        groups = _first(groups, max(int(count / excess * 0.95), 1))


def _first(groups: list[Group], count: int) -> list[Group]:
    """The groups cut to `count` videos in all."""
    kept = []
    for group in groups:
        videos = group.videos[:count]
        if videos:
            kept.append(Group(group.channel, videos, group.on_chain, group.first_nonce))
        count -= len(videos)
    return kept


def _channel_batch(group: Group, lane: Lane, prices: Prices) -> ChannelBatch:
    app = outside.attributing_app(group.channel.app_id)
    assert group.channel.joystream_channel_id is not None
    videos = []
    for position, video in enumerate(group.videos):
        files = list(video.files.order_by("position"))
        assets = [Asset(size=file.size, content_id=file.content_id) for file in files]
        meta = app.signer.create_video_meta(
            nonce=group.first_nonce + position,
            channel_id=group.channel.joystream_channel_id,
            assets=assets,
            data_size_fee_per_mb=prices.data_size_fee_per_mb,
            content_metadata=content_metadata(video, files),
            youtube_id=video.youtube_id,
            app_id=app.joystream_id,
        )
        videos.append(NewVideo(meta=meta, assets=assets))
    return ChannelBatch(
        channel_id=group.channel.joystream_channel_id,
        member_id=lane.member_id,
        videos=videos,
        prices=prices,
        stored_by_count=group.on_chain.stored_by_count,
    )


@transaction.atomic
def _commit(lane: Lane, groups: Sequence[Group], signed: SignedExtrinsic, *, birth: int) -> ChainTransaction:
    row = outbox.write_down(lane, Purpose.CREATION, signed, birth=birth)
    for index, group in enumerate(groups):
        for position, video in enumerate(group.videos):
            moves.move(
                video,
                State.CREATING,
                event="signed",
                detail={"extrinsic": signed.hash, **_normalised(video)},
                attempts=video.attempts,
                written=_written(video),
            )
            TransactionVideo.objects.create(
                transaction=row,
                video=video,
                batch=index,
                position=position,
                attribution_nonce=group.first_nonce + position,
            )
            failpoint("creation.written")
    return row


def _normalised(video: Video) -> dict[str, Any]:
    """What was changed in the texts to fit Joystream, for the history (faults.md Y18)."""
    fallback = edits.fallback_title(video)
    notes = [*fit_title(video.title, fallback).notes, *fit_description(video.description).notes]
    return {"notes": notes} if notes else {}


def _written(video: Video) -> dict[str, Any]:
    """What of the metadata may be changed later: see `videos.discovery.edits`."""
    fallback = edits.fallback_title(video)
    title, description = fitted_texts(video.title, video.description, title_fallback=fallback)
    thumbnail = video.files.filter(role=Role.THUMBNAIL).values_list("content_id", flat=True).first()
    return {"title": title, "description": description, "is_public": True, "thumbnail": thumbnail}


def content_metadata(video: Video, files: Sequence[MediaFile]) -> bytes:
    """Everything that Joystream's metadata can hold of the video (mission C8)."""
    media = video.media or {}
    facts = VideoFacts(
        title=video.title,
        title_fallback=edits.fallback_title(video),
        description=video.description,
        duration=media["duration"],
        width=media["width"],
        height=media["height"],
        mime_type=media["mime_type"],
        container=media["container"],
        codec=media["video_codec"],
        licence=video.license,
        licence_attribution=video.channel.title if video.license == "creativeCommon" else None,
        language=video.language or video.channel.language or None,
        category_id=video.channel.category_id or None,
        published_at=video.published_at,
        is_short=bool(video.is_short),
        is_explicit=video.is_age_restricted,
        has_marketing=video.has_paid_promotion,
        subtitles=[
            Subtitle(language=file.language, mime_type=file.mime_type, asset=file.position)
            for file in files
            if file.role == Role.SUBTITLE
        ],
    )
    return video_metadata(facts)
