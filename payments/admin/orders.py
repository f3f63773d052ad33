"""What staff order for rounds and their lines: words, forms and effects. The rules are those of
`payments.rounds`.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from channels.errors import Refused
from payments import dry_run, earnings, money, rounds
from payments.admin.chain import fresh_node
from payments.models import Line, Round
from payments.states import MOVES, LineState, RoundState
from ytsynch.desk.orders import Effect, Order, OrderForm, each
from ytsynch.joystream.errors import JoystreamError

RUN, APPROVE = "payments.run_round", "payments.approve_round"
REFUSALS = (Refused, JoystreamError)

ROUNDINGS = (
    (10**8, "down to 0.01 JOY"),
    (10**6, "down to 0.0001 JOY"),
    (10**10, "down to whole JOY"),
    (1, "down to the last HAPI"),
)

Said = dict[str, Any]


class PriceField(forms.DecimalField):
    """US dollars for one JOY, as billionths."""

    def __init__(self) -> None:
        super().__init__(
            label="US dollars for one JOY",
            min_value=Decimal("0.000001"),
            max_value=Decimal(1_000),
            decimal_places=9,
            widget=UnfoldAdminDecimalFieldWidget,
            help_text="The price that the round pays at, such as 0.0045.",
        )

    def clean(self, value: Any) -> int:
        return int(super().clean(value) * money.NANOS_PER_DOLLAR)


class TermsForm(OrderForm):
    """What a round is computed at."""

    joy_price = PriceField()
    round_down_to = forms.TypedChoiceField(
        label="Amounts are rounded", choices=ROUNDINGS, coerce=int, widget=UnfoldAdminSelectWidget
    )


class ReasonForm(OrderForm):
    reason = forms.CharField(
        max_length=200, widget=UnfoldAdminTextInputWidget, help_text="Kept in the round's history."
    )


class AdjustForm(OrderForm):
    dollars = forms.DecimalField(
        label="US dollars",
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text="0: it is not paid, now or later. Empty: the computed sum again.",
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Needed for another sum than the computed one. The creator can read it on chain.",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("dollars") is not None and not said.get("reason", "").strip():
            self.add_error("reason", "Another sum needs a reason.")
        return said


# --- Effects ------------------------------------------------------------------------------------------------


def _sum_of(round: Round) -> str:
    total = rounds.total(round)
    return f"{money.dollars(total.cents)}, {money.joy(total.amount)} JOY to {total.channels:,} channels"


def _moving(
    target: RoundState, say: Callable[[Round], str]
) -> Callable[[Sequence[Round]], Mapping[Any, Effect]]:
    """Effects of a move, refused where the table of states has it not."""

    def effect(round: Round) -> Effect:
        if target not in MOVES[RoundState(round.state)]:
            return Effect(f"It is {round.get_state_display().lower()}.", is_refused=True)
        return Effect(say(round))

    return lambda some: {round.pk: effect(round) for round in some}


def _while(
    states: frozenset[RoundState], say: Callable[[Round], str]
) -> Callable[[Sequence[Round]], Mapping[Any, Effect]]:
    def effect(round: Round) -> Effect:
        if round.state not in states:
            return Effect(f"It is {round.get_state_display().lower()}.", is_refused=True)
        return Effect(say(round))

    return lambda some: {round.pk: effect(round) for round in some}


def _approving(some: Sequence[Round]) -> Mapping[Any, Effect]:
    limit = earnings.rules().two_persons_above

    def say(round: Round) -> str:
        words = f"{_sum_of(round)} may be paid."
        if rounds.total(round).cents > limit:
            words += f" Not by {round.reviewed_by}, who reviewed it: it is above {money.dollars(limit)}."
        return words

    return _moving(RoundState.APPROVED, say)(some)


def _paying(some: Sequence[Round]) -> Mapping[Any, Effect]:
    def effect(round: Round) -> Effect:
        if round.state != RoundState.APPROVED:
            return Effect(f"It is {round.get_state_display().lower()}.", is_refused=True)
        if not round.dry_run or not round.dry_run["is_covered"]:
            return Effect("A dry run must have shown first that the account covers it.", is_refused=True)
        return Effect(f"{_sum_of(round)} go out now. It cannot be taken back.")

    return {round.pk: effect(round) for round in some}


def _of_lines(
    objection: Callable[[Line], str], say: Callable[[Line], str]
) -> Callable[[Sequence[Line]], Mapping[Any, Effect]]:
    def effect(line: Line) -> Effect:
        text = objection(line)
        return Effect(text, is_refused=True) if text else Effect(say(line))

    return lambda lines: {line.pk: effect(line) for line in lines}


def _not_computed(line: Line) -> str:
    is_open = line.round.state == RoundState.COMPUTED
    return "" if is_open else f"Its round is {line.round.get_state_display().lower()}."


def _not_failed(line: Line) -> str:
    return "" if line.state == LineState.FAILED else f"It is {line.get_state_display().lower()}."


# --- Acts ---------------------------------------------------------------------------------------------------


def _dry_run(round: Round, said: Said, by: str) -> str:
    with fresh_node():
        found = dry_run.run(round, by=by)
    covered = "It is covered" if found.is_covered else "It is not covered"
    needs, balance = money.joy(found.needs), money.joy(found.balance)
    trouble = f" {found.trouble_count} lines would not be paid." if found.trouble_count else ""
    return f"{covered}: {found.payments} payments take {needs} JOY with fees, there are {balance}.{trouble}"


def _adjust(line: Line, said: Said, by: str) -> None:
    dollars = said["dollars"]
    cents = None if dollars is None else int(dollars * 100)
    rounds.adjust(line, cents=cents, reason=said["reason"], by=by)


def _terms(said: Said) -> dict[str, int]:
    return {name: said[name] for name in ("joy_price", "round_down_to")}


OPEN = frozenset({RoundState.COMPUTED, RoundState.REVIEWED, RoundState.APPROVED})
"""Rounds of which nothing has gone out."""

ROUND_ORDERS: tuple[Order[Round], ...] = (
    Order(
        name="compute_again",
        title="Compute again",
        icon="calculate",
        explanation="What was earned late comes in, at the price that you give. Adjustments are undone.",
        permission=RUN,
        form=TermsForm,
        effects=_while(frozenset({RoundState.COMPUTED}), lambda round: f"Now {_sum_of(round)}."),
        act=each(
            lambda round, said, by: rounds.compute_again(round, by=by, **_terms(said)), refusals=REFUSALS
        ),
    ),
    Order(
        name="review",
        title="Mark as reviewed",
        icon="fact_check",
        explanation="You have looked at its lines and adjusted what was wrong. It can be approved then.",
        permission=RUN,
        effects=_moving(RoundState.REVIEWED, lambda round: f"{_sum_of(round)}."),
        act=each(lambda round, _, by: rounds.review(round, by=by), refusals=REFUSALS),
    ),
    Order(
        name="send_back",
        title="Send back",
        icon="undo",
        explanation="Its lines can be adjusted again; it has to be reviewed and approved anew.",
        permission=RUN,
        form=ReasonForm,
        effects=_while(
            frozenset({RoundState.REVIEWED, RoundState.APPROVED}), lambda round: "It is computed again."
        ),
        act=each(
            lambda round, said, by: rounds.send_back(round, reason=said["reason"], by=by), refusals=REFUSALS
        ),
    ),
    Order(
        name="approve",
        title="Approve",
        icon="approval",
        explanation="It may be paid, once a dry run has gone well.",
        permission=APPROVE,
        effects=_approving,
        act=each(lambda round, _, by: rounds.approve(round, by=by), refusals=REFUSALS),
    ),
    Order(
        name="dry_run",
        title="Dry run",
        icon="science",
        explanation="Asks the query node for the reward accounts, and the chain for fees and the balance. "
        "Nothing is paid.",
        permission=RUN,
        effects=_while(OPEN, lambda round: f"{_sum_of(round)} are tried."),
        act=each(_dry_run, refusals=REFUSALS),
    ),
    Order(
        name="pay",
        title="Pay",
        icon="payments",
        explanation="The payments go out on chain, in batches, each exactly once.",
        permission=APPROVE,
        effects=_paying,
        act=each(lambda round, _, by: rounds.pay(round, by=by), refusals=REFUSALS),
        is_grave=True,
    ),
    Order(
        name="cancel",
        title="Cancel",
        icon="cancel",
        explanation="Nothing of it is paid. What it was for comes into the next round.",
        permission=RUN,
        form=ReasonForm,
        effects=_moving(RoundState.CANCELLED, lambda round: f"{_sum_of(round)} wait for another round."),
        act=each(
            lambda round, said, by: rounds.cancel(round, reason=said["reason"], by=by), refusals=REFUSALS
        ),
        is_grave=True,
    ),
)

LINE_ORDERS: tuple[Order[Line], ...] = (
    Order(
        name="adjust",
        title="Adjust",
        icon="edit",
        explanation="Another sum than the computed one, for a reason.",
        permission=RUN,
        form=AdjustForm,
        effects=_of_lines(_not_computed, lambda line: f"Is {money.dollars(line.owed)} now."),
        act=each(_adjust, refusals=REFUSALS),
    ),
    Order(
        name="try_again",
        title="Try again",
        icon="replay",
        explanation="It goes out with the next batch.",
        permission=APPROVE,
        effects=_of_lines(_not_failed, lambda line: line.reason),
        act=each(lambda line, _, by: rounds.try_again(line, by=by), refusals=REFUSALS),
    ),
    Order(
        name="set_aside",
        title="Set aside",
        icon="move_down",
        explanation="It is left out of its round; what it was for comes into the next one.",
        permission=APPROVE,
        form=ReasonForm,
        effects=_of_lines(_not_failed, lambda line: line.reason),
        act=each(
            lambda line, said, by: rounds.set_aside(line, reason=said["reason"], by=by), refusals=REFUSALS
        ),
    ),
)
