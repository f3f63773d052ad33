"""In and out: the sign-in with Google by social-auth, without a Django user."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from social_core.actions import do_auth, do_complete
from social_django.utils import psa

from channels.errors import TooOften
from channels.google import NAME
from channels.models import Creator
from pages import identity, refusals
from pages.rendering import page
from ytsynch.security.limits import SIGN_UPS, network_of

AGAIN = "again"

View = Callable[[Any, str], HttpResponse]
_with_backend: Callable[[View], View] = psa("pages:complete")  # type: ignore[no-untyped-call]
"""social-auth's decorator: `request.backend` is the one that the address names. Any other than ours is not
found.
"""


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """The button. Nobody is asked who they are: that is between them and Google. Whoever is signed in already
    sees it only to renew the permission (`again`).
    """
    goal = request.GET.get(identity.NEXT, "")
    goal = goal if identity.is_ours(goal) else ""
    if identity.creator_of(request) and AGAIN not in request.GET:
        return redirect(goal or "pages:arrival")
    return page(request, "sign_in.html", {"goal": goal, "backend": NAME})


@never_cache
@require_POST
@_with_backend
def begin(request: Any, backend: str) -> HttpResponse:
    """On to Google. Where to go afterwards is kept in the session, if it is a page of ours."""
    goal = request.POST.get(identity.NEXT)
    try:
        if seconds := SIGN_UPS.take(network_of(request)):
            raise TooOften(seconds)
        response: HttpResponse = do_auth(request.backend)
    except refusals.EXPECTED as error:
        return refused(request, error)
    request.session[identity.NEXT] = goal if identity.is_ours(goal) else ""
    return response


@never_cache
@require_safe
@_with_backend
def complete(request: Any, backend: str) -> HttpResponse:
    """Back from Google. Who is staff in this browser is of no account here: `user` stays nobody."""
    try:
        response: HttpResponse = do_complete(request.backend, _nobody, user=None, request=request)
    except refusals.EXPECTED as error:
        return refused(request, error)
    return response


def _nobody(*_: object) -> NoReturn:
    raise AssertionError("the pipeline ends with a page, never with a user")


@identity.creators_only
def arrival(request: HttpRequest, creator: Creator) -> HttpResponse:
    """Where a sign-in leads that was not begun on a page: to the channels, or to the sign-up while there are
    none.
    """
    has_channels = creator.channels.registered().exists()
    return redirect("pages:overview" if has_channels else "pages:sign_up")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    identity.sign_out(request)
    return redirect("pages:landing")


def refused(request: HttpRequest, error: refusals.Expected) -> HttpResponse:
    """The page for what is not done."""
    refusal = refusals.of(error)
    return page(request, "refused.html", {"refusal": refusal}, status=refusal.status)
