"""Limits of Joystream: a full channel, a missing collaborator, moderators, a deleted channel, an account
without funds.

Each pauses what it concerns, says why, and goes on by itself when it is over (mission C11, C12; faults.md N6,
N9, N13, N14).
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Channel, Lane, Pause, Status
from tests.support.devnet import Devnet, running_devnet, wait_until
from tests.support.service import join, service_on, work, work_until
from videos import outside, upkeep
from videos.models import Video
from videos.pipeline import funds, rechecks
from videos.states import Stage, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    """A devnet of this module's own: what happens to its chain is not undone."""
    with running_devnet(tmp_path_factory.mktemp("devnet")) as devnet:
        yield devnet


@pytest.fixture
def service(world: Devnet, tmp_path, settings) -> Iterator[Devnet]:
    world.reset()
    with service_on(world, tmp_path, settings):
        yield world


def on_chain(world: Devnet, action: str, **parameters) -> None:
    """Change the chain, and wait until the change is final and the query node has it."""
    world.do(f"chain/{action}", **parameters)
    world.wait_for_blocks(6)


def recheck(channel: Channel) -> Channel:
    Channel.objects.filter(pk=channel.pk).update(next_recheck_at=timezone.now())
    assert rechecks.recheck_due()
    channel.refresh_from_db()
    return channel


def fresh(channel: Channel) -> Channel:
    channel.refresh_from_db()
    return channel


def count(channel: Channel, state: State) -> int:
    return channel.videos.filter(state=state).count()


def all_published(channel: Channel) -> bool:
    videos = channel.videos
    return videos.exists() and not videos.exclude(state__in=[State.PUBLISHED, State.SKIPPED]).exists()


def test_a_full_channel_downloads_nothing_pauses_and_goes_on_when_there_is_space(service):
    channel = join(service.person("@alpinebeekeeping"))
    on_chain(service, "take-space", channel_id=channel.joystream_channel_id, bytes_left=1000)
    work(Stage.DISCOVERY, Stage.DOWNLOAD)
    assert fresh(channel).pause == Pause.STORAGE_FULL
    assert count(channel, State.NEW) == channel.videos.count() > 1
    assert not channel.videos.exclude(reserved_bytes=0).exists()
    soon = timezone.now() + timedelta(minutes=6)
    assert channel.next_recheck_at < soon
    assert recheck(channel).pause == Pause.STORAGE_FULL
    assert channel.recheck_every == 600
    on_chain(service, "give-space", channel_id=channel.joystream_channel_id)
    assert recheck(channel).pause == Pause.NONE
    assert list(channel.events.order_by("id").values_list("event", flat=True)) == ["paused", "resumed"]
    work_until(lambda: all_published(channel))


def test_space_that_is_taken_after_the_download_is_noticed_at_creation_and_no_fee_is_lost(service):
    channel = join(service.person("@clockworkrestoration"))
    work(Stage.DISCOVERY)
    work_until(lambda: not channel.videos.filter(state=State.NEW).exists(), Stage.DOWNLOAD)
    on_chain(service, "take-space", channel_id=channel.joystream_channel_id, objects_left=1)
    work(Stage.CREATION)
    assert fresh(channel).pause == Pause.STORAGE_FULL
    assert not Lane.objects.get().transactions.exists()
    on_chain(service, "give-space", channel_id=channel.joystream_channel_id)
    assert recheck(channel).pause == Pause.NONE
    work_until(lambda: all_published(channel))


def test_a_channel_with_space_for_some_of_its_videos_gets_those(service):
    channel = join(service.person("@paperboatsdaily"))
    work(Stage.DISCOVERY)
    work_until(lambda: not channel.videos.filter(state=State.NEW).exists(), Stage.DOWNLOAD)
    on_chain(service, "take-space", channel_id=channel.joystream_channel_id, bytes_left=10**9, objects_left=3)
    work_until(lambda: count(channel, State.PUBLISHED) == 1)
    work_until(lambda: fresh(channel).pause == Pause.STORAGE_FULL)
    assert count(channel, State.DOWNLOADED) == channel.videos.count() - 1


def test_a_missing_collaborator_pauses_the_sync_and_not_the_programme(service):
    channel = join(service.person("@nightkitchenphysics"))
    work_until(lambda: fresh(channel).pause == Pause.COLLABORATOR_MISSING)
    assert channel.status == Status.UNVERIFIED
    assert recheck(channel).pause == Pause.COLLABORATOR_MISSING
    on_chain(service, "add-collaborator", channel_id=channel.joystream_channel_id)
    assert recheck(channel).pause == Pause.NONE
    work_until(lambda: all_published(channel))


