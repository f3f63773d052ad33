"""What happens to a channel becomes letters, by the rows of its history."""

import threading

import pytest
from django.db import connection

from channels import grants, switches, sync
from channels.models import Channel, ChannelEvent, Creator, Pause, SuspensionReason, TierName
from tests.support.factories import make_channel
from tests.units.letters.conftest import ADDRESS
from videos import errors
from videos.pipeline.refusals import pause_channel
from ypp import letters, membership, suspension
from ypp.leaving import delete_account
from ypp.letters.models import Kind, Letter
from ytsynch.youtube.sign_in import GoogleSignIn

pytestmark = pytest.mark.django_db


def told():
    """The kinds of letters that there are, in order, after a look at the history."""
    letters.write_due()
    return [Kind(kind) for kind in Letter.objects.order_by("id").values_list("kind", flat=True)]


def facts():
    return Letter.objects.latest("id").facts


def test_verified_is_told_with_the_tier(channel):
    membership.verify(channel, tier=TierName.SILVER, by="staff")
    assert told() == [Kind.VERIFIED]
    assert facts() == {"tier": "Silver", "was": ""}
    assert Letter.objects.get().address == ADDRESS


def test_verified_again_in_the_same_tier_is_no_news_and_another_tier_is(channel):
    membership.verify(channel, tier=TierName.SILVER, by="staff")
    membership.verify(channel, tier=TierName.SILVER, by="staff")
    assert told() == [Kind.VERIFIED]
    membership.verify(channel, tier=TierName.GOLD, by="staff")
    assert told() == [Kind.VERIFIED] * 2
    assert facts() == {"tier": "Gold", "was": "Silver"}


def test_a_tier_that_follows_the_subscribers_is_told(channel):
    membership.verify(channel, by="staff")
    Channel.objects.update(subscribers=10**6)
    membership.follow_subscribers(channel, by="refresh")
    assert told() == [Kind.VERIFIED] * 2
    assert facts() == {"tier": "Diamond", "was": "Bronze"}


def test_suspended_is_told_with_its_reason_and_so_is_its_end(channel):
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="staff")
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="staff")
    assert told() == [Kind.SUSPENDED]
    assert facts() == {"reason": "CopyrightBreach"}
    suspension.suspend(channel, SuspensionReason.UNSUPPORTED_TOPIC, by="staff")
    assert told() == [Kind.SUSPENDED] * 2
    suspension.lift(channel, by="staff")
    assert told() == [Kind.SUSPENDED, Kind.SUSPENDED, Kind.SUSPENSION_LIFTED]


def test_leaving_is_told(channel):
    membership.opt_out(channel, by="owner")
    assert told() == [Kind.LEFT]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.JoystreamStorageFull, Kind.SPACE_FULL),
        (errors.CollaboratorMissing, Kind.SYNC_PAUSED),
        (errors.ChannelModerated, Kind.SYNC_PAUSED),
        (errors.JoystreamChannelGone, Kind.SYNC_PAUSED),
        (errors.YouTubeChannelGone, Kind.SYNC_PAUSED),
    ],
)
def test_a_pause_that_the_world_caused_is_told_and_so_is_its_end(channel, error, kind):
    pause_channel(channel, error("as the chain says"))
    pause_channel(channel, error("as the chain says"))
    assert told() == [kind]
    sync.resume(channel, by="chain")
    assert told() == [kind, Kind.SYNC_RESUMED]
    assert facts() == {"was": error.pause.value}


def test_a_pause_by_staff_is_told_and_so_is_its_end(channel):
    switches.set_operator_ingestion(channel, is_allowed=False, by="staff")
    assert told() == [Kind.SYNC_PAUSED]
    switches.set_operator_ingestion(channel, is_allowed=True, by="staff")
    assert told() == [Kind.SYNC_PAUSED, Kind.SYNC_RESUMED]


def test_a_pause_that_is_over_before_anybody_wrote_is_not_told(channel):
    sync.pause(channel, Pause.STORAGE_FULL, by="chain")
    sync.resume(channel, by="chain")
    assert told() == []


def test_what_creators_do_themselves_is_not_told(channel):
    switches.set_wish(channel, wants_sync=False, by="owner")
    switches.set_wish(channel, wants_sync=True, by="owner")
    switches.set_category(channel, "4", by="owner")
    assert told() == []


def test_a_permission_that_google_no_longer_honours_is_told_once(channel):
    creator = Creator.objects.create(subject="1", email="g@example.com", grant={"access_token": "a"})
    channel.creator = creator
    channel.save()
    grants.forget(creator)
    grants.forget(creator)
    assert told() == [Kind.PERMISSION_REVOKED]


def test_an_event_is_looked_at_once(channel):
    membership.opt_out(channel, by="owner")
    assert letters.write_due() == ChannelEvent.objects.count()
    assert letters.write_due() == 0


@pytest.mark.django_db(transaction=True)
def test_several_workers_write_each_letter_once():
    for number in range(250):
        membership.opt_out(make_channel(email=f"c{number}@example.com"), by="owner")
    together = threading.Barrier(3)

    def work():
        together.wait()
        letters.write_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Letter.objects.filter(kind=Kind.LEFT).count() == 250
    assert not ChannelEvent.objects.filter(is_told=False).exists()


def test_who_deletes_the_account_gets_a_last_letter_and_nothing_personal_is_kept(channel, post):
    creator = Creator.objects.create(subject="1", email=ADDRESS, grant=None)
    Channel.objects.update(creator=creator)
    membership.verify(channel, by="staff")
    told()
    letters.deliver_due()
    delete_account(creator, google=GoogleSignIn("id", "hush"), by="creator 1")
    assert told() == [Kind.LEFT]
    letters.deliver_due()
    assert "has left the programme" in post.mails()[-1]["subject"]
    assert list(Letter.objects.values_list("kind", "address")) == [(Kind.LEFT, "")]


@pytest.mark.parametrize("what", ["terminated_on_youtube", "joystream_channel_gone"])
def test_a_channel_that_is_gone_is_told_so_and_not_that_its_owner_left(channel, what):
    sync.record(channel, what, by="youtube")
    membership.opt_out(channel, by="youtube")
    assert told() == [Kind.CHANNEL_GONE]
    assert facts()["why"] == what


def test_an_owner_who_comes_back_and_leaves_is_told_that(channel):
    sync.record(channel, "terminated_on_youtube", by="youtube")
    sync.record(channel, "came_back", by="its owner")
    membership.opt_out(channel, by="its owner")
    assert told()[-1] == Kind.LEFT
