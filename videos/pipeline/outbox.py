"""The outbox: what became of an extrinsic that was signed, whatever crashed since (architecture.md 3).

    signed ──> found in a final block ──> final: settled with the events of that block
       └─────> its era is over and no final block holds it ──> dead: what it carried is free again

A row is committed before the first byte is sent, and a lane has at most one row in `signed` (a database
constraint): so there is always one question to answer before a lane goes on, and only final blocks answer it.
While the era lasts and the node may have lost the extrinsic, the same bytes are sent again: they have the
same hash and nonce, so they cannot land twice.

What an extrinsic carries is its `Cargo`'s business: videos (`videos.pipeline.settlement`), or payments
(`payments.settlement`). The outbox knows its fate alone.
"""

from datetime import timedelta
from typing import Protocol

import structlog
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now

from channels import lanes
from channels.models import Lane
from videos.models import ChainTransaction, Purpose, TransactionState
from ytsynch.failpoints import failpoint
from ytsynch.joystream.errors import EventsDoNotAddUp, ExtrinsicRefused
from ytsynch.joystream.node import Inclusion, Node, Outcome, SignedExtrinsic

log = structlog.get_logger(__name__)

SEND_AGAIN_AFTER = timedelta(seconds=30)
"""Five blocks. Finality takes three."""

NONCE_USED = "another extrinsic of the account has used its nonce"
STRANGERS = 3
"""So many extrinsics one after the other may lose their nonce to somebody else."""

POINTS = ("signed", "sent", "found", "settled", "dead")
"""Places at which tests take a process down, each behind the name of the extrinsic's purpose."""


class Cargo(Protocol):
    """What extrinsics of one purpose carry.

    Both are called once for each row, in the transaction that closes it. They may not talk to the outside.
    """

    def landed(self, row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
        """A final block holds the extrinsic, with this outcome; `outcome.success` is False when it failed as
        a whole.
        """

    def lost(self, row: ChainTransaction) -> None:
        """The extrinsic can never be included: what it carried may be sent in another."""


def outstanding(lane_id: int) -> ChainTransaction | None:
    """The lane's extrinsic whose fate is not known yet."""
    return ChainTransaction.objects.filter(lane_id=lane_id, state=TransactionState.SIGNED).first()


def write_down(lane: Lane, purpose: Purpose, signed: SignedExtrinsic, *, birth: int) -> ChainTransaction:
    """The row of an extrinsic that is about to be sent, for the caller's transaction to commit with what it
    carries. `birth` is the final block that it was signed at.
    """
    return ChainTransaction.objects.create(
        lane=lane,
        purpose=purpose,
        hash=signed.hash,
        data=signed.data,
        nonce=signed.nonce,
        birth_block=signed.birth,
        death_block=signed.death,
        scanned_to=birth,
    )


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
    failpoint(f"{row.purpose}.sent")
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


def reconcile(row: ChainTransaction, node: Node, cargo: Cargo) -> bool:
    """Find out what became of the extrinsic, and settle it when that is certain. True when it is settled.

    Raises `EventsDoNotAddUp` when a final block holds it and does not tell what it did: the lane then waits
    for a human.
    """
    try:
        return _reconcile(row, node, cargo)
    except EventsDoNotAddUp as error:
        lanes.call_human(row.lane, f"extrinsic {row.hash[:10]}…: {error}")
        raise


def _reconcile(row: ChainTransaction, node: Node, cargo: Cargo) -> bool:
    final = node.finalized()
    last = min(final.number, row.death_block - 1)
    inclusion = None
    if last > row.scanned_to:
        inclusion = node.find(row.hash, row.scanned_to + 1, last, final=final)
    if inclusion is not None:
        failpoint(f"{row.purpose}.found")
        _settle_final(row, inclusion, node.outcome(inclusion), cargo)
        failpoint(f"{row.purpose}.settled")
        return True
    if final.number >= row.death_block:
        failpoint(f"{row.purpose}.dead")
        is_nonce_used = node.nonce(row.lane.address, final) > row.nonce
        _settle_dead(row, cargo, error=NONCE_USED if is_nonce_used else "")
        _beware_of_strangers(row.lane)
        return True
    ChainTransaction.objects.filter(pk=row.pk).update(scanned_to=max(row.scanned_to, last))
    row.scanned_to = max(row.scanned_to, last)
    return False


@transaction.atomic
def _settle_final(row: ChainTransaction, inclusion: Inclusion, outcome: Outcome, cargo: Cargo) -> None:
    if _is_ours_to_settle(row):
        _close(row, TransactionState.FINAL, inclusion=inclusion, outcome=outcome)
        cargo.landed(row, inclusion, outcome)


@transaction.atomic
def _settle_dead(row: ChainTransaction, cargo: Cargo, *, error: str) -> None:
    """No final block up to its death holds it: it can never land."""
    if _is_ours_to_settle(row):
        row.error = error or row.error
        _close(row, TransactionState.DEAD)
        cargo.lost(row)


def _beware_of_strangers(lane: Lane) -> None:
    """Somebody else who uses the lane's account takes our nonces: once may be a mistake, again and again is
    not (faults.md N5).
    """
    last = list(
        ChainTransaction.objects.filter(lane=lane).order_by("-id").values_list("error", flat=True)[:STRANGERS]
    )
    if last == [NONCE_USED] * STRANGERS:
        lanes.pause(
            lane,
            "Needs a human: somebody else sends extrinsics from its account, and takes our nonces.",
            by="outbox",
        )


def _is_ours_to_settle(row: ChainTransaction) -> bool:
    """Lock the row. False when another worker, who had the lane meanwhile, has settled it already."""
    locked = ChainTransaction.objects.select_for_update().filter(pk=row.pk, state=TransactionState.SIGNED)
    return locked.first() is not None


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
