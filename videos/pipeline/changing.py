"""Changing: what was ordered for published videos (`videos.changes`) is made on chain, many in one extrinsic,
through the same lane and outbox as creation.

Before it is signed each is held against what is true now: does the creator still want it, does the channel allow
it, and has nobody changed on Joystream what would be overwritten? Each stands or falls by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from channels.models import Lane, Pause
from videos import changes, errors, moves, outside, reactions
from videos.discovery import departures
from videos.models import ChainTransaction, ChangeKind, ChangeState, Purpose, Video, VideoChange
from videos.pipeline import funds, lanes, outbox, refusals
from videos.states import State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.batches import Changed, settle_changes
from ytsynch.joystream.metadata import update_metadata
from ytsynch.joystream.node import (
    BlockRef,
    Call,
    ChainChannel,
    DispatchError,
    Inclusion,
    Node,
    Outcome,
    Prices,
    VideoDeletion,
    VideoUpdate,
)
from ytsynch.joystream.query_node import QnVideo, QueryNode

log = structlog.get_logger(__name__)

MOST = 400
BY = "chain"
MAKING = (Pause.NONE, Pause.STORAGE_FULL)
"""A full channel may well be changed; one that is paused otherwise may not."""

NOT_ALLOWED_AGAIN = timedelta(days=1)
TRIES = 3

Chain = VideoUpdate | VideoDeletion


class _Unneeded(Exception):
    """The change is no longer wanted, or would overwrite what somebody wrote on Joystream; says why."""


@dataclass(frozen=True)
class Ready:
    """A change and its call; `values` are what will be written, which may be less than was ordered."""

    change: VideoChange
    values: dict[str, Any]
    call: Chain


def prepare(lane: Lane, node: Node, query_node: QueryNode) -> ChainTransaction | None:
    """Build, sign and commit the lane's next extrinsic of changes. None when there is none to be made now."""
    wanted = _due(lane)
    if not wanted:
        return None
    failpoint("change.claimed")
    try:
        ready = _ready(wanted, lane, node, query_node)
        return _sign(lane, ready, node) if ready else None
    except errors.LaneDry as dry:
        funds.run_dry(lane, dry)
        return None


def _due(lane: Lane) -> list[VideoChange]:
    rows = VideoChange.objects.filter(
        state=ChangeState.WANTED,
        next_attempt_at__lte=Now(),
        video__channel__app__lane=lane,
        video__channel__pause__in=MAKING,
    )
    limit = lanes.batch_size(lane, MOST)
    return list(rows.select_related("video__channel__app").order_by("wanted_at", "id")[:limit])


def _ready(wanted: Sequence[VideoChange], lane: Lane, node: Node, query_node: QueryNode) -> list[Ready]:
    """Those of the changes that may be made now; the others are dropped, or wait with a reason."""
    shown = query_node.videos([change.video.joystream_video_id or 0 for change in wanted])
    now = ChainNow(lane, node, node.finalized(), node.prices())
    ready = []
    for change in wanted:
        try:
            ready.append(_fit(change, shown.get(change.video.joystream_video_id or 0), now))
        except _Unneeded as why:
            _drop(change, str(why))
        except errors.VideoError as error:
            _refused(change, error)
    return ready


class ChainNow:
    """The chain at one final block; each channel is asked for once."""

    def __init__(self, lane: Lane, node: Node, at: BlockRef, prices: Prices) -> None:
        self.lane, self.node, self.at, self.prices = lane, node, at, prices
        self._channels: dict[int, ChainChannel | None] = {}

    def channel_of(self, video: Video) -> ChainChannel | None:
        id = video.channel.joystream_channel_id or 0
        if id not in self._channels:
            self._channels[id] = self.node.channel(id, self.at)
        return self._channels[id]


