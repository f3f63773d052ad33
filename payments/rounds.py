"""Payout rounds: computed, reviewed, approved and let go. Each move writes its history row.

Whoever moves a round holds its row; whoever computes one holds the row of the rules, so that two people who
compute at once share what there is, and nothing is in two rounds: an earning has one line.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from channels.errors import Refused
from channels.models import Status
from payments import earnings, money, periods
from payments.errors import NotCovered, NotPossible, SecondPersonNeeded
from payments.models import Action, Earning, Line, RewardRules, Round, RoundEvent
from payments.states import MOVES, LineState, RoundState
from ytsynch.clusters.bell import ring

log = structlog.get_logger(__name__)

STAGE = "upkeep"
"""Whose workers pay."""

OWED = Coalesce(F("adjusted_cents"), F("cents"))
"""US cents of a line."""

OWED_OF_ROUND = Coalesce(F("lines__adjusted_cents"), F("lines__cents"))
"""The same, from a round."""


@dataclass(frozen=True)
class Total:
    """`cents` US cents and `amount` HAPI in `lines` payments to `channels` channels."""

    lines: int
    channels: int
    cents: int
    amount: int


def total(round: Round) -> Total:
    """What the round pays, without what was set aside."""
    counted = round.lines.exclude(state=LineState.SET_ASIDE).filter(amount__gt=0)
    sums = counted.aggregate(
        lines=Count("id"), channels=Count("channel", distinct=True), cents=Sum(OWED), amount=Sum("amount")
    )
    return Total(sums["lines"], sums["channels"], sums["cents"] or 0, int(sums["amount"] or 0))


def by_action(round: Round) -> list[tuple[Action, Total]]:
    """The same for each kind of thing."""
    rows = (
        round.lines.exclude(state=LineState.SET_ASIDE)
        .order_by("action")
        .values("action")
        .annotate(lines=Count("id"), all_cents=Sum(OWED), all_amount=Sum("amount"))
    )
    return [
        (Action(row["action"]), Total(row["lines"], row["lines"], row["all_cents"], int(row["all_amount"])))
        for row in rows
    ]


@transaction.atomic
def compute(*, period_end: datetime, joy_price: int, round_down_to: int, by: str) -> Round:
    """A new round of everything that was earned before `period_end` and is in no other.

    `joy_price` in billionths of a US dollar for one JOY, `round_down_to` in HAPI. Raises `Refused` for a
    moment at which no week ends, or one that is yet to come, and when there is nothing to pay.
    """
    _check_period(period_end)
    RewardRules.objects.select_for_update().get(pk=1)
    earnings.collect()
    round = Round.objects.create(period_end=period_end, joy_price=joy_price, round_down_to=round_down_to)
    if not _fill(round):
        raise Refused("Nothing was earned before that which is not in a round already.")
    _record(round, "computed", by=by, detail=_sums(round) | _terms(round))
    return round


@transaction.atomic
def compute_again(round: Round, *, joy_price: int, round_down_to: int, by: str) -> Round:
    """The round's lines anew, at another price: what has been earned late comes in, adjustments are undone."""
    RewardRules.objects.select_for_update().get(pk=1)
    round = _locked(round, RoundState.COMPUTED)
    earnings.collect()
    _release(Line.objects.filter(round=round))
    round.lines.all().delete()
    round.joy_price, round.round_down_to, round.dry_run = joy_price, round_down_to, None
    round.save(update_fields=["joy_price", "round_down_to", "dry_run"])
    if not _fill(round):
        raise Refused("Nothing of it is left to be paid: cancel it instead.")
    _record(round, "computed_again", by=by, detail=_sums(round) | _terms(round))
    return round


