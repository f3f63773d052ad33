"""Where a look finds new uploads, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Channel
from tests.devnet.youtube_support import BEEKEEPING, ODD_SIGNALS, SLOW_RAIL
from tests.units.videos.watching import follow, knowing_all, known, look, units
from videos import quota
from videos.discovery import descriptions
from videos.discovery.models import FoundBy
from videos.models import Band, QuotaDay, Video
from videos.pipeline import discovery
from videos.states import State

pytest_plugins = ["tests.devnet.youtube_fixtures", "tests.units.videos.watching_fixtures"]


def add(youtube, person, **traits) -> str:
    added = youtube.control("add_video", channel=person.youtube_channel_id, title="Fresh", traits=traits)
    return str(added["id"])


def test_the_first_look_lists_the_whole_back_catalogue_with_everything_that_is_shown(watched):
    channel = follow(SLOW_RAIL)
    look(channel)
    assert known(channel) == {video["id"] for video in watched.videos(SLOW_RAIL.youtube_channel_id)}
    assert set(channel.videos.values_list("found_by", flat=True)) == {FoundBy.CATALOGUE}
    assert not channel.videos.filter(needs_description=True).exists()
    assert channel.catalogue_complete
    assert channel.listed_at is not None


def test_later_looks_read_the_feed_and_cost_no_quota(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = add(watched, BEEKEEPING)
    before = units(watched)
    assert look(channel) == 1
    assert units(watched) == before
    video = channel.videos.get(youtube_id=fresh)
    assert (video.found_by, video.band, video.state) == (FoundBy.FEED, Band.FRESH, State.NEW)
    assert (video.title, video.privacy) == ("Fresh", "public")


def test_fifty_videos_that_feeds_showed_are_described_for_one_unit(watched):
    channels = [knowing_all(BEEKEEPING), knowing_all(SLOW_RAIL)]
    fresh = [add(watched, BEEKEEPING, license="creativeCommon"), add(watched, SLOW_RAIL)]
    for channel in channels:
        look(channel)
    before = units(watched)
    assert descriptions.describe_due()
    assert units(watched) == before + 1
    assert not descriptions.describe_due()
    video = Video.objects.get(youtube_id=fresh[0])
    assert (video.license, video.duration > 0, video.needs_description) == ("creativeCommon", True, False)


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({"declared_seconds": 20_000}, (State.SKIPPED, "too_long")),
        ({"obstacle": "age_restricted"}, (State.SKIPPED, "age_restricted")),
        ({"live": "live"}, (State.NEW, "live_now")),
    ],
)
def test_a_description_brings_the_verdict_that_a_feed_cannot_give(watched, traits, expected):
    channel = knowing_all(BEEKEEPING)
    fresh = add(watched, BEEKEEPING, **traits)
    look(channel)
    descriptions.describe_due()
    video = Video.objects.get(youtube_id=fresh)
    assert (video.state, video.reason) == expected


def test_a_verdict_comes_too_late_for_a_video_that_is_being_worked_on(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = add(watched, BEEKEEPING, declared_seconds=20_000)
    look(channel)
    token = "7b0cf1c0-0000-4000-8000-000000000000"
    Video.objects.filter(youtube_id=fresh).update(
        lease_token=token, leased_until=timezone.now() + timedelta(minutes=1)
    )
    descriptions.describe_due()
    video = Video.objects.get(youtube_id=fresh)
    assert (video.state, str(video.lease_token), video.duration) == (State.NEW, token, 20_000)


def test_what_a_feed_showed_and_the_api_does_not_is_asked_about_once(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = add(watched, BEEKEEPING)
    look(channel)
    watched.control("set_privacy", video=fresh, privacy="private")
    assert descriptions.describe_due()
    assert not Video.objects.get(youtube_id=fresh).needs_description


def test_more_uploads_than_the_feed_holds_are_listed(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = {add(watched, BEEKEEPING) for _ in range(17)}
    assert look(channel) == 17
    assert fresh <= known(channel)
    assert not channel.needs_listing


def test_without_quota_the_feed_goes_on_and_the_listing_is_owed(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = {add(watched, BEEKEEPING) for _ in range(17)}
    watched.control("set_quota_left", units=0)
    assert look(channel) == 15
    assert channel.needs_listing
    assert channel.next_discovery_at < timezone.now() + timedelta(days=2)
    assert QuotaDay.objects.get(day=quota.quota_day()).exhausted_at is not None
    assert not descriptions.describe_due()
    watched.control("set_quota_left", units=100)
    QuotaDay.objects.update(exhausted_at=None)
    assert look(channel) == 2
    assert fresh <= known(channel)
    assert not channel.needs_listing


def test_a_first_listing_waits_for_pacific_midnight_when_the_quota_is_spent(watched):
    channel = follow(BEEKEEPING)
    watched.control("set_quota_left", units=0)
    assert look(channel) == 0
    assert abs(channel.next_discovery_at - quota.resumes_at()) < timedelta(seconds=10)
    assert not channel.catalogue_complete


@pytest.mark.parametrize(("fault", "name"), [("feed_404", "missing"), ("feed_empty", "empty")])
def test_a_silent_feed_proves_nothing_and_has_the_channel_counted(watched, fault, name):
    channel = knowing_all(BEEKEEPING)
    before = set(channel.videos.values_list("youtube_id", "state"))
    watched.control(fault)
    assert look(channel) == 0
    assert set(channel.videos.values_list("youtube_id", "state")) == before
    assert channel.feed_silent_since is not None
    assert channel.next_refresh_at <= timezone.now()
    watched.control(fault, **{name: False})
    look(channel)
    assert channel.feed_silent_since is None


def test_one_added_and_one_deleted_is_seen_although_the_count_stays(watched):
    channel = knowing_all(BEEKEEPING)
    listed = watched.videos(BEEKEEPING.youtube_channel_id)
    watched.control("delete_video", video=listed[0]["id"])
    fresh = add(watched, BEEKEEPING)
    assert look(channel) == 1
    assert fresh in known(channel)


def test_a_channel_without_uploads_is_complete_with_nothing(watched):
    channel = follow(ODD_SIGNALS, uploads_playlist_id="UU" + "x" * 22)
    assert look(channel) == 0
    assert channel.catalogue_complete


def test_a_look_leaves_a_worker_that_lost_the_channel_without_effect(watched):
    channel = knowing_all(BEEKEEPING)
    due = channel.next_discovery_at
    Channel.objects.filter(pk=channel.pk).update(next_discovery_at=timezone.now())
    slow = discovery.claim_channel()
    Channel.objects.filter(pk=channel.pk).update(discovery_lease_token=None, discovery_leased_until=None)
    other = discovery.claim_channel()
    assert slow is not None
    assert other is not None
    discovery._finish(slow, after=timedelta(days=3))
    channel.refresh_from_db()
    assert channel.discovery_lease_token == other.discovery_lease_token
    assert channel.next_discovery_at < due + timedelta(days=2)