def _fit(change: VideoChange, there: QnVideo | None, now: ChainNow) -> Ready:
    """Raises `_Unneeded`, `GoneOnJoystream` and `ChangeNotAllowed`."""
    video, lane = change.video, now.lane
    channel = now.channel_of(video)
    if video.state != State.PUBLISHED or video.joystream_video_id is None:
        raise _Unneeded("the video is no longer published")
    if change.why == changes.GONE and not departures.still_wanted(
        video.channel, video, ChangeKind(change.kind)
    ):
        raise _Unneeded("its creator wants it otherwise now")
    if channel is None or there is None:
        raise errors.GoneOnJoystream("neither is there any more")
    if change.kind == ChangeKind.DELETE:
        on_chain = now.node.video(video.joystream_video_id, now.at)
        if on_chain is None:
            raise errors.GoneOnJoystream(f"video {video.joystream_video_id} is not on chain")
        objects = len(on_chain.data_objects)
        _require(channel, lane, "DeleteVideo", *(["ManageVideoAssets"] if objects else []))
        deletion = VideoDeletion(video.joystream_video_id, lane.member_id, objects, channel.stored_by_count)
        return Ready(change, {}, deletion)
    values = _unwritten(change, there)
    _require(channel, lane, "UpdateVideoMetadata")
    meta = update_metadata(**values)
    update = VideoUpdate(video.joystream_video_id, lane.member_id, meta, now.prices, channel.stored_by_count)
    return Ready(change, values, update)


def _unwritten(change: VideoChange, there: QnVideo) -> dict[str, Any]:
    """What of the change is still to be written, and overwrites nothing but our own. Raises `_Unneeded`."""
    written, values = change.video.written, {}
    for name, value in change.values.items():
        here = getattr(there, name)
        here = here if name == "is_public" else here or ""
        last = written.get(name, True if name == "is_public" else None)
        if here == value:
            continue
        if here != last:
            changes.record(change.video, "joystream_edit_kept", by=BY, detail={"field": name})
            continue
        values[name] = value
    if not values:
        raise _Unneeded("Joystream has it already, or an edit of its own")
    return values


def _require(channel: ChainChannel, lane: Lane, *permissions: str) -> None:
    missing = [name for name in permissions if not channel.allows(lane.member_id, name)]
    if missing:
        raise errors.ChangeNotAllowed(f"member {lane.member_id} lacks {', '.join(missing)}")


def _sign(lane: Lane, ready: list[Ready], node: Node) -> ChainTransaction | None:
    signer = outside.lane_signer(lane.pk)
    ready, call = _within_a_block(ready, lane, node)
    birth = node.finalized()
    signed = node.sign(
        call,
        signer,
        nonce=node.nonce(signer.address),
        era_period=settings.CONFIG.joystream.era_period,
        birth=birth,
    )
    with transaction.atomic():
        row = outbox.write_down(lane, Purpose.CHANGE, signed, birth=birth.number)
        for position, each in enumerate(ready):
            mine = VideoChange.objects.filter(
                pk=each.change.pk, state=ChangeState.WANTED, kind=each.change.kind, values=each.change.values
            )
            if not mine.update(
                state=ChangeState.SIGNED, transaction=row, position=position, values=each.values
            ):  # ordered otherwise meanwhile: nothing is signed that nobody wants
                transaction.set_rollback(True)
                return None
            failpoint("change.written")
    return row


def _within_a_block(ready: list[Ready], lane: Lane, node: Node) -> tuple[list[Ready], Call]:
    """As many as the share of a block takes and the account can pay. Raises `LaneDry`."""
    signer = outside.lane_signer(lane.pk)
    share = settings.CONFIG.joystream.block_weight_share
    weight_limit, length_limit = node.block_weight_limit() * share, node.block_length_limit() * share
    balance = node.balance(signer.address)
    while True:
        call = node.change_videos_call([each.call for each in ready])
        weight, fee = node.weight_of(call, signer)
        if len(ready) == 1 and fee > balance:
            raise errors.LaneDry(
                f"a change takes {fee:,} HAPI, there are {balance:,}", needs=fee, has=balance
            )
        excess = max(weight.ref_time / weight_limit, weight.length / length_limit, fee / max(balance, 1))
        if excess <= 1 or len(ready) == 1:
            return ready, call
        ready = ready[: max(int(len(ready) / excess * 0.95), 1)]


