"""The pages between the password and the admin."""

from datetime import timedelta
from typing import Any

import structlog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login
from social_django.utils import load_strategy
from unfold.widgets import UnfoldAdminTextInputWidget

from ytsynch.security.limits import Limit, network_of
from ytsynch.staff import google, second_factor, sessions
from ytsynch.staff.gate import goal_of, has_passed

log = structlog.get_logger(__name__)

PASSWORDS = "ytsynch.security.passwords.GuardedPasswords"
"""The backend that knows Django's users, whichever way they came."""

NEXT = "staff_next"

BY_GOOGLE = Limit("staff, with Google", most=30, within=timedelta(minutes=15))
"""From one network."""

staff_only = user_passes_test(
    lambda user: bool(user.is_authenticated and getattr(user, "is_staff", False)), login_url="admin:login"
)


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        widget=UnfoldAdminTextInputWidget(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@staff_only
def check(request: HttpRequest) -> HttpResponse:
    """Asks for a code, once the password is known."""
    user, goal = _user(request), goal_of(request.GET.get("next"))
    if has_passed(request):
        return HttpResponseRedirect(goal)
    if not second_factor.is_set_up(user):
        return redirect("staff:set_up")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = _looked_at(second_factor.check, form, user)
        if device is not None:
            _come_in(request, device)
            left = second_factor.recovery_codes_left(user)
            if left < second_factor.RECOVERY_CODES // 2:
                messages.warning(request, f"You have {left} recovery codes left. Make new ones in good time.")
            return HttpResponseRedirect(goal)
    return _page(request, "check", {"title": "Second factor", "form": form})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@staff_only
def set_up(request: HttpRequest) -> HttpResponse:
    """A QR code for the app, and then recovery codes, shown this once."""
    user = _user(request)
    if second_factor.is_set_up(user):
        return redirect("staff:check")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        done = _looked_at(second_factor.confirm, form, user)
        if done is not None:
            device, codes = done
            _come_in(request, device)
            return _codes(request, codes)
    device = second_factor.draft(user)
    context = {
        "title": "Set up a second factor",
        "form": form,
        "picture": mark_safe(second_factor.picture(device)),  # noqa: S308 (drawn by segno)
        "key": _in_fours(device.config_url.partition("secret=")[2].partition("&")[0]),
    }
    return _page(request, "set_up", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@staff_only
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for whoever shows a code of the app once more."""
    user = _user(request)
    if not second_factor.is_set_up(user):
        return redirect("staff:set_up")
    if not has_passed(request):
        return redirect("staff:check")
    form = CodeForm(request.POST or None)
    if form.is_valid() and _looked_at(second_factor.check, form, user) is not None:
        return _codes(request, second_factor.renew_recovery_codes(user))
    left = second_factor.recovery_codes_left(user)
    return _page(request, "recovery", {"title": "Recovery codes", "form": form, "left": left})


@never_cache
@require_POST
def to_google(request: HttpRequest) -> HttpResponse:
    """On to Google. Where to go afterwards is kept in the session."""
    if not google.is_offered():
        raise Http404
    if BY_GOOGLE.take(network_of(request)):
        return _back(request, "Too many tries from your network. Try again later.")
    request.session[NEXT] = goal_of(request.POST.get("next"))
    answer: HttpResponse = _backend(request).start()
    return answer


@never_cache
@require_safe
def from_google(request: HttpRequest) -> HttpResponse:
    """Back from Google: in, or back to the login with a word."""
    if not google.is_offered():
        raise Http404
    try:
        user = google.admit(_backend(request).person(request))
    except google.NotAdmitted as refusal:
        return _back(request, str(refusal))
    except google.Trouble as error:
        log.warning("staff.google_failed", error=type(error).__name__)
        return _back(request, "The sign-in with Google did not work. Try again.")
    goal = goal_of(request.session.pop(NEXT, None))
    login(request, user, backend=PASSWORDS)
    sessions.begin(request.session, by_google=True)
    log.info("staff.signed_in", user=user.pk, way="google")
    return HttpResponseRedirect(goal)


def _backend(request: HttpRequest) -> google.StaffGoogle:
    return google.StaffGoogle(load_strategy(request), reverse("staff:from_google"))  # type: ignore[no-untyped-call]


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("admin:login")


def _looked_at(look: Any, form: CodeForm, user: User) -> Any:
    """What `look` says of the code; None with an error in the form for one that is wrong."""
    try:
        found = look(user, form.cleaned_data["code"])
    except second_factor.TooManyTries as error:
        form.add_error("code", str(error))
        return None
    if found is None:
        form.add_error("code", "This code is not right, or was used before. Wait for the next one.")
    return found


def _come_in(request: HttpRequest, device: Any) -> None:
    request.session.cycle_key()
    otp_login(request, device)
    log.info("staff.signed_in", user=request.user.pk, way="password and second factor")


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _page(request, "codes", {"title": "Recovery codes", "codes": codes})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    shared = admin.site.each_context(request)
    return TemplateResponse(request, f"admin/staff/{name}.html", {**shared, **context})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _in_fours(key: str) -> str:
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
