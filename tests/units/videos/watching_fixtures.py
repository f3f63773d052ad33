"""The service as it is configured to meet the simulated YouTube.

Test modules name this file and `tests.devnet.youtube_fixtures` in `pytest_plugins`.
"""

from typing import Any

import pytest

from tests.devnet.youtube_support import YouTube
from ytsynch.config import Config


@pytest.fixture
def watched(youtube: YouTube, settings: Any, db: None) -> YouTube:
    """A service without chain, whose hub can reach it at an address of no consequence."""
    google = youtube.google
    settings.CONFIG = Config.model_validate(
        {
            "endpoints": {
                "youtubeApi": google,
                "youtubeFeeds": f"{google}/feeds/videos.xml",
                "webSubHub": f"{google}/subscribe",
            },
            "youtube": {
                "apiKey": youtube.world.youtube_api_key,
                "proxies": [youtube.youtube],
                "caFile": youtube.ca_file,
            },
            "httpApi": {"publicUrl": "http://127.0.0.1:9"},
        }
    )
    return youtube
