"""What is done about payments by the clock. Each duty finds in the rows what is due."""

from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache

from payments import earnings, found, paying, settlement
from ytsynch.clusters import stopping

COLLECT_EVERY = timedelta(hours=1)


def collect_due() -> bool:
    """What was earned lately is written down about once an hour; that nothing is missed is the round's
    business.
    """
    if cache.add("earnings-collected", True, COLLECT_EVERY.total_seconds()):
        earnings.collect_lately()
    return False


DUTIES: tuple[Callable[[], bool], ...] = (
    collect_due,
    paying.do_due,
    settlement.finish_due,
    found.look_due,
)
"""Each does a step of what is due, and says whether there may be more."""


def do_due() -> None:
    """Do all that is due. What waits for the chain is looked at again at the next call, a few seconds later."""
    for duty in DUTIES:
        if stopping.requested():
            return
        duty()
