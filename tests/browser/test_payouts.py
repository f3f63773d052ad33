"""A payout round from compute to settled with the mouse, and what its creator sees of it."""

import time

import pytest
from playwright.sync_api import expect

from channels.models import Channel, Status, TierName
from payments import paying, settlement
from payments.models import Payment, Round
from payments.states import RoundState
from tests.browser.conftest import PHONE, check
from tests.browser.test_desk import desk  # noqa: F401 (a fixture)
from tests.units.payments.programme import begin, day, published

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SECONDS = 60


@pytest.fixture
def earning(channel):
    """The creator's channel, verified, with a new video."""
    begin()
    Channel.objects.filter(pk=channel.pk).update(
        status=Status.VERIFIED, tier=TierName.BRONZE, created_at=day(1), joystream_channel_id=1
    )
    channel.refresh_from_db()
    published(channel, at=day(2))
    return channel


def pay_until_settled() -> None:
    """What the service does by the clock."""
    deadline = time.monotonic() + SECONDS
    while Round.objects.get().state != RoundState.SETTLED:
        assert time.monotonic() < deadline, Round.objects.get().state
        paying.do_due()
        settlement.finish_due()
        time.sleep(0.2)


def test_a_round_goes_from_compute_to_settled_and_its_creator_sees_it(desk, earning, open_as):  # noqa: F811
    page = desk("/admin/payments/round/add/")
    check(page)
    page.get_by_label("US dollars for one JOY").fill("0.01")
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_text("was computed.")).to_be_visible()
    check(page)
    orders = page.locator(".desk-orders")
    for title in ("Mark as reviewed", "Approve", "Dry run", "Pay"):
        orders.get_by_role("link", name=title, exact=True).click()
        page.locator(".desk-confirm").get_by_role("button", name=title).click()
        expect(page.get_by_text(f"{title}: 1 done.")).to_be_visible()
    theirs = open_as(earning.creator, f"/dashboard/{earning.youtube_id}/payouts/")
    expect(theirs.get_by_text("$2.50")).to_be_visible()
    pay_until_settled()
    page.reload()
    expect(page.get_by_text("Settled: the query node shows every payment")).to_be_visible()
    assert sum(Payment.objects.values_list("amount", flat=True)) == 250 * 10**10
    for look in ({}, PHONE):
        theirs = open_as(earning.creator, f"/dashboard/{earning.youtube_id}/payouts/", **look)
        expect(theirs.get_by_text("Nothing waits.")).to_be_visible()
        expect(theirs.get_by_text("Reward for 1 new video").first).to_be_visible()
        check(theirs)
    page.goto("/admin/payments/payment/")
    expect(page.get_by_text("Reward for 1 new video").first).to_be_visible()
