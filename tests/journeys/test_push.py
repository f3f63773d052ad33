"""New uploads reach the queue by whatever way is open: the hub, else the feed, else the count and a listing.

The service polls once an hour here, so that nothing is found by polling within a test.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from channels.models import Channel
from tests.support.devnet import Devnet, devnet, session_devnet, wait_until  # noqa: F401 (fixtures)
from tests.support.service import join, service_on, work, work_until
from tests.units.youtube.atom_samples import entry, feed
from videos import upkeep
from videos.discovery import announcements
from videos.discovery.models import FoundBy, Hub, Subscription
from videos.models import QuotaDay, Video
from videos.quota import quota_day
from videos.states import Stage, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel(devnet: Devnet, tmp_path, settings, live_server) -> Iterator[Channel]:  # noqa: F811 (the fixture)
    """A channel whose back catalogue is known and which the hub watches for us."""
    changes = {"sync__intervals": {"youtubePolling": 3600}, "httpApi__publicUrl": live_server.url}
    with service_on(devnet, tmp_path, settings, **changes):
        joined = join(devnet.person("@alpinebeekeeping"))
        work(Stage.DISCOVERY)
        upkeep.do_due()
        wait_until(lambda: Subscription.objects.live().exists(), what="the hub's question")
        joined.refresh_from_db()
        yield joined


def upload(devnet: Devnet, channel: Channel) -> str:  # noqa: F811
    added = devnet.do("youtube/add_video", channel=channel.youtube_id, title="Fresh from the hive")
    return str(added["id"])


def is_due(channel: Channel) -> bool:
    return Channel.objects.due_for_discovery().filter(pk=channel.pk).exists()


def test_an_upload_that_the_hub_announces_is_found_without_polling(devnet, channel):  # noqa: F811
    assert not is_due(channel)
    Channel.objects.update(looked_at=None)
    fresh = upload(devnet, channel)
    wait_until(lambda: is_due(channel), what="the notice")
    work(Stage.DISCOVERY)
    video = Video.objects.get(youtube_id=fresh)
    assert video.found_by == FoundBy.PUSH
    assert (announcements.records()[0].announced, announcements.records()[0].missed) == (1, 0)
    work_until(lambda: Video.objects.filter(youtube_id=fresh, state=State.PUBLISHED).exists())


def test_an_upload_that_a_dead_hub_keeps_to_itself_is_found_by_the_feed(devnet, channel):  # noqa: F811
    devnet.do("youtube/hub_down", down=True)
    Subscription.objects.update(next_request_at=timezone.now())
    upkeep.do_due()
    assert Hub.objects.get().failing_since is not None
    fresh = upload(devnet, channel)
    assert not is_due(channel)
    Channel.objects.update(next_discovery_at=timezone.now())
    work(Stage.DISCOVERY)
    assert Video.objects.get(youtube_id=fresh).found_by == FoundBy.FEED
    assert announcements.records()[0].miss_rate == 1


def test_an_upload_that_neither_hub_nor_feed_shows_is_found_by_count_and_listing(devnet, channel):  # noqa: F811
    devnet.do("youtube/hub_down", down=True)
    devnet.do("youtube/feed_404", missing=True)
    fresh = upload(devnet, channel)
    Channel.objects.update(next_discovery_at=timezone.now(), public_videos=channel.videos.count())
    work(Stage.DISCOVERY)
    assert not Video.objects.filter(youtube_id=fresh).exists()
    upkeep.do_due()
    work(Stage.DISCOVERY)
    assert Video.objects.get(youtube_id=fresh).found_by == FoundBy.LISTING


def test_a_forged_notice_brings_nothing_in(devnet, channel, live_server):  # noqa: F811
    key = Subscription.objects.get().callback_key
    body = feed(entry("forgedvideo", channel.youtube_id))
    signature = {"X-Hub-Signature": f"sha1={'0' * 40}", "Content-Type": "application/atom+xml"}
    answer = requests.post(f"{live_server.url}/push/{key}", data=body, headers=signature, timeout=10)
    assert answer.status_code == 204
    assert not is_due(channel)
    work(Stage.DISCOVERY)
    assert not Video.objects.filter(youtube_id="forgedvideo").exists()


def test_push_and_feeds_go_on_when_the_quota_is_spent(devnet, channel):  # noqa: F811
    QuotaDay.objects.update_or_create(day=quota_day(), defaults={"exhausted_at": timezone.now()})
    devnet.do("youtube/set_quota_left", units=0)
    Channel.objects.update(looked_at=None)
    pushed = upload(devnet, channel)
    wait_until(lambda: is_due(channel), what="the notice")
    work(Stage.DISCOVERY)
    assert Video.objects.get(youtube_id=pushed).found_by == FoundBy.PUSH
    devnet.do("youtube/hub_down", down=True)
    fed = upload(devnet, channel)
    Channel.objects.update(next_discovery_at=timezone.now())
    work(Stage.DISCOVERY)
    assert Video.objects.get(youtube_id=fed).found_by == FoundBy.FEED
    work_until(lambda: Video.objects.filter(youtube_id__in=[pushed, fed], state=State.PUBLISHED).count() == 2)


def test_a_lease_is_renewed_before_it_ends(channel):
    before = Subscription.objects.get()
    assert before.lease_ends_at is not None
    assert before.next_request_at < before.lease_ends_at - timedelta(hours=20)
    Subscription.objects.update(
        next_request_at=timezone.now(), lease_ends_at=timezone.now() + timedelta(hours=20)
    )
    upkeep.do_due()

    def is_renewed() -> bool:
        return Subscription.objects.filter(lease_ends_at__gt=timezone.now() + timedelta(days=4)).exists()

    wait_until(is_renewed, what="the renewal")
    assert Subscription.objects.get().live_since == before.live_since
