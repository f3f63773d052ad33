"""Staff's sign-in with Google, for the domains that `staff.googleDomains` names.

Google must say that the account belongs to such a domain (`hd`) and that its address is verified, and an
administrator must have made an account here with that address. The first sign-in binds the account here to
the one at Google (`sub`), so an address that is given to somebody else later opens nothing.

Source: «OpenID Connect», https://developers.google.com/identity/openid-connect/openid-connect.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from social_core.exceptions import AuthException

from channels.google import Google
from ytsynch.models import StaffAccount
from ytsynch.staff import record
from ytsynch.youtube.sign_in import EMAIL_SCOPE

log = structlog.get_logger(__name__)


class NotAdmitted(Exception):
    """The Google account opens nothing here. `reason` is for the log, not for strangers."""

    def __init__(self, reason: str) -> None:
        super().__init__("This Google account opens nothing here. Ask an administrator for an account.")
        self.reason = reason


class StaffGoogle(Google):
    """Google as it vouches for staff: who they are, and no more. No token is kept.

    It is not among AUTHENTICATION_BACKENDS: the creators' sign-in does not know it.
    """

    name = "google-staff"

    def get_scope(self) -> list[str]:
        return ["openid", EMAIL_SCOPE]

    def auth_extra_arguments(self) -> dict[str, str]:
        domains = settings.CONFIG.staff.google_domains
        return {"prompt": "select_account"} | ({"hd": domains[0]} if len(domains) == 1 else {})

    def do_auth(self, access_token: str, *args: Any, **kwargs: Any) -> Any:
        """Who it is, instead of a user: `admit` decides about that."""
        return self.user_data(access_token)

    def person(self, request: HttpRequest) -> dict[str, Any]:
        """Who comes back from Google with this request. Raises one of `Trouble`."""
        found: Any = self.auth_complete(request=request)
        return dict(found or {})


def is_offered() -> bool:
    return bool(settings.CONFIG.staff.google_domains and settings.CONFIG.youtube.client_id)


def admit(person: Mapping[str, Any]) -> User:
    """The member of the staff who this is, as Google's user info says. Raises `NotAdmitted`."""
    email = str(person.get("email", ""))
    domains = settings.CONFIG.staff.google_domains
    if person.get("email_verified") not in (True, "true"):
        raise _refusal("the address is not verified")
    if str(person.get("hd", "")).lower() not in domains or email.rpartition("@")[2].lower() not in domains:
        raise _refusal("not of a domain of ours")
    subject = str(person.get("sub", ""))
    users = list(User.objects.filter(email__iexact=email, is_active=True, is_staff=True)[:2])
    if len(users) != 1 or not subject:
        raise _refusal("several accounts have the address" if users else "nobody made an account for it")
    _bind(users[0], subject)
    return users[0]


def _bind(user: User, subject: str) -> None:
    account, _ = StaffAccount.objects.get_or_create(user=user)
    if account.google_subject == subject:
        return
    if account.google_subject is not None:
        raise _refusal("another Google account has signed in with this address before")
    try:
        with transaction.atomic():
            StaffAccount.objects.filter(pk=account.pk, google_subject=None).update(google_subject=subject)
    except IntegrityError:
        raise _refusal("the Google account belongs to another account here") from None
    record.note(user, "staff.google_bound", "Signed in with Google for the first time")


def _refusal(reason: str) -> NotAdmitted:
    log.warning("staff.google_refused", reason=reason)
    return NotAdmitted(reason)


Trouble = (AuthException, OSError)
"""What goes wrong on the way to Google and back. `requests` raises OSErrors."""
