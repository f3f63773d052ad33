"""What staff order for channels: asked first, done by the domain, remembered with their names."""

import pytest
from django.contrib.admin.models import LogEntry

from channels.models import Channel, Pause, Status, SuspensionReason, TierName
from tests.support.factories import make_channel, make_video
from videos.models import Band
from videos.states import State
from ypp import membership, suspension, whitelist
from ypp.models import WhitelistedHandle

pytestmark = pytest.mark.django_db
BY = "staff boss"


def now(channel: Channel) -> Channel:
    return Channel.objects.get(pk=channel.pk)


def last_event(channel: Channel):
    return channel.events.latest("id")


@pytest.fixture
def verified(channel):
    return membership.verify(channel, by="a test")


def test_nothing_happens_before_staff_confirm(desk, channel):
    asked = desk.ask(channel, "verify")
    assert "Unverified → Verified" in asked
    assert now(channel).status == Status.UNVERIFIED
    desk.order_many([channel], "verify", confirmed=False)
    assert now(channel).status == Status.UNVERIFIED
    assert LogEntry.objects.count() == 0


def test_a_channel_is_verified_with_the_tier_that_its_subscribers_propose(desk):
    channel = make_channel(subscribers=12_000)
    assert desk.order(channel, "verify", tier="") == ["Verify: 1 done."]
    channel = now(channel)
    assert (channel.status, channel.tier, channel.tier_is_by_staff) == (Status.VERIFIED, TierName.GOLD, False)
    assert (last_event(channel).event, last_event(channel).by) == ("verified", BY)


def test_a_channel_is_verified_with_the_tier_that_staff_choose(desk, channel):
    desk.order(channel, "verify", tier=TierName.DIAMOND)
    assert (now(channel).tier, now(channel).tier_is_by_staff) == (TierName.DIAMOND, True)


def test_fifty_channels_are_verified_at_once(desk):
    channels = [make_channel() for _ in range(50)]
    asked = desk.order_many(channels, "verify", confirmed=False).content.decode()
    assert "Verify: 50 channels" in asked
    desk.order_many(channels, "verify", tier="")
    assert Channel.objects.filter(status=Status.VERIFIED).count() == 50
    assert LogEntry.objects.count() == 50


def test_what_one_channel_is_refused_does_not_keep_the_others(desk, channel):
    gone = membership.opt_out(make_channel(), by="a test")
    asked = desk.order_many([channel, gone], "verify", confirmed=False).content.decode()
    assert "Verify (1 of 2)" in asked
    answer = desk.order_many([channel, gone], "verify", tier="").content.decode()
    assert "has left the programme" in answer
    assert (now(channel).status, now(gone).status) == (Status.VERIFIED, Status.OPTED_OUT)


def test_a_tier_that_staff_set_sticks_with_its_reason(desk, verified):
    desk.order(verified, "override-tier", tier=TierName.DIAMOND, reason="a partner of ours")
    Channel.objects.filter(pk=verified.pk).update(subscribers=50)
    assert not membership.follow_subscribers(now(verified), by="a worker")
    assert now(verified).tier == TierName.DIAMOND
    assert last_event(verified).detail == {"from": "bronze", "to": "diamond", "reason": "a partner of ours"}


def test_a_tier_is_not_set_without_a_reason(desk, verified):
    desk.order(verified, "override-tier", tier=TierName.DIAMOND, reason="")
    assert now(verified).tier == TierName.BRONZE


def test_a_tier_follows_the_subscribers_again_when_staff_let_it(desk, verified):
    desk.order(verified, "override-tier", tier=TierName.DIAMOND, reason="a partner of ours")
    desk.order(verified, "clear-tier")
    assert (now(verified).tier, now(verified).tier_is_by_staff) == (TierName.BRONZE, False)
    assert desk.order(verified, "clear-tier") == [f"{verified}: its tier follows its subscribers already"]


def test_an_unverified_channel_has_no_tier_to_set(desk, channel):
    answer = desk.order(channel, "override-tier", tier=TierName.GOLD, reason="why not")
    assert answer == [f"{channel}: it is unverified: only a verified channel has a tier"]


def test_a_suspension_keeps_its_reason_and_the_note(desk, verified):
    desk.order(verified, "suspend", reason=SuspensionReason.COPYRIGHT_BREACH, note="see video 3")
    channel = now(verified)
    assert (channel.status, channel.pause) == (Status.SUSPENDED, Pause.SUSPENDED)
    assert channel.suspension_reason == SuspensionReason.COPYRIGHT_BREACH
    event = channel.events.get(event="suspended")
    assert (event.detail["note"], event.by) == ("see video 3", BY)
    assert "see video 3" in desk.page(channel)


