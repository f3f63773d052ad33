"""Whatever a client sends: never a 5xx that is our fault, and never an answer that the OpenAPI document does not have.

`make fuzz` looks longer: FUZZ_EXAMPLES is the number of requests that are made up for an operation.
"""

import os

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks

from channels.models import Creator, Pause, Status, TierName
from tests.support.factories import make_app, make_channel, make_file, make_video
from tests.units.atlas.conftest import OWNER_KEY, configured, devnet, session_devnet, world  # noqa: F401 (fixtures)
from videos.models import QuotaDay, StagePace, VideoEvent
from videos.quota import quota_day
from videos.states import Stage, State

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.timeout(3600),
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))


@pytest.fixture
def everything(db):
    """Something of each kind, under the ids that the document's examples have."""
    app = make_app(name="devnet-gateway")
    creator = Creator.objects.create(subject="1001", email="one@example.com")
    bees = make_channel(
        youtube_id="UCTUjCW6SCY-Txb2vBLyxv_Q", joystream_channel_id=1, creator=creator, app=app,
        status=Status.VERIFIED, tier=TierName.SILVER, language="en",
    )
    make_channel(app=app, pause=Pause.BY_CREATOR, joystream_channel_id=2, referrer_channel_id=1)
    for state in State:
        media = {"size": 1, "duration": 2, "width": 3, "height": 4, "video_codec": "h264", "audio_codec": None, "container": "mp4", "mime_type": "video/mp4"}
        video = make_video(bees, state=state, media=media if state != State.NEW else None, reason="too_long" if state == State.SKIPPED else "")
        if state not in (State.NEW, State.SKIPPED):
            make_file(video, uploaded_to="http://storage")
            make_file(video)
    watched = make_video(bees, youtube_id="dQw4w9WgXcQ", progress={"phase": "video", "done": 1, "total": None})
    VideoEvent.objects.create(video=watched, event="discovered", to_state=State.NEW, by="worker")
    VideoEvent.objects.create(video=watched, event="failed", reason="network_trouble", detail={"block": 7}, by="worker")
    QuotaDay.objects.create(day=quota_day(), sync_used=3, signup_used=2)
    for stage in Stage:
        StagePace.objects.create(stage=stage, slot=timezone.now(), finished=5)


@pytest.fixture
def document(everything, world, live_server, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    load_all_checks()
    schema = schemathesis.openapi.from_url(f"{live_server.url}/schema")
    schema.config.generation.max_examples = EXAMPLES
    return schema


service = schemathesis.pytest.from_fixture("document")


@service.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_everybody_gets_what_the_document_says(case):
    case.call_and_validate()


@service.include(tag=["Operator", "Users"]).parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_operators_get_what_the_document_says(case):
    case.call_and_validate(headers={"Authorization": f"Bearer {OWNER_KEY}"})
