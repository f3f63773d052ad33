"""What staff do to their own accounts, and what is done to them, in the admin's log and in the service's."""

from typing import Any

import structlog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User

log = structlog.get_logger(__name__)


def note(user: User, event: str, text: str, **facts: Any) -> None:
    """An entry in the user's history, by the user, and a line in the log."""
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, change_message=text)
    log.info(event, user=user.pk, **facts)
