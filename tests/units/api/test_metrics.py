"""The service in numbers."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from channels import switches
from channels.models import Pause, Status, Switch, TierName
from tests.support.factories import draft_video, make_channel, make_video
from videos import tally
from videos.models import QuotaDay, StagePace, Video
from videos.quota import quota_day
from videos.states import Stage, State

pytestmark = pytest.mark.django_db


def test_channels_by_status_and_videos_by_state(api):
    channel = make_channel(status=Status.VERIFIED, tier=TierName.GOLD)
    paused = make_channel(pause=Pause.BY_CREATOR)
    make_channel(joystream_channel_id=None)
    for state in (State.NEW, State.NEW, State.CREATED, State.PUBLISHED):
        make_video(channel, state=state)
    make_video(paused, held=Pause.BY_CREATOR)
    shown = api.found("metrics/")
    assert shown["channels"] == {
        "total": 2,
        "syncing": 1,
        "by_status": {"unverified": 1, "verified": 1, "suspended": 0, "opted_out": 0},
        "is_estimate": False,
    }
    assert shown["videos"]["total"] == 5
    assert shown["videos"]["by_state"] == {
        "new": 3,
        "downloaded": 0,
        "creating": 0,
        "created": 1,
        "uploaded": 0,
        "published": 1,
        "skipped": 0,
        "stuck": 0,
        "removed": 0,
    }
    assert shown["backlog"] == 3
    assert {stage["stage"]: stage["waiting"] for stage in shown["stages"]} == {
        "download": 2,
        "creation": 0,
        "upload": 1,
        "acceptance": 0,
    }


def test_what_was_published_each_hour_of_the_last_day(api):
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for hours, finished in ((0, 1), (1, 2), (1, 3), (23, 4), (24, 100)):
        slot = this_hour - timedelta(hours=hours) + timedelta(seconds=10 * finished)
        StagePace.objects.create(stage=Stage.ACCEPTANCE, slot=slot, finished=finished)
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=this_hour, finished=100)
    hours = api.found("metrics/")["published_by_hour"]
    assert [hour["published"] for hour in hours] == [4, *[0] * 21, 5, 1]
    assert datetime.fromisoformat(hours[-1]["begins_at"]) == this_hour


def test_the_pace_of_each_stage_and_how_long_the_backlog_takes(api):
    began = timezone.now() - timedelta(seconds=100)
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=began, finished=10)
    StagePace.objects.create(stage=Stage.UPLOAD, slot=began, finished=50)
    channel = make_channel()
    for _ in range(5):
        make_video(channel)
    shown = api.found("metrics/")
    paces = {stage["stage"]: stage["seconds_each"] for stage in shown["stages"]}
    assert paces["download"] == pytest.approx(10, rel=0.1)
    assert paces["upload"] == pytest.approx(2, rel=0.1)
    assert paces["creation"] is None
    assert 50 <= shown["seconds_to_empty"] <= 60


def test_without_a_measure_nobody_says_how_long_the_backlog_takes(api):
    make_video()
    assert api.found("metrics/")["seconds_to_empty"] is None


def test_an_empty_queue_takes_no_time(api):
    assert api.found("metrics/")["seconds_to_empty"] == 0


def test_the_quota_of_the_day(api):
    QuotaDay.objects.create(day=quota_day(), sync_used=95, signup_used=5)
    quota = api.found("metrics/")["quota"]
    assert quota["day"] == quota_day().isoformat()
    assert (quota["sync"]["used"], quota["sync"]["limit"]) == (95, 9500)
    assert (quota["sign_up"]["used"], quota["sign_up"]["limit"]) == (5, 500)


def test_what_holds_everybody_up_is_said(api):
    switches.turn_off(Switch.SYNC, reason="Joystream is upgrading.", by="ada@example.com")
    (halt,) = api.found("metrics/")["halts"]
    assert halt == {
        "happened": "Sync is paused for everybody: Joystream is upgrading.",
        "actor": "operator",
        "next": "Every video keeps its place in the queue, and it goes on by itself.",
        "ends_at": None,
    }


def test_a_large_table_is_estimated_from_a_part_of_it(api, monkeypatch):
    channel = make_channel()
    states = [State.NEW, State.SKIPPED, State.SKIPPED, State.SKIPPED]
    Video.objects.bulk_create(draft_video(channel, state=states[number % 4]) for number in range(8000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video")
    monkeypatch.setattr(tally, "SAMPLE", 4000)
    videos = api.found("metrics/")["videos"]
    assert videos["is_estimate"]
    assert videos["total"] == pytest.approx(8000, rel=0.3)
    assert videos["by_state"]["skipped"] == pytest.approx(3 * videos["by_state"]["new"], rel=0.1)


def test_the_numbers_are_kept_for_a_few_seconds(api, django_assert_num_queries):
    before = api.found("metrics/")
    make_video()
    with django_assert_num_queries(0):
        assert api.found("metrics/") == before


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(api, django_assert_max_num_queries):
    for _ in range(5):
        make_video()
    with django_assert_max_num_queries(14):
        api.found("metrics/")
