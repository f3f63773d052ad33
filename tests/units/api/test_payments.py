"""Payments in the public API: what is on chain anyway, in pages."""

import pytest

from payments.models import Action, Payment
from tests.support.factories import make_channel
from tests.units.payments.programme import day

pytestmark = pytest.mark.django_db


def make_payment(channel, number: int = 1, **fields) -> Payment:
    return Payment.objects.create(
        **{
            "channel": channel,
            "joystream_channel_id": channel.joystream_channel_id,
            "reward_account": "j4account",
            "youtube_channel_title": channel.title,
            "youtube_channel_id": channel.youtube_id,
            "block": number,
            "executed_at": day(number),
            "action": Action.OTHER,
            "amount": 12_500_000_000,
            "rationale": "well done",
            "payer_member_id": 3,
            "extrinsic": "0xab",
            "event_id": f"{number}-1",
        }
        | fields
    )


def test_a_payment_is_shown_exactly(api):
    channel = make_channel()
    make_payment(channel, amount=2**62 + 1)
    (row,) = api.found("payments/")["results"]
    assert row == {
        "joystream_channel_id": channel.joystream_channel_id,
        "youtube_channel_id": channel.youtube_id,
        "reward_account": "j4account",
        "block": 1,
        "executed_at": "2026-05-05T12:00:00Z",
        "action": "other",
        "amount_hapi": "4611686018427387905",
        "amount_joy": "461168601.8427387905",
        "rationale": "well done",
        "payer_member_id": 3,
        "extrinsic": "0xab",
    }


def test_the_payments_of_a_channel_come_newest_first(api):
    channel, other = make_channel(), make_channel()
    for number in (1, 2, 3):
        make_payment(channel, number)
    make_payment(other, 4)
    for name in (channel.youtube_id, channel.joystream_channel_id):
        found = api.found(f"channels/{name}/payments/")
        assert [row["block"] for row in found["results"]] == [3, 2, 1]
    assert [row["block"] for row in api.found("payments/", ordering="block")["results"]] == [1, 2, 3, 4]


def test_payments_are_narrowed_by_time_and_action(api):
    channel = make_channel()
    for number in (1, 2, 3):
        make_payment(channel, number)
    query = {"executed_after": "2026-05-06T00:00:00Z", "executed_before": "2026-05-07T00:00:00Z"}
    assert [row["block"] for row in api.found("payments/", **query)["results"]] == [2]
    assert api.found("payments/", action="videos")["results"] == []
    assert api.get("payments/", action="gift")[0] == 400
    assert api.get("channels/UC0000000000000000000000/payments/")[0] == 404


def test_pages_of_payments_follow_each_other(api):
    channel = make_channel()
    for number in range(1, 6):
        make_payment(channel, number)
    page = api.found("payments/", page_size=2)
    blocks = [row["block"] for row in page["results"]]
    while page["next"]:
        page = api.found(page["next"])
        blocks += [row["block"] for row in page["results"]]
    assert blocks == [5, 4, 3, 2, 1]
