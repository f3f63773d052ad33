"""The numbers of the dashboard: right, bounded, and each with the list of what it counts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels import switches
from channels.models import Lane, Status, Switch, TierName
from tests.support.factories import draft_video, make_channel, make_lane, make_video
from videos.discovery.models import Hub, HubDay
from videos.models import Band, QuotaDay, StagePace, Video, VideoEvent, Worker
from videos.quota import quota_day
from videos.states import Stage, State
from ypp import membership
from ytsynch.dashboard import numbers
from ytsynch.dashboard.attention import RED, Seen, matters
from ytsynch.dashboard.numbers import WINDOWS, Bounded

pytestmark = pytest.mark.django_db
DAY, WEEK, MONTH = WINDOWS


def aged(age: timedelta, state: State, **fields) -> Video:
    video = make_video(membership.verify(make_channel(), by="a test"), state=state, **fields)
    Video.objects.filter(pk=video.pk).update(state_since=timezone.now() - age)
    return video


def seen() -> Seen:
    now = timezone.now()
    return Seen(
        now=now,
        by_age=numbers.by_state_and_age(now),
        statuses=numbers.by_status_and_tier(),
        paused=numbers.paused(),
        quota=numbers.quota_today(now),
        storage=numbers.storage(),
        lanes=numbers.lanes(DAY),
        workers=numbers.workers_by_stage(),
    )


def texts() -> list[str]:
    return [matter.text for matter in matters(seen())]


def test_videos_are_counted_by_state_and_age():
    aged(timedelta(minutes=5), State.NEW)
    aged(timedelta(hours=5), State.NEW)
    aged(timedelta(days=3), State.NEW)
    aged(timedelta(days=30), State.STUCK)
    aged(timedelta(days=30), State.PUBLISHED)
    counted = numbers.by_state_and_age(timezone.now())
    assert [count.count for count in counted[State.NEW]] == [1, 1, 1, 0]
    assert [count.count for count in counted[State.STUCK]] == [0, 0, 0, 1]
    assert numbers.under_way(counted) == Bounded(3)


def test_a_count_stops_at_its_bound(monkeypatch):
    monkeypatch.setattr(numbers, "MOST", 2)
    for _ in range(4):
        make_video()
    assert str(numbers.by_state_and_age(timezone.now())[State.NEW][0]) == "2+"
    assert str(numbers.bounded(Video.objects.all())) == "2+"


def test_the_backlog_is_counted_along_its_index():
    channel = make_channel()
    Video.objects.bulk_create(draft_video(channel, state=State.PUBLISHED) for _ in range(2000))
    Video.objects.bulk_create(draft_video(channel, state=State.NEW) for _ in range(20))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video")
    with CaptureQueriesContext(connection) as queries:
        numbers.by_state_and_age(timezone.now())
    (query,) = queries.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "video_by_age_in_state" in plan
    assert "Seq Scan" not in plan


def test_failures_are_counted_by_reason_and_waits_are_none():
    video = make_video()
    for event, reason in [
        ("failed", "network_trouble"),
        ("failed", "network_trouble"),
        ("stuck", "network_trouble"),
        ("skipped", "video_private"),
        ("waits", "live_now"),
        ("published", ""),
    ]:
        VideoEvent.objects.create(video=video, event=event, reason=reason, by="a test")
    assert [(found.reason, dict(found.events)) for found in numbers.failures(DAY)] == [
        ("network_trouble", {"failed": 2, "stuck": 1}),
        ("video_private", {"skipped": 1}),
    ]


def test_failures_before_the_window_do_not_count():
    event = VideoEvent.objects.create(video=make_video(), event="failed", reason="poison", by="a test")
    VideoEvent.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(days=2))
    assert numbers.failures(DAY) == []
    assert [found.reason for found in numbers.failures(WEEK)] == ["poison"]


def test_what_was_done_is_summed_by_the_hour_and_by_the_day():
    now = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
    for minutes in (0, 10, 60):
        StagePace.objects.create(stage=Stage.ACCEPTANCE, slot=now - timedelta(minutes=minutes), finished=2)
    assert [done.finished for done in numbers.done(DAY)] == [2, 4]
    assert sum(done.finished for done in numbers.done(MONTH)) == 6


def test_the_time_to_empty_is_that_of_the_slowest_stage():
    now = timezone.now()
    assert numbers.seconds_to_empty(numbers.by_state_and_age(now), now) is None
    for _ in range(3):
        make_video(state=State.NEW)
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=now - timedelta(seconds=100), finished=100)
    StagePace.objects.create(stage=Stage.ACCEPTANCE, slot=now - timedelta(seconds=100), finished=10)
    seconds = numbers.seconds_to_empty(numbers.by_state_and_age(now), now)
    assert seconds == pytest.approx(30, rel=0.1)


def test_channels_are_counted_by_status_and_tier():
    make_channel()
    make_channel(joystream_channel_id=None)
    membership.verify(make_channel(subscribers=0), by="a test", tier=TierName.GOLD)
    counted = numbers.by_status_and_tier()
    assert (counted[Status.UNVERIFIED][""], counted[Status.VERIFIED][""]) == (Bounded(1), Bounded(1))
    assert counted[Status.VERIFIED][TierName.GOLD] == Bounded(1)


def test_the_quota_has_a_forecast_that_is_never_below_what_is_used():
    now = timezone.now()
    QuotaDay.objects.create(day=quota_day(now), sync_used=400, signup_used=100)
    today = numbers.quota_today(now)
    assert (today.used, today.limit, today.percent) == (500, 10_000, 5)
    assert today.forecast >= 500


# --- What needs a human -------------------------------------------------------------------------------------


def test_a_stage_without_a_living_worker_is_told():
    for stage in Stage:
        Worker.objects.create(name="host:1", stage=stage)
    assert texts() == []
    Worker.objects.filter(stage=Stage.UPLOAD).update(seen_at=timezone.now() - timedelta(minutes=5))
    assert texts() == ["Upload: no worker is alive."]


def test_a_worker_at_a_long_download_is_alive():
    old = timezone.now() - timedelta(hours=1)
    for stage in Stage:
        Worker.objects.create(name=f"host:{stage}", stage=stage)
    Worker.objects.filter(stage=Stage.DOWNLOAD).update(seen_at=old)
    make_video(
        leased_by="host:download",
        lease_token="6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        leased_until=timezone.now() + timedelta(minutes=1),
    )
    (worker,) = numbers.workers_by_stage()[Stage.DOWNLOAD]
    assert worker.video is not None


def test_a_stage_that_stands_still_is_told():
    for stage in Stage:
        Worker.objects.create(name="host:1", stage=stage)
    aged(timedelta(hours=3), State.CREATED)
    assert texts() == ["Upload stands still: nothing was finished for an hour."]
    StagePace.objects.create(stage=Stage.UPLOAD, slot=timezone.now(), finished=1)
    assert texts() == []


def test_videos_that_wait_for_something_do_not_make_a_stage_stand_still():
    Worker.objects.bulk_create(Worker(name="host:1", stage=stage) for stage in Stage)
    video = aged(timedelta(hours=3), State.NEW, reason="premiere_upcoming")
    Video.objects.filter(pk=video.pk).update(next_attempt_at=timezone.now() + timedelta(days=1))
    assert texts() == []


def test_what_holds_videos_up_comes_before_what_waits_for_a_decision():
    Worker.objects.bulk_create(Worker(name="host:1", stage=stage) for stage in Stage)
    make_channel()
    make_video(make_channel(), state=State.STUCK)
    make_lane(paused_reason="its nonce is used by somebody else")
    switches.turn_off(Switch.SYNC, reason="an upgrade", by="a test")
    found = matters(seen())
    assert [matter.colour == RED for matter in found] == sorted(
        (matter.colour == RED for matter in found), reverse=True
    )
    told = " ".join(matter.text for matter in found)
    for part in (
        "is switched off: an upgrade",
        "its nonce is used",
        "Stuck: 1 video.",
        "to be verified",
    ):
        assert part in told
    assert Lane.objects.count() > 0


def test_each_number_leads_to_a_list_of_as_many_rows(staff):
    for state, count in ((State.NEW, 3), (State.STUCK, 2), (State.CREATED, 1)):
        for _ in range(count):
            make_video(state=state)
    membership.verify(make_channel(), by="a test", tier=TierName.GOLD)
    page = staff.get("/admin/").content.decode()
    links = re.findall(
        r'<a class="desk-link"\s+href="(/admin/(?:videos/video|channels/channel)/\?[^"]+)">(\d+)</a>', page
    )
    assert len(links) == 3
    for address, shown in links:
        listed = staff.get(address.replace("&amp;", "&"))
        assert len(listed.context["cl"].result_list) == int(shown), address


def test_boosted_videos_stay_in_the_count():
    make_video(band=Band.BOOST)
    assert numbers.under_way(numbers.by_state_and_age(timezone.now())) == Bounded(1)


def test_how_well_each_hub_announces_uploads_is_shown_and_told_when_it_is_bad(staff):
    hub = Hub.objects.create(address="https://hub.example/subscribe")
    HubDay.objects.create(hub=hub, day=timezone.now().date(), announced=30, missed=10)
    page = " ".join(staff.get("/admin/").content.decode().split())
    assert "missed 10 of 40 uploads (25.0%)" in page
    assert "missed 25% of what it was to announce in 7 days" in page


def test_a_hub_that_is_silent_for_long_is_told(staff):
    Hub.objects.create(address="https://hub.example/", failing_since=timezone.now() - timedelta(hours=30))
    assert "has not answered for 30 hours: feeds do its work" in staff.get("/admin/").content.decode()


def test_a_quota_that_will_not_last_is_told_before_it_is_spent():
    spent = numbers.Quota(
        used=6_000, forecast=12_000, limit=10_000, is_exhausted=False, resumes_at=timezone.now()
    )
    found = [matter.text for matter in matters(replace(seen(), quota=spent))]
    assert "Today's quota at YouTube will not last: 12,000 of 10,000 units." in found


def test_every_number_of_the_cards_leads_to_a_list_that_opens(staff):
    make_video(state=State.DOWNLOADED, reserved_bytes=5_000_000)
    page = staff.get("/admin/").content.decode()
    links = re.findall(r'<a class="desk-number"\s+href="([^"]+)"', page)
    assert len(links) == 6
    for address in links:
        assert staff.get(address.replace("&amp;", "&")).status_code == 200, address
    (stored,) = [address for address in links if "reserved_bytes" in address]
    assert len(staff.get(stored).context["cl"].result_list) == 1


def test_funds_that_last_only_days_more_are_told():
    make_lane(days_left=3.4)
    make_lane(days_left=30)
    assert [text for text in texts() if "funds" in text] == [
        f"The funds of the {Lane.objects.get(days_left=3.4)} last about 3.4 days more."
    ]
