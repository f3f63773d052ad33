"""The outbox: what became of an extrinsic that was signed, whatever crashed since (architecture.md 3).

    signed ──> found in a final block ──> final: settled with the events of that block
       └─────> its era is over and no final block holds it ──> dead: its videos are free again

A row is committed before the first byte is sent, and a lane has at most one row in `signed` (a database
constraint): so there is always one question to answer before a lane goes on, and only final blocks answer it.
While the era lasts and the node may have lost the extrinsic, the same bytes are sent again: they have the
same hash and nonce, so they cannot land twice.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now

from videos import errors, moves, pace
from videos.models import ChainTransaction, MediaFile, TransactionState, TransactionVideo
from videos.pipeline import refusals
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.batches import Created, Failed, settle
from ytsynch.joystream.errors import ExtrinsicRefused
from ytsynch.joystream.node import BlockRef, Inclusion, Node, Outcome

log = structlog.get_logger(__name__)

SEND_AGAIN_AFTER = timedelta(seconds=30)
"""Five blocks. Finality takes three."""


def outstanding(lane_id: int) -> ChainTransaction | None:
    """The lane's extrinsic whose fate is not known yet."""
    return ChainTransaction.objects.filter(lane_id=lane_id, state=TransactionState.SIGNED).first()


def send(row: ChainTransaction, node: Node) -> None:
    """Hand the signed bytes to the node; again is harmless. A refusal says nothing about earlier sendings, so
    it is only noted.
    """
    try:
        node.submit(bytes(row.data))
    except ExtrinsicRefused as refusal:
        log.info("extrinsic.refused", hash=row.hash, text=str(refusal))
        ChainTransaction.objects.filter(pk=row.pk).update(error=str(refusal))
        return
    failpoint("creation.sent")
    ChainTransaction.objects.filter(pk=row.pk).update(sent_at=Now())
    log.info("extrinsic.sent", hash=row.hash, nonce=row.nonce)


def send_again_if_lost(row: ChainTransaction, node: Node) -> None:
    """The same bytes once more, when they have been on their way for a while: a node may have lost them, a
    fork dropped their block.
    """
    lost = ChainTransaction.objects.filter(pk=row.pk).filter(
        Q(sent_at=None) | Q(sent_at__lt=Now() - Value(SEND_AGAIN_AFTER))
    )
    if lost.update(sent_at=Now()):
        send(row, node)


def reconcile(row: ChainTransaction, node: Node) -> bool:
    """Find out what became of the extrinsic, and settle it when that is certain. True when it is settled."""
    final = node.finalized()
    last = min(final.number, row.death_block - 1)
    inclusion = node.find(row.hash, row.scanned_to + 1, last) if last > row.scanned_to else None
    if inclusion is not None:
        failpoint("creation.found")
        _settle_final(row, inclusion, node.outcome(inclusion))
        failpoint("creation.settled")
        return True
    if final.number >= row.death_block:
        failpoint("creation.dead")
        _settle_dead(row)
        return True
    ChainTransaction.objects.filter(pk=row.pk).update(scanned_to=max(row.scanned_to, last))
    row.scanned_to = max(row.scanned_to, last)
    return False


def batches_of(row: ChainTransaction) -> list[list[TransactionVideo]]:
    """The extrinsic's entries, a list a channel, in the order in which they were signed."""
    batches: dict[int, list[TransactionVideo]] = {}
    for entry in row.entries.select_related("video__channel").order_by("batch", "position"):
        batches.setdefault(entry.batch, []).append(entry)
    return [batches[index] for index in sorted(batches)]


@transaction.atomic
def _settle_final(row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
    """Move every video of a final extrinsic by what the chain's events say of its channel's batch."""
    if not _is_ours_to_settle(row):
        return
    batches = batches_of(row)
    _close(row, TransactionState.FINAL, inclusion=inclusion, outcome=outcome)
    if not outcome.success:
        error = refusals.error_of(outcome.error)
        for batch in batches:
            _give_back(batch, error)
        return
    for batch, result in zip(batches, settle(outcome, [len(batch) for batch in batches]), strict=True):
        if isinstance(result, Failed):
            _give_back(batch, refusals.error_of(result.error))
        else:
            _mark_created(batch, result, inclusion.block)


def _mark_created(batch: list[TransactionVideo], result: Created, block: BlockRef) -> None:
    for entry, (video_id, object_ids) in zip(batch, result.videos, strict=True):
        files = list(MediaFile.objects.filter(video=entry.video).order_by("position"))
        for file, object_id in zip(files, object_ids, strict=True):
            file.object_id = object_id
        MediaFile.objects.bulk_update(files, ["object_id"])
        moves.move(
            entry.video,
            State.CREATED,
            event="created",
            detail={"joystream_video": video_id, "block": block.number},
            joystream_video_id=video_id,
            created_in_block=block.number,
        )
        failpoint("creation.created")
        pace.finished(Stage.CREATION)


def _settle_dead(row: ChainTransaction) -> None:
    """No final block up to its death holds it: it can never land, so its videos are safe to be sent in
    another.
    """
    with transaction.atomic():
        if not _is_ours_to_settle(row):
            return
        _close(row, TransactionState.DEAD)
        for batch in batches_of(row):
            _give_back(batch, errors.ExtrinsicLost(f"{row.hash} was in no block up to {row.death_block - 1}"))


def _is_ours_to_settle(row: ChainTransaction) -> bool:
    """Lock the row. False when another worker, who had the lane meanwhile, has settled it already."""
    locked = ChainTransaction.objects.select_for_update().filter(pk=row.pk, state=TransactionState.SIGNED)
    return locked.first() is not None


def _give_back(batch: list[TransactionVideo], error: Exception) -> None:
    """The videos of a batch that did not happen wait for another, or for what the error says."""
    if isinstance(error, errors.ChannelTrouble):
        refusals.pause_channel(batch[0].video.channel, error)
    for entry in batch:
        video = entry.video
        attempts = video.attempts
        moves.move(
            video, State.DOWNLOADED, event="not_created", detail={"text": str(error)[:500]}, attempts=attempts
        )
        moves.fail(video, error)
        failpoint("creation.given_back")


def _close(
    row: ChainTransaction,
    state: TransactionState,
    *,
    inclusion: Inclusion | None = None,
    outcome: Outcome | None = None,
) -> None:
    row.state = state
    if inclusion is not None and outcome is not None:
        row.block_number, row.block_hash = inclusion.block.number, inclusion.block.hash
        row.extrinsic_index, row.fee = inclusion.index, outcome.fee
        row.error = str(outcome.error) if outcome.error else ""
    row.settled_at = Now()
    row.save()
    log.info("extrinsic.settled", hash=row.hash, state=state.value, block=row.block_number)
