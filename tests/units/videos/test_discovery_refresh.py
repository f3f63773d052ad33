"""What happens to channels on YouTube, and what follows once two sources say so (faults.md C4, C8)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Channel, ChannelEvent, Pause, Status, TierName
from tests.devnet.youtube_support import BEEKEEPING, SLOW_RAIL
from tests.units.videos.watching import follow, knowing_all, look, units
from videos import quota, upkeep
from videos.discovery import refresh
from videos.models import QuotaDay, Video

pytest_plugins = ["tests.devnet.youtube_fixtures", "tests.units.videos.watching_fixtures"]


def refreshed(channel: Channel) -> Channel:
    Channel.objects.filter(pk=channel.pk).update(next_refresh_at=timezone.now())
    assert refresh.refresh_due()
    channel.refresh_from_db()
    return channel


def events(channel: Channel) -> list[str]:
    return list(channel.events.order_by("id").values_list("event", flat=True))


def test_a_new_channel_is_first_refreshed_after_a_day(watched):
    channel = follow(BEEKEEPING)
    channel.refresh_from_db()
    assert timedelta(hours=23) < channel.next_refresh_at - timezone.now() < timedelta(hours=25)
    assert not refresh.refresh_due()


def test_fifty_channels_are_refreshed_for_one_unit_once_a_day(watched):
    channels = [follow(BEEKEEPING), follow(SLOW_RAIL)]
    Channel.objects.update(next_refresh_at=timezone.now())
    before = units(watched)
    upkeep.do_due()
    assert units(watched) == before + 1
    for channel in channels:
        channel.refresh_from_db()
        assert timedelta(hours=21) < channel.next_refresh_at - timezone.now() < timedelta(hours=27)


def test_a_channel_that_grew_gets_the_tier_of_its_subscribers(watched):
    channel = follow(BEEKEEPING, status=Status.VERIFIED, tier=TierName.BRONZE)
    watched.control("set_subscribers", channel=channel.youtube_id, subscribers=200_000)
    assert refreshed(channel).subscribers == 200_000
    assert channel.tier != TierName.BRONZE
    assert "tier_changed" in events(channel)


def test_a_number_of_subscribers_that_is_hidden_stays_as_it_was_known_and_lowers_no_tier(watched):
    channel = follow(BEEKEEPING, status=Status.VERIFIED, tier=TierName.DIAMOND, subscribers=500_000)
    watched.control("hide_subscribers", channel=channel.youtube_id)
    refreshed(channel)
    assert (channel.subscribers, channel.subscribers_hidden, channel.tier) == (
        500_000,
        True,
        TierName.DIAMOND,
    )
    watched.control("hide_subscribers", channel=channel.youtube_id, hidden=False)
    refreshed(channel)
    assert (channel.subscribers, channel.subscribers_hidden) == (1280, False)
    assert channel.tier != TierName.DIAMOND


def test_a_channel_that_was_renamed_is_updated(watched):
    channel = follow(BEEKEEPING)
    watched.control("rename_channel", channel=channel.youtube_id, title="Bees & Co", handle="@beesandco")
    refreshed(channel)
    assert (channel.title, channel.handle) == ("Bees & Co", "@beesandco")


def test_a_channel_that_is_left_out_once_is_only_asked_for_again(watched):
    channel = follow(BEEKEEPING)
    watched.control("terminate_channel", channel=channel.youtube_id)
    refreshed(channel)
    assert channel.missing_since is not None
    assert (channel.status, channel.pause) == (Status.UNVERIFIED, Pause.NONE)
    assert channel.next_refresh_at < timezone.now() + timedelta(hours=2)


def test_a_channel_that_youtube_terminated_leaves_the_programme_once_two_sources_say_so(watched):
    channel = follow(BEEKEEPING)
    watched.control("terminate_channel", channel=channel.youtube_id)
    refreshed(channel)
    refreshed(channel)
    assert (channel.status, channel.pause) == (Status.OPTED_OUT, Pause.LEFT)
    assert events(channel)[-3:] == ["terminated_on_youtube", "opted_out", "paused"]
    Channel.objects.update(next_refresh_at=timezone.now())
    assert not refresh.refresh_due()


def test_a_suspended_channel_that_youtube_terminates_stays_suspended(watched):
    channel = follow(BEEKEEPING, status=Status.SUSPENDED, pause=Pause.SUSPENDED)
    watched.control("terminate_channel", channel=channel.youtube_id)
    refreshed(channel)
    assert refreshed(channel).status == Status.SUSPENDED


def test_a_hidden_channel_waits_and_goes_on_by_itself_when_it_is_back(watched):
    channel = follow(BEEKEEPING)
    watched.control("hide_channel", channel=channel.youtube_id)
    refreshed(channel)
    assert refreshed(channel).pause == Pause.YOUTUBE_CHANNEL_GONE
    assert channel.status == Status.UNVERIFIED
    watched.control("hide_channel", channel=channel.youtube_id, hidden=False)
    assert refreshed(channel).pause == Pause.NONE
    assert channel.missing_since is None


def test_a_channel_that_its_creator_paused_stays_so_while_it_is_hidden(watched):
    channel = follow(BEEKEEPING, wants_sync=False, pause=Pause.BY_CREATOR)
    watched.control("hide_channel", channel=channel.youtube_id)
    refreshed(channel)
    assert refreshed(channel).pause == Pause.BY_CREATOR


def test_a_channel_whose_page_is_there_is_never_condemned(watched):
    """The API leaves it out, and the public page shows it: nothing follows."""
    channel = follow(BEEKEEPING)
    shown = Channel.objects.filter(pk=channel.pk)
    shown.update(missing_since=timezone.now() - timedelta(hours=2))
    channel.refresh_from_db()
    refresh._not_shown(channel)
    channel.refresh_from_db()
    assert (channel.status, channel.pause) == (Status.UNVERIFIED, Pause.NONE)


def test_an_address_from_which_a_neighbour_is_not_seen_either_condemns_nobody(watched):
    channel = follow(BEEKEEPING)
    follow(SLOW_RAIL)
    watched.control("hide_channel", channel=channel.youtube_id)
    refreshed(channel)
    watched.control("block_proxy", kind="http_429")
    refreshed(channel)
    assert (channel.status, channel.pause) == (Status.UNVERIFIED, Pause.NONE)
    assert channel.missing_since is not None


@pytest.mark.parametrize("fault", [("api_down", {"down": True}), ("set_quota_left", {"units": 0})])
def test_an_api_that_does_not_answer_condemns_nobody(watched, fault):
    channel = follow(BEEKEEPING)
    Channel.objects.update(next_refresh_at=timezone.now())
    watched.control(fault[0], **fault[1])
    assert not refresh.refresh_due()
    channel.refresh_from_db()
    assert channel.missing_since is None
    assert channel.next_refresh_at > timezone.now()


def test_a_count_that_grew_behind_a_silent_feed_leads_to_a_listing(watched):
    channel = knowing_all(BEEKEEPING)
    watched.control("feed_404")
    fresh = watched.control("add_video", channel=channel.youtube_id, title="Fresh")["id"]
    look(channel)
    assert not Video.objects.filter(youtube_id=fresh).exists()
    upkeep.do_due()
    channel.refresh_from_db()
    assert channel.needs_listing
    assert channel.next_discovery_at <= timezone.now()
    look(channel)
    assert Video.objects.filter(youtube_id=fresh).exists()


def test_a_count_that_is_explained_by_what_we_found_ourselves_costs_no_listing(watched):
    channel = knowing_all(BEEKEEPING)
    watched.control("add_video", channel=channel.youtube_id, title="Fresh")
    look(channel)
    assert not refreshed(channel).needs_listing


def test_a_channel_behind_a_silent_feed_is_listed_once_a_day_even_if_the_count_stays(watched):
    channel = knowing_all(BEEKEEPING)
    watched.control("feed_404")
    look(channel)
    assert not refreshed(channel).needs_listing
    Channel.objects.update(listed_at=timezone.now() - timedelta(hours=25))
    assert refreshed(channel).needs_listing


def test_history_says_what_was_done_by_youtube(watched):
    channel = follow(BEEKEEPING)
    watched.control("hide_channel", channel=channel.youtube_id)
    refreshed(channel)
    refreshed(channel)
    assert ChannelEvent.objects.filter(channel=channel).latest("id").by == "youtube"


def test_quota_that_is_spent_postpones_the_refresh_to_pacific_midnight(watched):
    channel = follow(BEEKEEPING)
    Channel.objects.update(next_refresh_at=timezone.now())
    QuotaDay.objects.create(day=quota.quota_day(), sync_used=9500)
    upkeep.do_due()
    channel.refresh_from_db()
    assert abs(channel.next_refresh_at - quota.resumes_at()) < timedelta(seconds=10)
