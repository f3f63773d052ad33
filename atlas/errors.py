"""What a refusal looks like on the wire. Atlas reads the body, not only the status.

* one failure: `{"statusCode": 400, "message": "text", "error": "Bad Request"}`;
* one that has a code of its own: `{"code": "CHANNEL_ALREADY_REGISTERED", "message": "text", "result": 123}`;
* unmet requirements: `message` is the list of them.
"""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from atlas.fields import Timestamp
from channels.errors import Closed, NotFound, Refused
from videos import quota
from ypp.requirements import Check, Measure, RequirementsUnmet
from ytsynch.joystream import errors as joystream
from ytsynch.youtube import errors as youtube

log = structlog.get_logger(__name__)

Body = dict[str, Any]

QUOTA_SPENT = "The YouTube API's share for sign-ups is spent today. Try again after midnight in California."


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's exception handler. None for a mistake of ours, which becomes a 500."""
    response = _answer(error)
    if response is None and (response := exception_handler(error, context)):  # the framework's own exceptions
        response.data = _body(response.status_code, _text(response.data))
    return response


def _answer(error: Exception) -> Response | None:
    response: Response | None = None
    match error:
        case RequirementsUnmet():
            response = _response(400, [_unmet(check) for check in error.checks])
        case Refused():
            response = _refused(error)
        case youtube.YouTubeError():
            response = _youtube(error)
        case joystream.JoystreamError():
            response = _joystream(error)
        case RequestDataTooBig():
            response = _response(413, "The body is too large.")
        case UnreadablePostError():
            response = _response(400, "The body ended before its end.")
    return response


def _response(status: int, message: str | list[Body]) -> Response:
    return Response(_body(status, message), status=status)


def _body(status: int, message: str | list[Body]) -> Body:
    return {"statusCode": status, "message": message, "error": HTTPStatus(status).phrase}


def _coded(status: int, code: str, message: str, result: Any = None) -> Response:
    body = {"code": code, "message": message}
    return Response(body if result is None else body | {"result": result}, status=status)


def _unmet(check: Check) -> Body:
    return {
        "code": check.code,
        "message": check.message,
        "result": _measure(check.measured),
        "expected": _measure(check.required),
    }


def _measure(measure: Measure) -> Any:
    return measure if isinstance(measure, int | str) else Timestamp().to_representation(measure)


def _refused(error: Refused) -> Response:
    status = {NotFound: 404, Closed: 503}.get(type(error), 400)
    if error.code:
        return _coded(status, error.code, error.message, error.result)
    return _response(status, error.message)


def _youtube(error: youtube.YouTubeError) -> Response:
    """Google's own words stay in the log: they may name what is none of a client's business."""
    log.warning("api.youtube_refused", reason=error.code, text=str(error))
    match error:
        case youtube.ScopeMissing():
            return _response(400, error.what())
        case youtube.QuotaExceeded():
            if not isinstance(error, quota.ShareSpent):
                quota.note_exhausted()
            return _coded(503, "YOUTUBE_QUOTA_LIMIT_EXCEEDED", QUOTA_SPENT)
        case youtube.ChannelTerminated():
            return _coded(400, "CHANNEL_NOT_FOUND", error.what())
        case youtube.ApiUnavailable() | youtube.ApiRefused():
            return _coded(
                503, "YOUTUBE_API_NOT_CONNECTED", "YouTube cannot be asked at the moment. Try again later."
            )
        case _:
            return _response(400, error.what())


def _joystream(error: joystream.JoystreamError) -> Response:
    log.warning("api.joystream_refused", reason=error.code, text=str(error))
    if isinstance(error, joystream.FaucetRefused):
        return Response(_body(400, str(error)) | {"error": error.faucet_code}, status=400)
    if isinstance(error, joystream.QueryNodeUnavailable):
        return _coded(
            503, error.code, "Joystream's query node cannot be asked at the moment. Try again later."
        )
    return _response(503, "Joystream cannot be asked at the moment. Try again later.")


def _text(detail: Any) -> str:
    """All that validation found, in one line: `email: Enter a valid email address.`"""
    match detail:
        case {"detail": text, **rest} if not rest:
            return _text(text)
        case dict():
            return "; ".join(f"{name}: {_text(value)}" for name, value in detail.items() if value)
        case list():
            return "; ".join(filter(None, map(_text, detail)))
        case _:
            return str(detail)
