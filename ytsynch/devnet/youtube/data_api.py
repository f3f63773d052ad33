"""YouTube Data API v3: channels, playlistItems and videos, one unit a call, quota by the Pacific day.

Source: https://developers.google.com/youtube/v3/docs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from ytsynch.devnet.youtube import api_errors, resources
from ytsynch.devnet.youtube.catalogue import Channel
from ytsynch.devnet.youtube.oauth import bearer, valid_access_token
from ytsynch.devnet.youtube.site import SITE, Site

YOUTUBE_SCOPES = (
    "https://www.googleapis.com/auth/youtube",
    "https://www.googleapis.com/auth/youtube.readonly",
    "https://www.googleapis.com/auth/youtube.force-ssl",
)
MAX_IDS = 50
PACIFIC = ZoneInfo("America/Los_Angeles")

Resource = dict[str, Any]
#: What a list method gives: the items, and what else stands beside them.
Answer = tuple[list[Resource], Resource]

routes = web.RouteTableDef()


def _method(
    kind: str, path: str
) -> Callable[
    [Callable[[web.Request, str | None], Answer]], Callable[[web.Request], Awaitable[web.Response]]
]:
    """Make a handler of a list method: who asks, quota, then the method, then the envelope or the error."""

    def decorate(
        method: Callable[[web.Request, str | None], Answer],
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            site = request.app[SITE]
            try:
                if site.state.faults.is_api_down:
                    raise api_errors.backend_down()
                google_user = _caller(site, request)
                spend_quota(site, 1)  # an invalid call costs as much
                items, beside = method(request, google_user)
            except api_errors.ApiError as error:
                return error.response()
            return web.json_response(_envelope(kind, items, beside))

        routes.get(path)(handler)
        return handler

    return decorate


def _envelope(kind: str, items: list[Resource], beside: Resource) -> Resource:
    """Google leaves `items` out altogether when there are none."""
    etag = hashlib.md5(repr((items, beside)).encode(), usedforsecurity=False).hexdigest()
    return {"kind": kind, "etag": etag, **({"items": items} if items else {}), **beside}


def _caller(site: Site, request: web.Request) -> str | None:
    """The Google user whose token the call carries, or None for a call with the API key."""
    token = bearer(request)
    if token is not None:
        grant = valid_access_token(site, token)
        if grant is None:
            raise api_errors.unauthenticated()
        if not any(scope in YOUTUBE_SCOPES for scope in grant.scopes):
            raise api_errors.insufficient_scopes()
        return grant.google_user
    key = request.query.get("key") or request.headers.get("X-Goog-Api-Key")
    if key is None:
        raise api_errors.missing_key()
    if key != site.world.youtube_api_key:
        raise api_errors.invalid_key()
    return None


def pacific_day(site: Site) -> str:
    """The quota's day, which begins at midnight Pacific time."""
    return site.today().astimezone(PACIFIC).date().isoformat()


def spend_quota(site: Site, units: int) -> None:
    """Raises ApiError (`quotaExceeded`) when the day's units do not suffice; then nothing is spent."""
    day, state = pacific_day(site), site.state
    spent = state.quota_spent.get(day, 0)
    if spent + units > state.quota_limit:
        raise api_errors.quota_exceeded()
    state.quota_spent[day] = spent + units


def _parts(request: web.Request, known: tuple[str, ...]) -> set[str]:
    asked = [part.strip() for value in request.query.getall("part", []) for part in value.split(",")]
    if not any(asked):
        raise api_errors.invalid_parameter("part", "Required parameter: part", "required")
    for part in asked:
        if part not in known:
            raise api_errors.ApiError(400, "unknownPart", f"'{part}'", domain="youtube.part", location="part")
    return set(asked)


def _ids(request: web.Request) -> list[str] | None:
    """The ids asked for, in order and each once; None when the filter is not used."""
    if "id" not in request.query:
        return None
    ids = [each.strip() for value in request.query.getall("id") for each in value.split(",")]
    unique = list(dict.fromkeys(each for each in ids if each))
    if len(unique) > MAX_IDS:
        raise api_errors.invalid_parameter(
            "id", "The request specifies an invalid filter parameter.", "invalidFilters"
        )
    return unique