@transaction.atomic
def adjust(line: Line, *, cents: int | None, reason: str, by: str) -> Line:
    """Change the sum of a line of a computed round, for a reason; None takes the computed one again.

    0 means that what the line is for is not paid, now or later.
    """
    round = _locked(line.round, RoundState.COMPUTED)
    line = Line.objects.select_for_update().get(pk=line.pk)
    if cents is not None and not reason.strip():
        raise Refused("An adjustment needs a reason.")
    before = line.owed
    line.adjusted_cents, line.adjusted_reason = cents, reason if cents is not None else ""
    line.amount = _hapi(round, line.owed)
    line.save(update_fields=["adjusted_cents", "adjusted_reason", "amount"])
    Round.objects.filter(pk=round.pk).update(dry_run=None)  # it was of other sums
    detail = {"line": line.pk, "channel": line.channel_id, "from": before, "to": line.owed, "reason": reason}
    _record(round, "adjusted", by=by, detail=detail)
    return line


@transaction.atomic
def review(round: Round, *, by: str) -> Round:
    """Somebody has looked at every line."""
    round = _locked(round, RoundState.COMPUTED)
    round.reviewed_by = by
    return _move(round, RoundState.REVIEWED, by=by, detail=_sums(round))


@transaction.atomic
def send_back(round: Round, *, reason: str, by: str) -> Round:
    """Something is wrong with it: its lines can be adjusted and computed again."""
    round = _locked(round, RoundState.REVIEWED, RoundState.APPROVED)
    round.reviewed_by = round.approved_by = ""
    round.dry_run = None
    return _move(round, RoundState.COMPUTED, by=by, event="sent_back", detail={"reason": reason})


@transaction.atomic
def approve(round: Round, *, by: str) -> Round:
    """It may be paid. Raises `SecondPersonNeeded` where its reviewer may not approve it too."""
    round = _locked(round, RoundState.REVIEWED)
    limit = earnings.rules().two_persons_above
    if by == round.reviewed_by and total(round).cents > limit:
        raise SecondPersonNeeded(
            f"Above {money.dollars(limit)} somebody else than its reviewer must approve a round."
        )
    round.approved_by = by
    return _move(round, RoundState.APPROVED, by=by, detail=_sums(round))


@transaction.atomic
def cancel(round: Round, *, reason: str, by: str) -> Round:
    """It is not paid; what it was for is free for the next one."""
    round = _locked(round, RoundState.COMPUTED, RoundState.REVIEWED, RoundState.APPROVED)
    _release(round.lines.all())
    round.lines.update(state=LineState.SET_ASIDE, reason="The round was cancelled.")
    return _move(round, RoundState.CANCELLED, by=by, detail={"reason": reason})


@transaction.atomic
def pay(round: Round, *, by: str) -> Round:
    """Let it go. Raises `NotCovered` without a dry run of these sums that went well."""
    round = _locked(round, RoundState.APPROVED)
    if not round.dry_run or not round.dry_run["is_covered"]:
        raise NotCovered("A dry run must have shown that the payer's account covers it.")
    round.lines.filter(amount=0).update(state=LineState.NOTHING)
    round = _move(round, RoundState.PAYING, by=by, detail=_sums(round))
    ring(STAGE)
    return round


@transaction.atomic
def keep_dry_run(round: Round, found: dict[str, Any], *, by: str) -> Round:
    """Remember what a dry run found."""
    round = _locked(round, RoundState.COMPUTED, RoundState.REVIEWED, RoundState.APPROVED)
    round.dry_run = found
    round.save(update_fields=["dry_run"])
    _record(round, "dry_run", by=by, detail={"is_covered": found["is_covered"]})
    return round


@transaction.atomic
def try_again(line: Line, *, by: str) -> Line:
    """A failed line is to be paid after all."""
    _locked(line.round, RoundState.PAYING)
    line = _failed(line)
    line.state, line.reason = LineState.OPEN, ""
    line.save(update_fields=["state", "reason"])
    _record(line.round, "tried_again", by=by, detail={"line": line.pk, "channel": line.channel_id})
    ring(STAGE)
    return line