# --- What became of them ------------------------------------------------------------------------------------


class ChangeCargo:
    """The changes of an extrinsic (an `outbox.Cargo`)."""

    def landed(self, row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
        """Each change was made or refused by itself."""
        signed = _of(row)
        results = settle_changes(outcome, [_likeness(change) for change in signed])
        if outcome.success:
            lanes.grow(row.lane_id, len(signed))
        for change, result in zip(signed, results, strict=True):
            if isinstance(result, DispatchError):
                _give_back(change, refusals.error_of(result))
            else:
                _made(change, result, inclusion.block)
            failpoint("change.told")

    def lost(self, row: ChainTransaction) -> None:
        signed = _of(row)
        if row.error != outbox.NONCE_USED:
            lanes.shrink(row.lane_id, len(signed))
        for change in signed:
            _want_again(change)


def _of(row: ChainTransaction) -> list[VideoChange]:
    return list(row.changes.select_related("video__channel__app").order_by("position"))


def _likeness(change: VideoChange) -> Chain:
    """Which video it is of, and of which kind, is all that its events can tell."""
    video_id = change.video.joystream_video_id or 0
    if change.kind == ChangeKind.DELETE:
        return VideoDeletion(video_id, 0, object_count=0, stored_by_count=0)
    return VideoUpdate(video_id, 0, None, Prices(0, 0, 0), 0)


def _made(change: VideoChange, result: Changed, block: BlockRef) -> None:
    video = Video.objects.select_for_update().get(pk=change.video_id)
    detail = {"why": change.why, "block": block.number}
    if change.kind == ChangeKind.DELETE:
        moves.move(video, State.REMOVED, event="deleted_on_joystream", by=BY, detail=detail, reserved_bytes=0)
    else:
        Video.objects.filter(pk=video.pk).update(written={**video.written, **change.values})
        values = changes.shortened(change.values)
        changes.record(video, "changed_on_joystream", by=BY, detail=detail | {"values": values})
    _close(change, ChangeState.DONE)


def _want_again(change: VideoChange) -> None:
    VideoChange.objects.filter(pk=change.pk).update(
        state=ChangeState.WANTED, transaction=None, position=None, next_attempt_at=Now()
    )


def _give_back(change: VideoChange, error: errors.VideoError) -> None:
    _want_again(change)
    change.refresh_from_db()
    _refused(change, error)


def _refused(change: VideoChange, error: errors.VideoError) -> None:
    """What keeps a change from being made: for now, or for good."""
    if isinstance(error, errors.CollaboratorMissing | errors.ChannelModerated):
        error = errors.ChangeNotAllowed(str(error))
    code, text = reactions.code_of(error), str(error)
    if isinstance(error, errors.GoneOnJoystream):
        Video.objects.filter(pk=change.video_id).update(next_look_at=Now())
        _drop(change, text, reason=code)
        return
    is_counted = not isinstance(error, errors.ChangeNotAllowed)
    if is_counted and change.attempts + 1 >= TRIES:
        _drop(change, text, reason=code)
        return
    delay = reactions.reaction_to(error).delay(error, change.attempts) or timedelta(minutes=1)
    VideoChange.objects.filter(pk=change.pk).update(
        attempts=F("attempts") + int(is_counted),
        reason=code,
        reason_text=text[:500],
        next_attempt_at=Now() + Value(delay if is_counted else NOT_ALLOWED_AGAIN),
    )
    if change.reason != code:
        changes.record(change.video, "change_waits", by=BY, reason=code, detail={"text": text[:500]})


def _drop(change: VideoChange, text: str, *, reason: str = "") -> None:
    changes.record(change.video, "change_dropped", by=BY, reason=reason, detail={"text": text[:500]})
    VideoChange.objects.filter(pk=change.pk).update(reason=reason, reason_text=text[:500])
    _close(change, ChangeState.DROPPED)


def _close(change: VideoChange, state: ChangeState) -> None:
    VideoChange.objects.filter(pk=change.pk).update(state=state, settled_at=Now())
