"""Operators, by their keys."""

import pytest

from channels import operator_keys
from channels.models import Channel, OperatorKey, Pause, Status
from tests.units.atlas.conftest import OWNER_KEY
from tests.units.atlas.factories import make_channel
from ypp import membership
from ypp.models import WhitelistedHandle

pytestmark = pytest.mark.django_db

UNAUTHORISED = [
    ("PUT", "/channels/suspend", [{"joystreamChannelId": 1, "reason": "CopyrightBreach"}]),
    ("PUT", "/channels/verify", [{"joystreamChannelId": 1, "tier": "Gold"}]),
    ("PUT", "/channels/operatorIngestion", [{"joystreamChannelId": 1, "allowOperatorIngestion": False}]),
    ("PUT", "/channels/category", [{"joystreamChannelId": 1, "videoCategoryId": "3"}]),
    ("POST", "/channels/whitelist", [{"channelHandle": "@someone"}]),
    ("DELETE", "/channels/whitelist/@someone", None),
    ("GET", "/users", None),
    ("GET", "/users/1", None),
    ("DELETE", "/users/1", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), UNAUTHORISED)
@pytest.mark.parametrize("key", [None, "", "wrong", OWNER_KEY[:-1], OWNER_KEY.upper(), "é"])
def test_without_a_good_key_operators_are_nobody(atlas, method, path, body, key):
    channel = make_channel(1)
    status, answer = atlas.send(method, path, body, key=key)
    assert (status, answer["statusCode"], answer["error"]) == (401, 401, "Unauthorized")
    assert Channel.objects.values().get() == Channel.objects.filter(pk=channel.pk).values().get()
    assert not channel.events.exists()


def test_a_missing_key_is_asked_for_as_http_wants_it(client):
    response = client.get("/users")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_key_of_the_configuration_is_named_so_in_the_history(atlas):
    channel = make_channel(1)
    body = [{"joystreamChannelId": 1, "tier": "Gold"}]
    assert atlas.put("/channels/verify", body, key=OWNER_KEY) == (200, None)
    event = channel.events.get()
    assert (event.event, event.by) == ("verified", "key configuration")
    assert event.detail == {"tier": "gold", "proposed": "silver"}


def test_further_keys_have_names_are_hashed_and_can_be_revoked(atlas):
    channel = make_channel(1)
    key = operator_keys.create("the review team")
    row = OperatorKey.objects.get()
    assert key not in str(OperatorKey.objects.values().get())
    body = [{"joystreamChannelId": 1, "tier": "Bronze"}]
    assert atlas.put("/channels/verify", body, key=key)[0] == 200
    assert channel.events.get().by == "key the review team"
    row.refresh_from_db()
    assert row.last_used_at is not None
    operator_keys.revoke(row)
    assert atlas.put("/channels/verify", body, key=key)[0] == 401


def test_without_a_configured_key_and_without_rows_the_operator_api_is_closed(atlas, settings):
    http = settings.CONFIG.http_api.model_copy(update={"owner_key": None})
    settings.CONFIG = settings.CONFIG.model_copy(update={"http_api": http})
    assert atlas.get("/users", key="None")[0] == 401


def test_suspending_stops_the_sync_for_a_reason(atlas):
    channel = make_channel(1)
    body = [{"joystreamChannelId": 1, "reason": "MisleadingContent"}]
    assert atlas.put("/channels/suspend", body, key=OWNER_KEY) == (200, None)
    _, shown = atlas.get("/channels/1")
    assert (shown["yppStatus"], shown["shouldBeIngested"]) == ("Suspended::MisleadingContent", False)
    channel.refresh_from_db()
    assert channel.pause == Pause.SUSPENDED
    assert [event.event for event in channel.events.order_by("id")] == ["suspended", "paused"]


def test_verifying_lifts_a_suspension(atlas):
    channel = make_channel(1)
    atlas.put("/channels/suspend", [{"joystreamChannelId": 1, "reason": "UnsupportedTopic"}], key=OWNER_KEY)
    atlas.put("/channels/verify", [{"joystreamChannelId": 1, "tier": "Diamond"}], key=OWNER_KEY)
    _, shown = atlas.get("/channels/1")
    assert (shown["yppStatus"], shown["shouldBeIngested"]) == ("Verified::Diamond", True)
    channel.refresh_from_db()
    assert (channel.pause, channel.suspension_reason) == (Pause.NONE, "")


