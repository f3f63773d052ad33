"""One simulated YouTube for the tests of a session; each test finds it in its first state.

Test modules name this file in `pytest_plugins`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devnet.youtube_support import Subscriber, YouTube


@pytest.fixture(scope="session")
def media_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("youtube-media")


@pytest.fixture(scope="session")
def youtube_process(tmp_path_factory: pytest.TempPathFactory, media_cache: Path) -> Iterator[YouTube]:
    folder = tmp_path_factory.mktemp("youtube")
    running = YouTube(folder, "--media-cache", str(media_cache), "--proxies", "2")
    yield running
    running.stop()


@pytest.fixture
def youtube(youtube_process: YouTube, monkeypatch: pytest.MonkeyPatch) -> YouTube:
    youtube_process.control("reset")
    monkeypatch.setenv("SSL_CERT_FILE", youtube_process.ca_file)
    return youtube_process


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    listening = Subscriber()
    yield listening
    listening.close()
