"""Where a video stands in the queue, and when it may be expected."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Pause
from tests.support.factories import make_channel, make_video
from videos import leases, moves, pace
from videos.errors import UploadFailedOnYouTube
from videos.models import Band, StagePace
from videos.pace import Expectation, expect_all
from videos.states import Stage, State

pytestmark = pytest.mark.django_db


def expected(video):
    return expect_all([video])[video.pk]


def seconds_until(expectation: Expectation) -> float:
    assert expectation.at is not None
    return (expectation.at - timezone.now()).total_seconds()


def measured(stage: Stage, *, finished: int, ago: timedelta, seconds: float = 0.0) -> None:
    StagePace.objects.create(
        stage=stage, slot=timezone.now() - ago, finished=finished, seconds=seconds * finished
    )


def test_places_count_from_one_within_each_stage_in_queue_order():
    channel = make_channel()
    last = make_video(channel, band=Band.CATALOGUE, tag=5.0)
    first = make_video(channel, band=Band.FIRST, tag=9.0)
    second = make_video(channel, band=Band.CATALOGUE, tag=1.0)
    elsewhere = make_video(channel, state=State.CREATED)
    found = expect_all([last, first, second, elsewhere])
    assert [found[video.pk].place for video in (first, second, last, elsewhere)] == [1, 2, 3, 1]


def test_what_is_held_or_done_has_no_place_and_stands_in_nobodys_way():
    held = make_video(make_channel(pause=Pause.BY_CREATOR), tag=1.0)
    held.refresh_from_db()
    done = make_video(state=State.PUBLISHED, tag=2.0)
    waiting = make_video(tag=3.0)
    found = expect_all([held, done, waiting])
    assert [found[video.pk].place for video in (held, done, waiting)] == [None, None, 1]
    assert [found[video.pk].at for video in (held, done)] == [None, None]


def test_nothing_is_promised_while_nothing_was_measured():
    assert expected(make_video()).at is None


def test_the_expected_time_follows_the_measured_pace():
    measured(Stage.DOWNLOAD, finished=10, ago=timedelta(seconds=100))  # one in ten seconds
    videos = [make_video(tag=float(tag)) for tag in range(6)]
    found = expect_all(videos)
    waits = [seconds_until(found[video.pk]) for video in videos]
    assert waits == pytest.approx([10 * place for place in range(1, 7)], abs=1.0)


def test_the_slowest_step_sets_the_pace_and_every_step_is_passed_once():
    measured(Stage.DOWNLOAD, finished=50, ago=timedelta(seconds=100))  # 2 s each
    measured(Stage.UPLOAD, finished=10, ago=timedelta(seconds=100))  # 10 s each
    videos = [make_video(tag=float(tag)) for tag in range(3)]
    assert seconds_until(expect_all(videos)[videos[2].pk]) == pytest.approx(2 + 3 * 10, abs=1.0)


def test_those_ahead_at_a_later_and_slower_stage_are_waited_for_too():
    measured(Stage.DOWNLOAD, finished=50, ago=timedelta(seconds=100))  # 2 s each
    measured(Stage.UPLOAD, finished=20, ago=timedelta(seconds=100))  # 5 s each
    for _ in range(8):
        make_video(state=State.CREATED)
    assert seconds_until(expected(make_video())) == pytest.approx((8 + 1) * 5, abs=1.0)


def test_a_video_takes_as_long_as_one_takes_however_many_are_done_side_by_side():
    measured(Stage.DOWNLOAD, finished=50, ago=timedelta(seconds=100), seconds=40)  # twenty at a time
    videos = [make_video(tag=float(tag)) for tag in range(30)]
    found = expect_all(videos)
    assert seconds_until(found[videos[0].pk]) == pytest.approx(40, abs=1.0)
    assert seconds_until(found[videos[-1].pk]) == pytest.approx(30 * 2, abs=1.0)


def test_time_without_anything_to_do_is_no_part_of_the_pace():
    measured(Stage.DOWNLOAD, finished=5, ago=timedelta(seconds=300))
    for slot in range(28):  # of the 300 s, 280 s
        measured(Stage.DOWNLOAD, finished=0, ago=timedelta(seconds=10 * slot + 5))
    assert pace.seconds_each(timezone.now())[Stage.DOWNLOAD] == pytest.approx(20 / 5, abs=0.5)


def test_the_pace_is_that_of_the_last_few_videos():
    measured(Stage.DOWNLOAD, finished=30, ago=timedelta(minutes=40))
    measured(Stage.DOWNLOAD, finished=pace.ENOUGH, ago=timedelta(seconds=200))
    assert pace.seconds_each(timezone.now())[Stage.DOWNLOAD] == pytest.approx(200 / pace.ENOUGH, abs=0.5)


def test_a_stage_is_idle_only_when_nothing_is_due_and_nobody_is_at_work():
    channel = make_channel()
    video = make_video(channel)
    pace.idle(Stage.DOWNLOAD)
    (claimed,) = leases.claim(Stage.DOWNLOAD)
    pace.idle(Stage.DOWNLOAD)
    make_video(channel, state=State.CREATING)
    pace.idle(Stage.CREATION)
    assert not StagePace.objects.exists()
    moves.postpone(claimed, UploadFailedOnYouTube("failed"), delay=timedelta(hours=1))
    pace.idle(Stage.DOWNLOAD)
    pace.idle(Stage.DOWNLOAD)
    assert list(StagePace.objects.values_list("stage", "finished")) == [(Stage.DOWNLOAD, 0)]
    assert claimed == video


def test_an_old_measurement_counts_no_more():
    measured(Stage.DOWNLOAD, finished=10, ago=pace.WINDOW + timedelta(minutes=1))
    assert expected(make_video()).at is None


def test_a_video_is_not_expected_before_its_next_try():
    measured(Stage.DOWNLOAD, finished=100, ago=timedelta(seconds=100))
    tomorrow = timezone.now() + timedelta(days=1)
    assert expected(make_video(next_attempt_at=tomorrow)).at >= tomorrow


def test_finished_videos_and_bytes_are_added_up():
    for size in (100, 250):
        pace.finished(Stage.UPLOAD, bytes=size, seconds=2.5)
    assert sum(StagePace.objects.values_list("finished", flat=True)) == 2
    assert sum(StagePace.objects.values_list("bytes", flat=True)) == 350
    assert pace.measured(timezone.now())[Stage.UPLOAD].passing == 2.5


def test_what_was_measured_days_ago_is_kept_by_the_hour_and_forgotten_after_a_month():
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    old, ancient, lately = (hour - ago for ago in (timedelta(days=3), pace.KEPT * 2, timedelta(hours=20)))
    for begins in (old, ancient, lately):
        for second in (0, 10, 30, 3590):
            slot = begins + timedelta(seconds=second)
            StagePace.objects.create(stage=Stage.UPLOAD, slot=slot, finished=2, bytes=5, seconds=1.5)
    StagePace.objects.create(stage=Stage.UPLOAD, slot=old + timedelta(seconds=50))
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=old + timedelta(seconds=50), finished=1)
    while pace.prune():
        pass
    rows = StagePace.objects.filter(slot__lt=lately).order_by("stage")
    assert list(rows.values_list("stage", "slot", "finished", "bytes", "seconds")) == [
        (Stage.DOWNLOAD, old, 1, 0, 0.0),
        (Stage.UPLOAD, old, 8, 20, 6.0),
    ]
    assert StagePace.objects.filter(slot__gte=lately).count() == 4


def test_the_number_of_queries_does_not_depend_on_the_number_of_videos(django_assert_num_queries):
    measured(Stage.DOWNLOAD, finished=10, ago=timedelta(seconds=100))
    videos = [make_video(make_channel()) for _ in range(20)]
    with django_assert_num_queries(2):
        expect_all(videos)


def test_what_waits_before_each_stage_is_counted():
    for state in (State.NEW, State.NEW, State.CREATED, State.PUBLISHED, State.CREATING):
        make_video(state=state)
    assert pace.outlook(timezone.now()).waiting == {
        Stage.DOWNLOAD: 2,
        Stage.CREATION: 0,
        Stage.UPLOAD: 1,
        Stage.ACCEPTANCE: 0,
    }
