"""Who is looking: the creator whom Google vouched for in this browser's session.

Creators are no Django users. So a creator's session gives no rights in the admin, staff who sign in here stay
staff there, and signing out of one leaves the other alone.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from channels import creators
from channels.google import grant_of
from channels.models import Creator

KEY = "creator"
NEXT = "next"
OURS = (KEY, NEXT, "sign_up", "challenge")
"""What the session keeps for a creator."""

P = ParamSpec("P")


def welcome(*_: Any, strategy: Any, response: Mapping[str, Any], **__: Any) -> HttpResponse:
    """The last step of social-auth's pipeline: the creator's session begins. Raises `ScopeMissing`."""
    request: HttpRequest = strategy.request
    goal = request.session.get(NEXT)
    creator = creators.welcome(grant_of(response))
    sign_in(request, creator)
    return redirect(str(goal) if is_ours(goal) else reverse("pages:arrival"))


def sign_in(request: HttpRequest, creator: Creator) -> None:
    """Begin the creator's session under a new key. A sign-up that the same creator has begun goes on."""
    if request.session.get(KEY) != creator.pk:
        sign_out(request)
    request.session.pop(NEXT, None)
    request.session.cycle_key()
    request.session[KEY] = creator.pk


def sign_out(request: HttpRequest) -> None:
    """End the creator's session; that of a member of the staff in the same browser goes on."""
    for name in OURS:
        request.session.pop(name, None)
    request.session.cycle_key()
    request._creator = None  # type: ignore[attr-defined]


def creator_of(request: HttpRequest) -> Creator | None:
    """The creator of the session; None where there is none, or their account was deleted. One query a
    request.
    """
    if not hasattr(request, "_creator"):
        pk = request.session.get(KEY)
        request._creator = Creator.objects.filter(pk=pk).first() if pk is not None else None  # type: ignore[attr-defined]
    found: Creator | None = request._creator  # type: ignore[attr-defined]
    return found


def creators_only(
    view: Callable[Concatenate[HttpRequest, Creator, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The view gets the creator; whoever is not signed in is asked to, and comes back here."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        creator = creator_of(request)
        return _ask_to_sign_in(request) if creator is None else view(request, creator, *args, **kwargs)

    return wrapper


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    is_part = bool(getattr(request, "htmx", False))
    page = request.htmx.current_url_abs_path if is_part else request.get_full_path()  # type: ignore[attr-defined]
    query = {NEXT: page} if page and (is_part or request.method == "GET") else {}
    address = f"{reverse('pages:sign_in')}?{urlencode(query)}" if query else reverse("pages:sign_in")
    return HttpResponseClientRedirect(address) if is_part else HttpResponseRedirect(address)


def is_ours(address: object) -> bool:
    """Whether an address that a browser named is a path on this site, and nothing that leads away from it."""
    if not isinstance(address, str) or not address.startswith("/"):
        return False
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None)
