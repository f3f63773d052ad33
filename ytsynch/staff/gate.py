"""Keeps everything of the admin closed to staff who have only half come in, or have stayed too long."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from ytsynch.staff import second_factor, sessions

log = structlog.get_logger(__name__)

WAYS_IN = frozenset({"admin:login", "admin:logout"})
"""Addresses of the admin that are open to whoever comes; those of this room are too."""


class StaffGate:
    """Middleware. Whoever is nobody yet is the admin's matter: it shows the login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        match = request.resolver_match
        user = request.user
        if match is None or not request.path.startswith(reverse("admin:index")):
            return None
        if match.view_name in WAYS_IN or not (user.is_authenticated and user.is_staff):
            return None
        if why := sessions.why_over(request):
            log.info("staff.session_over", user=user.pk, why=why)
            logout(request)
            messages.warning(request, why)
            return lead(request, "admin:login")
        if not getattr(request, "htmx", False):  # an open dashboard asks by itself, whoever is there or not
            sessions.use(request.session)
        if match.app_name == "staff" or has_passed(request):
            return None
        step = "staff:check" if second_factor.is_set_up(user) else "staff:set_up"
        return lead(request, step)


def has_passed(request: HttpRequest) -> bool:
    """Whether the session has all that the configuration asks of staff. Google's word is enough."""
    if settings.CONFIG.staff.second_factor is None:
        return True
    return bool(request.session.get(sessions.BY_GOOGLE) or request.user.is_verified())  # type: ignore[union-attr]


def lead(request: HttpRequest, to: str) -> HttpResponse:
    """Over there, and back here afterwards. A part of a page leads the whole page."""
    is_part = bool(getattr(request, "htmx", False))
    page = request.htmx.current_url_abs_path if is_part else request.get_full_path()  # type: ignore[attr-defined]
    query = {"next": page} if page and (is_part or request.method == "GET") else {}
    address = f"{reverse(to)}?{urlencode(query)}" if query else reverse(to)
    return HttpResponseClientRedirect(address) if is_part else HttpResponseRedirect(address)


def goal_of(address: object) -> str:
    """Where to go once in: a page of the admin, whatever was asked."""
    index = reverse("admin:index")
    if (
        isinstance(address, str)
        and address.startswith(index)
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    ):
        return address
    return index
