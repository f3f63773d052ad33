"""YouTube's Data API v3, as far as this service needs it: every method is one call, and one unit of quota.

Source: https://developers.google.com/youtube/v3/docs and …/docs/errors.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import google_auth_httplib2
import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleClientError
from googleapiclient.errors import HttpError

from ytsynch.youtube.errors import (
    ApiAnswerInvalid,
    ApiKeyRefused,
    ApiRefused,
    ApiUnavailable,
    ChannelTerminated,
    GrantExpired,
    PlaylistNotFound,
    QuotaExceeded,
    ScopeMissing,
    YouTubeError,
)
from ytsynch.youtube.resources import (
    CHANNEL_PARTS,
    VIDEO_PARTS,
    YouTubeChannel,
    YouTubeVideo,
    read_channel,
    read_video,
)
from ytsynch.youtube.sign_in import Grant

__all__ = ["PAGE", "DataApi", "UploadsPage", "YouTubeChannel", "YouTubeVideo"]

PAGE = 50  # most ids a call, most items a page


@dataclass(frozen=True)
class UploadsPage:
    """One page of a playlist; `total` is what YouTube says of the whole, an estimate."""

    video_ids: tuple[str, ...]
    next_page_token: str | None
    total: int


class DataApi:
    """The API with this service's key (public data) or with a creator's grant (`own_channel`).

    `before_call` runs before every call that costs quota: it reserves one unit, or raises QuotaExceeded to
    forbid the call. The object holds one connection that must not be used by two threads at once: give each
    thread its own. The access token is used as it is: refresh the grant before (GoogleSignIn.refresh).

    Every method raises QuotaExceeded, ApiUnavailable, ApiAnswerInvalid, ApiKeyRefused, ApiRefused; with a
    grant also GrantExpired, ScopeMissing, ChannelTerminated.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        api_key: str | None = None,
        credentials: Grant | None = None,
        timeout: float = 30.0,
        before_call: Callable[[], None] | None = None,
    ) -> None:
        if (api_key is None) == (credentials is None):
            raise ValueError("either an API key or a grant")
        http = httplib2.Http(timeout=timeout)
        if credentials is not None:
            # A 401 is told as it is: a refresh, which this object cannot do, would hide Google's reason.
            http = google_auth_httplib2.AuthorizedHttp(
                _bearer(credentials), http=http, refresh_status_codes=()
            )
        self._has_grant = credentials is not None
        self._before_call = before_call
        # The description of the API comes with the package: building the client asks nobody.
        self._api = build(
            "youtube",
            "v3",
            http=http,
            developerKey=api_key,
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": endpoint},
        )

    def own_channel(self) -> YouTubeChannel | None:
        """The channel of the person who gave the grant; None where there is none."""
        if not self._has_grant:
            raise ValueError("own_channel needs a grant")
        try:
            return self._first_channel(mine=True)
        except _NoChannel:
            return None

    def channels(self, ids: Iterable[str]) -> dict[str, YouTubeChannel]:
        """Channels by id, at most 50 ids. Those that YouTube does not show are left out: that proves no
        deletion.
        """
        wanted = _at_most_a_page(ids)
        if not wanted:
            return {}
        answer = self._call(
            self._api.channels().list(part=CHANNEL_PARTS, id=",".join(wanted), maxResults=PAGE)
        )
        return {channel.id: channel for channel in map(read_channel, _items(answer))}

    def channel_by_handle(self, handle: str) -> YouTubeChannel | None:
        """The channel with a handle, given with or without its @."""
        return self._first_channel(forHandle=handle)

    def uploads_page(self, playlist_id: str, page_token: str | None = None) -> UploadsPage:
        """A page of at most 50 videos of a playlist, newest first (nearly). Also raises PlaylistNotFound."""
        answer = self._call(
            self._api.playlistItems().list(
                part="contentDetails", playlistId=playlist_id, pageToken=page_token, maxResults=PAGE
            )
        )
        ids = []
        for item in _items(answer):
            video_id = (item.get("contentDetails") or {}).get("videoId")
            if not isinstance(video_id, str) or not video_id:
                raise ApiAnswerInvalid("a playlist item without contentDetails.videoId")
            ids.append(video_id)
        total = (answer.get("pageInfo") or {}).get("totalResults")
        return UploadsPage(
            video_ids=tuple(ids),
            next_page_token=answer.get("nextPageToken") or None,
            total=total if isinstance(total, int) else len(ids),
        )

    def videos(self, ids: Iterable[str]) -> dict[str, YouTubeVideo]:
        """Videos by id, at most 50 ids. Private and deleted ones are left out."""
        wanted = _at_most_a_page(ids)
        if not wanted:
            return {}
        answer = self._call(self._api.videos().list(part=VIDEO_PARTS, id=",".join(wanted), maxResults=PAGE))
        return {video.id: video for video in map(read_video, _items(answer))}

    def close(self) -> None:
        """Close the connection."""
        self._api.close()

    def _first_channel(self, **which: object) -> YouTubeChannel | None:
        items = _items(self._call(self._api.channels().list(part=CHANNEL_PARTS, **which)))
        return read_channel(items[0]) if items else None

    def _call(self, request: Any) -> dict[str, Any]:
        if self._before_call is not None:
            self._before_call()
        try:
            answer = request.execute(num_retries=0)
        except HttpError as error:
            raise refusal(error) from error
        except RefreshError as error:
            raise GrantExpired(str(error)) from error
        except (GoogleAuthError, GoogleClientError, httplib2.HttpLib2Error, OSError) as error:
            raise ApiUnavailable(f"{type(error).__name__}: {error}") from error
        except ValueError as error:
            raise ApiAnswerInvalid(f"not JSON: {error}") from error
        if not isinstance(answer, dict):
            raise ApiAnswerInvalid("not an object")
        return answer


