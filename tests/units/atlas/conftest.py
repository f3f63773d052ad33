"""The API as Atlas calls it, with the devnet's Google and Joystream behind it."""

from typing import Any

import pytest
from django.core.cache import cache

from channels.gateways import app_of_configuration
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.units.atlas.client import Atlas
from ypp.models import Requirement
from ytsynch.config import Config

OWNER_KEY = "the-key-of-the-configuration"
CONFIGURED: dict[str, Any] = {
    "httpApi": {"ownerKey": OWNER_KEY},
    "joystream": {
        "app": {"name": "devnet-gateway", "accountSeed": "seed"},
        "channelCollaborator": {"memberId": 10, "account": [{"suri": "//Collaborator"}]},
    },
}


@pytest.fixture(autouse=True)
def configured(settings):
    """A configuration in which no outside service answers, and nobody is throttled yet."""
    nowhere = "http://127.0.0.1:9"
    endpoints = {
        "queryNode": f"{nowhere}/graphql",
        "joystreamNodeWs": "ws://127.0.0.1:9",
        "youtubeApi": nowhere,
        "youtubeFeeds": f"{nowhere}/feeds/videos.xml",
        "google": {
            "token": f"{nowhere}/token",
            "revoke": f"{nowhere}/revoke",
            "userinfo": f"{nowhere}/userinfo",
        },
    }
    faucet = {"faucet": {"endpoint": f"{nowhere}/register", "captchaBypassKey": "k"}}
    settings.CONFIG = Config.model_validate(
        {
            **CONFIGURED,
            "joystream": CONFIGURED["joystream"] | faucet,
            "endpoints": endpoints,
            "youtube": {"clientId": "id", "clientSecret": "hush"},
        }
    )
    cache.clear()


@pytest.fixture
def world(devnet: Devnet, settings) -> Devnet:  # noqa: F811 (the fixture)
    """The devnet, and a service that is configured to use it."""
    settings.CONFIG = Config.model_validate(
        {
            **CONFIGURED,
            "joystream": CONFIGURED["joystream"]
            | {"faucet": {"endpoint": devnet.faucet, "captchaBypassKey": devnet.faucet_key}},
            "endpoints": {
                "queryNode": devnet.query_node,
                "joystreamNodeWs": devnet.chain,
                "youtubeApi": devnet.google,
                "youtubeFeeds": f"{devnet.youtube}/feeds/videos.xml",
                "google": {
                    "token": f"{devnet.google}/token",
                    "revoke": f"{devnet.google}/revoke",
                    "userinfo": f"{devnet.google}/oauth2/v3/userinfo",
                },
            },
            "youtube": {"clientId": devnet.google_client_id, "clientSecret": devnet.google_client_secret},
        }
    )
    return devnet


@pytest.fixture
def lenient(db) -> Requirement:
    """Requirements that the devnet's creators meet, but for the one who is new."""
    row, _ = Requirement.objects.update_or_create(
        app=app_of_configuration(),
        defaults={"min_subscribers": 50, "min_videos": 1, "min_video_age_hours": 24},
    )
    return row


@pytest.fixture
def atlas(client) -> Atlas:
    return Atlas(client)