@transaction.atomic
def set_aside(line: Line, *, reason: str, by: str) -> Line:
    """A failed line is left out of its round; what it was for comes into the next one."""
    _locked(line.round, RoundState.PAYING)
    line = leave_out(_failed(line), reason=reason)
    _record(line.round, "set_aside", by=by, detail={"line": line.pk, "reason": reason})
    return line


def leave_out(line: Line, *, reason: str) -> Line:
    """In the caller's transaction, which holds the line: set aside, its earnings free again."""
    _release(Line.objects.filter(pk=line.pk))
    line.state, line.reason = LineState.SET_ASIDE, reason[:300]
    line.save(update_fields=["state", "reason"])
    return line


@transaction.atomic
def finish(round: Round, state: RoundState, *, by: str) -> Round:
    """Paid, or settled: the service has seen it."""
    return _move(_locked(round), state, by=by, detail=_sums(round))


def _check_period(period_end: datetime) -> None:
    if not periods.is_end(period_end):
        raise Refused("No week of payments ends at that moment.")
    if period_end > timezone.now():
        raise Refused("That week is not over yet.")


def _fill(round: Round) -> int:
    """Lines of what is unpaid, one a channel and action, without the suspended. How many there are."""
    unpaid = Earning.objects.unpaid_before(round.period_end).exclude(channel__status=Status.SUSPENDED)
    sums = unpaid.order_by().values("channel_id", "action").annotate(count=Count("id"), sum=Sum("cents"))
    lines = Line.objects.bulk_create(
        [
            Line(
                round=round,
                channel_id=row["channel_id"],
                action=row["action"],
                count=row["count"],
                cents=row["sum"],
                amount=_hapi(round, row["sum"]),
            )
            for row in sums
        ],
        batch_size=1000,
    )
    taken = earnings.put_into_lines(round)
    summed = sum(line.count for line in lines)
    if taken != summed:  # would be paid without being used up: nobody holds the rules' row but us
        raise AssertionError(f"{summed} earnings were summed up, {taken} were taken")
    return len(lines)


def _release(lines: Any) -> None:
    Earning.objects.filter(line__in=lines).update(line=None)


def _hapi(round: Round, cents: int) -> int:
    amount = money.hapi_of(cents, joy_price=round.joy_price, round_down_to=round.round_down_to)
    if amount > money.MOST:
        raise Refused("At that price a payment would be of more JOY than there are.")
    return amount


def _failed(line: Line) -> Line:
    line = Line.objects.select_for_update().select_related("round", "channel").get(pk=line.pk)
    if line.state != LineState.FAILED:
        raise NotPossible(f"It is {line.get_state_display().lower()}: only a failed line asks for that.")
    return line


def _locked(round: Round, *states: RoundState) -> Round:
    round = Round.objects.select_for_update().get(pk=round.pk)
    if states and round.state not in states:
        raise NotPossible(f"It is {round.get_state_display().lower()}.")
    return round


def _move(
    round: Round, state: RoundState, *, by: str, detail: dict[str, Any], event: str | None = None
) -> Round:
    if state not in MOVES[RoundState(round.state)]:
        raise NotPossible(f"It is {round.get_state_display().lower()}.")
    round.state = state
    round.save()
    Round.objects.filter(pk=round.pk).update(state_since=Now())
    _record(round, event or state.value, by=by, detail=detail)
    return round


def _record(round: Round, event: str, *, by: str, detail: dict[str, Any]) -> None:
    RoundEvent.objects.create(round=round, event=event, by=by, detail=detail)
    log.info(f"round.{event}", round=round.pk, by=by, **detail)


def _sums(round: Round) -> dict[str, Any]:
    sums = total(round)
    return {"lines": sums.lines, "cents": sums.cents, "hapi": sums.amount}


def _terms(round: Round) -> dict[str, Any]:
    return {
        "period_end": round.period_end.isoformat(),
        "joy_price": round.joy_price,
        "round_down_to": round.round_down_to,
    }
