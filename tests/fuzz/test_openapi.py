"""The whole OpenAPI document held against the service over real sockets: schemathesis makes up requests,
sensible and absurd, and looks that nothing of them is an error of ours and that every answer is as described.

A minute by default; `make fuzz SECONDS=1800` looks longer. SEED=… repeats a run.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from api.views.base import ReadThrottle
from channels import operator_keys
from channels.gateways import app_of_configuration
from channels.models import Channel, Creator, Status, SuspensionReason, TierName
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.factories import make_channel, make_file, make_video
from tests.support.service import service_on
from videos.models import QuotaDay, Video, VideoEvent
from videos.quota import quota_day
from videos.states import State
from ypp.models import Requirement, WhitelistedHandle
from ytsynch.security import limits

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("FUZZ_SECONDS") or 60)
SEED = os.environ.get("FUZZ_SEED") or "1"

IN_QUERY = ("channel",)

UNSAID = ("positive_data_acceptance",)
"""Checks that cannot hold: a request may have the right form and still be refused, for a reason that the
document cannot tell.
"""

pytestmark = pytest.mark.timeout(SECONDS * 2 + 240)


@pytest.fixture
def unthrottled(monkeypatch) -> None:
    """One network may send as much as it likes."""
    monkeypatch.setattr(ReadThrottle, "allow_request", lambda *_: True)
    monkeypatch.setattr(limits.Throttle, "allow_request", lambda *_: True)


@pytest.fixture
def world(devnet: Devnet, settings, tmp_path, unthrottled, transactional_db, django_db_serialized_rollback):  # noqa: F811, PLR0917
    """A service on a devnet that creators of the devnet may join."""
    cache.clear()
    with service_on(devnet, tmp_path, settings):
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults={"min_videos": 1})
        yield devnet


def populate() -> dict[str, list[Any]]:
    """Rows in every state; the ids by the parameters that name them."""
    app = app_of_configuration()
    creators, channels, videos = [], [], []
    for number, state in enumerate(State):
        creator = Creator.objects.create(subject=f"10{number}", email=f"maker{number}@example.com")
        status = Status.values[number % len(Status.values)]
        channel = make_channel(
            app=app,
            creator=creator,
            status=status,
            tier=TierName.GOLD if status == Status.VERIFIED else "",
            suspension_reason=SuspensionReason.COPYRIGHT_BREACH if status == Status.SUSPENDED else "",
            referrer_channel_id=1 if number % 2 else None,
            category_id="3",
        )
        creators.append(creator)
        channels.append(channel)
        for reason in ("", "video_private", "too_long", "download_stalled"):
            videos.append(_video(channel, state, reason))
    WhitelistedHandle.objects.create(handle="@letthemin", added_by="ada")
    QuotaDay.objects.create(day=quota_day(timezone.now()), sync_used=12, signup_used=3)
    joystream_ids = [channel.joystream_channel_id for channel in channels]
    return {
        "joystream_channel_id": joystream_ids,
        "member_id": [1, 10],
        "user_id": [creator.subject for creator in creators],
        "youtube_channel_id": [channel.youtube_id for channel in channels],
        "youtube_id": [video.youtube_id for video in videos],
        "handle": ["@letthemin"],
        "id": [*map(str, joystream_ids), *(channel.youtube_id for channel in channels)],
        "channel": [*map(str, joystream_ids)],
    }


def _video(channel: Channel, state: State, reason: str) -> Video:
    video = make_video(
        channel,
        state=state,
        reason=reason,
        progress={"phase": "video", "done": 5, "total": None},
        media={
            "duration": 60,
            "width": 1920,
            "height": 1080,
            "size": 5000,
            "video_codec": "h264",
            "audio_codec": "aac",
            "container": "mp4",
        },
        next_attempt_at=timezone.now() + timedelta(hours=1),
    )
    make_file(video, uploaded_to="http://127.0.0.1:9/storage", object_id=video.pk * 2)
    make_file(video, object_id=video.pk * 2 + 1)
    VideoEvent.objects.create(video=video, event="failed", to_state=state, reason="download_stalled", by="w")
    return video


def configuration(url: str, key: str, known: dict[str, list[Any]]) -> str:
    """schemathesis' own, in which half of the ids are those that there are."""
    lines = [f'base-url = "{url}"', *(f"checks.{name}.enabled = false" for name in UNSAID)]
    lines.append(f'auth.openapi.operatorKey.bearer = "{key}"')
    for name, values in known.items():
        place = "query" if name in IN_QUERY else "path"
        lines.append(f"dictionaries.{name}.values = {json.dumps(values)}")
        lines.append(f'parameters."{place}.{name}" = {{ dictionary = "{name}", probability = 0.5 }}')
    return "\n".join(lines) + "\n"


def test_nothing_that_can_be_sent_is_too_much_and_every_answer_is_as_described(world, live_server, tmp_path):
    key = operator_keys.create("schemathesis")
    config = tmp_path / "schemathesis.toml"
    config.write_text(configuration(live_server.url, key, populate()))
    run = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config)),
            *("run", f"{live_server.url}/schema", "--max-time", str(SECONDS), "--seed", SEED),
            *("--continue-on-failure", "--no-color", "--request-timeout", "60"),
            *("--generation-database", "none", "--suppress-health-check", "all"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