def _page_size(request: web.Request) -> int:
    text = request.query.get("maxResults", "5")
    if not text.isdigit() or int(text) > MAX_IDS:
        raise api_errors.invalid_parameter(
            "maxResults", f"Invalid value '{text}'. Values must be within the range: [0, 50]"
        )
    return int(text)


@_method("youtube#channelListResponse", "/youtube/v3/channels")
def list_channels(request: web.Request, google_user: str | None) -> Answer:
    site = request.app[SITE]
    parts = _parts(request, resources.CHANNEL_PARTS)
    found = _channels_asked_for(site, request, google_user)
    pictures = (
        site.picture_host(request, "yt3.ggpht.com"),
        site.picture_host(request, "yt3.googleusercontent.com"),
    )
    items = [
        resources.channel(site.library, each, parts, avatar_host=pictures[0], banner_host=pictures[1])
        for each in found
    ]
    return items, {"pageInfo": {"totalResults": len(items), "resultsPerPage": _page_size(request)}}


def _channels_asked_for(site: Site, request: web.Request, google_user: str | None) -> list[Channel]:
    ids, library = _ids(request), site.library
    if request.query.get("mine") == "true":
        if google_user is None:
            raise api_errors.ApiError(
                401,
                "authorizationRequired",
                "The request uses the <code>mine</code> parameter but is not properly authorized.",
                location="mine",
            )
        own = library.channel_of(google_user)
        if own and own.status == "terminated":
            raise api_errors.account_suspended()
        return [own] if own else []
    if "forHandle" in request.query:
        found = [library.channel_by_handle(request.query["forHandle"])]
    elif ids is not None:
        found = [library.channels.get(each) for each in ids]
    else:
        raise api_errors.ApiError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected one of: id, mine, forHandle",
            location="parameters.",
        )
    return [each for each in found if each and library.may_see_channel(each, google_user)]


@_method("youtube#playlistItemListResponse", "/youtube/v3/playlistItems")
def list_playlist_items(request: web.Request, google_user: str | None) -> Answer:
    """Only uploads playlists exist here."""
    site = request.app[SITE]
    parts = _parts(request, resources.PLAYLIST_ITEM_PARTS)
    size = _page_size(request)
    playlist_id = request.query.get("playlistId")
    if playlist_id is None:
        raise api_errors.ApiError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected one of: id, playlistId",
            location="parameters.",
        )
    channel = site.library.channels.get("UC" + playlist_id.removeprefix("UU"))
    if channel is None or not site.library.may_see_channel(channel, google_user):
        raise api_errors.playlist_not_found()
    uploads = site.library.uploads(channel.id, google_user)
    start = _offset(request)
    page = uploads[start : start + size]
    host = site.picture_host(request, "i.ytimg.com")
    items = [
        resources.playlist_item(site.library, each, start + place, parts, google_user, thumbnail_host=host)
        for place, each in enumerate(page)
    ]
    beside: Resource = {"pageInfo": {"totalResults": len(uploads), "resultsPerPage": size}}
    if start + size < len(uploads):
        beside["nextPageToken"] = _token(start + size)
    if start:
        beside["prevPageToken"] = _token(max(0, start - size))
    return items, beside


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"EAAaB1BUOk{offset}".encode()).decode().rstrip("=")


def _offset(request: web.Request) -> int:
    token = request.query.get("pageToken")
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        return int(text.removeprefix("EAAaB1BUOk"))
    except (binascii.Error, ValueError) as error:
        raise api_errors.invalid_parameter(
            "pageToken", "The request specifies an invalid page token.", "invalidPageToken"
        ) from error


@_method("youtube#videoListResponse", "/youtube/v3/videos")
def list_videos(request: web.Request, google_user: str | None) -> Answer:
    site = request.app[SITE]
    parts = _parts(request, resources.VIDEO_PARTS)
    ids = _ids(request)
    if ids is None:
        raise api_errors.ApiError(
            400,
            "missingRequiredParameter",
            "No filter selected. Expected one of: chart, id, myRating",
            location="parameters.",
        )
    library = site.library
    found = [library.videos[each] for each in ids if each in library.videos]
    host = site.picture_host(request, "i.ytimg.com")
    items = [
        resources.video(library, each, parts, thumbnail_host=host)
        for each in found
        if library.may_see_facts(each, google_user)
    ]
    return items, {"pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)}}