class _NoChannel(ApiRefused):
    """The Google account has no YouTube channel."""

    code = "no_channel"


# Google's words for what happened (`error.errors[].reason`) and what they are here.
_REASONS: dict[str, type[YouTubeError]] = {
    "quotaExceeded": QuotaExceeded,
    "dailyLimitExceeded": QuotaExceeded,
    "rateLimitExceeded": ApiUnavailable,
    "userRateLimitExceeded": ApiUnavailable,
    "servingLimitExceeded": ApiUnavailable,
    "backendError": ApiUnavailable,
    "internalError": ApiUnavailable,
    "insufficientPermissions": ScopeMissing,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ScopeMissing,
    "insufficientAuthorizedScopes": ScopeMissing,
    "authError": GrantExpired,
    "expired": GrantExpired,
    "authenticatedUserAccountSuspended": ChannelTerminated,
    "authenticatedUserAccountClosed": ChannelTerminated,
    "authenticatedUserNotChannel": _NoChannel,
    "youtubeSignupRequired": _NoChannel,
    "channelClosed": ChannelTerminated,
    "channelSuspended": ChannelTerminated,
    "playlistNotFound": PlaylistNotFound,
    "playlistForbidden": PlaylistNotFound,
    "playlistItemsNotAccessible": PlaylistNotFound,
    "keyInvalid": ApiKeyRefused,
    "keyExpired": ApiKeyRefused,
    "API_KEY_INVALID": ApiKeyRefused,
    "API_KEY_SERVICE_BLOCKED": ApiKeyRefused,
    "SERVICE_DISABLED": ApiKeyRefused,
    "accessNotConfigured": ApiKeyRefused,
    "ipRefererBlocked": ApiKeyRefused,
    "projectSuspended": ApiKeyRefused,
}


def refusal(error: HttpError) -> YouTubeError:
    """The error for an HTTP failure: by the reasons that Google names, else by the status."""
    reasons = _reasons(error)
    raw = f"HTTP {error.status_code} {', '.join(reasons)}: {error.reason}"
    for reason in reasons:
        # some come with the name of the resource before them:
        # «youtube.channel.authenticatedUserAccountSuspended»
        if kind := _REASONS.get(reason.rsplit(".", 1)[-1]):
            return kind(raw)
    if error.status_code >= 500 or error.status_code == 429:
        return ApiUnavailable(raw)
    return GrantExpired(raw) if error.status_code == 401 else ApiRefused(raw)


def _reasons(error: HttpError) -> list[str]:
    details = error.error_details
    if not isinstance(details, list):
        return []
    found = [detail.get("reason") for detail in details if isinstance(detail, dict)]
    return [reason for reason in found if isinstance(reason, str)]


def _bearer(grant: Grant) -> Credentials:
    """Google's credentials that carry the access token and cannot refresh it."""
    expiry = grant.expires_at.astimezone(UTC).replace(tzinfo=None)
    return Credentials(grant.access_token, expiry=expiry)  # type: ignore[no-untyped-call]


def _at_most_a_page(ids: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > PAGE:
        raise ValueError(f"{len(wanted)} ids in one call, at most {PAGE}")
    return wanted


def _items(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The items; Google leaves the list out when it is empty."""
    items = answer.get("items", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ApiAnswerInvalid("items is not a list of objects")
    return items
