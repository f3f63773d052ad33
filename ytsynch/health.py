"""Answers the probes of whatever keeps the service running: is it alive, can it work?"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


class HealthChecks:
    """`/healthz`: this process answers. `/readyz`: it reaches the database (503 when not).

    A middleware and not a view, so that a probe needs neither an allowed host name nor https.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return _readiness()
        return self.get_response(request)


def _readiness() -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return JsonResponse({"status": "unavailable", "reason": "the database cannot be reached"}, status=503)
    return JsonResponse({"status": "ok"})
