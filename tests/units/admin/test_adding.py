"""Channels that staff add with the mouse."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from channels.gateways import app_of_configuration
from channels.models import Channel
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.factories import make_app
from tests.support.service import service_on

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/channels/channel/add-channels/"


@pytest.fixture
def world(devnet: Devnet, settings, tmp_path, quiet_outside):  # noqa: F811 (the fixture)
    with service_on(devnet, tmp_path, settings):
        yield devnet


def test_channels_are_added_a_line_each_and_each_refusal_is_told(world, staff):
    app, bees = app_of_configuration(), world.person("@alpinebeekeeping")
    lines = f"{bees.youtube_channel_id}, {bees.joystream_channel_id}, 5\n\nUC{'x' * 22}\n"
    page = staff.post(ADDRESS, {"lines": lines, "app": app.pk}).content.decode()
    channel = Channel.objects.get()
    assert (channel.joystream_channel_id, channel.catalogue_limit) == (bees.joystream_channel_id, 5)
    assert channel.events.get().by == "staff boss"
    assert "YouTube does not show this channel." in page
    assert LogEntry.objects.get().get_change_message() == "Added from a list"


@pytest.mark.parametrize(
    "lines",
    ["", " ", ",1", "@a,b", "@a,1,many", "@a,-1", "@a," + "9" * 30, "@a,1,2,3,4", "@a,7\n@b,7", "@a,,9999999",
     '"', "@a\x00", "\n".join(["@a"] * 51)],
    ids=repr,
)  # fmt: skip
def test_a_list_that_is_not_right_is_said_in_the_form(staff, lines):
    page = staff.post(ADDRESS, {"lines": lines, "app": make_app().pk})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not Channel.objects.exists()


def test_youtube_that_is_away_is_a_refusal(staff):
    page = staff.post(ADDRESS, {"lines": "UC" + "x" * 22, "app": make_app().pk})
    assert "refused" in page.content.decode()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("treasurer", 403), ("moderator", 200)])
def test_only_moderators_add_channels(db, role, status):
    clerk = User.objects.create_user(role, is_staff=True)
    clerk.groups.add(Group.objects.get(name=role))
    browser = Client()
    browser.force_login(clerk)
    assert browser.get(ADDRESS).status_code == status
    assert (ADDRESS in browser.get("/admin/channels/channel/").content.decode()) == (status == 200)
