"""What the demo offers beside its board: a link into a signed-in dashboard that fills up live, and a session
of Atlas; here with a service in this process, stage by stage.
"""

import pytest
import requests
from django.contrib.sessions.models import Session

from channels.gateways import app_of_configuration
from channels.models import Channel, Creator
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.service import facts_of, service_on, work, work_until
from videos.models import Video
from videos.states import Stage, State
from ypp.models import Requirement
from ytsynch.demo import creators
from ytsynch.demo.atlas import AtlasSession, SessionFailed
from ytsynch.demo.door import Door

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def world(devnet: Devnet, tmp_path, settings):  # noqa: F811
    with service_on(devnet, tmp_path, settings):
        rule = {"min_subscribers": 50, "min_videos": 1, "min_video_age_hours": 0}
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults=rule)
        yield facts_of(devnet)


@pytest.fixture
def person(world):
    return next(person for person in world["people"] if person["handle"] == "@alpinebeekeeping")


def test_atlas_signs_up_polls_pauses_leaves_and_comes_back(world, person, live_server):
    done = []
    for step in AtlasSession(live_server.url, world, person).steps():
        done.append(step.title)
        if step.title == "channel":
            work(Stage.DISCOVERY)
    assert done == [
        *("requirements", "sign-up", "membership", "channel", "poll"),
        *("pause", "category", "opt-out", "sign-up again"),
    ]
    channel = Channel.objects.get()
    assert (channel.status, channel.pause) == ("unverified", "")
    assert channel.events.latest("id").event == "resumed"
    assert Creator.objects.get().memberships_created == 1


def test_atlas_says_what_it_was_refused(world, person, live_server):
    Requirement.objects.update(sign_ups_open=False)
    with pytest.raises(SessionFailed, match="POST /users answered 503"):
        list(AtlasSession(live_server.url, world, person).steps())


def test_the_link_leads_into_a_dashboard_that_fills_up(world, person, live_server):
    creators.sign_up(live_server.url, world, person, category_id="3")
    door = Door(live_server.url, world, person)
    try:
        browser = requests.Session()
        page = browser.get(door.url, timeout=60)
        assert page.url == f"{live_server.url}/dashboard/{person['youtube_channel_id']}/"
        assert "Looking for your videos" in page.text
        live = f"{page.url}live/"
        work_until(lambda: Video.objects.filter(state=State.PUBLISHED).exists())
        assert "On Joystream" in browser.get(live, timeout=60).text
        # a stranger who knows the address of the dashboard alone is not let in
        assert requests.get(page.url, timeout=60).url.startswith(f"{live_server.url}/sign-in/")
        # when the session is over, the link signs in anew
        Session.objects.all().delete()
        assert browser.get(door.url, timeout=60).url == page.url
    finally:
        door.close()
