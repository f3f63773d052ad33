"""A channel that staff added arrives on Joystream without its owner's sign-in, and without quota (mission C14)."""

import pytest

from channels.gateways import app_of_configuration
from channels.models import Channel
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.service import service_on, work_until
from videos import added_channels
from videos.added_channels import Wish
from videos.models import Video
from videos.states import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(devnet: Devnet, tmp_path, settings):  # noqa: F811 (the fixture)
    with service_on(devnet, tmp_path, settings):
        yield devnet


def test_its_videos_are_published_with_what_their_pages_say_when_the_quota_is_spent(world):
    person = world.person("@alpinebeekeeping")
    wish = Wish(person.handle, joystream_channel_id=person.joystream_channel_id)
    [result] = added_channels.add([wish], app=app_of_configuration(), by="staff")
    assert result.channel is not None, result.refusal
    world.do("youtube/set_quota_left", units=0)
    work_until(lambda: Video.objects.exists() and not Video.objects.exclude(state=State.PUBLISHED).exists())
    for video in Video.objects.all():
        assert "Filmed and cut by ourselves" in video.description
        assert video.needs_description
    assert Channel.objects.get().catalogue_complete


def test_a_joystream_channel_that_does_not_exist_or_is_taken_is_refused(world):
    person, other = world.person("@alpinebeekeeping"), world.person("@slowrailjourneys")
    wishes = [
        Wish(person.youtube_channel_id, joystream_channel_id=999_999),
        Wish(person.youtube_channel_id, joystream_channel_id=person.joystream_channel_id, category_id="nope"),
        Wish(person.youtube_channel_id, joystream_channel_id=person.joystream_channel_id),
        Wish(other.youtube_channel_id, joystream_channel_id=person.joystream_channel_id),
    ]
    results = added_channels.add(wishes, app=app_of_configuration(), by="staff")
    words = ("does not exist", "does not exist", "", "Already registered")
    for result, said in zip(results, words, strict=True):
        assert said in result.refusal
        assert (result.channel is None) == bool(said)
    assert Channel.objects.count() == 1