def test_operators_switch_the_sync_whatever_the_creator_wants(atlas):
    channel = make_channel(1)
    body = [{"joystreamChannelId": 1, "allowOperatorIngestion": False}]
    assert atlas.put("/channels/operatorIngestion", body, key=OWNER_KEY)[0] == 200
    channel.refresh_from_db()
    assert (channel.pause, channel.wants_sync) == (Pause.BY_STAFF, True)
    body = [{"joystreamChannelId": 1, "allowOperatorIngestion": True}]
    atlas.put("/channels/operatorIngestion", body, key=OWNER_KEY)
    channel.refresh_from_db()
    assert channel.pause == Pause.NONE


def test_operators_change_categories_that_exist(world, atlas):
    make_channel(1)
    body = [{"joystreamChannelId": 1, "videoCategoryId": "5"}]
    assert atlas.put("/channels/category", body, key=OWNER_KEY)[0] == 200
    assert Channel.objects.get().category_id == "5"
    body = [{"joystreamChannelId": 1, "videoCategoryId": "55"}]
    assert atlas.put("/channels/category", body, key=OWNER_KEY)[0] == 400
    assert Channel.objects.get().category_id == "5"


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("/channels/suspend", {"reason": "CopyrightBreach"}, {"reason": "Spite"}),
        ("/channels/verify", {"tier": "Gold"}, {"tier": "Platinum"}),
        ("/channels/operatorIngestion", {"allowOperatorIngestion": False}, {"allowOperatorIngestion": "no"}),
    ],
)
def test_a_list_is_done_as_a_whole_or_not_at_all(atlas, path, good, bad):
    make_channel(1), make_channel(2)
    unknown = [{"joystreamChannelId": 1, **good}, {"joystreamChannelId": 3, **good}]
    status, answer = atlas.put(path, unknown, key=OWNER_KEY)
    assert (status, answer["message"]) == (404, "Channel 3 not found.")
    mistaken = [{"joystreamChannelId": 1, **good}, {"joystreamChannelId": 2, **bad}]
    assert atlas.put(path, mistaken, key=OWNER_KEY)[0] == 400
    for channel in Channel.objects.all():
        assert (channel.status, channel.pause) == (Status.UNVERIFIED, "")
        assert not channel.events.exists()
    both = [{"joystreamChannelId": 1, **good}, {"joystreamChannelId": 2, **good}]
    assert atlas.put(path, both, key=OWNER_KEY)[0] == 200
    assert all(channel.events.exists() for channel in Channel.objects.all())


def test_one_that_left_spoils_the_list(atlas):
    make_channel(1)
    membership.opt_out(make_channel(2), by="owner")
    body = [{"joystreamChannelId": id, "reason": "CopyrightBreach"} for id in (1, 2)]
    status, answer = atlas.put("/channels/suspend", body, key=OWNER_KEY)
    assert (status, answer["message"]) == (400, "Channel 2 has left the programme.")
    assert not Channel.objects.filter(status=Status.SUSPENDED).exists()


@pytest.mark.parametrize("body", [{}, {"joystreamChannelId": 1, "tier": "Gold"}, [], [[]], "text", None, 7])
def test_what_is_no_list_of_orders_is_refused(atlas, body):
    assert atlas.put("/channels/verify", body, key=OWNER_KEY)[0] == 400


def test_the_whitelist_keeps_handles_in_small_letters(atlas):
    body = [{"channelHandle": "@BrandNewUkulele"}, {"channelHandle": "@ÜBER"}]
    assert atlas.post("/channels/whitelist", body, key=OWNER_KEY) == (201, None)
    assert atlas.post("/channels/whitelist", body, key=OWNER_KEY) == (201, None)
    assert set(WhitelistedHandle.objects.values_list("handle", flat=True)) == {"@brandnewukulele", "@über"}
    assert WhitelistedHandle.objects.latest("id").added_by == "key configuration"
    assert atlas.delete("/channels/whitelist/@BRANDNEWUKULELE", key=OWNER_KEY) == (200, None)
    assert atlas.delete("/channels/whitelist/@BRANDNEWUKULELE", key=OWNER_KEY)[0] == 404


@pytest.mark.parametrize("handle", ["nobody", "@", "@two words", "", 5, None])
def test_what_is_no_handle_is_refused(atlas, handle):
    status, _ = atlas.post("/channels/whitelist", [{"channelHandle": handle}], key=OWNER_KEY)
    assert status == 400
    assert not WhitelistedHandle.objects.exists()
