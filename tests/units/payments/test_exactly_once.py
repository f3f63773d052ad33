"""No payment twice and none lost, whatever goes wrong in whatever order: random stories on a real node's wire.

After each story the chain itself is asked what the accounts received. More stories: PAYMENT_STORIES=200.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from channels.errors import Refused
from channels.models import Lane, LanePurpose
from payments import dry_run, earnings, paying, periods, rounds, settlement
from payments.models import Action, Earning, Line, Payment, Round, TransactionLine
from payments.settlement import PaymentCargo
from payments.states import LineState, RoundState
from tests.support.joystream import RunningJoystream
from tests.units.payments.programme import begin, day, published, verified
from videos import outside
from videos.models import ChainTransaction, TransactionState
from videos.pipeline import outbox
from ytsynch.devnet.world import PAYER
from ytsynch.joystream.errors import JoystreamError

pytestmark = pytest.mark.django_db

STORIES = int(os.environ.get("PAYMENT_STORIES", "15"))
HEALING_STEPS = 60
PRICE = 10_000_000
CHANNELS = (1, 2, 3)


class Killed(BaseException):
    """The process dies: nothing after this line is done, and nothing is cleaned up."""


class Story:
    """The payer's workers, staff, and the world around them. Each public method is something that may happen."""

    def __init__(self, joystream: RunningJoystream) -> None:
        self._joystream = joystream
        self._faults = joystream.joystream.chain.faults
        begin()
        self.channels = [verified(joystream_channel_id=id) for id in CHANNELS]
        for channel in self.channels:
            published(channel, at=day(2))
        self._let_go()

    def a_round_is_computed_and_let_go(self) -> None:
        published(self.channels[0], at=day(9 + 7 * Round.objects.count()))
        self._let_go()

    def two_people_compute_at_once(self) -> None:
        """The second finds what the first left: nothing."""
        published(self.channels[1], at=day(9 + 7 * Round.objects.count()))
        self._let_go()
        self._let_go()

    def work(self) -> None:
        """A worker takes the lane and makes a step."""
        self._free_lane()
        paying.do_due()
        settlement.finish_due()

    def dies_before_sending(self) -> None:
        with pytest.MonkeyPatch.context() as process:
            process.setattr(outbox, "send", _die)
            with suppress(Killed):
                self.work()

    def dies_while_settling(self) -> None:
        """In the middle of the transaction: the database takes it back."""
        with pytest.MonkeyPatch.context() as process:
            process.setattr(settlement, "_paid", _die)
            with suppress(Killed), transaction.atomic():
                self.work()

    def loses_the_connection_while_sending(self) -> None:
        self._joystream.in_loop(lambda: self._faults.cut_next_submits(1))
        self.work()

    def the_node_loses_the_extrinsic(self) -> None:
        self._joystream.in_loop(lambda: self._faults.drop_next_extrinsics(1, PAYER.suri))
        self.work()

    def a_block_is_made(self) -> None:
        self._joystream.seal()

    def some_blocks_are_made(self) -> None:
        self._joystream.seal(4)

    def a_fork_drops_a_block(self) -> None:
        self._fork(1, back_to_pool=False)

    def a_fork_puts_two_blocks_back(self) -> None:
        self._fork(2, back_to_pool=True)

    def two_workers_settle_the_same_extrinsic(self) -> None:
        lane = Lane.objects.filter(purpose=LanePurpose.PAYMENTS).first()
        rows = [outbox.outstanding(lane.pk) for _ in range(2)] if lane else []
        with suppress(JoystreamError):
            for row in rows:
                if row is not None:
                    outbox.reconcile(row, outside.node(), PaymentCargo())

    def half_a_minute_passes(self) -> None:
        long_ago = timezone.now() - outbox.SEND_AGAIN_AFTER - timedelta(seconds=1)
        ChainTransaction.objects.exclude(sent_at=None).update(sent_at=long_ago)
        self.work()

    def heal(self) -> None:
        """Every fault is over."""
        self._joystream.control_action("reset")
        for _ in range(HEALING_STEPS):
            self.work()
            self._joystream.seal()
            if not Round.objects.exclude(state=RoundState.SETTLED).exists():
                return

    def _let_go(self) -> None:
        end = periods.last_end(timezone.now())
        with suppress(Refused):
            round = rounds.compute(period_end=end, joy_price=PRICE, round_down_to=10**6, by="ann")
            rounds.approve(rounds.review(round, by="ann"), by="bob")
            try:
                dry_run.run(round, by="bob")
            except JoystreamError:  # staff see that, and look again
                rounds.keep_dry_run(round, {"is_covered": True}, by="bob")
            rounds.pay(round, by="bob")

    def _free_lane(self) -> None:
        """The lane of a worker that died is free when its lease has ended."""
        Lane.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    def _fork(self, depth: int, *, back_to_pool: bool) -> None:
        chain = self._joystream.joystream.chain
        if chain.best.number - chain.finalized.number >= depth:
            self._joystream.in_loop(lambda: chain.fork(depth, back_to_pool=back_to_pool))


