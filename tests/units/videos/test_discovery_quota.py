"""What is left of the day's quota, and how far it will reach."""

from datetime import UTC, date, datetime

import pytest

from videos import quota
from videos.models import QuotaDay
from videos.quota import Purpose, ShareSpent

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 7, 1, 7, tzinfo=UTC)  # in California, in summer
NOON = datetime(2026, 7, 1, 19, tzinfo=UTC)
NEXT_MIDNIGHT = datetime(2026, 7, 2, 7, tzinfo=UTC)


def spent(units: int, **fields) -> None:
    QuotaDay.objects.create(day=date(2026, 7, 1), sync_used=units, **fields)


def test_a_share_that_lasts_has_no_end():
    spent(1000)
    forecast = quota.forecast(Purpose.SYNC, NOON)
    assert (forecast.used, forecast.limit, forecast.by_midnight) == (1000, 9500, 2000)
    assert (forecast.lasts, forecast.spent_at, forecast.resumes_at) == (True, None, NEXT_MIDNIGHT)


def test_a_share_that_is_used_too_fast_ends_when_the_rate_says():
    spent(6333)
    forecast = quota.forecast(Purpose.SYNC, NOON)
    assert not forecast.lasts
    assert forecast.spent_at is not None
    assert abs((forecast.spent_at - datetime(2026, 7, 2, 1, tzinfo=UTC)).total_seconds()) < 60


def test_a_share_that_is_spent_ended_now_or_when_google_said_so():
    spent(9500)
    assert quota.forecast(Purpose.SYNC, NOON).spent_at == NOON
    QuotaDay.objects.update(sync_used=10, exhausted_at=MIDNIGHT)
    assert quota.forecast(Purpose.SYNC, NOON).spent_at == MIDNIGHT


def test_a_day_that_nobody_used_and_one_that_has_just_begun_forecast_no_nonsense():
    assert quota.forecast(Purpose.SYNC, NOON).by_midnight == 0
    spent(10)
    first_second = quota.forecast(Purpose.SYNC, MIDNIGHT)
    assert (first_second.by_midnight, first_second.lasts) == (960, True)


def test_sign_up_keeps_a_share_of_its_own():
    QuotaDay.objects.create(day=quota.quota_day(), sync_used=9500)
    with pytest.raises(ShareSpent):
        quota.reserve(Purpose.SYNC)
    quota.reserve(Purpose.SIGN_UP)
    assert quota.forecast(Purpose.SIGN_UP).used == 1
