"""What a refusal looks like: problem details, as RFC 9457 describes them."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's exception handler. None for a mistake of ours, which becomes a 500."""
    response = exception_handler(error, context)
    if response is None:
        return None
    named = response.data if isinstance(error, ValidationError) and isinstance(response.data, dict) else None
    detail = _sentence(named) if named else str((response.data or {}).get("detail", ""))
    response.data = _problem(response.status_code, detail) | ({"errors": named} if named else {})
    response.content_type = MEDIA_TYPE
    return response


def _problem(status: int, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}


def _sentence(errors: dict[str, Any]) -> str:
    return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in errors.items())


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank: the status says which problem it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What went wrong this time, for people.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a name of the framework's own
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each parameter.",
    )


_BAD = {"ordering": ["Choose one of: -published_at, published_at."]}
_DESCRIBED: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("A parameter is not understood", _problem(400, _sentence(_BAD)) | {"errors": _BAD}),
    404: ("There is no such thing", _problem(404, "There is no such channel.")),
    429: (
        "Too many requests from this address; `Retry-After` says for how many seconds",
        _problem(429, "Request was throttled. Expected available in 12 seconds."),
    ),
}


def refusals(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The refusals that an operation has, for its `responses`; 429 is always one of them."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemSerializer, description=description, examples=[OpenApiExample("problem", value=example)]
        )
        for status, (description, example) in _DESCRIBED.items()
        if status in (*statuses, 429)
    }