def _die(*_: Any) -> None:
    raise Killed


EVENTS: list[Callable[[Story], None]] = [
    event for name, event in vars(Story).items() if not name.startswith("_") and name != "heal"
]

PAID = [Story.work, Story.some_blocks_are_made]
DEATH = [Story.some_blocks_are_made] * 3
"""More blocks than an extrinsic lives for."""


def received(joystream: RunningJoystream) -> dict[str, int]:
    """HAPI on the reward accounts, as the chain has it."""
    channels = outside.query_node().channels(CHANNELS)
    return {one.reward_account: outside.node().balance(one.reward_account) for one in channels.values()}


@settings(
    max_examples=STORIES,
    deadline=None,
    derandomize="PAYMENT_STORIES" not in os.environ,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@example(events=[*PAID, Story.two_workers_settle_the_same_extrinsic])
@example(events=[Story.the_node_loses_the_extrinsic, *DEATH, Story.two_workers_settle_the_same_extrinsic])
@example(events=[*PAID, Story.dies_while_settling, Story.a_round_is_computed_and_let_go, *PAID])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=3, max_size=10))
@pytest.mark.usefixtures("service")
def test_whatever_happens_everybody_is_paid_what_they_earned_exactly_once(joystream, events):
    with transaction.atomic():
        before = received(joystream)
        story = Story(joystream)
        for event in events:
            note(event.__name__)
            event(story)
        story.heal()
        assert set(Round.objects.values_list("state", flat=True)) == {RoundState.SETTLED}
        assert not ChainTransaction.objects.filter(state=TransactionState.SIGNED).exists()
        for round in Round.objects.all():
            sums = [line.amount for line in round.lines.all()]
            assert sum(sums) == sum(
                Payment.objects.filter(line__round=round).values_list("amount", flat=True)
            )
        earned = sum(Earning.objects.values_list("cents", flat=True))
        assert sum(Line.objects.values_list("cents", flat=True)) == earned
        after = received(joystream)
        for account, balance in after.items():
            told = Payment.objects.filter(reward_account=account).values_list("amount", flat=True)
            assert balance - before[account] == sum(told)
        live = TransactionLine.objects.filter(is_live=True)
        assert live.count() == Line.objects.filter(state=LineState.PAID).count() == Payment.objects.count()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_people_who_compute_and_collect_at_the_same_instant_share_what_there_is():
    """Four at once: everything is in one round, once."""
    begin()
    for _ in range(8):
        channel = verified()
        for hour in (8, 9, 10, 11):
            published(channel, at=day(2, hour))
    barrier = Barrier(4)

    def race(_: int) -> None:
        barrier.wait()
        try:
            earnings.collect()
            end = periods.last_end(timezone.now())
            rounds.compute(period_end=end, joy_price=PRICE, round_down_to=1, by="ann")
        except Refused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, range(4)))
    assert Earning.objects.filter(action=Action.VIDEOS).count() == 8 * 3
    assert Earning.objects.filter(action=Action.SIGN_UP).count() == 8
    assert Round.objects.count() == 1
    assert sum(Line.objects.values_list("cents", flat=True)) == 8 * (200 + 3 * 50)
    assert not Earning.objects.filter(line=None).exists()
    assert earnings.collect() == 0
