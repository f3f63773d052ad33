"""What the service does by the clock, beside the stages of the pipeline. The cluster `upkeep` looks every few
seconds what is due.
"""

from collections.abc import Callable

import structlog
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from channels import grants
from payments import upkeep as payments
from videos import outside, upkeep
from ypp import letters
from ytsynch.clusters import stopping
from ytsynch.security import limits

log = structlog.get_logger(__name__)


def run(stage: str) -> None:
    """The task of the stage `upkeep`. Each duty keeps its own time in its rows, so a lost or doubled wake-up
    changes nothing; one that fails is tried at the next, and keeps none of the others from being done.
    """
    for duty in DUTIES:
        if stopping.requested():
            return
        try:
            duty()
        except Exception:
            log.exception("upkeep.failed", stage=stage, duty=duty.__name__)


def check_grants() -> None:
    grants.check_due(outside.google())


def forget_sessions() -> None:
    """Sessions that are over are of no use, and are rows all the same."""
    Session.objects.filter(expire_date__lt=Now()).delete()


DUTIES: tuple[Callable[[], object], ...] = (
    letters.write_due,
    letters.deliver_due,
    check_grants,
    limits.forget_old,
    forget_sessions,
    upkeep.do_due,
    payments.do_due,
)
