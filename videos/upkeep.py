"""What is done about channels and hubs by the clock, beside the stages.

Each duty finds what is due in the rows.
"""

from collections.abc import Callable

from django.utils import timezone

from videos import outside, pace, places, quota
from videos.discovery import announcements, refresh, second_looks, subscriptions
from videos.pipeline import funds, rechecks, tool
from ypp import second_chance
from ytsynch.clusters import stopping


def second_chances() -> int:
    """Measure sign-ups that were refused again, on the share of the quota that sign-ups have."""
    return second_chance.recheck(timezone.now(), data_api=lambda: outside.data_api(quota.Purpose.SIGN_UP))


DUTIES: tuple[Callable[[], object], ...] = (
    subscriptions.ask_due,
    refresh.refresh_due,
    second_looks.look_due,
    rechecks.recheck_due,
    funds.check_due,
    announcements.prune,
    places.fold,
    pace.prune,
    second_chances,
    tool.warn_if_old,
)
"""Each does a batch of what is due, and says whether there may be more."""


def do_due() -> None:
    """Do all that is due, a batch at a time, until nothing is left or this process is asked to stop."""
    for duty in DUTIES:
        while not stopping.requested() and duty():
            pass
