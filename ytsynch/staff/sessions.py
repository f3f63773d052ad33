"""How long a member of the staff stays signed in, and how all of somebody's sessions are ended at once.

A session knows when it began and when it was last used. The account knows since when sessions count: one
that began before is over, wherever it is. So nothing has to look for sessions.
"""

from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from ytsynch.models import StaffAccount

log = structlog.get_logger(__name__)

BEGAN, USED, BY_GOOGLE = "staff_began", "staff_used", "staff_by_google"
STEP = 60
"""Seconds within which another request does not write the session anew."""


def begin(session: SessionBase, *, by_google: bool = False) -> None:
    """The session is a member of the staff's from this moment on."""
    session[BEGAN] = session[USED] = _now()
    session[BY_GOOGLE] = by_google


def why_over(request: HttpRequest) -> str:
    """Why the session of the request is over, in words; empty while it goes on."""
    limits, now = settings.CONFIG.staff, _now()
    if BEGAN not in request.session:
        _begin_with_password(request)
    began, used = request.session[BEGAN], request.session[USED]
    if now - used > limits.idle_timeout:
        return "You have not been here for a while. Log in again."
    if now - began > limits.longest_session:
        return "You have been logged in for long. Log in again."
    ended = StaffAccount.objects.filter(user=request.user.pk).values_list("sessions_count_from", flat=True)
    since = next(iter(ended), None)
    if since is not None and datetime.fromtimestamp(began, UTC) <= since:
        return "You were signed out by an administrator. Log in again."
    return ""


def use(session: SessionBase) -> None:
    """Remember that the session was used."""
    if _now() - session[USED] > STEP:
        session[USED] = _now()


def _begin_with_password(request: HttpRequest) -> None:
    """The first request after Django's own login page: the session began when the password was entered."""
    assert isinstance(request.user, User)
    entered = request.user.last_login
    began = entered.timestamp() if entered else _now()
    request.session.update({BEGAN: began, USED: began, BY_GOOGLE: False})


def end_all(user: User, *, by: str) -> None:
    """Sign the user out of every browser."""
    StaffAccount.objects.update_or_create(user=user, defaults={"sessions_count_from": Now()})
    log.warning("staff.signed_out_everywhere", user=user.pk, by=by)


def _now() -> float:
    return timezone.now().timestamp()
