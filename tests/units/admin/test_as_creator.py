"""The creator's dashboard as staff see it: to be looked at only."""

import pytest
from django.contrib.auth.models import Group, User

from channels.models import Creator
from tests.support.factories import make_channel, make_video
from ypp import membership

pytestmark = pytest.mark.django_db


def address(channel) -> str:
    return f"/admin/as-creator/{channel.youtube_id}/"


def test_staff_see_what_the_creator_sees_and_can_press_nothing(staff, desk):
    creator = Creator.objects.create(subject="1", email="ada@example.com")
    channel = make_channel(creator=creator, title="Quiet Workshop")
    make_video(channel, title="A chair of ash")
    assert address(channel) in desk.page(channel)
    response = staff.get(address(channel))
    page = response.content.decode()
    assert "A chair of ash" in page
    assert "as its creator sees it" in page
    assert '<form method="post"' not in page
    assert f"/dashboard/{channel.youtube_id}" not in page
    assert response["Cache-Control"] == "private, no-store"


def test_the_page_follows_by_itself(staff, channel):
    make_video(channel, title="A chair of ash")
    assert f'hx-get="{address(channel)}live/' in staff.get(address(channel)).content.decode()
    part = staff.get(f"{address(channel)}live/").content.decode()
    assert "A chair of ash" in part


def test_it_takes_no_orders(staff, channel):
    assert staff.post(address(channel)).status_code == 405


@pytest.mark.parametrize("part", ["", "live/"])
def test_only_staff_who_may_see_channels_come_in(client, channel, part):
    where = address(channel) + part
    assert "/admin/login/" in client.get(where)["Location"]
    clerk = User.objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get(where).status_code == 403
    clerk.groups.add(Group.objects.get(name="viewer"))
    assert client.get(where).status_code == 200
    User.objects.update(is_staff=False)
    assert "/admin/login/" in client.get(where)["Location"]


def test_the_second_factor_is_asked_for_here_too(client, admin_user, channel, settings):
    strict = settings.CONFIG.staff.model_copy(update={"second_factor": "required"})
    settings.CONFIG = settings.CONFIG.model_copy(update={"staff": strict})
    client.force_login(admin_user)
    assert "/second-factor/" in client.get(address(channel))["Location"]


def test_a_channel_that_nobody_registered_has_no_dashboard(staff):
    assert staff.get("/admin/as-creator/UC0000000000000000000000/").status_code == 404
    channel = make_channel(joystream_channel_id=None)
    assert staff.get(address(channel)).status_code == 404


def test_the_page_of_a_channel_lists_whom_it_brought(desk, channel):
    other = membership.verify(
        make_channel(title="Bees at night", referrer_channel_id=channel.joystream_channel_id), by="a test"
    )
    page = desk.page(channel)
    assert "Bees at night" in page
    listed = desk.client.get(f"/admin/channels/channel/?referrer_channel_id={channel.joystream_channel_id}")
    assert list(listed.context["cl"].result_list) == [other]
