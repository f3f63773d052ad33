"""A round is paid on chain: to the right accounts, what it says, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.errors import Refused
from channels.models import Channel, ChannelEvent, Lane, LanePurpose, SuspensionReason
from payments import dry_run, found, payer, paying, periods, rounds, settlement
from payments.admin.orders import ROUND_ORDERS
from payments.errors import NoPayer
from payments.models import Action, Earning, Lookout, Payment
from payments.states import LineState, RoundState
from tests.units.payments.programme import begin, day, published, verified
from videos import outside
from videos.models import ChainTransaction, Purpose, TransactionState
from videos.pipeline import funds
from ypp import letters, suspension
from ypp.letters.models import Kind, Letter
from ytsynch.devnet.keys import public_key
from ytsynch.devnet.world import COLLABORATOR, PAYER
from ytsynch.joystream import signatures
from ytsynch.joystream.node import BlockRef
from ytsynch.joystream.remarks import channel_payment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("service")]

PRICE = 10_000_000  # a cent for one JOY
HAPI = 10**10


@pytest.fixture
def alpine():
    begin()
    return verified(joystream_channel_id=1, title="Alpine Beekeeping", email="alpine@example.com")


def ready(**changes):
    """A round that was approved and tried."""
    end = periods.last_end(timezone.now())
    round = rounds.compute(period_end=end, joy_price=PRICE, round_down_to=10**6, by="ann")
    round = rounds.approve(rounds.review(round, by="ann"), by="bob")
    dry_run.run(round, by="bob")
    return round


def let_go(round):
    round.refresh_from_db()
    return rounds.pay(round, by="bob")


def work(joystream, *, blocks=4, times=6):
    for _ in range(times):
        paying.do_due()
        joystream.seal(blocks)
    settlement.finish_due()
    settlement.finish_due()


def account_of(channel):
    known = outside.query_node().channel(channel.joystream_channel_id)
    assert known is not None
    return known.reward_account


def test_a_round_goes_from_computed_to_settled_and_each_creator_gets_what_is_theirs(joystream, alpine):
    for hour in (8, 9):
        published(alpine, at=day(2, hour))
    clockwork = verified(joystream_channel_id=2)
    before = outside.node().balance(account_of(alpine))
    round = let_go(ready())
    work(joystream)
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED
    rows = Payment.objects.order_by("channel", "action")
    assert [(row.channel, row.action, row.amount) for row in rows] == [
        (alpine, Action.SIGN_UP, 200 * HAPI),
        (alpine, Action.VIDEOS, 100 * HAPI),
        (clockwork, Action.SIGN_UP, 200 * HAPI),
    ]
    assert outside.node().balance(account_of(alpine)) - before == 300 * HAPI
    row = rows[1]
    assert (row.joystream_channel_id, row.reward_account) == (1, account_of(alpine))
    assert (row.youtube_channel_title, row.youtube_channel_id) == ("Alpine Beekeeping", alpine.youtube_id)
    assert row.rationale.startswith("Reward for 2 new videos, until ")
    hash = outside.node().block_hash(row.block)
    assert hash is not None
    assert row.executed_at == outside.node().time_of(BlockRef(row.block, hash))
    assert row.payer_member_id == PAYER.id


def test_one_lane_of_its_own_pays_and_no_video_goes_through_it(alpine):
    lane = payer.lane()
    assert (lane.member_id, lane.purpose) == (PAYER.id, LanePurpose.PAYMENTS)
    assert payer.lane() == lane


def test_the_collaborator_cannot_be_the_payer(alpine, settings):
    Lane.objects.create(member_id=PAYER.id, address="j4", purpose=LanePurpose.VIDEOS)
    with pytest.raises(NoPayer):
        payer.lane()


def test_a_dry_run_says_what_it_would_take_and_signs_nothing(alpine):
    round = ready()
    found_there = round.__class__.objects.get().dry_run
    assert (found_there["payments"], found_there["amount"]) == (1, 200 * HAPI)
    assert found_there["fees"] > 0
    assert found_there["is_covered"]
    assert found_there["needs"] == found_there["amount"] + found_there["fees"] + found_there["reserve"]
    assert not ChainTransaction.objects.exists()


def test_a_dry_run_says_which_lines_would_not_be_paid(alpine):
    verified(joystream_channel_id=999, title="Nowhere")
    small = verified(joystream_channel_id=3, title="Small")
    round = rounds.compute(
        period_end=periods.last_end(timezone.now()), joy_price=PRICE, round_down_to=1, by="ann"
    )
    rounds.adjust(round.lines.get(channel=small), cents=0, reason="no", by="ann")
    suspension.suspend(
        verified_again := Channel.objects.get(pk=alpine.pk), SuspensionReason.COPYRIGHT_BREACH, by="x"
    )
    found_there = dry_run.run(round, by="ann")
    assert found_there.trouble_count == 2
    assert any("suspended" in text for text in found_there.troubles)
    assert any("knows no such channel" in text for text in found_there.troubles)
    assert not found_there.is_covered
    assert verified_again.pk == alpine.pk


def test_a_round_that_the_account_cannot_pay_is_not_covered(joystream, alpine):
    end = periods.last_end(timezone.now())
    with pytest.raises(Refused, match="more JOY than there are"):
        rounds.compute(period_end=end, joy_price=1, round_down_to=1, by="ann")
    round = rounds.compute(period_end=end, joy_price=1000, round_down_to=1, by="ann")
    found_there = dry_run.run(round, by="ann")
    assert not found_there.is_covered
    assert found_there.needs > found_there.balance > 0


def test_a_channel_that_is_suspended_after_the_approval_is_set_aside(joystream, alpine):
    verified(joystream_channel_id=2)
    round = let_go(ready())
    suspension.suspend(alpine, SuspensionReason.COPYRIGHT_BREACH, by="test")
    work(joystream)
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED
    assert not Payment.objects.filter(channel=alpine).exists()
    line = round.lines.get(channel=alpine)
    assert (line.state, line.earnings.count()) == (LineState.SET_ASIDE, 0)


def test_a_channel_that_is_bound_to_another_meanwhile_was_paid_where_it_was_signed_for(joystream, alpine):
    let_go(ready())
    paying.do_due()
    Channel.objects.filter(pk=alpine.pk).update(joystream_channel_id=4)
    work(joystream)
    payment = Payment.objects.get()
    assert (payment.joystream_channel_id, payment.channel) == (1, alpine)


def test_a_refused_payment_waits_for_staff_and_holds_nobody_else(joystream, alpine):
    gone = verified(joystream_channel_id=999)
    round = let_go(ready())
    work(joystream)
    round.refresh_from_db()
    assert (round.state, Payment.objects.get().channel) == (RoundState.PAYING, alpine)
    line = round.lines.get(channel=gone)
    assert (line.state, line.reason) == (LineState.FAILED, "Joystream knows no such channel.")
    rounds.try_again(line, by="bob")
    work(joystream, times=1)
    line.refresh_from_db()
    assert line.state == LineState.FAILED
    rounds.set_aside(line, reason="the channel is gone", by="bob")
    work(joystream, times=1)
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED
    assert Earning.objects.get(channel=gone).line is None


def test_what_the_chain_refuses_is_said_in_words(joystream, alpine):
    new = verified(joystream_channel_id=7)
    round = ready()
    line = round.lines.get(channel=new)
    type(line).objects.filter(pk=line.pk).update(amount=10**6)
    let_go(round)
    work(joystream)
    line.refresh_from_db()
    assert line.state == LineState.FAILED
    assert "too small" in line.reason
    assert Payment.objects.get().channel == alpine


def test_a_dry_lane_pays_when_it_is_funded(joystream, alpine):
    round = let_go(ready())
    balance = outside.node().balance(payer.signer().address)
    joystream.submit(
        PAYER.suri,
        {"Balances": {"transfer": {"dest": b"\x07" * 32, "value": balance - 150 * HAPI}}},
    )
    joystream.seal()
    work(joystream, times=2)
    lane = payer.lane()
    assert lane.dry_since is not None
    assert (lane.needs or 0) > 200 * HAPI
    key = public_key(PAYER.suri)
    joystream.submit(COLLABORATOR.suri, {"Balances": {"transfer": {"dest": key, "value": 1_000_000 * HAPI}}})
    joystream.seal()
    Lane.objects.exclude(pk=lane.pk).update(next_balance_check_at=timezone.now() + timedelta(days=1))
    Lane.objects.filter(pk=lane.pk).update(next_balance_check_at=timezone.now())
    assert funds.check_due()
    work(joystream)
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED


def test_creators_are_written_to_when_the_round_is_settled(joystream, alpine):
    published(alpine, at=day(2))
    let_go(ready())
    work(joystream)
    letters.write_due()
    letter = Letter.objects.get(kind=Kind.PAYOUT)
    assert letter.channel == alpine
    assert letter.facts["joy"] == "250"
    assert letter.facts["items"] == ["Sign-up reward: 200 JOY", "Reward for 1 new video: 50 JOY"]
    assert letter.facts["block"] == Payment.objects.order_by("-block")[0].block
    assert ChannelEvent.objects.filter(channel=alpine, event="paid_out").count() == 1


def test_a_round_is_settled_only_when_the_query_node_shows_it(joystream, alpine):
    round = let_go(ready())
    joystream.control_action("query-node/stop")
    work(joystream)
    round.refresh_from_db()
    if round.state == RoundState.SETTLED:
        pytest.fail("nobody could have seen it")
    joystream.control_action("reset")
    joystream.seal()
    work(joystream, times=1)
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED


def test_payments_of_others_complete_the_table_once_and_ours_are_not_taken_for_theirs(joystream, alpine):
    begins = outside.node().finalized().number  # other tests have paid before
    Lookout.objects.update(read_to=begins)
    let_go(ready())
    work(joystream)
    assert found.look() == 0  # ours
    account = signatures.account_of(account_of(alpine))
    remark = {"member_id": 2, "msg": channel_payment("well done"), "payment": (account, 5 * HAPI)}
    joystream.submit("//ClockworkRestoration", {"Members": {"member_remark": remark}})
    assert found.look() == 0  # not final yet
    joystream.seal(4)
    assert found.look() == 1
    Lookout.objects.update(read_to=begins)
    assert found.look() == 0
    row = Payment.objects.get(action=Action.OTHER)
    assert (row.channel, row.amount, row.rationale, row.payer_member_id) == (alpine, 5 * HAPI, "well done", 2)
    assert Payment.objects.count() == 2


def test_the_outbox_holds_payments_and_creations_apart(joystream, alpine):
    let_go(ready())
    work(joystream)
    row = ChainTransaction.objects.get()
    assert (row.purpose, row.state) == (Purpose.PAYMENT, TransactionState.FINAL)


def test_a_dry_run_works_after_the_node_hung_up(joystream, alpine):
    """As it does on whoever was silent for some minutes."""
    round = ready()
    joystream.control_action("chain/cut-sockets")
    (order,) = (order for order in ROUND_ORDERS if order.name == "dry_run")
    report = order.act([round], {}, "staff bob")
    assert (report.done, report.refused) == (1, [])
