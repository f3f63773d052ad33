"""The triggers that keep `Video.held` equal to the channel's pause, by whatever way either is written."""

import pytest

from channels.models import Channel, Pause
from tests.support.factories import draft_video, make_channel, make_video, reload
from videos import moves
from videos.models import Video
from videos.states import State

pytestmark = pytest.mark.django_db

HELD = {State.NEW, State.DOWNLOADED}


@pytest.mark.parametrize("state", State)
def test_a_pause_holds_what_is_not_on_its_way_to_the_chain_and_nothing_else(state):
    video = make_video(state=state)
    Channel.objects.update(pause=Pause.STORAGE_FULL)
    assert reload(video).held == (Pause.STORAGE_FULL if state in HELD else "")


def test_another_channels_videos_are_not_held():
    mine, other = make_video(), make_video()
    Channel.objects.filter(pk=mine.channel_id).update(pause=Pause.BY_STAFF)
    assert (reload(mine).held, reload(other).held) == (Pause.BY_STAFF, "")


def test_another_pause_takes_the_place_of_the_first_and_none_lets_go():
    video = make_video()
    for pause in (Pause.BY_CREATOR, Pause.SUSPENDED, Pause.NONE):
        Channel.objects.update(pause=pause)
        assert reload(video).held == pause


def test_a_video_that_is_discovered_in_a_paused_channel_is_held_from_the_start():
    channel = make_channel(pause=Pause.BY_CREATOR)
    Video.objects.bulk_create([draft_video(channel), draft_video(channel, state=State.SKIPPED)])
    held = Video.objects.order_by("state").values_list("state", "held")
    assert list(held) == [(State.NEW, Pause.BY_CREATOR), (State.SKIPPED, "")]


def test_a_video_that_comes_back_from_the_chain_into_a_paused_channel_is_held():
    video = make_video(make_channel(pause=Pause.STORAGE_FULL), state=State.CREATING)
    assert reload(video).held == ""
    moves.move(video, State.DOWNLOADED, event="not_created")
    assert reload(video).held == Pause.STORAGE_FULL


def test_a_held_video_that_moves_on_is_let_go():
    video = make_video(make_channel(pause=Pause.BY_CREATOR), state=State.DOWNLOADED)
    moves.move(video, State.CREATING, event="signed")
    assert reload(video).held == ""


def test_nobody_can_write_a_hold_of_their_own_while_moving_a_video():
    video = make_video()
    Video.objects.filter(pk=video.pk).update(state=State.DOWNLOADED, held="mine")
    assert reload(video).held == ""
