"""Units of the Data API, reserved before each call by any number of workers, for a day in California."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from videos import quota
from videos.models import QuotaDay
from videos.quota import Purpose, ShareSpent
from ytsynch.config import Config
from ytsynch.youtube.errors import QuotaExceeded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits(settings):
    limits = {"dailyApiQuota": {"sync": 50, "signup": 5}}
    settings.CONFIG = Config.model_validate({"sync": {"limits": limits}})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spend(purpose: Purpose) -> int:
    """Reserve until it is refused; how many units there were."""
    units = 0
    try:
        while True:
            quota.reserve(purpose)
            units += 1
    except ShareSpent:
        return units


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_instant_never_spend_more_than_the_share():
    def run(_: int) -> int:
        try:
            return spend(Purpose.SYNC)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == 50
    assert QuotaDay.objects.get().sync_used == 50


def test_sign_up_keeps_its_share_when_sync_has_spent_its_own():
    assert spend(Purpose.SYNC) == 50
    assert spend(Purpose.SIGN_UP) == 5
    day = QuotaDay.objects.get()
    assert (day.sync_used, day.signup_used) == (50, 5)


def test_a_call_that_costs_more_than_is_left_takes_nothing():
    quota.reserve(Purpose.SIGN_UP, 3)
    with pytest.raises(ShareSpent):
        quota.reserve(Purpose.SIGN_UP, 3)
    quota.reserve(Purpose.SIGN_UP, 2)


def test_a_share_of_nothing_allows_no_call(settings):
    settings.CONFIG = Config.model_validate({"sync": {"limits": {"dailyApiQuota": {"sync": 0}}}})
    with pytest.raises(ShareSpent):
        quota.reserve(Purpose.SYNC)


def test_when_google_says_that_it_is_spent_nobody_calls_again_today():
    quota.note_exhausted()
    first = QuotaDay.objects.get().exhausted_at
    quota.note_exhausted()
    assert QuotaDay.objects.get().exhausted_at == first
    for purpose in Purpose:
        with pytest.raises(ShareSpent, match="it goes on at"):
            quota.reserve(purpose)


def test_a_spent_share_is_a_spent_quota_to_those_who_catch_it():
    assert issubclass(ShareSpent, QuotaExceeded)


def test_a_new_day_begins_with_a_full_share(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at("2026-07-02T06:59:59"))
    assert spend(Purpose.SYNC) == 50
    monkeypatch.setattr(timezone, "now", lambda: at("2026-07-02T07:00:00"))
    assert spend(Purpose.SYNC) == 50
    assert set(QuotaDay.objects.values_list("day", flat=True)) == {date(2026, 7, 1), date(2026, 7, 2)}


@pytest.mark.parametrize(
    ("now", "day", "resumes"),
    [
        ("2026-01-15T07:59:59", "2026-01-14", "2026-01-15T08:00:00"),  # winter: eight hours behind
        ("2026-01-15T08:00:00", "2026-01-15", "2026-01-16T08:00:00"),
        ("2026-07-15T06:59:59", "2026-07-14", "2026-07-15T07:00:00"),  # summer: seven
        ("2026-03-08T08:00:00", "2026-03-08", "2026-03-09T07:00:00"),  # the clocks go forward: 23 hours
        ("2026-11-01T07:00:00", "2026-11-01", "2026-11-02T08:00:00"),  # back: 25 hours
        ("2026-11-02T07:59:59", "2026-11-01", "2026-11-02T08:00:00"),
    ],
)
def test_the_day_is_californias_also_when_its_clocks_change(now, day, resumes):
    assert quota.quota_day(at(now)) == date.fromisoformat(day)
    assert quota.resumes_at(at(now)) == at(resumes)
