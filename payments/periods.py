"""Weeks of payments: from one moment of the configuration (Monday noon in Berlin) to the next.

Weeks are as long as the local clock makes them: the two in which it is changed have an hour less and more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Clock:
    """When weeks end: `offset` after the beginning of a Monday, by the clock of `zone`."""

    zone: ZoneInfo
    offset: timedelta


def clock() -> Clock:
    """As the configuration has it."""
    ends = settings.CONFIG.payments.period_ends
    at = time.fromisoformat(ends.time_of_day)
    offset = timedelta(days=_DAYS.index(ends.weekday), hours=at.hour, minutes=at.minute)
    return Clock(ZoneInfo(ends.time_zone), offset)


def last_end(now: datetime) -> datetime:
    """The end of the last week that is over."""
    ends = clock()
    shifted = now.astimezone(ends.zone).replace(tzinfo=None) - ends.offset
    monday = datetime.combine(shifted.date() - timedelta(days=shifted.weekday()), time())
    return (monday + ends.offset).replace(tzinfo=ends.zone).astimezone(UTC)


def next_end(now: datetime) -> datetime:
    """The end of the week that `now` is in."""
    return last_end(last_end(now) + timedelta(days=7, hours=12))


def is_end(moment: datetime) -> bool:
    return last_end(moment) == moment
