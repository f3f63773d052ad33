"""What the service does by the clock, beside the stages of the pipeline. The cluster `upkeep` looks every few
seconds what is due.
"""

from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from channels import grants
from videos import outside, upkeep
from ypp import letters
from ytsynch.security import limits


def run(stage: str) -> None:
    """The task of the stage `upkeep`. Each duty keeps its own time in its rows, so a lost or doubled wake-up
    changes nothing.
    """
    letters.write_due()
    letters.deliver_due()
    grants.check_due(outside.google())
    limits.forget_old()
    Session.objects.filter(expire_date__lt=Now()).delete()
    upkeep.do_due()
