"""Every list goes along an index, whatever it is narrowed by and however it is ordered."""

import random
from datetime import timedelta
from typing import Any
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

MANY = 4000


def plan_of(api, path: str, query: dict[str, Any], table: str) -> str:
    """How the database finds the page."""
    with CaptureQueriesContext(connection) as queries:
        assert api.found(path, **query)["results"]
    marks = (f'FROM "{table}"', "LIMIT 51")
    select = next(one["sql"] for one in queries if all(mark in one["sql"] for mark in marks))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {select}")
        return "\n".join(line for (line,) in cursor.fetchall())


def assert_goes_along(indexes: list[str], plan: str, table: str) -> None:
    assert all(index in plan for index in indexes), f"{indexes} in\n{plan}"
    assert f"Seq Scan on {table}" not in plan
    assert "Unique" not in plan


def make_many_videos() -> None:
    channels = [make_channel(joystream_channel_id=number) for number in range(40, 52)]
    chance = random.Random(1)
    rare = {3: State.STUCK, 5: State.REMOVED, 7: State.CREATED}
    often = [State.NEW, State.PUBLISHED, State.PUBLISHED, State.SKIPPED]
    rows = [
        draft_video(
            channels[number % len(channels)],
            state=rare.get(number % 400, often[number % 4]),
            published_at=PUBLISHED_AT + timedelta(minutes=chance.randrange(10**6)),
        )
        for number in range(MANY)
    ]
    for row in rows[::400]:
        row.lease_token, row.leased_until = uuid4(), timezone.now() + timedelta(hours=1)
    Video.objects.bulk_create(rows)


def make_many_channels() -> None:
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
        for number in range(MANY)
    )


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video; ANALYZE channels_channel")


NEWEST, BY_AGE = "video_newest_first", "video_by_age_in_state"


def test_videos(api):
    make_many_videos()
    analyse()
    cases: list[tuple[str, dict[str, Any], list[str]]] = [
        ("videos/", {}, ["videos_video_pkey"]),
        ("videos/", {"ordering": "discovered_at"}, ["videos_video_pkey"]),
        ("videos/", {"ordering": "-published_at"}, [NEWEST]),
        ("videos/", {"ordering": "published_at"}, [NEWEST]),
        ("videos/", {"ordering": "-published_at", "published_before": "2026-06-01T00:00:00Z"}, [NEWEST]),
        ("videos/", {"state": "published"}, ["videos_video_pkey"]),
        ("videos/", {"state": "stuck"}, [BY_AGE]),
        ("videos/", {"state": "removed"}, ["video_not_brought_over"]),
        ("videos/", {"channel": "42", "ordering": "-published_at"}, ["video_of_channel_newest"]),
        ("channels/42/videos/", {}, ["video_of_channel_newest"]),
        ("channels/42/videos/", {"ordering": "published_at"}, ["video_of_channel_newest"]),
        ("replications/", {}, [BY_AGE, "video_by_lease"]),
    ]
    for path, query, indexes in cases:
        assert_goes_along(indexes, plan_of(api, path, query, "videos_video"), "videos_video")


def test_channels(api):
    make_many_channels()
    analyse()
    cases = [
        ({}, "channels_channel_pkey"),
        ({"ordering": "created_at"}, "channels_channel_pkey"),
        ({"ordering": "-subscribers"}, "channel_largest_first"),
        ({"ordering": "subscribers"}, "channel_largest_first"),
        ({"status": "suspended"}, "channel_by_status"),
        ({"tier": "diamond"}, "channel_by_tier"),
        ({"handle": "@channel-3711"}, "channels_channel_handle"),
        ({"app": "small"}, "channels_channel_app_id"),
    ]
    for query, index in cases:
        assert_goes_along([index], plan_of(api, "channels/", query, "channels_channel"), "channels_channel")
