"""Where a video stands in the queue, and when it may be expected."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Pause
from tests.support.factories import make_channel, make_video
from videos import pace
from videos.models import Band, StagePace
from videos.pace import Expectation, expect_all
from videos.states import Stage, State

pytestmark = pytest.mark.django_db


def expected(video):
    return expect_all([video])[video.pk]


def seconds_until(expectation: Expectation) -> float:
    assert expectation.at is not None
    return (expectation.at - timezone.now()).total_seconds()


def measured(stage: Stage, *, finished: int, ago: timedelta) -> None:
    StagePace.objects.create(stage=stage, slot=timezone.now() - ago, finished=finished)


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
    assert seconds_until(expect_all(videos)[videos[2].pk]) == pytest.approx(2 * 10 + 2 + 10, abs=1.0)


def test_an_old_measurement_counts_no_more():
    measured(Stage.DOWNLOAD, finished=10, ago=pace.WINDOW + timedelta(minutes=1))
    assert expected(make_video()).at is None


def test_a_video_is_not_expected_before_its_next_try():
    measured(Stage.DOWNLOAD, finished=100, ago=timedelta(seconds=100))
    tomorrow = timezone.now() + timedelta(days=1)
    assert expected(make_video(next_attempt_at=tomorrow)).at >= tomorrow


def test_finished_videos_and_bytes_are_added_up():
    for size in (100, 250):
        pace.finished(Stage.UPLOAD, bytes=size)
    assert sum(StagePace.objects.values_list("finished", flat=True)) == 2
    assert sum(StagePace.objects.values_list("bytes", flat=True)) == 350


def test_the_number_of_queries_does_not_depend_on_the_number_of_videos(django_assert_num_queries):
    measured(Stage.DOWNLOAD, finished=10, ago=timedelta(seconds=100))
    videos = [make_video(make_channel()) for _ in range(20)]
    with django_assert_num_queries(2):
        expect_all(videos)
