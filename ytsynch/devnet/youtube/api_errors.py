"""Error answers of Google's APIs, in the shape that its client libraries read.

Source: https://developers.google.com/youtube/v3/docs/errors and answers of the real service.
"""

from __future__ import annotations

from aiohttp import web


class ApiError(Exception):
    """`reason` is what clients act on; `message` is for people and may hold HTML, as Google's does."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "youtube.parameter",
        location: str | None = None,
        status_name: str | None = None,
        details: list[dict[str, object]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.reason, self.message, self.domain = status, reason, message, domain
        self.location, self.status_name, self.details = location, status_name, details

    def response(self) -> web.Response:
        each: dict[str, object] = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location:
            each |= {"location": self.location, "locationType": "parameter"}
        error: dict[str, object] = {"code": self.status, "message": self.message, "errors": [each]}
        if self.status_name:
            error["status"] = self.status_name
        if self.details:
            error["details"] = self.details
        headers = {}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        return web.json_response({"error": error}, status=self.status, headers=headers)


def unauthenticated() -> ApiError:
    return ApiError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential.",
        domain="global",
        status_name="UNAUTHENTICATED",
    )


def missing_key() -> ApiError:
    return ApiError(
        403,
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). Please use API "
        "Key or other form of API consumer identity to call this API.",
        domain="global",
        status_name="PERMISSION_DENIED",
    )


def invalid_key() -> ApiError:
    detail: dict[str, object] = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
    }
    return ApiError(
        400,
        "badRequest",
        "API key not valid. Please pass a valid API key.",
        domain="global",
        status_name="INVALID_ARGUMENT",
        details=[{**detail, "metadata": {"service": "youtube.googleapis.com"}}],
    )


def insufficient_scopes() -> ApiError:
    detail: dict[str, object] = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
    }
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        domain="global",
        status_name="PERMISSION_DENIED",
        details=[detail],
    )


def quota_exceeded() -> ApiError:
    return ApiError(
        403,
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your "
        '<a href="/youtube/v3/getting-started#quota">quota</a>.',
        domain="youtube.quota",
    )


def backend_down() -> ApiError:
    return ApiError(
        503,
        "backendError",
        "The service is currently unavailable.",
        domain="global",
        status_name="UNAVAILABLE",
    )


def account_suspended() -> ApiError:
    return ApiError(
        403,
        "authenticatedUserAccountSuspended",
        "The authenticated user's YouTube account is suspended.",
        domain="youtube.header",
        location="Authorization",
    )


def playlist_not_found() -> ApiError:
    return ApiError(
        404,
        "playlistNotFound",
        "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
        domain="youtube.playlistItem",
        location="playlistId",
    )


def invalid_parameter(location: str, message: str, reason: str = "invalidParameter") -> ApiError:
    return ApiError(400, reason, message, location=location)
