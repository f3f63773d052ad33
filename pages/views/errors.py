"""The pages for what goes wrong before or beside a view of ours. Programs that call the API get JSON in its
own shape.
"""

import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)

RETRY_AFTER = "30"
"""Seconds after which it is worth trying again while the database is away."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or another site's."""
    return _answer(request, 403, template="csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours; or the database is away, which ends by itself (faults.md O2)."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        log.error("web.database_away", path=request.path)
        response = _answer(request, 503)
        response["Retry-After"] = RETRY_AFTER
        return response
    return _answer(request, 500)


def _answer(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    """Nothing of it needs the database or the session: either may be what failed."""
    if not _reads_pages(request):
        phrase = HTTPStatus(status).phrase
        body: dict[str, Any] = {"statusCode": status, "message": phrase, "error": phrase}
        return JsonResponse(body, status=status)
    return HttpResponse(render_to_string(f"pages/errors/{template or status}.html"), status=status)


def _reads_pages(request: HttpRequest) -> bool:
    return request.method not in ("PUT", "DELETE", "PATCH") and "text/html" in request.headers.get(
        "Accept", ""
    )
