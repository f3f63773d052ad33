"""How every page leaves: with what all of them need, and with a policy that lets the browser run and load nothing but what is ours."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages import identity

YOUTUBES_PICTURES = ("https://*.ytimg.com", "https://*.ggpht.com", "https://*.googleusercontent.com")


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """A page, or a part of one, with the policy. What is shown to one creator is kept by no cache."""
    creator = identity.creator_of(request)
    shared = {"creator": creator, "support": settings.SUPPORT_EMAIL, "service": settings.UNFOLD["SITE_TITLE"]}
    response = render(request, f"pages/{template}", shared | (context or {}), status=status)
    response["Content-Security-Policy"] = policy()
    if creator is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def part(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """A part of a page that is put into it later. One that says what went wrong is put there too, so it says that it is such a part."""
    response = page(request, template, context, status=status)
    response["X-Part"] = "1"
    return response


def policy() -> str:
    """No inline script or style, no frame, nothing from elsewhere but YouTube's pictures. A form may lead on to Google's sign-in."""
    endpoints = settings.CONFIG.endpoints
    pictures = {*YOUTUBES_PICTURES, _origin(endpoints.youtube_api)}
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *sorted(pictures)],
        "connect-src": ["'self'"],
        "form-action": ["'self'", _origin(endpoints.google.auth)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
