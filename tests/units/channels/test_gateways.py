"""The gateway app is made from the configuration when somebody first signs up."""

import pytest

from channels.errors import Closed
from channels.gateways import app_of_configuration, known_app
from channels.models import App, Channel, Status
from tests.units.atlas.conftest import configured  # noqa: F401 (fixture)
from tests.units.atlas.factories import make_channel
from ytsynch.joystream.keys import Signer

pytestmark = pytest.mark.django_db


def test_the_app_and_its_lane_are_made_once():
    assert known_app() is None
    app = app_of_configuration()
    assert (app.name, app.account_seed) == ("devnet-gateway", "seed")
    assert (app.lane.member_id, app.lane.address) == (10, Signer.from_account(suri="//Collaborator").address)
    assert app_of_configuration() == app == known_app() == App.objects.get()


def test_a_service_without_a_collaborator_takes_nobody(settings):
    joystream = settings.CONFIG.joystream
    nobody = joystream.channel_collaborator.model_copy(update={"member_id": None})
    joystream = joystream.model_copy(update={"channel_collaborator": nobody})
    settings.CONFIG = settings.CONFIG.model_copy(update={"joystream": joystream})
    with pytest.raises(Closed):
        app_of_configuration()


def test_a_joystream_channel_is_its_holders_else_the_last_ones():
    first = make_channel(1, status=Status.OPTED_OUT)
    second = make_channel(1, status=Status.OPTED_OUT)
    assert Channel.objects.of_joystream_channel(1) == second
    Channel.objects.filter(pk=first.pk).update(status=Status.UNVERIFIED)
    assert Channel.objects.of_joystream_channel(1) == first
    assert Channel.objects.of_joystream_channel(2) is None
