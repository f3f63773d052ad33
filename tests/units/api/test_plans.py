"""Every list goes along an index, whatever it is narrowed by and however it is ordered."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels.models import Channel, Status, TierName
from tests.support.factories import PUBLISHED_AT, draft_video, make_app, make_channel
from videos.models import Video
from videos.states import State

pytestmark = pytest.mark.django_db


def plan_of(api, path: str, query: dict[str, object], table: str) -> str:
    """How the database finds the page."""
    with CaptureQueriesContext(connection) as queries:
        assert api.found(path, **query)["results"]
    select = next(
        one["sql"] for one in queries if f'FROM "{table}"' in one["sql"] and "LIMIT 51" in one["sql"]
    )
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {select}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def many_videos(db):
    channels = [make_channel(joystream_channel_id=number) for number in range(40, 100)]
    chance = random.Random(1)
    states = [State.NEW, State.PUBLISHED, State.PUBLISHED, State.SKIPPED]
    rows = [
        draft_video(
            channels[number % 60],
            state=State.STUCK if number % 200 == 0 else states[number % 4],
            published_at=PUBLISHED_AT + timedelta(minutes=chance.randrange(10**6)),
        )
        for number in range(8000)
    ]
    for row in rows[2:4000:97]:
        row.state, row.joystream_video_id = State.CREATED, row.joystream_video_id or 10**6 + int(row.tag)
    for row in rows[4:8000:800]:
        row.lease_token, row.leased_until = uuid4(), timezone.now() + timedelta(hours=1)
    Video.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video; ANALYZE channels_channel")


@pytest.mark.parametrize(
    ("path", "query", "indexes"),
    [
        ("videos/", {}, ["videos_video_pkey"]),
        ("videos/", {"ordering": "discovered_at"}, ["videos_video_pkey"]),
        ("videos/", {"ordering": "-published_at"}, ["video_newest_first"]),
        ("videos/", {"ordering": "published_at"}, ["video_newest_first"]),
        (
            "videos/",
            {"ordering": "-published_at", "published_before": "2026-06-01T00:00:00Z"},
            ["video_newest_first"],
        ),
        ("videos/", {"state": "stuck"}, ["video_by_state"]),
        ("videos/", {"channel": "42", "ordering": "-published_at"}, ["video_of_channel_newest"]),
        ("channels/42/videos/", {}, ["video_of_channel_newest"]),
        ("channels/42/videos/", {"ordering": "published_at"}, ["video_of_channel_newest"]),
        ("replications/", {}, ["video_by_age_in_state", "video_by_lease"]),
    ],
)
def test_videos(api, many_videos, path, query, indexes):
    plan = plan_of(api, path, query, "videos_video")
    assert all(index in plan for index in indexes), plan
    assert "Seq Scan on videos_video" not in plan


@pytest.fixture
def many_channels(db):
    apps = [make_app(name="large"), make_app(name="small")]
    chance = random.Random(1)
    Channel.objects.bulk_create(
        Channel(
            youtube_id=f"UC{number:022d}",
            handle=f"@channel-{number}",
            title=f"Channel {number}",
            published_at=PUBLISHED_AT,
            joystream_channel_id=number,
            app=apps[number % 100 == 0],
            subscribers=chance.randrange(10**7),
            status=Status.SUSPENDED if number % 100 == 0 else Status.VERIFIED,
            tier=TierName.DIAMOND if number % 100 == 0 else TierName.BRONZE,
        )
        for number in range(8000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE channels_channel; ANALYZE channels_app")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "channels_channel_pkey"),
        ({"ordering": "created_at"}, "channels_channel_pkey"),
        ({"ordering": "-subscribers"}, "channel_largest_first"),
        ({"ordering": "subscribers"}, "channel_largest_first"),
        ({"status": "suspended"}, "channel_by_status"),
        ({"tier": "diamond"}, "channel_by_tier"),
        ({"handle": "@channel-4711"}, "channels_channel_handle"),
        ({"app": "small"}, "channels_channel_app_id"),
    ],
)
def test_channels(api, many_channels, query, index):
    plan = plan_of(api, "channels/", query, "channels_channel")
    assert index in plan, plan
    assert "Seq Scan on channels_channel" not in plan
