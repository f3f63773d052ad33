"""Statuses: the moves that there are, what each does, and none besides."""

import itertools

import pytest

from channels import sync
from channels.errors import ChannelSuspended, Refused
from channels.models import Channel, Pause, Status, SuspensionReason, TierName
from tests.units.atlas.factories import make_channel, make_video
from ypp import membership, suspension
from ypp.statuses import FROM, LeftProgramme, Move, require, require_active

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("verify", "unverified"),
    ("verify", "verified"),
    ("verify", "suspended"),
    ("suspend", "unverified"),
    ("suspend", "verified"),
    ("suspend", "suspended"),
    ("lift", "suspended"),
    ("opt_out", "unverified"),
    ("opt_out", "verified"),
    ("rejoin", "opted_out"),
}


def test_the_table_has_these_moves():
    assert {(move.value, status.value) for move in Move for status in FROM[move]} == ALLOWED


@pytest.mark.parametrize(("move", "status"), itertools.product(Move, Status))
def test_every_other_move_is_refused_in_words(move, status):
    channel = Channel(status=status, joystream_channel_id=5)
    if (move.value, status.value) in ALLOWED:
        require(move, channel)
        return
    with pytest.raises(Refused) as refused:
        require(move, channel)
    assert refused.value.message.endswith(".")


def test_owners_of_suspended_and_gone_channels_are_told_why():
    with pytest.raises(ChannelSuspended):
        require_active(Channel(status=Status.SUSPENDED))
    with pytest.raises(LeftProgramme):
        require_active(Channel(status=Status.OPTED_OUT))


def test_the_proposed_tier_follows_the_subscribers():
    channel = membership.verify(make_channel(1, subscribers=1280), by="staff")
    assert (channel.tier, channel.tier_is_by_staff) == (TierName.SILVER, False)
    Channel.objects.update(subscribers=20_000)
    assert membership.follow_subscribers(channel, by="refresh")
    channel.refresh_from_db()
    assert channel.tier == TierName.GOLD
    assert channel.events.latest("id").detail == {"from": "silver", "to": "gold"}
    assert not membership.follow_subscribers(channel, by="refresh")


def test_a_tier_that_staff_chose_stays():
    channel = membership.verify(make_channel(1, subscribers=1280), tier=TierName.DIAMOND, by="staff")
    assert channel.tier_is_by_staff
    Channel.objects.update(subscribers=20_000)
    assert not membership.follow_subscribers(channel, by="refresh")
    channel.refresh_from_db()
    assert channel.tier == TierName.DIAMOND


def test_choosing_what_is_proposed_is_no_choice_of_staffs_own():
    channel = membership.verify(make_channel(1, subscribers=1280), tier=TierName.DIAMOND, by="staff")
    channel = membership.verify(channel, tier=TierName.SILVER, by="staff")
    assert not channel.tier_is_by_staff


def test_an_unverified_channel_gets_no_tier_by_itself():
    assert not membership.follow_subscribers(make_channel(1), by="refresh")


@pytest.mark.parametrize("verified", [True, False])
def test_a_lifted_suspension_gives_back_what_was(verified):
    channel = make_channel(1)
    if verified:
        channel = membership.verify(channel, tier=TierName.GOLD, by="staff")
    video = make_video(channel)
    channel = suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="staff")
    channel = suspension.suspend(channel, SuspensionReason.UNSUPPORTED_TOPIC, by="staff")
    video.refresh_from_db()
    assert (channel.suspension_reason, video.held) == ("UnsupportedTopic", "suspended")
    channel = suspension.lift(channel, by="staff")
    video.refresh_from_db()
    assert channel.status == (Status.VERIFIED if verified else Status.UNVERIFIED)
    assert (channel.suspension_reason, channel.pause, video.held) == ("", Pause.NONE, "")


def test_a_lifted_suspension_does_not_resume_what_the_creator_paused():
    channel = suspension.suspend(
        make_channel(1, wants_sync=False), SuspensionReason.COPYRIGHT_BREACH, by="staff"
    )
    assert suspension.lift(channel, by="staff").pause == Pause.BY_CREATOR


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, Pause.NONE),
        ({"wants_sync": False}, Pause.BY_CREATOR),
        ({"wants_sync": False, "allow_operator_ingestion": False}, Pause.BY_STAFF),
        ({"status": Status.SUSPENDED, "allow_operator_ingestion": False}, Pause.SUSPENDED),
        ({"status": Status.OPTED_OUT, "wants_sync": False}, Pause.LEFT),
    ],
)
def test_people_pause_a_channel_by_what_they_decided(fields, wanted):
    assert sync.decided(Channel(**fields)) is wanted


def test_when_the_outside_is_well_again_people_still_decide():
    channel = make_channel(1, wants_sync=False, pause=Pause.STORAGE_FULL)
    assert not sync.resume(channel, by="storage")
    channel.refresh_from_db()
    assert channel.pause == Pause.BY_CREATOR
