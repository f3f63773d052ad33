"""The pages by Django's client: alone, or with a devnet's Google, YouTube and Joystream behind them."""

import pytest
from django.core.cache import cache

from channels.gateways import app_of_configuration
from channels.models import Channel, Creator
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.factories import make_app, make_channel
from tests.support.service import forget_clients, service_on
from ypp.models import Requirement
from ytsynch.config import Config


@pytest.fixture(autouse=True)
def configured(settings):
    """A configuration in which no outside service answers, and nothing is remembered yet."""
    nowhere = "http://127.0.0.1:9"
    google = {name: f"{nowhere}/{name}" for name in ("auth", "token", "revoke", "userinfo", "tokeninfo")}
    settings.CONFIG = Config.model_validate(
        {
            "endpoints": {
                "queryNode": f"{nowhere}/graphql",
                "joystreamNodeWs": "ws://127.0.0.1:9",
                "youtubeApi": nowhere,
                "google": google,
            },
            "youtube": {"clientId": "id", "clientSecret": "hush", "apiKey": "key"},
            "joystream": {
                "app": {"name": "devnet-gateway", "accountSeed": "seed"},
                "channelCollaborator": {"memberId": 10, "account": [{"suri": "//Collaborator"}]},
            },
        }
    )
    cache.clear()
    yield
    forget_clients()


@pytest.fixture
def world(devnet: Devnet, settings, tmp_path, db):  # noqa: F811 (the fixture)
    """The devnet, a service that is configured to use it, and requirements that all of its creators but the
    new one meet.
    """
    with service_on(devnet, tmp_path, settings):
        rule = {"min_subscribers": 50, "min_videos": 1, "min_video_age_hours": 24}
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults=rule)
        yield devnet


@pytest.fixture
def creator(db) -> Creator:
    return Creator.objects.create(subject="1001", email="maker@example.com")


@pytest.fixture
def channel(creator) -> Channel:
    """A channel that takes part and syncs, as its creator sees it."""
    return make_channel(
        app=make_app(), creator=creator, category_id="3", email="letters@example.com", title="Quiet Workshop"
    )


@pytest.fixture
def visitor(client, creator):
    """Django's client, with the creator signed in."""
    session = client.session
    session["creator"] = creator.pk
    session.save()
    return client