def test_a_suspension_is_lifted(desk, verified):
    suspension.suspend(verified, SuspensionReason.UNSUPPORTED_TOPIC, by="a test")
    desk.order(verified, "lift")
    assert (now(verified).status, now(verified).pause) == (Status.VERIFIED, Pause.NONE)


def test_ingestion_is_stopped_and_allowed_again(desk, channel):
    desk.order(channel, "stop-ingestion")
    assert now(channel).pause == Pause.BY_STAFF
    desk.order(channel, "allow-ingestion")
    assert now(channel).pause == Pause.NONE


def test_a_category_is_offered_only_when_joystreams_are_known(desk, channel):
    assert "cannot be read now" in desk.ask(channel, "set-category")
    desk.order(channel, "set-category", category="7")
    assert now(channel).category_id == ""


@pytest.mark.parametrize("order", ["refresh", "check-requirements"])
def test_an_order_that_needs_youtube_says_so_when_it_is_away(desk, channel, order):
    (answer,) = desk.order(channel, order)
    assert "cannot be reached" in answer or "did not answer" in answer
    assert not channel.events.exists()


@pytest.mark.parametrize("order", ["refresh", "check-requirements"])
def test_an_order_that_needs_youtube_says_so_when_the_service_has_no_key(desk, channel, settings, order):
    keyless = settings.CONFIG.youtube.model_copy(update={"api_key": None})
    settings.CONFIG = settings.CONFIG.model_copy(update={"youtube": keyless})
    (answer,) = desk.order(channel, order)
    assert "youtube.apiKey" in answer


def test_a_channel_is_looked_at_at_once(desk, channel):
    Channel.objects.filter(pk=channel.pk).update(next_discovery_at="2099-01-01T00:00Z")
    desk.order(channel, "resync")
    assert Channel.objects.due_for_discovery().filter(pk=channel.pk).exists()
    assert last_event(channel).by == BY


def test_a_boosted_channels_waiting_videos_go_first_in_their_order(desk, channel):
    videos = [make_video(channel) for _ in range(3)]
    done = make_video(channel, state=State.PUBLISHED)
    answer = desk.order(channel, "boost")
    assert answer == ["Boost: 1 done.", f"{channel}: 3 waiting videos go first."]
    waiting = channel.videos.filter(band=Band.BOOST).in_queue_order()
    assert list(waiting) == videos
    done.refresh_from_db()
    assert done.band != Band.BOOST
    assert videos[0].events.get().by == BY


def test_a_channels_handle_is_exempted_from_the_requirements(desk, channel):
    desk.order(channel, "whitelist")
    assert whitelist.holds(channel.handle)
    assert WhitelistedHandle.objects.get().added_by == BY


def test_a_channel_without_a_joystream_channel_takes_no_sync_orders(desk):
    channel = make_channel(joystream_channel_id=None)
    assert "has not finished the sign-up" in desk.ask(channel, "resync")


def test_every_order_is_in_the_log_with_what_staff_said(desk, channel):
    desk.order(channel, "suspend", reason=SuspensionReason.COPYRIGHT_BREACH, note="see video 3")
    entry = LogEntry.objects.get()
    assert entry.user.username == "boss"
    assert entry.get_change_message() == "Suspend. Reason: Copyright breach. Evidence and note: see video 3"
    assert "see video 3" in desk.client.get("/admin/admin/logentry/").content.decode()


def test_more_rows_than_an_order_takes_are_refused(desk, monkeypatch):
    monkeypatch.setattr("ytsynch.desk.orders.MOST", 2)
    channels = [make_channel() for _ in range(3)]
    answer = desk.order_many(channels, "verify", tier="").content.decode()
    assert "more than 2 rows" in answer
    assert not Channel.objects.filter(status=Status.VERIFIED).exists()


def test_there_is_no_order_of_another_name(staff, channel):
    assert staff.get(f"/admin/channels/channel/{channel.pk}/order/no-such-order/").status_code == 404


@pytest.mark.parametrize("term", ["12345", "UC" + "x" * 22, "@abc", "ada@example.com", "some words"])
def test_the_search_takes_ids_addresses_and_words(staff, term):
    make_channel(
        joystream_channel_id=12345,
        youtube_id="UC" + "x" * 22,
        handle="@abc",
        email="ada@example.com",
        title="Some words",
    )
    make_channel()
    response = staff.get("/admin/channels/channel/", {"q": term})
    assert len(response.context["cl"].result_list) == 1
