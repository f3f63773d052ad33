"""Faults of YouTube's channels, API and push, by the rows of the list of faults (C3–C8). C1 and C2 are in
`test_youtube`.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels.models import Channel, Pause, Status
from tests.faults.world import World
from tests.support.service import facts_of, work
from tests.units.youtube.atom_samples import entry, feed
from videos import outside
from videos.discovery import announcements, refresh, subscriptions
from videos.discovery.models import FoundBy, Hub, Subscription
from videos.models import Video
from videos.states import Stage, State
from ypp import letters
from ypp.letters.models import Kind, Letter
from ytsynch.demo.creators import REDIRECT, authorization_code
from ytsynch.youtube.errors import ScopeMissing


def due(**fields: Any) -> None:
    Channel.objects.update(next_discovery_at=timezone.now(), **fields)


def refreshed(channel: Channel) -> Channel:
    Channel.objects.update(next_refresh_at=timezone.now())
    refresh.refresh_due()
    channel.refresh_from_db()
    return channel


@pytest.fixture
def known(world: World) -> Channel:
    """A channel whose back catalogue has been listed."""
    channel = world.channel(email="keeper@example.com")
    work(Stage.DISCOVERY)
    channel.refresh_from_db()
    channel.public_videos = Video.objects.filter(privacy="public").count()
    channel.save(update_fields=["public_videos"])
    return channel


def upload(world: World, channel: Channel, count: int = 1) -> set[str]:
    return {
        str(world.do("youtube/add_video", channel=channel.handle, title=f"Fresh {number}")["id"])
        for number in range(count)
    }


def found() -> set[str]:
    return set(Video.objects.values_list("youtube_id", flat=True))


def test_c3_a_permission_without_what_we_need_is_refused_in_the_words_that_gateways_look_for(world):
    person = world.devnet.person("@slowrailjourneys")
    only_email = ["openid", "email"]
    world.do("youtube/consent", user=person.google_user, scopes=only_email)
    try:
        code = authorization_code(facts_of(world.devnet), person.google_user)
        with pytest.raises(ScopeMissing, match="Insufficient Permission"):
            outside.google().exchange_code(code, REDIRECT)
    finally:
        world.do("youtube/consent", user=person.google_user)


def test_c4_a_terminated_channel_leaves_the_programme_with_a_letter_that_says_so(world, known):
    world.do("youtube/terminate_channel", channel=known.youtube_id)
    try:
        assert refreshed(known).status == Status.UNVERIFIED, "one source proves nothing"
        assert refreshed(known).status == Status.OPTED_OUT
    finally:
        world.do("youtube/terminate_channel", channel=known.youtube_id, terminated=False)
    letters.write_due()
    (letter,) = Letter.objects.filter(kind__in=[Kind.CHANNEL_GONE, Kind.LEFT])
    assert (letter.kind, letter.facts["why"]) == (Kind.CHANNEL_GONE, "terminated_on_youtube")


def test_c4_a_hidden_channel_waits_with_a_letter_and_goes_on_when_it_is_back(world, known):
    world.do("youtube/hide_channel", channel=known.youtube_id)
    try:
        refreshed(known)
        assert refreshed(known).pause == Pause.YOUTUBE_CHANNEL_GONE
    finally:
        world.do("youtube/hide_channel", channel=known.youtube_id, hidden=False)
    letters.write_due()
    assert Letter.objects.get(kind=Kind.SYNC_PAUSED).facts == {"why": Pause.YOUTUBE_CHANNEL_GONE.value}
    assert refreshed(known).pause == Pause.NONE
    letters.write_due()
    assert Letter.objects.filter(kind=Kind.SYNC_RESUMED).exists()


def test_c4_a_renamed_channel_is_updated(world, known):
    title = known.title
    world.do("youtube/rename_channel", channel=known.youtube_id, title="Bees & Co")
    try:
        assert refreshed(known).title == "Bees & Co"
    finally:
        world.do("youtube/rename_channel", channel=known.youtube_id, title=title)
    assert known.events.filter(event="refreshed").exists()


def test_c5_while_the_api_is_down_discovery_waits_and_then_goes_on(world):
    channel = world.channel()
    world.do("youtube/api_down")
    work(Stage.DISCOVERY)
    channel.refresh_from_db()
    assert not Video.objects.exists()
    assert (channel.pause, channel.catalogue_complete) == (Pause.NONE, False)
    world.do("youtube/api_down", down=False)
    due()
    work(Stage.DISCOVERY)
    assert Video.objects.exists()


@pytest.fixture
def announced(world: World, known: Channel) -> Subscription:
    """The channel as a hub watches it for us."""
    hub = Hub.objects.create(address=f"{world.devnet.google}/subscribe")
    later = timezone.now() + timedelta(days=4)
    return Subscription.objects.create(
        channel=known, hub=hub, lease_ends_at=later, live_since=timezone.now(), next_request_at=later
    )


def notify(subscription: Subscription, body: bytes, signature: str) -> int:
    return (
        Client()
        .post(
            f"/push/{subscription.callback_key}",
            data=body,
            content_type="application/atom+xml",
            headers={"x-hub-signature": signature},
        )
        .status_code
    )


@pytest.mark.parametrize("signature", ["", "sha1=" + "0" * 40, "md5=nonsense"])
def test_c6_a_notice_that_the_hub_has_not_signed_changes_nothing(world, known, announced, signature):
    body = feed(entry("forgedvideo", known.youtube_id))
    assert notify(announced, body, signature) == 204
    assert announcements.unverified(known) == []
    assert not Channel.objects.due_for_discovery().exists()


def test_c6_a_notice_to_an_address_that_nobody_gave_out_is_answered_and_ignored(world):
    assert Client().post("/push/unknown", data=b"x" * 10, content_type="text/plain").status_code == 204


def test_c6_while_the_hub_is_down_the_feed_takes_over(world, known, announced, settings):
    world.set("httpApi.publicUrl", "http://127.0.0.1:9")
    world.do("youtube/hub_down")
    Subscription.objects.update(next_request_at=timezone.now())
    subscriptions.ask_due()
    assert Hub.objects.get().failing_since is not None
    new = upload(world, known)
    due()
    work(Stage.DISCOVERY)
    assert set(Video.objects.filter(found_by=FoundBy.FEED).values_list("youtube_id", flat=True)) == new


def test_c7_more_new_videos_than_a_feed_holds_are_all_found(world, known):
    new = upload(world, known, count=17)
    due()
    work(Stage.DISCOVERY)
    assert new <= found()


def test_c7_one_added_and_one_deleted_leave_the_count_and_are_noticed_all_the_same(world, known):
    old = Video.objects.filter(privacy="public").latest("published_at")
    new = upload(world, known)
    world.do("youtube/delete_video", video=old.youtube_id)
    due()
    work(Stage.DISCOVERY)
    assert new <= found()


@pytest.mark.parametrize("fault", ["feed_404", "feed_empty"])
def test_c8_a_feed_that_says_nothing_never_means_that_something_was_deleted(world, known, fault):
    before = dict(Video.objects.values_list("youtube_id", "state"))
    world.do(f"youtube/{fault}")
    due()
    work(Stage.DISCOVERY)
    assert dict(Video.objects.values_list("youtube_id", "state")) == before
    known.refresh_from_db()
    assert known.pause == Pause.NONE
    assert not Video.objects.filter(state=State.REMOVED).exists()
