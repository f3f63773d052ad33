"""The page on which creators see what they were paid and what waits for them."""

import pytest

from channels.models import Channel, Status, SuspensionReason, TierName
from payments import earnings
from tests.support.factories import make_channel
from tests.units.api.test_payments import make_payment
from tests.units.payments.programme import begin, day, published
from ypp import suspension

pytestmark = pytest.mark.django_db


@pytest.fixture
def earning(channel):
    begin()
    Channel.objects.filter(pk=channel.pk).update(
        status=Status.VERIFIED, tier=TierName.BRONZE, created_at=day(1)
    )
    for hour in (8, 9):
        published(channel, at=day(2, hour))
    earnings.collect()
    channel.refresh_from_db()
    return channel


def page(visitor, channel, query=""):
    response = visitor.get(f"/dashboard/{channel.youtube_id}/payouts/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_before_anything_was_earned_it_says_so(visitor, channel):
    text = page(visitor, channel)
    assert "Nothing waits." in text
    assert "Nothing was paid" in text


def test_what_was_earned_is_said_by_kind(visitor, earning):
    text = page(visitor, earning)
    for words in (
        "Video rewards × 2",
        "$1.00",
        "Sign-up reward × 1",
        "$2.00",
        "$3.00",
        "week of payments ends",
    ):
        assert words in text


def test_what_was_paid_is_listed_with_block_and_reason(visitor, channel):
    make_payment(channel, amount=1_255 * 10**9, rationale="Reward for 3 <b>new</b> videos", block=9_876_543)
    text = page(visitor, channel)
    assert "125.5" in text
    assert "Reward for 3 &lt;b&gt;new&lt;/b&gt; videos" in text
    assert "9,876,543" in text


def test_a_suspended_channel_is_told_that_nothing_is_paid(visitor, earning):
    suspension.suspend(earning, SuspensionReason.COPYRIGHT_BREACH, by="test")
    assert "nothing is paid while it is" in page(visitor, earning)


def test_pages_of_payments_and_nonsense_in_their_number(visitor, channel):
    for number in range(1, 31):
        make_payment(channel, number)
    assert "Page 1 of 2" in page(visitor, channel)
    for nonsense in ("?page=2", "?page=99", "?page=x"):
        page(visitor, channel, nonsense)


def test_nobody_sees_the_payouts_of_others(visitor):
    other = make_channel()
    assert visitor.get(f"/dashboard/{other.youtube_id}/payouts/").status_code == 404


def test_the_dashboard_leads_there(visitor, channel):
    text = visitor.get(f"/dashboard/{channel.youtube_id}/").content.decode()
    assert f"/dashboard/{channel.youtube_id}/payouts/" in text
