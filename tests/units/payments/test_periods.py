"""Weeks end on Monday at noon, by Berlin's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from payments import periods


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 5, 4, 9, 59, 59, tzinfo=UTC), datetime(2026, 4, 27, 10, tzinfo=UTC)),
        (datetime(2026, 5, 4, 10, tzinfo=UTC), datetime(2026, 5, 4, 10, tzinfo=UTC)),
        (datetime(2026, 5, 10, 23, tzinfo=UTC), datetime(2026, 5, 4, 10, tzinfo=UTC)),
        (
            datetime(2026, 1, 6, tzinfo=UTC),
            datetime(2026, 1, 5, 11, tzinfo=UTC),
        ),  # winter: an hour later in UTC
    ],
)
def test_the_last_week_ended_on_a_monday_at_noon_in_berlin(now, end):
    assert periods.last_end(now) == end
    assert periods.is_end(end)
    assert not periods.is_end(end + timedelta(seconds=1))


def test_a_week_in_which_the_clock_is_changed_is_an_hour_shorter_or_longer():
    spring, autumn = datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)
    assert periods.next_end(spring) - periods.last_end(spring) == timedelta(days=7, hours=-1)
    assert periods.next_end(autumn) - periods.last_end(autumn) == timedelta(days=7, hours=1)
