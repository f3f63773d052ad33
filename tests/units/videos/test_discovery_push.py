"""What becomes of notices, honest and forged, and of subscriptions."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from channels.models import Channel, Pause
from tests.devnet.youtube_support import BEEKEEPING, SLOW_RAIL
from tests.support.factories import make_channel, make_video
from tests.units.videos.watching import knowing_all, known, look
from tests.units.youtube.atom_samples import deletion, entry, feed
from videos.discovery import announcements, rhythm, subscriptions
from videos.discovery.models import Announcement, FoundBy, Hub, HubDay, Subscription, Wanted
from videos.models import Video
from videos.pipeline import discovery
from videos.states import State
from ytsynch.youtube.push import topic

pytest_plugins = ["tests.devnet.youtube_fixtures", "tests.units.videos.watching_fixtures"]

FAR = timedelta(days=1)


@pytest.fixture
def subscription(db, settings) -> Subscription:
    """A channel that is not due for a day, and whose subscription was confirmed an hour ago."""
    return subscribed(make_channel(next_discovery_at=timezone.now() + FAR))


def subscribed(channel: Channel) -> Subscription:
    hub, _ = Hub.objects.get_or_create(address="https://hub.example/subscribe")
    return Subscription.objects.create(
        channel=channel,
        hub=hub,
        live_since=timezone.now() - timedelta(hours=1),
        lease_ends_at=timezone.now() + timedelta(days=4),
        next_request_at=timezone.now() + timedelta(days=2),
    )


def notify(client, subscription: Subscription, body: bytes, secret: str | None = None, **headers: str):
    digest = hmac.new((secret or subscription.secret).encode(), body, hashlib.sha1).hexdigest()
    return client.post(
        f"/push/{subscription.callback_key}",
        data=body,
        content_type="application/atom+xml",
        headers={"X-Hub-Signature": f"sha1={digest}", **headers},
    )


def is_due(channel: Channel) -> bool:
    channel.refresh_from_db()
    return channel.next_discovery_at <= timezone.now()


def test_a_notice_makes_its_channel_due_at_once_and_nothing_else(client, subscription):
    channel = subscription.channel
    answer = notify(client, subscription, feed(entry("aaaaaaaaaaa", channel.youtube_id)))
    assert answer.status_code == 204
    assert is_due(channel)
    assert not Video.objects.exists()
    subscription.refresh_from_db()
    assert subscription.last_notice_at is not None


@pytest.mark.parametrize(
    "forge",
    [
        lambda client, row, body: notify(client, row, body, secret="guessed"),
        lambda client, row, body: notify(client, row, body, **{"X-Hub-Signature": ""}),
        lambda client, row, body: notify(client, row, body, **{"X-Hub-Signature": "md5=00"}),
        lambda client, row, body: notify(client, row, body + b" " * 70_000),
        lambda client, row, body: notify(client, row, b"<feed>"),
        lambda client, row, body: notify(
            client, row, body.replace(row.channel.youtube_id.encode(), b"UC" + b"z" * 22)
        ),
        lambda client, row, body: client.post(
            "/push/unknown", data=body, content_type="application/atom+xml"
        ),
    ],
    ids=[
        "wrong secret",
        "no signature",
        "unknown method",
        "too long",
        "no atom",
        "other channel",
        "unknown topic",
    ],
)
def test_what_is_forged_odd_or_foreign_is_answered_with_2xx_and_ignored(client, subscription, forge):
    body = feed(entry("aaaaaaaaaaa", subscription.channel.youtube_id))
    assert forge(client, subscription, body).status_code == 204
    assert not is_due(subscription.channel)
    assert not Announcement.objects.exists()


def test_a_notice_that_comes_again_is_ignored(client, subscription):
    channel, body = subscription.channel, feed(entry("aaaaaaaaaaa", subscription.channel.youtube_id))
    notify(client, subscription, body)
    Channel.objects.update(next_discovery_at=timezone.now() + FAR)
    assert notify(client, subscription, body).status_code == 204
    assert not is_due(channel)


def test_a_notice_of_a_video_that_is_known_leads_to_no_look(client, subscription):
    make_video(subscription.channel, youtube_id="aaaaaaaaaaa")
    notify(client, subscription, feed(entry("aaaaaaaaaaa", subscription.channel.youtube_id)))
    assert not is_due(subscription.channel)


def test_a_video_that_was_private_and_is_announced_is_looked_at(client, subscription):
    make_video(subscription.channel, youtube_id="aaaaaaaaaaa", state=State.SKIPPED, reason="video_private")
    notify(client, subscription, feed(entry("aaaaaaaaaaa", subscription.channel.youtube_id)))
    assert is_due(subscription.channel)


def test_a_flood_of_notices_leads_to_one_look_in_half_a_minute(client, subscription):
    channel = subscription.channel
    Channel.objects.update(looked_at=timezone.now())
    for number in range(20):
        notify(client, subscription, feed(entry(f"flood{number:06d}", channel.youtube_id)))
    channel.refresh_from_db()
    wait = channel.next_discovery_at - timezone.now()
    assert timedelta(seconds=25) < wait <= announcements.QUIET


def test_a_deletion_that_is_announced_deletes_nothing(client, subscription):
    video = make_video(subscription.channel, youtube_id="aaaaaaaaaaa")
    assert (
        notify(client, subscription, deletion("aaaaaaaaaaa", subscription.channel.youtube_id)).status_code
        == 204
    )
    video.refresh_from_db()
    assert (video.state, video.reason) == (State.NEW, "")


def test_the_challenge_is_echoed_for_the_topic_and_mode_that_were_asked_for(client, subscription):
    question = {
        "hub.mode": "subscribe",
        "hub.topic": topic(subscription.channel.youtube_id),
        "hub.challenge": "<script>",
        "hub.lease_seconds": "432000",
    }
    path = f"/push/{subscription.callback_key}"
    answer = client.get(path, question)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"<script>", "text/plain")
    for change in ({"hub.mode": "unsubscribe"}, {"hub.topic": topic("UC" + "z" * 22)}, {"hub.mode": ""}):
        assert client.get(path, question | change).status_code == 404
    assert client.get("/push/unknown", question).status_code == 404
    assert client.put(path).status_code == 405


def test_a_confirmed_lease_is_renewed_in_its_second_half_and_not_believed_for_ever(client, subscription):
    began = subscription.live_since
    question = {
        "hub.mode": "subscribe",
        "hub.topic": topic(subscription.channel.youtube_id),
        "hub.challenge": "c",
    }
    for given, lease in (("432000", 5), ("99999999", 10), ("0", 5), ("x", 5)):
        client.get(f"/push/{subscription.callback_key}", question | {"hub.lease_seconds": given})
        subscription.refresh_from_db()
        now = timezone.now()
        assert abs(subscription.lease_ends_at - now - timedelta(days=lease)) < timedelta(seconds=10)
        share = (subscription.next_request_at - now) / timedelta(days=lease)
        assert 0.49 < share < 0.81
    assert subscription.live_since == began


def test_a_hub_that_denies_is_asked_again_tomorrow(client, subscription):
    question = {"hub.mode": "denied", "hub.topic": topic(subscription.channel.youtube_id), "hub.reason": "no"}
    assert client.get(f"/push/{subscription.callback_key}", question).status_code == 204
    subscription.refresh_from_db()
    assert (subscription.lease_ends_at, subscription.refusal) == (None, "no")
    assert subscription.next_request_at > timezone.now() + timedelta(hours=23)


def test_channels_are_subscribed_with_their_first_look_where_the_hub_can_reach_us(watched, settings):
    channel = knowing_all(BEEKEEPING)
    subscription = Subscription.objects.get(channel=channel)
    assert subscriptions.ask_due()
    assert not subscriptions.ask_due()
    subscription.refresh_from_db()
    assert subscription.asked_at is not None
    assert subscription.next_request_at > timezone.now() + timedelta(minutes=50)
    settings.CONFIG = settings.CONFIG.model_copy(
        update={"http_api": settings.CONFIG.http_api.model_copy(update={"public_url": None})}
    )
    other = knowing_all(SLOW_RAIL)
    assert not Subscription.objects.filter(channel=other).exists()


def test_a_hub_that_is_down_costs_one_request_and_is_asked_later_and_later(watched):
    for person in (BEEKEEPING, SLOW_RAIL):
        knowing_all(person)
    watched.control("hub_down")
    pauses = []
    for _ in range(3):
        Hub.objects.update(ask_again_at=timezone.now())
        assert not subscriptions.ask_due()
        assert not subscriptions.ask_due()
        hub = Hub.objects.get()
        pauses.append(hub.ask_again_at - timezone.now())
    assert (hub.failures, hub.failing_since is not None) == (3, True)
    assert pauses[0] < pauses[1] < pauses[2]
    watched.control("hub_down", down=False)
    Hub.objects.update(ask_again_at=timezone.now())
    assert subscriptions.ask_due()
    hub.refresh_from_db()
    assert (hub.failures, hub.failing_since) == (0, None)
    assert not Subscription.objects.filter(asked_at=None).exists()


def test_a_channel_that_no_longer_syncs_is_unsubscribed_when_its_lease_is_to_be_renewed(watched, client):
    channel = knowing_all(BEEKEEPING)
    subscription = Subscription.objects.get(channel=channel)
    Subscription.objects.update(lease_ends_at=timezone.now() + FAR, live_since=timezone.now())
    Channel.objects.update(pause=Pause.BY_CREATOR)
    subscriptions.ask_due()
    subscription.refresh_from_db()
    assert subscription.wanted == Wanted.UNSUBSCRIBE
    question = {"hub.mode": "unsubscribe", "hub.topic": topic(channel.youtube_id), "hub.challenge": "c"}
    assert client.get(f"/push/{subscription.callback_key}", question).content == b"c"
    subscription.refresh_from_db()
    assert subscription.lease_ends_at is None


def announce(subscription: Subscription, youtube_id: str) -> None:
    Announcement.objects.create(
        channel=subscription.channel, youtube_id=youtube_id, updated_at=datetime.now(UTC)
    )


def test_an_announced_video_that_the_feed_does_not_show_is_looked_up_at_the_api(watched):
    channel = knowing_all(BEEKEEPING)
    fresh = watched.control("add_video", channel=BEEKEEPING.youtube_channel_id, title="Fresh")["id"]
    watched.control("feed_404")
    announce(Subscription.objects.get(channel=channel), fresh)
    assert look(channel) == 1
    assert Video.objects.get(youtube_id=fresh).found_by == FoundBy.PUSH
    assert not Announcement.objects.open(channel).exists()


def test_an_announced_video_of_another_channel_does_not_enter(watched):
    channel = knowing_all(BEEKEEPING)
    foreign = watched.videos(SLOW_RAIL.youtube_channel_id)[0]["id"]
    before = known(channel)
    announce(Subscription.objects.get(channel=channel), foreign)
    assert look(channel) == 0
    assert known(channel) == before
    assert not Announcement.objects.open(channel).exists()


def test_an_announced_video_that_nobody_shows_is_asked_about_for_an_hour(watched):
    channel = knowing_all(BEEKEEPING)
    announce(Subscription.objects.get(channel=channel), "notthereyet")
    assert look(channel) == 0
    assert channel.next_discovery_at < timezone.now() + timedelta(minutes=3)
    Announcement.objects.update(noted_at=timezone.now() - timedelta(hours=2))
    look(channel)
    assert not Announcement.objects.open(channel).exists()


def test_a_notice_during_a_look_is_not_lost(watched, client):
    channel = knowing_all(BEEKEEPING)
    subscription = Subscription.objects.get(channel=channel)
    Channel.objects.update(next_discovery_at=timezone.now() - FAR, looked_at=None)
    claimed = discovery.claim_channel()
    assert claimed is not None
    Channel.objects.update(looked_at=None)
    notify(client, subscription, feed(entry("aaaaaaaaaaa", channel.youtube_id)))
    discovery.discover(claimed)
    assert is_due(channel)


# --- How well a hub does


def find(channel: Channel, *, announced: bool) -> str:
    """A new upload is found by a look, announced by the hub before or not at all; its id."""
    video_id = f"m{Video.objects.count():010d}"
    video = make_video(channel, youtube_id=video_id, published_at=timezone.now())
    video.found_by = FoundBy.PUSH if announced else FoundBy.FEED
    video.save()
    announcements.measure(channel, [video])
    return video_id


def record() -> announcements.HubRecord:
    return announcements.records()[0]


def test_a_hubs_miss_rate_counts_the_uploads_that_it_had_promised_to_announce(subscription):
    assert record().miss_rate is None
    for announced in (True, True, True, False):
        find(subscription.channel, announced=announced)
    assert (record().announced, record().missed, record().miss_rate) == (3, 1, 0.25)
    old = make_video(subscription.channel, published_at=subscription.live_since - FAR)
    announcements.measure(subscription.channel, [old])
    announcements.measure(make_channel(), [make_video(published_at=timezone.now())])
    assert record().announced + record().missed == 4


def test_a_notice_that_comes_a_moment_after_our_own_look_is_not_missed(client, subscription):
    missed = find(subscription.channel, announced=False)
    notify(client, subscription, feed(entry(missed, subscription.channel.youtube_id)))
    assert (record().announced, record().missed) == (1, 0)
    assert Video.objects.get(youtube_id=missed).found_by == FoundBy.PUSH


def test_a_hub_that_is_down_or_misses_much_is_not_relied_on(subscription):
    channel, hub = subscription.channel, subscription.hub
    alone = rhythm.interval(make_channel())
    assert announcements.is_trusted(hub.pk)
    assert rhythm.interval(channel) == alone * rhythm.WATCHED
    HubDay.objects.create(hub=hub, day=timezone.now().date(), announced=30, missed=20)
    assert not announcements.is_trusted(hub.pk)
    assert rhythm.interval(channel) == alone
    HubDay.objects.update(missed=1)
    assert announcements.is_trusted(hub.pk)
    Hub.objects.update(failing_since=timezone.now())
    assert not announcements.is_trusted(hub.pk)


def test_a_lease_that_has_ended_is_not_relied_on(subscription):
    Subscription.objects.update(lease_ends_at=timezone.now() - timedelta(seconds=1))
    assert rhythm.interval(subscription.channel) == rhythm.interval(make_channel())


def test_old_announcements_are_forgotten(subscription):
    announce(subscription, "aaaaaaaaaaa")
    assert announcements.prune() == 0
    Announcement.objects.update(noted_at=timezone.now() - timedelta(days=8))
    assert announcements.prune() == 1
