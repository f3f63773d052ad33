"""The ledger: every public video is counted once, and every one that is missing has its reason."""

import random

import pytest

from channels import sync
from channels.models import Channel, Pause
from tests.support.factories import make_channel, make_video
from videos import coverage
from videos.coverage import Gap
from videos.models import Video
from videos.states import State

pytestmark = pytest.mark.django_db

REASONS = ("", "still_processing", "members_only", "video_private", "unexpected", "no such code")


def gaps(channel: Channel) -> dict[str, int]:
    return {gap.code: gap.count for gap in coverage.of_channel(channel).gaps}


def mixed(channel: Channel, count: int) -> None:
    dice = random.Random(7)
    for _ in range(count):
        state = dice.choice(list(State))
        reason = dice.choice(REASONS) if state not in (State.PUBLISHED, State.REMOVED) else ""
        make_video(channel, state=state, reason=reason, privacy=dice.choice(["public", "public", "unlisted"]))


@pytest.mark.parametrize("public_videos", [0, 500])
def test_the_sums_add_up(public_videos):
    channel = make_channel(public_videos=public_videos)
    mixed(channel, 120)
    found = coverage.of_channel(channel)
    assert found.on_youtube == found.on_joystream + sum(gap.count for gap in found.gaps)
    known = (
        found.on_joystream
        + found.not_public
        + sum(g.count for g in found.gaps if g.code != coverage.UNLISTED)
    )
    assert known == 120
    assert public_videos in (0, found.on_youtube)


def test_each_gap_of_the_ledger_finds_its_videos():
    channel = make_channel()
    mixed(channel, 120)
    sync.pause(channel, Pause.BY_CREATOR, by="test")
    videos = Video.objects.filter(channel=channel)
    counted = gaps(channel)
    assert counted[coverage.PAUSED] > 0
    for code in counted:
        wanted = sum(gap.count for gap in coverage.of_channel(channel).gaps if gap.code == code)
        assert coverage.missing_for(videos, code).count() == wanted
    assert not coverage.missing_for(videos, "nothing of the kind").exists()


def test_what_the_public_cannot_see_on_youtube_either_is_not_missing():
    channel = make_channel()
    make_video(channel, state=State.SKIPPED, reason="video_private", privacy="private")
    make_video(channel, state=State.SKIPPED, reason="video_deleted")
    make_video(channel, state=State.SKIPPED, reason="video_unlisted", privacy="unlisted")
    found = coverage.of_channel(channel)
    assert (found.on_youtube, found.gaps, found.not_public) == (0, (), 3)


def test_what_youtube_counts_and_we_do_not_know_is_a_gap_of_its_own():
    channel = make_channel(public_videos=5)
    make_video(channel, state=State.PUBLISHED)
    (gap,) = coverage.of_channel(channel).gaps
    assert (gap.code, gap.count, gap.is_on_its_way) == (coverage.UNLISTED, 4, True)


def test_a_paused_channels_videos_wait_for_what_paused_it():
    channel = make_channel()
    make_video(channel)
    sync.pause(channel, Pause.STORAGE_FULL, by="test")
    (gap,) = coverage.of_channel(channel).gaps
    assert gap.words.happened == "Your Joystream channel's storage is full."


def test_a_channel_that_is_all_there_is_a_hundred_percent_and_no_sooner():
    channel = make_channel(public_videos=300)
    for _ in range(299):
        make_video(channel, state=State.PUBLISHED)
    assert coverage.of_channel(channel).percent == 99
    make_video(channel, state=State.PUBLISHED)
    assert coverage.of_channel(channel).percent == 100
    assert coverage.of_channel(make_channel()).percent == 0


def test_a_ledger_is_one_query(django_assert_num_queries):
    channel = make_channel()
    mixed(channel, 30)
    with django_assert_num_queries(1):
        assert all(isinstance(gap, Gap) for gap in coverage.of_channel(channel).gaps)
