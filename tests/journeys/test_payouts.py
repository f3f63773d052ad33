"""A payout round from compute to settled: staff use the admin, the devnet's chain pays, and the processes that
pay are killed at every named point of the way (kill -9). Everybody gets what is theirs, once.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels.models import TierName
from payments import found, periods
from payments.models import Line, Payment, Round
from payments.states import RoundState
from tests.support.devnet import ROOT, Devnet, running_devnet, wait_until
from tests.support.service import forget_clients, service_on
from tests.units.payments.programme import begin, day, published, verified
from videos import outside
from videos.models import ChainTransaction, TransactionState
from ytsynch import failpoints

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("password_is_enough"),
    pytest.mark.timeout(500),
]

POINTS = ("lane_claimed", "signing", "written", "signed", "sent", "found", "line_settled", "settled")
"""Of the way of an extrinsic, in order."""

WORKER = """
import sys, time
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from payments import paying, settlement
from payments.models import Round
while Round.objects.filter(state__in=["paying", "paid"]).exists():
    paying.do_due()
    settlement.finish_due()
    time.sleep(0.1)
"""


@pytest.fixture
def world(tmp_path, settings) -> Iterator[Devnet]:
    with (
        running_devnet(tmp_path / "devnet", block_time=0.2) as devnet,
        service_on(devnet, tmp_path, settings, joystream__eraPeriod=512),
    ):
        yield devnet


@pytest.fixture
def worker(tmp_path):
    """Starts a process that pays, and gives its exit status; a point's name is an order to kill it there."""
    folder = tmp_path / "failpoints"
    folder.mkdir()

    def run(point: str = "") -> int:
        if point:
            (folder / f"payment.{point}").write_text("kill")
        environment = {
            "DJANGO_SETTINGS_MODULE": "ytsynch.settings",
            "CONFIG_PATH": str(tmp_path / "config.yml"),
            "YT_SYNCH__SYNC__INTERVALS__LEASE": "1",
            failpoints.VARIABLE: str(folder),
        }
        process = subprocess.run(
            [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"])],
            env=os.environ | environment,
            cwd=ROOT,
            timeout=200,
            check=False,
        )
        if point:
            assert list(folder.glob(f"payment.{point}@*")), f"nobody came by payment.{point}"
        return process.returncode

    return run


def treasurer(name: str) -> Client:
    user = User.objects.create_user(name, password="a password of twelve", is_staff=True)
    user.groups.add(Group.objects.get(name="treasurer"))
    client = Client()
    client.force_login(user)
    return client


def order(client: Client, round: Round, name: str, **said: Any) -> None:
    address = reverse("admin:payments_round_order", args=[round.pk, name])
    answer = client.post(address, {"confirmed": "yes", **said}, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert any("1 done" in text for text in told), told


def let_go_by_two_people() -> Round:
    ann, bob = treasurer("ann"), treasurer("bob")
    end = periods.last_end(timezone.now())
    terms = {"period_end": end.isoformat(), "joy_price": "0.01", "round_down_to": "1000000"}
    ann.post(reverse("admin:payments_round_add"), terms)
    round = Round.objects.latest("id")
    order(ann, round, "review")
    order(bob, round, "approve")
    order(bob, round, "dry_run")
    order(bob, round, "pay")
    round.refresh_from_db()
    assert round.state == RoundState.PAYING
    return round


def balances(ids: tuple[int, ...] = (1, 2, 3)) -> dict[str, int]:
    forget_clients()  # the node hangs up on whoever is silent for long
    known = outside.query_node().channels(ids)
    return {one.reward_account: outside.node().balance(one.reward_account) for one in known.values()}


def test_a_round_goes_from_computed_to_settled_through_a_kill_at_every_point(world, worker):
    begin(two_persons_above=0)
    for id, tier in ((1, TierName.BRONZE), (2, TierName.SILVER), (3, TierName.DIAMOND)):
        channel = verified(tier, joystream_channel_id=id)
        published(channel, at=day(2))
    before = balances()
    round = let_go_by_two_people()
    for point in POINTS:
        assert worker(point) == -signal.SIGKILL, point
    assert worker() == 0
    round.refresh_from_db()
    assert round.state == RoundState.SETTLED
    wanted = {line.reward_account: 0 for line in Line.objects.all()}
    for line in Line.objects.all():
        wanted[line.reward_account] += line.amount
    got = {account: balance - before[account] for account, balance in balances().items()}
    assert got == wanted
    assert sum(Payment.objects.values_list("amount", flat=True)) == sum(got.values())
    assert Payment.objects.count() == Line.objects.count() == 6
    assert found.look() == 0  # none of them is taken for a stranger's


def test_an_extrinsic_that_the_node_lost_is_paid_by_another_once(world, worker, settings, tmp_path):
    with service_on(world, tmp_path, settings, joystream__eraPeriod=8):
        begin()
        verified(joystream_channel_id=1)
        before = balances((1,))
        let_go_by_two_people()
        world.do("chain/drop-extrinsics", count=1)
        assert worker("dead") == -signal.SIGKILL  # its era is over, and nobody has noted it yet
        assert worker() == 0
        states = set(ChainTransaction.objects.values_list("state", flat=True))
        assert states == {TransactionState.DEAD, TransactionState.FINAL}
        (paid,) = (balance - before[account] for account, balance in balances((1,)).items())
        assert paid == Payment.objects.get().amount == 200 * 10**10
        wait_until(lambda: Round.objects.get().state == RoundState.SETTLED, what="a settled round")
