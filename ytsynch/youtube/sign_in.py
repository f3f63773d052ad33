"""Google sign-in: an authorization code becomes a creator's grant; grants are refreshed and given back.

Source: «Using OAuth 2.0 for Web Server Applications»,
https://developers.google.com/identity/protocols/oauth2/web-server. Each call is one or two HTTP requests
without a shared session: one object may serve all threads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from ytsynch.youtube.errors import (
    ClientRefused,
    EmailNotVerified,
    GoogleUnavailable,
    GrantExpired,
    GrantRevoked,
    ScopeMissing,
    SignInError,
    WrongCode,
    YouTubeError,
)

READ_SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"
_READ_SCOPES = frozenset(
    {
        READ_SCOPE,
        "https://www.googleapis.com/auth/youtube",
        "https://www.googleapis.com/auth/youtube.force-ssl",
    }
)
_EMAIL_SCOPES = frozenset({EMAIL_SCOPE, "email"})


@dataclass(frozen=True)
class GoogleEndpoints:
    """Where Google's sign-in answers."""

    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)
    revoke: str = "https://oauth2.googleapis.com/revoke"
    userinfo: str = "https://www.googleapis.com/oauth2/v3/userinfo"


@dataclass(frozen=True)
class Grant:
    """A creator's permission. The tokens never show in `repr`.

    `subject` is Google's lasting id of the person; `refresh_token` is None where Google gave none (it gives
    one with `access_type=offline` and `prompt=consent`).
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]
    subject: str
    email: str


class GoogleSignIn:
    """This service's side of the OAuth 2 code flow."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        endpoints: GoogleEndpoints | None = None,
        timeout: float = 15.0,
    ) -> None:
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._endpoints = endpoints or GoogleEndpoints()
        self._timeout = timeout

    def exchange_code(self, code: str, redirect_uri: str) -> Grant:
        """Trade Google's code for a grant.

        `redirect_uri` may be the whole address of the page that received the code: Google was given it
        without query and fragment. Raises WrongCode, ScopeMissing, EmailNotVerified, ClientRefused,
        GoogleUnavailable.
        """
        answer = self._ask_for_token(
            WrongCode,
            grant_type="authorization_code",
            code=code,
            redirect_uri=without_query(redirect_uri),
        )
        scopes = granted_scopes(_text(answer, "scope"))
        access_token = _text(answer, "access_token")
        subject, email = self._person(access_token)
        refresh_token = answer.get("refresh_token")
        return Grant(
            access_token=access_token,
            refresh_token=refresh_token if isinstance(refresh_token, str) else None,
            expires_at=_end(answer),
            scopes=scopes,
            subject=subject,
            email=email,
        )

    def refresh(self, grant: Grant) -> Grant:
        """A grant with a fresh access token.

        Raises GrantRevoked when the creator withdrew it, GrantExpired when there is no refresh token,
        ScopeMissing when less is granted than before, ClientRefused, GoogleUnavailable.
        """
        if grant.refresh_token is None:
            raise GrantExpired("no refresh token")
        answer = self._ask_for_token(
            GrantRevoked, grant_type="refresh_token", refresh_token=grant.refresh_token
        )
        scopes = frozenset(_text(answer, "scope").split()) if "scope" in answer else grant.scopes
        if not scopes & _READ_SCOPES:
            raise ScopeMissing(" ".join(sorted(scopes)))
        return replace(
            grant, access_token=_text(answer, "access_token"), expires_at=_end(answer), scopes=scopes
        )

    def revoke(self, token: str) -> None:
        """Give a token (and the grant behind it) back. A token that Google no longer knows counts as given
        back.
        """
        response = self._request("POST", self._endpoints.revoke, data={"token": token})
        if response.status_code == 400 and _json(response).get("error") == "invalid_token":
            return
        if response.status_code != 200:
            raise GoogleUnavailable(f"HTTP {response.status_code} on revocation")

    def _ask_for_token(self, invalid_grant: type[SignInError], **form: str) -> dict[str, Any]:
        response = self._request("POST", self._endpoints.token, data={**form, **self._client})
        answer = _json(response)
        if response.status_code == 200:
            return answer
        raise _refusal(answer, response.status_code, invalid_grant)

    def _person(self, access_token: str) -> tuple[str, str]:
        """Subject and verified e-mail address of the person behind the token."""
        headers = {"Authorization": f"Bearer {access_token}"}
        response = self._request("GET", self._endpoints.userinfo, headers=headers)
        if response.status_code in (401, 403):
            raise ScopeMissing(f"HTTP {response.status_code} on the person's e-mail address")
        if response.status_code != 200:
            raise GoogleUnavailable(f"HTTP {response.status_code} on the person's e-mail address")
        person = _json(response)
        if not person.get("email"):
            raise ScopeMissing("no e-mail address")
        # v3 answers a boolean, the older forms a string
        if person.get("email_verified") not in (True, "true"):
            raise EmailNotVerified
        return _text(person, "sub"), _text(person, "email")

    def _request(self, method: str, url: str, **arguments: Any) -> requests.Response:
        try:
            response = requests.request(
                method, url, timeout=self._timeout, allow_redirects=False, **arguments
            )
        except requests.RequestException as error:
            # Its text may hold the URL, never the form: tokens travel in the form or the header only.
            raise GoogleUnavailable(str(error)) from error
        if response.status_code >= 500 or response.status_code == 429:
            raise GoogleUnavailable(f"HTTP {response.status_code}")
        return response


def granted_scopes(scope: str) -> frozenset[str]:
    """What a person allowed, from the answer's `scope`. Raises ScopeMissing when it is less than the service
    needs.
    """
    scopes = frozenset(scope.split())
    if not (scopes & _READ_SCOPES and scopes & _EMAIL_SCOPES):
        raise ScopeMissing(" ".join(sorted(scopes)))
    return scopes


def without_query(redirect_uri: str) -> str:
    """Origin and path of an address."""
    parts = urlsplit(redirect_uri)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _refusal(answer: Mapping[str, Any], status: int, invalid_grant: type[SignInError]) -> YouTubeError:
    """The error for an OAuth error answer (RFC 6749, section 5.2, and Google's own words)."""
    error = str(answer.get("error", ""))
    raw = f"HTTP {status}: {error} {answer.get('error_description', '')}".strip()
    if error in ("invalid_client", "unauthorized_client", "deleted_client", "org_internal"):
        return ClientRefused(raw)
    if error in ("invalid_grant", "redirect_uri_mismatch", "invalid_request", "access_denied"):
        return invalid_grant(raw)
    return GoogleUnavailable(raw)


def _end(answer: Mapping[str, Any]) -> datetime:
    try:
        seconds = int(answer.get("expires_in", 3600))
    except (TypeError, ValueError) as error:
        raise GoogleUnavailable("expires_in is not a number") from error
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise GoogleUnavailable(f"no {name} in the answer")
    return value


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as error:
        raise GoogleUnavailable(f"HTTP {response.status_code}, not JSON") from error
    if not isinstance(answer, dict):
        raise GoogleUnavailable(f"HTTP {response.status_code}, not an object")
    return answer
