"""How every page leaves: with what all of them need. What browsers may run and load of it is said in
`ytsynch.security.headers`.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels import gateways
from pages import identity


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page, or a part of one. What is shown to one creator is kept by no cache."""
    creator = identity.creator_of(request)
    shared = {"creator": creator, "support": gateways.support(), "service": settings.UNFOLD["SITE_TITLE"]}
    response = render(request, f"pages/{template}", shared | (context or {}), status=status)
    if creator is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def part(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A part of a page that is put into it later. One that says what went wrong is put there too, so it says
    that it is such a part.
    """
    response = page(request, template, context, status=status)
    response["X-Part"] = "1"
    return response
