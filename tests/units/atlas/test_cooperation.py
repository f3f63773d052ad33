"""A YouTube channel that somebody else has brought over already: staff see it in the history."""

import pytest

from channels.models import Channel
from tests.devnet.test_query_node import publish, signed
from tests.support.joystream import running_joystream
from tests.support.metadata import content_metadata
from ytsynch.youtube.feeds import Feeds

pytestmark = pytest.mark.django_db


@pytest.fixture
def newest(world) -> str:
    """Id of the newest video of Alpine Beekeeping."""
    feeds = Feeds(f"{world.youtube}/feeds/videos.xml")
    return feeds.newest(world.person("@alpinebeekeeping").youtube_channel_id)[0].id


@pytest.fixture
def joystream(world, tmp_path, settings, newest):
    """A Joystream where that video is on channel 1, brought by the devnet's gateway."""
    with running_joystream(tmp_path) as running:
        raw_action = content_metadata((1, "Brought before"))
        publish(running, signed(running, raw_action, newest, nonce=0))
        endpoints = settings.CONFIG.endpoints.model_copy(update={"query_node": running.query_node})
        settings.CONFIG = settings.CONFIG.model_copy(update={"endpoints": endpoints})
        yield running


def test_videos_on_another_joystream_channel_are_noted_for_staff(world, atlas, lenient, joystream):
    status, _ = atlas.join(atlas.sign_in(world, world.person("@alpinebeekeeping")), joystreamChannelId=2)
    assert status == 201
    event = Channel.objects.get().events.get(event="found_elsewhere")
    assert event.detail == {"Joystream channel 1, app devnet-gateway": 1}


def test_videos_on_the_very_channel_that_joins_are_no_news(world, atlas, lenient, joystream):
    atlas.join(atlas.sign_in(world, world.person("@alpinebeekeeping")), joystreamChannelId=1)
    assert [event.event for event in Channel.objects.get().events.all()] == ["signed_up"]


def test_a_feed_that_says_nothing_turns_nobody_away(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person("@alpinebeekeeping"))
    world.do("youtube/feed_404", missing=True)
    assert atlas.join(signed_in, joystreamChannelId=2)[0] == 201
    assert [event.event for event in Channel.objects.get().events.all()] == ["signed_up"]
