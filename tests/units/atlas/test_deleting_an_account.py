"""DELETE /users/{id}: by an operator, or by the person with the code of the last sign-in."""

import pytest
import requests

from channels.models import Channel, Creator, Pause, Status, SuspensionReason
from tests.units.atlas.conftest import OWNER_KEY
from tests.units.atlas.factories import make_channel, make_creator, make_video
from ypp import suspension
from ypp.sign_up import _hash

pytestmark = pytest.mark.django_db


def refresh(world, token: str) -> int:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": world.google_client_id,
        "client_secret": world.google_client_secret,
    }
    return requests.post(f"{world.google}/token", data=form, timeout=10).status_code


def test_the_person_deletes_their_account_with_the_code(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person("@alpinebeekeeping"))
    atlas.join(signed_in, joystreamChannelId=1)
    make_video(Channel.objects.get())
    Creator.objects.update(code_hash=_hash("4/0again"))
    token = Creator.objects.get().grant["refresh_token"]
    assert refresh(world, token) == 200
    answer = atlas.delete(f"/users/{signed_in['userId']}", {"authorizationCode": "4/0again"})
    assert answer == (200, None)
    assert not Creator.objects.exists()
    channel = Channel.objects.get()
    assert (channel.status, channel.pause, channel.email) == (Status.OPTED_OUT, Pause.LEFT, "")
    assert channel.videos.get().held == "left"
    assert refresh(world, token) == 400


def test_an_operator_deletes_an_account(atlas):
    channel = make_channel(1, creator=make_creator("77"))
    assert atlas.delete("/users/77", key=OWNER_KEY) == (200, None)
    assert [event.by for event in channel.events.all()] == ["key configuration"] * channel.events.count()
    assert atlas.delete("/users/77", key=OWNER_KEY)[0] == 404


def test_a_suspension_outlives_the_account(atlas):
    channel = make_channel(1, creator=make_creator("77"), email="a@example.com")
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="staff")
    assert atlas.delete("/users/77", key=OWNER_KEY)[0] == 200
    channel.refresh_from_db()
    assert (channel.status, channel.email, channel.creator) == (Status.SUSPENDED, "", None)


def test_a_wrong_code_deletes_nothing(atlas):
    make_creator("77", code_hash=_hash("4/0abc"))
    assert atlas.delete("/users/77", {"authorizationCode": "4/0guess"})[0] == 400
    assert atlas.delete("/users/77")[0] == 401
    assert Creator.objects.exists()


def test_while_google_is_away_the_account_stays(atlas):
    grant = {"access_token": "a", "refresh_token": "r"}
    make_creator("77", grant=grant, code_hash=_hash("4/0abc"))
    status, answer = atlas.delete("/users/77", {"authorizationCode": "4/0abc"})
    assert (status, answer["code"]) == (503, "YOUTUBE_API_NOT_CONNECTED")
    assert Creator.objects.get().grant == grant
