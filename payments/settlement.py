"""What the fate of an extrinsic of payments means for its lines, and when a round is paid and settled."""

from collections import Counter
from collections.abc import Sequence

import structlog
from django.db import transaction

from channels import sync
from channels.models import Channel
from payments import batches, money, rounds
from payments.models import Line, Payment, Round, TransactionLine
from payments.states import UNDONE, LineState, RoundState
from videos import outside
from videos.models import ChainTransaction, Purpose
from ytsynch.failpoints import failpoint
from ytsynch.joystream.batches import settle_payments
from ytsynch.joystream.chain import DispatchError
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.node import Inclusion, Outcome

log = structlog.get_logger(__name__)

SERVICE = "payments"
"""Who settles, in the histories."""

POOR = frozenset({"Members.InsufficientBalanceToCoverPayment", "Balances.InsufficientBalance"})
"""Refusals that say something of the payer's account and nothing of the line."""

WORDS = {
    "Balances.ExistentialDeposit": "The amount is too small for an account that holds nothing yet.",
    "Members.ControllerAccountRequired": "The key is not that of the payer's controller account.",
    "Members.MemberProfileNotFound": "The payer is no member of Joystream.",
}


class PaymentCargo:
    """The lines of an extrinsic of payments (an `outbox.Cargo`)."""

    def landed(self, row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
        """Each line is paid, or not, by what the chain's events say of it."""
        entries = _entries(row)
        expected = [(entry.line.reward_account, entry.line.amount) for entry in entries]
        results = settle_payments(outcome, expected)
        for entry, error in zip(entries, results, strict=True):
            if error is None:
                _paid(entry.line, row, inclusion, outcome)
            else:
                _refused(entry, error)
            failpoint(f"{Purpose.PAYMENT}.line_settled")

    def lost(self, row: ChainTransaction) -> None:
        for entry in _entries(row):
            _give_back(entry, LineState.OPEN, "")


def _entries(row: ChainTransaction) -> list[TransactionLine]:
    """The extrinsic's lines, held by the caller's transaction, in the order in which they were signed."""
    entries = TransactionLine.objects.filter(transaction=row).select_related("line__channel", "line__round")
    return list(entries.select_for_update(of=("self", "line")).order_by("position"))


def _paid(line: Line, row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
    assert outcome.at is not None  # of an outcome that a node gave
    assert line.joystream_channel_id is not None  # it was signed for one
    Payment.objects.create(
        line=line,
        channel=line.channel,
        joystream_channel_id=line.joystream_channel_id,
        reward_account=line.reward_account,
        youtube_channel_title=line.channel.title,
        youtube_channel_id=line.channel.youtube_id,
        block=inclusion.block.number,
        executed_at=outcome.at,
        action=line.action,
        amount=line.amount,
        rationale=batches.rationale(line),
        payer_member_id=row.lane.member_id,
        extrinsic=row.hash,
    )
    line.state, line.reason = LineState.PAID, ""
    line.save(update_fields=["state", "reason"])
    log.info("payment.made", line=line.pk, channel=line.channel.youtube_id, hapi=line.amount)


def _refused(entry: TransactionLine, error: DispatchError) -> None:
    """The chain did not make the payment: what the payer lacked is waited for, anything else is for staff."""
    name = str(error)
    log.warning("payment.refused", line=entry.line_id, error=name)
    if name in POOR:
        _give_back(entry, LineState.OPEN, "")
    else:
        _give_back(entry, LineState.FAILED, WORDS.get(name, f"The chain answered {name}."))


def _give_back(entry: TransactionLine, state: LineState, reason: str) -> None:
    entry.is_live = False
    entry.save(update_fields=["is_live"])
    entry.line.state, entry.line.reason, entry.line.reward_account = state, reason, ""
    entry.line.save(update_fields=["state", "reason", "reward_account"])


def finish_due() -> bool:
    """Rounds of which everything is paid are paid; those whose payments the query node shows are settled.

    True when a round moved.
    """
    return _finish_paid() or _settle_shown()


def _finish_paid() -> bool:
    paying = Round.objects.filter(state=RoundState.PAYING)
    for round in paying.exclude(lines__state__in=UNDONE).order_by("id"):
        with transaction.atomic():
            Round.objects.select_for_update().get(pk=round.pk)
            if round.lines.filter(state__in=UNDONE).exists():
                continue  # a failed line was given another try meanwhile
            rounds.finish(round, RoundState.PAID, by=SERVICE)
        return True
    return False


def _settle_shown() -> bool:
    for round in Round.objects.filter(state=RoundState.PAID).order_by("id"):
        try:
            is_shown = _is_shown(round)
        except JoystreamError as error:
            log.info("round.not_settled", round=round.pk, reason=error.code)
            return False
        if is_shown:
            _settle(round)
            return True
    return False


def _is_shown(round: Round) -> bool:
    """Does the query node know each payment of the round, as final blocks have it?

    An extrinsic may hold payments of another round too.
    """
    made = Payment.objects.filter(line__round=round)
    wanted = Counter(made.values_list("extrinsic", "reward_account", "amount"))
    if not wanted:
        return True
    hashes = {hash for hash, _account, _amount in wanted}
    first = made.order_by("block").values_list("block", flat=True)[0]
    shown = Counter(
        (payment.extrinsic, payment.reward_account, payment.amount)
        for payment in outside.query_node().payments(first)
        if payment.extrinsic in hashes
    )
    return wanted <= shown


@transaction.atomic
def _settle(round: Round) -> None:
    """The round is settled, and each channel's history says what it was paid: the order for a letter."""
    rounds.finish(round, RoundState.SETTLED, by=SERVICE)
    paid: dict[int, list[Payment]] = {}
    for payment in Payment.objects.filter(line__round=round).select_related("line__round").order_by("id"):
        assert payment.channel_id is not None  # ours have one
        paid.setdefault(payment.channel_id, []).append(payment)
    for channel in Channel.objects.filter(pk__in=paid).order_by("id"):
        sync.record(channel, "paid_out", by=SERVICE, detail=_told(paid[channel.pk]))


def _told(payments: Sequence[Payment]) -> dict[str, object]:
    """What the letter says."""
    items = []
    for payment in payments:
        assert payment.line is not None  # ours have one
        items.append(f"{batches.what_for(payment.line)}: {money.joy(payment.amount)} JOY")
    return {
        "round": payments[0].line.round_id if payments[0].line else None,
        "joy": money.joy(sum(payment.amount for payment in payments)),
        "items": items,
        "joystream_channel_id": payments[0].joystream_channel_id,
        "block": payments[-1].block,
    }
