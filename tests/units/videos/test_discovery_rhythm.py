from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.factories import make_channel, make_video
from videos.discovery import rhythm

pytestmark = pytest.mark.django_db

POLLING = timedelta(seconds=1800)


def uploading(*days_ago: float):
    channel = make_channel()
    for days in days_ago:
        make_video(channel, published_at=timezone.now() - timedelta(days=days))
    return channel


def test_a_channel_is_looked_at_ten_times_as_often_as_it_uploads():
    weekly = uploading(0, 7, 14, 21)
    assert rhythm.interval(weekly) == pytest.approx(timedelta(days=0.7), abs=timedelta(seconds=5))


def test_a_busy_channel_is_looked_at_no_more_often_than_the_configuration_says():
    assert rhythm.interval(uploading(0, 0.05, 0.1)) == POLLING


def test_a_channel_that_fell_silent_is_looked_at_once_a_day():
    assert rhythm.interval(uploading(100, 100.1, 100.2)) == timedelta(days=1)


def test_a_channel_of_which_nothing_is_known_is_looked_at_often():
    assert rhythm.interval(make_channel()) == POLLING


def test_old_uploads_do_not_count_for_the_rhythm_of_today():
    recent = [day / 2 for day in range(11)]
    expected = rhythm.interval(uploading(*recent))
    assert rhythm.interval(uploading(*recent, 1000, 2000)) == pytest.approx(
        expected, abs=timedelta(seconds=5)
    )
