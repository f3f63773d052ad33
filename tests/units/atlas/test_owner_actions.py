"""Owner actions: signed messages over HTTP, with the devnet's query node saying who owns the channel."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from substrateinterface import Keypair

from channels.models import App, Channel, OwnerAction, Pause, Status, SuspensionReason, TierName
from tests.conformance.node import javascript  # noqa: F401 (fixture)
from tests.units.atlas.conftest import OWNER_KEY
from tests.units.atlas.factories import make_channel, make_video
from ypp import membership, suspension

OWNER = "//AlpineBeekeeping"


def at(seconds: float = 0) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def signed(message: dict[str, Any], *, suri: str = OWNER, wrap: bool = False) -> str:
    """The body that Atlas sends: what JSON.stringify makes of the message is what is signed."""
    text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    payload = f"<Bytes>{text}</Bytes>" if wrap else text
    signature = Keypair.create_from_uri(suri, ss58_format=126).sign(payload.encode())
    return f'{{"message":{text},"signature":"0x{signature.hex()}"}}'


@pytest.fixture
def channel(db):
    return make_channel(1)


@pytest.mark.parametrize("wrap", [False, True])
def test_the_owner_pauses_and_resumes(world, atlas, channel, wrap):
    make_video(channel)
    body = signed({"shouldBeIngested": False, "timestamp": at()}, wrap=wrap)
    assert atlas.put("/channels/1/ingest", body) == (200, None)
    assert atlas.get("/channels/1")[1]["shouldBeIngested"] is False
    assert Channel.objects.get().pause == Pause.BY_CREATOR
    assert Channel.objects.get().videos.get().held == "creator"
    body = signed({"shouldBeIngested": True, "videoCategoryId": "5", "timestamp": at(1)})
    assert atlas.put("/channels/1/ingest", body) == (200, None)
    channel.refresh_from_db()
    assert (channel.pause, channel.category_id, channel.wants_sync) == (Pause.NONE, "5", True)
    assert channel.videos.get().held == ""


def test_the_owner_chooses_another_category(world, atlas, channel):
    assert atlas.put("/channels/1/category", signed({"videoCategoryId": "7", "timestamp": at()})) == (
        200,
        None,
    )
    event = channel.events.get()
    assert (event.event, event.detail) == ("category_changed", {"from": "3", "to": "7"})
    assert event.by.startswith("owner j4")


def test_a_category_that_does_not_exist_is_refused(world, atlas, channel):
    status, answer = atlas.put("/channels/1/category", signed({"videoCategoryId": "77", "timestamp": at()}))
    assert (status, answer["message"]) == (400, "Video category 77 does not exist.")
    assert not OwnerAction.objects.exists()


def test_a_category_that_the_app_does_not_take_is_refused(world, atlas, channel):
    App.objects.update(categories=["3", "5"])
    for path, wish in (("category", {}), ("ingest", {"shouldBeIngested": True})):
        body = signed({**wish, "videoCategoryId": "7", "timestamp": at()})
        status, answer = atlas.put(f"/channels/1/{path}", body)
        assert (status, "not among those" in answer["message"]) == (400, True)
    assert atlas.put("/channels/1/category", signed({"videoCategoryId": "5", "timestamp": at()}))[0] == 200
    # for the operators there is no such bound
    assert atlas.put(
        "/channels/category", [{"joystreamChannelId": 1, "videoCategoryId": "7"}], key=OWNER_KEY
    ) == (200, None)


def test_the_owner_leaves(world, atlas, channel):
    membership.verify(channel, tier=TierName.SILVER, by="test")
    assert atlas.put("/channels/1/optout", signed({"optout": True, "timestamp": at()})) == (200, None)
    _, shown = atlas.get("/channels/1")
    assert (shown["yppStatus"], shown["preOptOutStatus"]) == ("OptedOut", "Verified::Silver")
    assert shown["shouldBeIngested"] is False
    assert Channel.objects.get().pause == Pause.LEFT


def test_only_leaving_is_possible_by_opting_out(world, atlas, channel):
    status, answer = atlas.put("/channels/1/optout", signed({"optout": False, "timestamp": at()}))
    assert (status, "must be true" in answer["message"]) == (400, True)


def test_keys_in_any_order_are_signed_as_they_came(world, atlas, channel):
    body = signed({"timestamp": at(), "videoCategoryId": "7", "shouldBeIngested": True})
    assert atlas.put("/channels/1/ingest", body)[0] == 200


def test_a_proxy_may_lay_the_body_out_anew(world, atlas, channel):
    body = json.dumps(json.loads(signed({"shouldBeIngested": False, "timestamp": at()})), indent=2)
    assert atlas.put("/channels/1/ingest", body)[0] == 200


def test_a_message_signed_with_spaces_counts_as_it_came(world, atlas, channel):
    text = f'{{ "shouldBeIngested" : false, "timestamp": "{at()}" }}'
    signature = Keypair.create_from_uri(OWNER).sign(text.encode()).hex()
    assert atlas.put("/channels/1/ingest", f'{{"signature": "{signature}", "message": {text}}}')[0] == 200


@pytest.mark.node
@pytest.mark.parametrize("form", ["plain", "wrapped"])
def test_polkadot_js_signs_for_the_owner(world, atlas, channel, javascript, form):  # noqa: F811
    text = json.dumps({"shouldBeIngested": False, "timestamp": at()}, separators=(",", ":"))
    (made,) = javascript("sign_message.cjs", OWNER, "sr25519", form, stdin=text)
    assert (
        atlas.put("/channels/1/ingest", f'{{"message":{text},"signature":"{made["signature"]}"}}')[0] == 200
    )


def test_somebody_elses_signature_is_refused(world, atlas, channel):
    body = signed({"shouldBeIngested": False, "timestamp": at()}, suri="//ClockworkRestoration")
    status, answer = atlas.put("/channels/1/ingest", body)
    assert (status, answer) == (
        400,
        {
            "statusCode": 400,
            "message": "Invalid request signature. Permission denied.",
            "error": "Bad Request",
        },
    )
    assert Channel.objects.get().wants_sync


def test_a_changed_message_is_refused(world, atlas, channel):
    body = signed({"shouldBeIngested": False, "timestamp": at()}).replace("false", "true")
    assert atlas.put("/channels/1/ingest", body)[0] == 400


@pytest.mark.parametrize("seconds", [0, -1, -86400])
def test_an_action_that_is_not_newer_than_the_last_is_a_replay(world, atlas, channel, seconds):
    first = datetime.now(UTC)
    last = first.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert atlas.put("/channels/1/ingest", signed({"shouldBeIngested": False, "timestamp": last}))[0] == 200
    again = (first + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    status, answer = atlas.put("/channels/1/ingest", signed({"shouldBeIngested": True, "timestamp": again}))
    assert (status, "not newer" in answer["message"]) == (400, True)
    assert not Channel.objects.get().wants_sync


def test_a_timestamp_from_the_far_future_is_refused(world, atlas, channel):
    status, answer = atlas.put(
        "/channels/1/ingest", signed({"shouldBeIngested": False, "timestamp": at(3600)})
    )
    assert (status, "future" in answer["message"]) == (400, True)


def test_a_clock_that_is_a_little_fast_is_forgiven(world, atlas, channel):
    assert (
        atlas.put("/channels/1/ingest", signed({"shouldBeIngested": False, "timestamp": at(120)}))[0] == 200
    )


def test_a_message_serves_one_channel_of_its_owner(world, atlas, db):
    first, second = make_channel(8), make_channel(9)
    body = signed({"optout": True, "timestamp": at()}, suri="//TwoRoadsCycling")
    assert atlas.put("/channels/8/optout", body)[0] == 200
    status, answer = atlas.put("/channels/9/optout", body)
    assert (status, "used before" in answer["message"]) == (400, True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.OPTED_OUT, Status.UNVERIFIED)


def test_a_message_serves_one_kind_of_action(world, atlas, channel):
    body = signed({"shouldBeIngested": True, "videoCategoryId": "7", "timestamp": at()})
    status, answer = atlas.put("/channels/1/category", body)
    assert (status, "unknown: shouldBeIngested" in answer["message"]) == (400, True)


def test_a_suspended_channel_takes_no_orders(world, atlas, channel):
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="test")
    status, answer = atlas.put("/channels/1/ingest", signed({"shouldBeIngested": True, "timestamp": at()}))
    assert (status, answer["code"]) == (400, "CHANNEL_STATUS_SUSPENDED")


def test_a_channel_that_left_takes_no_orders(world, atlas, channel):
    membership.opt_out(channel, by="test")
    status, answer = atlas.put("/channels/1/optout", signed({"optout": True, "timestamp": at()}))
    assert (status, answer["message"]) == (400, "Channel 1 has left the programme.")


def test_a_channel_that_nobody_registered_is_not_found(world, atlas, db):
    body = signed({"shouldBeIngested": True, "timestamp": at()})
    assert atlas.put("/channels/1/ingest", body)[0] == 404


def test_without_the_query_node_nobody_can_be_proved(atlas, channel):
    status, answer = atlas.put("/channels/1/ingest", signed({"shouldBeIngested": False, "timestamp": at()}))
    assert (status, answer["code"]) == (503, "QUERY_NODE_NOT_CONNECTED")


def test_resuming_does_not_override_the_operators(world, atlas, channel):
    Channel.objects.update(allow_operator_ingestion=False, pause=Pause.BY_STAFF, wants_sync=False)
    assert atlas.put("/channels/1/ingest", signed({"shouldBeIngested": True, "timestamp": at()}))[0] == 200
    assert Channel.objects.get().pause == Pause.BY_STAFF


def test_resuming_does_not_make_space_where_there_is_none(world, atlas, channel):
    Channel.objects.update(pause=Pause.STORAGE_FULL)
    assert atlas.put("/channels/1/ingest", signed({"shouldBeIngested": True, "timestamp": at()}))[0] == 200
    assert Channel.objects.get().pause == Pause.STORAGE_FULL


@pytest.mark.django_db(transaction=True)
def test_the_same_message_ten_times_at_once_counts_once(world, live_server):
    make_channel(1)
    body = signed({"shouldBeIngested": False, "timestamp": at()})

    def put(_: int) -> int:
        address = f"{live_server.url}/channels/1/ingest"
        headers = {"Content-Type": "application/json"}
        return requests.put(address, data=body.encode(), headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(put, range(10)))
    assert statuses == [200] + [400] * 9
    assert Channel.objects.get().events.filter(event="sync_unwanted").count() == 1
    assert connection.vendor == "postgresql"
