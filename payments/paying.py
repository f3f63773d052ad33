"""Paying: the lines of approved rounds go out in batches, exactly once, through the payer's lane.

The same way as videos are created: first the question that the lane's outstanding extrinsic leaves open is
answered (`videos.pipeline.outbox`), then the next is built:

1. take open lines of rounds that are being paid;
2. set aside those whose channel is suspended by now; ask the query node for the reward accounts of the others;
3. ask the chain whether the account can pay for them and for the fee;
4. sign one `force_batch` of a `member_remark` a line;
5. commit the signed bytes with their lines, and only then send them.

A line is in one extrinsic that may pay it, or has: a database constraint.
"""

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from channels.models import Lane, LanePurpose, Status
from payments import batches, payer, rounds
from payments.dry_run import reward_accounts
from payments.models import Line, TransactionLine
from payments.settlement import PaymentCargo
from payments.states import LineState, RoundState
from videos import outside
from videos.errors import LaneDry
from videos.models import ChainTransaction, Purpose
from videos.pipeline import funds, lanes, outbox
from ytsynch.failpoints import failpoint
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.node import Node, SignedExtrinsic

log = structlog.get_logger(__name__)


def do_due() -> bool:
    """A step of the payer's lane. True when something is under way, or was done."""
    if not _is_something_to_do():
        return False
    lane = lanes.claim(LanePurpose.PAYMENTS)
    if lane is None:
        return False
    failpoint(f"{Purpose.PAYMENT}.lane_claimed")
    try:
        return advance(lane)
    except JoystreamError as error:
        log.warning("payment.waits", lane=lane.member_id, reason=error.code, text=str(error))
        return False
    finally:
        lanes.release(lane)


def advance(lane: Lane) -> bool:
    """One step: settle what was sent, or send what comes next. False when nothing is under way."""
    node = outside.node()
    row = outbox.outstanding(lane.pk)
    if row is not None:
        if not outbox.reconcile(row, node, PaymentCargo()):
            outbox.send_again_if_lost(row, node)
        return True
    try:
        row = _prepare(lane, node)
    except LaneDry as dry:
        funds.run_dry(lane, dry)
        return False
    if row is None:
        return False
    failpoint(f"{Purpose.PAYMENT}.signed")
    outbox.send(row, node)
    return True


def _is_something_to_do() -> bool:
    """Without a chain or a lock: upkeep asks this every few seconds."""
    under_way = Line.objects.filter(
        round__state=RoundState.PAYING, state__in=[LineState.OPEN, LineState.SENT]
    )
    return under_way.exists()


def _prepare(lane: Lane, node: Node) -> ChainTransaction | None:
    """Build, sign and commit the next extrinsic. None when there is nothing to be paid now."""
    lines = _payable()
    if not lines:
        return None
    accounts = reward_accounts(lines)
    _refuse([line for line in lines if line.pk not in accounts], "Joystream knows no such channel.")
    lines = [line for line in lines if line.pk in accounts]
    if not lines:
        return None
    signer = payer.signer()
    call = batches.call_of(lines, accounts, node)
    _weight, fee = node.weight_of(call, signer)
    needs = sum(line.amount for line in lines) + fee + node.existential_deposit()
    balance = node.balance(signer.address)
    if balance < needs:
        raise LaneDry(f"the payments take {needs:,} HAPI, there are {balance:,}", needs=needs, has=balance)
    birth = node.finalized()
    signed = node.sign(
        call,
        signer,
        nonce=node.nonce(signer.address),
        era_period=settings.CONFIG.joystream.era_period,
        birth=birth,
    )
    failpoint(f"{Purpose.PAYMENT}.signing")
    return _commit(lane, lines, accounts, signed, birth=birth.number)


@transaction.atomic
def _payable() -> list[Line]:
    """The next open lines, without those of channels that are suspended by now."""
    lines = _open().select_for_update(of=("self",))[: batches.MOST]
    payable = []
    for line in lines:
        if line.channel.status == Status.SUSPENDED:
            rounds.leave_out(line, reason="The channel is suspended.")
        else:
            payable.append(line)
    return payable


def _open() -> QuerySet[Line]:
    lines = Line.objects.filter(round__state=RoundState.PAYING, state=LineState.OPEN)
    return lines.select_related("channel", "round").order_by("round", "channel", "-amount", "id")


@transaction.atomic
def _refuse(lines: list[Line], reason: str) -> None:
    Line.objects.filter(pk__in=[line.pk for line in lines], state=LineState.OPEN).update(
        state=LineState.FAILED, reason=reason
    )


@transaction.atomic
def _commit(
    lane: Lane, lines: list[Line], accounts: dict[int, str], signed: SignedExtrinsic, *, birth: int
) -> ChainTransaction | None:
    """None where the lines are not as they were when the call was built: staff had a hand in it."""
    locked = Line.objects.select_for_update().filter(
        pk__in=[line.pk for line in lines], state=LineState.OPEN, round__state=RoundState.PAYING
    )
    now = {line.pk: line.amount for line in locked}
    if now != {line.pk: line.amount for line in lines}:
        return None
    row = outbox.write_down(lane, Purpose.PAYMENT, signed, birth=birth)
    for position, line in enumerate(lines):
        TransactionLine.objects.create(transaction=row, line=line, position=position)
        Line.objects.filter(pk=line.pk).update(
            state=LineState.SENT,
            reward_account=accounts[line.pk],
            joystream_channel_id=line.channel.joystream_channel_id,
        )
        failpoint(f"{Purpose.PAYMENT}.written")
    return row