def test_a_channel_that_moderators_paused_goes_on_when_they_allow_it(service):
    channel = join(service.person("@tworoadscycling"))
    on_chain(service, "pause-channel", channel_id=channel.joystream_channel_id, on=True)
    work_until(lambda: fresh(channel).pause == Pause.MODERATED)
    assert recheck(channel).pause == Pause.MODERATED
    on_chain(service, "pause-channel", channel_id=channel.joystream_channel_id, on=False)
    assert recheck(channel).pause == Pause.NONE


def test_a_deleted_joystream_channel_leaves_the_programme_after_two_looks_and_for_good(service):
    channel = join(service.person("@brandnewukulele"))
    on_chain(service, "delete-channel", channel_id=channel.joystream_channel_id)
    assert recheck(channel).pause == Pause.JOYSTREAM_CHANNEL_GONE
    assert channel.status == Status.UNVERIFIED
    assert recheck(channel).status == Status.OPTED_OUT
    assert channel.pause == Pause.LEFT
    assert channel.events.filter(event="joystream_channel_gone").exists()
    Channel.objects.update(next_recheck_at=timezone.now(), next_discovery_at=timezone.now())
    assert not rechecks.recheck_due()
    assert not Channel.objects.due_for_discovery().exists()


def test_a_channel_that_only_the_query_node_lacks_is_left_alone(service, monkeypatch):
    channel = join(service.person("@slowrailjourneys"))
    monkeypatch.setattr(outside.query_node(), "channels", lambda ids: {})
    assert recheck(channel).pause == Pause.NONE
    assert channel.next_recheck_at > timezone.now() + timedelta(hours=20)


def test_a_healthy_channel_costs_the_chain_no_question(service, monkeypatch):
    channel = join(service.person("@slowrailjourneys"))
    with monkeypatch.context() as forbidden:
        forbidden.setattr(outside, "node", lambda: pytest.fail("the chain was asked"))
        assert recheck(channel).pause == Pause.NONE


def test_a_lane_without_funds_waits_says_what_it_needs_and_goes_on_when_funded(service):
    channel = join(service.person("@tworoadscycling"))
    work(Stage.DISCOVERY)
    work_until(lambda: not channel.videos.filter(state=State.NEW).exists(), Stage.DOWNLOAD)
    on_chain(service, "drain-collaborator", joy_left=0.01)
    work(Stage.CREATION)
    lane = Lane.objects.get()
    assert lane.dry_since is not None
    assert lane.needs is not None
    assert lane.balance is not None
    assert lane.needs > lane.balance
    assert not lane.transactions.exists()
    assert count(channel, State.DOWNLOADED) == channel.videos.count()
    assert not channel.videos.filter(lease_token__isnull=False).exists()
    on_chain(service, "transfer", sender="//Lead", to="//Collaborator", joy=10_000)
    Lane.objects.update(next_balance_check_at=timezone.now())
    upkeep.do_due()
    lane.refresh_from_db()
    assert not lane.needs
    assert not Lane.objects.exclude(dry_since=None).exists()
    work_until(lambda: all_published(channel))
    Lane.objects.update(next_balance_check_at=timezone.now())
    upkeep.do_due()
    lane.refresh_from_db()
    assert lane.days_left is not None
    assert lane.days_left > 0


def test_a_lane_that_can_pay_for_some_videos_sends_those(service):
    channel = join(service.person("@slowrailjourneys"))
    work(Stage.DISCOVERY)
    work_until(lambda: not channel.videos.filter(state=State.NEW).exists(), Stage.DOWNLOAD)
    videos = list(Video.objects.filter(state=State.DOWNLOADED))
    prices = outside.node().prices()
    one = funds.cost(videos[:1], prices)
    assert funds.cost(videos, prices) > 2 * one
    on_chain(service, "drain-collaborator", joy_left=2.5 * one / funds.HAPI_PER_JOY)
    work_until(lambda: Lane.objects.filter(dry_since__isnull=False).exists(), Stage.CREATION)
    created = channel.videos.filter(joystream_video_id__isnull=False).count()
    assert 1 <= created < len(videos)
    on_chain(service, "transfer", sender="//Lead", to="//Collaborator", joy=10_000)
    Lane.objects.update(next_balance_check_at=timezone.now())
    upkeep.do_due()
    wait_until(lambda: Lane.objects.filter(dry_since=None).exists(), what="the funding")
    work_until(lambda: all_published(channel))
