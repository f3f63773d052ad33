from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.devnet.youtube_support import ODD_SIGNALS, SLOW_RAIL, YouTube
from tests.units.youtube.atom_samples import BOMB, CHANNEL, OTHER, entry, feed
from tests.units.youtube.conftest import Google
from ytsynch.youtube import atom, errors
from ytsynch.youtube.feeds import LENGTH, Feeds

pytest_plugins = ["tests.devnet.youtube_fixtures"]


@pytest.fixture
def feeds(google: Google) -> Iterator[Feeds]:
    reader = Feeds(f"{google.url}/feeds/videos.xml", timeout=2)
    yield reader
    reader.close()


def test_an_entry_tells_what_the_feed_shows_of_a_video(google, feeds):
    google.will_answer(200, feed(entry()))
    [video] = feeds.newest(CHANNEL)
    assert google.asked[0].query == {"channel_id": CHANNEL}
    assert (video.id, video.channel_id, video.title) == ("aaaaaaaaaaa", CHANNEL, "Bees & honey")
    assert (video.description, video.views) == ("About bees.", 42)
    assert video.published_at == datetime(2026, 3, 6, 21, 40, 57, tzinfo=UTC)
    assert video.updated_at == datetime(2026, 4, 1, 19, 5, 24, 552394, tzinfo=UTC)


def test_entries_without_a_video_or_of_another_channel_are_left_out(google, feeds):
    google.will_answer(200, feed(entry("too-short"), entry("bbbbbbbbbbb", OTHER), entry("ccccccccccc")))
    assert [video.id for video in feeds.newest(CHANNEL)] == ["ccccccccccc"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"Error 404 (Not Found)!!1"),
        (200, feed()),
        (200, feed(entry(channel=OTHER))),
        (200, b"<html><body>Sorry"),
        (200, BOMB.encode()),
        (200, b""),
        (302, b""),
    ],
)
def test_a_feed_that_is_missing_empty_or_odd_says_nothing(google, feeds, status, body):
    google.will_answer(status, body)
    with pytest.raises(errors.FeedSilent):
        feeds.newest(CHANNEL)


@pytest.mark.parametrize(
    ("status", "expected"), [(429, errors.AddressBlocked), (503, errors.YouTubeUnreachable)]
)
def test_trouble_on_the_way_is_not_the_channels(google, feeds, status, expected):
    google.will_answer(status, b"no")
    with pytest.raises(expected):
        feeds.newest(CHANNEL)


def test_a_youtube_that_does_not_answer_is_unreachable():
    with pytest.raises(errors.YouTubeUnreachable):
        Feeds("http://127.0.0.1:9/feeds/videos.xml", timeout=1).newest(CHANNEL)


def test_a_feed_without_end_is_given_up(google, feeds):
    google.will_answer(200, b" " * 2_100_000)
    with pytest.raises(errors.FeedSilent, match="over"):
        feeds.newest(CHANNEL)


def test_entities_and_doctypes_are_refused():
    with pytest.raises(atom.NotAtom):
        atom.read(BOMB.encode())


def test_the_devnets_feeds_show_the_newest_public_videos(youtube: YouTube):
    feeds = Feeds(f"{youtube.google}/feeds/videos.xml")
    newest = feeds.newest(SLOW_RAIL.youtube_channel_id)
    listed = youtube.videos(SLOW_RAIL.youtube_channel_id)
    by_age = sorted(listed, key=lambda video: video["published_at"], reverse=True)
    assert [video.id for video in newest] == [video["id"] for video in by_age[:LENGTH]]
    shown = {video.id for video in feeds.newest(ODD_SIGNALS.youtube_channel_id)}
    assert youtube.video("private")["id"] not in shown
    youtube.control("feed_404")
    with pytest.raises(errors.FeedSilent, match="404"):
        feeds.newest(SLOW_RAIL.youtube_channel_id)
