"""Pausing and resuming a channel: people decide first, what happened outside holds until it is over."""

import pytest

from channels import sync
from channels.models import Channel, ChannelEvent, Pause, Status
from tests.support.factories import make_channel, make_video, reload

pytestmark = pytest.mark.django_db


def pause_of(channel: Channel) -> str:
    return Channel.objects.get(pk=channel.pk).pause


def history(channel: Channel) -> list[tuple[str, str]]:
    events = ChannelEvent.objects.filter(channel=channel).order_by("id")
    return [(event.event, event.detail.get("why", event.detail.get("was"))) for event in events]


def test_a_pause_holds_the_videos_and_is_recorded_with_who_and_why():
    video = make_video()
    assert sync.pause(video.channel, Pause.STORAGE_FULL, by="chain", detail={"text": "no space"})
    assert reload(video).held == Pause.STORAGE_FULL
    event = ChannelEvent.objects.get()
    assert (event.event, event.by) == ("paused", "chain")
    assert event.detail == {"why": Pause.STORAGE_FULL, "text": "no space"}


def test_the_same_pause_again_is_no_news():
    channel = make_channel()
    assert sync.pause(channel, Pause.BY_STAFF, by="ada")
    assert not sync.pause(channel, Pause.BY_STAFF, by="ben")
    assert len(history(channel)) == 1


def test_resuming_lets_the_videos_go_on():
    video = make_video(make_channel(pause=Pause.STORAGE_FULL))
    assert sync.resume(video.channel, by="chain")
    assert reload(video).held == ""
    assert history(video.channel) == [("resumed", Pause.STORAGE_FULL)]
    assert not sync.resume(video.channel, by="chain")


DECISIONS = {
    "the creator wants no sync": ({"wants_sync": False}, Pause.BY_CREATOR),
    "the operators switched it off": ({"allow_operator_ingestion": False}, Pause.BY_STAFF),
    "the creator left": ({"status": Status.OPTED_OUT}, Pause.LEFT),
    "the channel is suspended": ({"status": Status.SUSPENDED}, Pause.SUSPENDED),
    "it left and wants no sync": ({"status": Status.OPTED_OUT, "wants_sync": False}, Pause.LEFT),
    "nobody said no": ({}, Pause.NONE),
}


@pytest.mark.parametrize(("fields", "pause"), DECISIONS.values(), ids=DECISIONS.keys())
def test_the_pause_follows_what_people_decided(fields, pause):
    channel = make_channel(**fields)
    sync.follow_decisions(channel, by="ada")
    assert pause_of(channel) == pause


@pytest.mark.parametrize("fields", [fields for fields, pause in DECISIONS.values() if pause])
def test_the_end_of_a_trouble_outside_does_not_override_a_decision(fields):
    channel = make_channel(pause=Pause.STORAGE_FULL, **fields)
    assert not sync.resume(channel, by="chain")
    assert pause_of(channel) == sync.decided(channel) != Pause.NONE
    assert history(channel) == [("paused", Pause.STORAGE_FULL)]


def test_a_decision_to_go_on_does_not_end_a_trouble_outside():
    channel = make_channel(pause=Pause.COLLABORATOR_MISSING, wants_sync=True)
    sync.follow_decisions(channel, by="ada")
    assert pause_of(channel) == Pause.COLLABORATOR_MISSING


def test_a_decision_against_takes_the_place_of_a_trouble_outside():
    channel = make_channel(pause=Pause.STORAGE_FULL, wants_sync=False)
    sync.follow_decisions(channel, by="ada")
    assert pause_of(channel) == Pause.BY_CREATOR


def test_resuming_goes_by_the_row_and_not_by_what_was_read_before():
    channel = make_channel(pause=Pause.STORAGE_FULL)
    Channel.objects.update(wants_sync=False)  # meanwhile
    sync.resume(channel, by="chain")
    assert pause_of(channel) == Pause.BY_CREATOR
