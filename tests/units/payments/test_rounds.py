"""The way of a payout round, and what is refused on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from channels.errors import Refused
from channels.models import SuspensionReason, TierName
from payments import earnings, periods, rounds
from payments.errors import NotCovered, NotPossible, SecondPersonNeeded
from payments.models import Action, Earning, Line, RewardRules
from payments.states import RoundState
from tests.units.payments.programme import begin, day, published, verified
from ypp import membership, suspension

pytestmark = pytest.mark.django_db

PRICE = 5_000_000  # half a cent for one JOY
COVERED = {"is_covered": True}


def compute(**changes: Any):
    end = periods.last_end(timezone.now())
    terms: dict[str, Any] = {"period_end": end, "joy_price": PRICE, "round_down_to": 10**8, "by": "ann"}
    return rounds.compute(**terms | changes)


def approved(**changes):
    return rounds.approve(rounds.review(compute(**changes), by="ann"), by="bob")


def owed(round):
    return {(line.channel_id, line.action): (line.count, line.cents) for line in round.lines.all()}


def test_a_round_has_a_line_for_each_channel_and_kind_of_thing():
    begin()
    first, second = verified(), verified(TierName.SILVER)
    for number in (2, 3):
        published(first, at=day(number))
    verified(referrer_channel_id=first.joystream_channel_id, tier=TierName.DIAMOND)
    round = compute()
    lines = owed(round)
    assert lines[first.pk, Action.SIGN_UP] == (1, 200)
    assert lines[first.pk, Action.VIDEOS] == (2, 100)
    assert lines[first.pk, Action.REFERRALS] == (1, 990)
    assert lines[second.pk, Action.SIGN_UP] == (1, 2500)
    assert round.lines.get(channel=second).amount == 5000 * 10**10  # 25 dollars at half a cent


def test_the_sum_of_the_lines_is_that_of_what_was_earned():
    begin()
    for _ in range(5):
        published(verified(), at=day(2))
    round = compute()
    assert rounds.total(round).cents == sum(Earning.objects.values_list("cents", flat=True)) == 5 * 250
    assert not Earning.objects.filter(line=None).exists()


def test_what_is_in_a_round_is_in_no_other():
    begin()
    verified()
    compute()
    with pytest.raises(Refused, match="Nothing was earned"):
        compute()


def test_what_was_earned_after_the_end_of_the_week_waits_for_the_next_round():
    begin()
    channel = verified()
    published(channel, at=day(2))
    published(channel, at=day(9))
    verified(created_at=day(8))
    assert owed(compute(period_end=day(7, 10))) == {
        (channel.pk, Action.SIGN_UP): (1, 200),
        (channel.pk, Action.VIDEOS): (1, 50),
    }


def test_a_round_ends_with_a_week_that_is_over():
    begin()
    verified()
    for moment in (day(7, 11), periods.next_end(timezone.now())):
        with pytest.raises(Refused):
            compute(period_end=moment)


def test_the_suspended_are_left_out_and_come_in_when_that_is_lifted():
    begin()
    channel = verified()
    other = verified()
    published(channel, at=day(2))
    earnings.collect()
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="test")
    assert {key[0] for key in owed(compute())} == {other.pk}
    suspension.lift(channel, by="test")
    assert {key[0] for key in owed(compute())} == {channel.pk}


def test_those_who_left_are_paid_what_they_earned():
    begin()
    channel = verified()
    membership.opt_out(channel, by="owner")
    assert owed(compute()) == {(channel.pk, Action.SIGN_UP): (1, 200)}


def test_a_line_is_adjusted_for_a_reason_that_is_in_the_history():
    begin()
    verified()
    round = compute()
    line = round.lines.get()
    with pytest.raises(Refused, match="reason"):
        rounds.adjust(line, cents=100, reason=" ", by="ann")
    line = rounds.adjust(line, cents=100, reason="half of it was late", by="ann")
    assert (line.owed, line.amount) == (100, 200 * 10**10)
    event = round.events.first()
    assert (event.event, event.detail["from"], event.detail["to"], event.by) == ("adjusted", 200, 100, "ann")
    assert rounds.adjust(line, cents=None, reason="", by="ann").amount == 400 * 10**10


def test_computing_again_takes_another_price_and_what_came_late():
    begin()
    verified()
    round = compute()
    rounds.adjust(round.lines.get(), cents=1, reason="a try", by="ann")
    published(verified(), at=day(2))
    round = rounds.compute_again(round, joy_price=2 * PRICE, round_down_to=1, by="ann")
    assert rounds.total(round).cents == 200 + 250
    assert rounds.total(round).amount == 450 * 10**10


def test_only_a_computed_round_can_be_changed():
    begin()
    verified()
    round = rounds.review(compute(), by="ann")
    with pytest.raises(NotPossible):
        rounds.adjust(round.lines.get(), cents=1, reason="late", by="ann")
    with pytest.raises(NotPossible):
        rounds.compute_again(round, joy_price=1, round_down_to=1, by="ann")
    round = rounds.send_back(round, reason="a look is missing", by="bob")
    assert (round.state, round.reviewed_by) == (RoundState.COMPUTED, "")


def test_above_the_sum_of_the_rules_a_second_person_approves():
    begin(two_persons_above=199)
    verified()
    round = rounds.review(compute(), by="ann")
    with pytest.raises(SecondPersonNeeded, match=r"\$1\.99"):
        rounds.approve(round, by="ann")
    assert rounds.approve(round, by="bob").approved_by == "bob"


def test_up_to_it_one_person_is_enough():
    begin(two_persons_above=200)
    verified()
    assert rounds.approve(rounds.review(compute(), by="ann"), by="ann").state == RoundState.APPROVED


def test_a_round_is_not_paid_without_a_dry_run_that_covers_it():
    begin()
    verified()
    round = approved()
    for dry_run in (None, {"is_covered": False}):
        if dry_run:
            rounds.keep_dry_run(round, dry_run, by="bob")
        with pytest.raises(NotCovered):
            rounds.pay(round, by="bob")
    rounds.keep_dry_run(round, COVERED, by="bob")
    assert rounds.pay(round, by="bob").state == RoundState.PAYING


def test_a_dry_run_of_other_sums_counts_no_more():
    begin()
    verified()
    round = compute()
    rounds.keep_dry_run(round, COVERED, by="ann")
    rounds.adjust(round.lines.get(), cents=10**6, reason="a bonus", by="ann")
    round = rounds.approve(rounds.review(round, by="ann"), by="bob")
    with pytest.raises(NotCovered):
        rounds.pay(round, by="bob")


@pytest.mark.parametrize("step", ["review", "send_back", "approve", "cancel"])
def test_a_round_that_is_being_paid_takes_no_other_order(step):
    begin()
    verified()
    round = approved()
    rounds.keep_dry_run(round, COVERED, by="bob")
    rounds.pay(round, by="bob")
    words = {"reason": "too late"} if step in ("send_back", "cancel") else {}
    with pytest.raises(NotPossible):
        getattr(rounds, step)(round, by="bob", **words)


def test_what_a_cancelled_round_was_for_is_free_for_the_next_one():
    begin()
    verified()
    rounds.cancel(compute(), reason="wrong price", by="ann")
    assert rounds.total(compute()).cents == 200


def test_each_move_is_in_the_history_with_who_did_it():
    begin()
    verified()
    round = approved()
    rounds.keep_dry_run(round, COVERED, by="bob")
    rounds.pay(round, by="bob")
    story = [(event.event, event.by) for event in round.events.order_by("id")]
    assert story == [
        ("computed", "ann"),
        ("reviewed", "ann"),
        ("approved", "bob"),
        ("dry_run", "bob"),
        ("paying", "bob"),
    ]


def test_a_line_of_nothing_is_nothing_to_pay():
    begin()
    verified()
    verified()
    round = compute()
    rounds.adjust(round.lines.first(), cents=0, reason="a double account", by="ann")
    round = rounds.approve(rounds.review(round, by="ann"), by="bob")
    rounds.keep_dry_run(round, COVERED, by="bob")
    round = rounds.pay(round, by="bob")
    assert sorted(round.lines.values_list("state", "amount")) == [("nothing", 0), ("open", 400 * 10**10)]


def test_computing_a_round_takes_as_many_queries_for_many_channels_as_for_few(django_assert_max_num_queries):
    begin()
    for _ in range(30):
        published(verified(), at=day(2))
    with django_assert_max_num_queries(22):
        compute()
    assert Line.objects.count() == 60


def test_the_rules_are_one_row():
    assert RewardRules.objects.count() == 1


def test_a_week_is_seven_days():
    end = periods.last_end(timezone.now())
    assert (
        timedelta(days=6, hours=22)
        < end - periods.last_end(end - timedelta(seconds=1))
        < timedelta(days=7, hours=2)
    )
