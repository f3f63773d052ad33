"""Units of the YouTube Data API, reserved in the database before each call, so that parallel workers never
overspend (faults.md C1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from videos.models import QuotaDay
from ytsynch.youtube.errors import QuotaExceeded

PACIFIC = ZoneInfo("America/Los_Angeles")


class ShareSpent(QuotaExceeded):
    """Our own count says that today's share is spent; Google was not asked."""


class Purpose(Enum):
    """Sign-up keeps a share of its own, so that a busy sync never turns creators away."""

    SYNC = "sync_used"
    SIGN_UP = "signup_used"


def quota_day(now: datetime | None = None) -> date:
    """The day that Google is counting on: it begins at midnight in California."""
    return (now or timezone.now()).astimezone(PACIFIC).date()


def resumes_at(now: datetime | None = None) -> datetime:
    """The next Pacific midnight, in UTC."""
    tomorrow = quota_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), PACIFIC).astimezone(UTC)


def limit_of(purpose: Purpose) -> int:
    limits = settings.CONFIG.sync.limits.daily_api_quota
    return limits.sync if purpose is Purpose.SYNC else limits.signup


def reserve(purpose: Purpose, units: int = 1) -> None:
    """Take `units` of today's share. Raises `ShareSpent` when there is not as much left, or Google said so
    before.
    """
    day = quota_day()
    QuotaDay.objects.bulk_create([QuotaDay(day=day)], ignore_conflicts=True)
    column = purpose.value
    taken = QuotaDay.objects.filter(
        day=day, exhausted_at=None, **{f"{column}__lte": limit_of(purpose) - units}
    ).update(**{column: F(column) + units})
    if not taken:
        raise ShareSpent(
            f"today's share for {purpose.name.lower()} is spent; it goes on at {resumes_at():%H:%M} UTC"
        )


def note_exhausted() -> None:
    """Google says that the quota is spent, whatever we counted."""
    day = quota_day()
    QuotaDay.objects.bulk_create([QuotaDay(day=day)], ignore_conflicts=True)
    QuotaDay.objects.filter(day=day, exhausted_at=None).update(exhausted_at=timezone.now())


def note(error: QuotaExceeded) -> None:
    """Take note of a call that the quota forbade: by our own count, or by Google's."""
    if not isinstance(error, ShareSpent):
        note_exhausted()


def until_reset() -> timedelta:
    """Time until the next Pacific midnight."""
    return resumes_at() - timezone.now()


@dataclass(frozen=True)
class Forecast:
    """A share of today's quota: units used and allowed, and what the day comes to if it goes on like this.

    `spent_at`: when the share is spent at this rate, or was; None when it lasts until `resumes_at`.
    """

    used: int
    limit: int
    by_midnight: int
    spent_at: datetime | None
    resumes_at: datetime

    @property
    def lasts(self) -> bool:
        return self.spent_at is None


_SETTLED = timedelta(minutes=15)
"""A day younger than that is taken for so old: its first calls say nothing about its rate."""


def forecast(purpose: Purpose, now: datetime | None = None) -> Forecast:
    """How far today's share will reach, from the rate since Pacific midnight."""
    now = now or timezone.now()
    ends, limit = resumes_at(now), limit_of(purpose)
    began = datetime.combine(quota_day(now), time(), PACIFIC).astimezone(UTC)
    row = QuotaDay.objects.filter(day=quota_day(now)).first()
    used = getattr(row, purpose.value) if row else 0
    elapsed = max(now - began, _SETTLED)
    by_midnight = round(used * ((ends - began) / elapsed))
    spent_at = row.exhausted_at if row else None
    if spent_at is None and used and by_midnight > limit:
        spent_at = max(began + elapsed * (limit / used), now) if used < limit else now
    return Forecast(used, limit, by_midnight, spent_at, ends)


def reserving(purpose: Purpose) -> Callable[[], None]:
    """What the Data API client calls before each of its calls."""
    return partial(reserve, purpose)
