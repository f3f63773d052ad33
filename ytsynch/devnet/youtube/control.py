"""World changes and faults, asked for by `POST /_control` with `{"action": name, …}`.

Each method of `Actions` is an action; its parameters are the fields of the request. `GET /_control` shows the
actions and what is set, `GET /_catalogue` every video with the end that `expected` says it must come to.
"""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Literal

from aiohttp import web
from pydantic import NonNegativeInt, PositiveInt, TypeAdapter, ValidationError, validate_call

from ytsynch.devnet.youtube import feeds
from ytsynch.devnet.youtube.catalogue import Channel, Draft, Privacy, Video, make_video
from ytsynch.devnet.youtube.data_api import pacific_day
from ytsynch.devnet.youtube.faults import Block, MediaFault
from ytsynch.devnet.youtube.hub import HUB, Hub
from ytsynch.devnet.youtube.oauth import revoke_grants
from ytsynch.devnet.youtube.site import SITE, Site
from ytsynch.devnet.youtube.state import Consent

routes = web.RouteTableDef()

_VIDEO = TypeAdapter(Video)
#: Fields of a video that its identity hangs on.
_FIXED = {"id", "slug", "channel_id", "number", "source", "source_size"}


class RefusedError(Exception):
    """The action cannot be done; the message says why."""


class Actions:
    """Every public method is an action. Channels are named by id or @handle, videos by id or slug."""

    def __init__(self, site: Site, hub: Hub) -> None:
        self._site, self._hub = site, hub
        self._state, self._library = site.state, site.library

    # --- videos

    def add_video(self, channel: str, title: str, traits: dict[str, Any] | None = None) -> dict[str, Any]:
        """A new upload, published now: it is listed, fed and pushed. `traits`: fields of `Video`."""
        owner = self._channel(channel)
        traits = dict(traits or {})
        _check_traits(traits)
        number = 5000 + len(self._state.added_videos)
        slug = f"added-{number}"
        now = datetime.fromtimestamp(self._site.now(), UTC)
        fresh = make_video(self._site.world.seed, owner.id, number, Draft(slug, title, 0), now)
        video = _VIDEO.validate_python({**vars(fresh), **traits})
        self._library.add(video)
        self._notify(video)
        return {"id": video.id, "slug": video.slug}

    def edit_video(self, video: str, traits: dict[str, Any]) -> dict[str, Any]:
        """Other title, description or any other trait; a new title or description is pushed."""
        _check_traits(traits)
        changed = self._library.change_video(self._video(video).id, **traits)
        if {"title", "description"} & set(traits):
            self._notify(changed)
        return {"id": changed.id}

    def delete_video(self, video: str) -> dict[str, Any]:
        """Removed by its uploader: out of every listing; the deletion is pushed."""
        gone = self._video(video)
        self._library.change_video(
            gone.id, obstacle="removed", is_listed_although_gone=False, is_shown_although_gone=False
        )
        channel = self._library.channels[gone.channel_id]
        self._hub.publish(self._site, channel.id, feeds.deletion_notice(channel, gone))
        return {"id": gone.id}

    def set_privacy(self, video: str, privacy: Privacy) -> dict[str, Any]:
        """A video that becomes public is pushed."""
        before = self._video(video)
        changed = self._library.change_video(before.id, privacy=privacy)
        if privacy == "public" and before.privacy != "public":
            self._notify(changed)
        return {"id": changed.id}

    def start_live(self, video: str) -> dict[str, Any]:
        """An upcoming stream goes on air; a premiere becomes an ordinary video."""
        coming = self._video(video)
        live = "no" if coming.live == "upcoming_premiere" else "live"
        return {"id": self._library.change_video(coming.id, live=live).id}

    def set_live_ended(self, video: str, is_complete: bool = True) -> dict[str, Any]:
        """A stream goes off air; until `is_complete` its recording is not ready."""
        live = "recording" if is_complete else "finishing"
        return {"id": self._library.change_video(self._video(video).id, live=live).id}

    def finish_processing(self, video: str) -> dict[str, Any]:
        """A fresh upload gets all its sizes."""
        itags = [137, 136, 135, 140, 251]
        done = self._library.change_video(self._video(video).id, upload_status="processed", itags=itags)
        return {"id": done.id}

    # --- channels

    def set_subscribers(self, channel: str, subscribers: NonNegativeInt) -> dict[str, Any]:
        return self._change_channel(channel, subscribers=subscribers)

    def hide_subscribers(self, channel: str, hidden: bool = True) -> dict[str, Any]:
        """Let nobody see how many there are."""
        return self._change_channel(channel, hides_subscribers=hidden)

    def rename_channel(
        self, channel: str, title: str | None = None, handle: str | None = None
    ) -> dict[str, Any]:
        changes = {name: value for name, value in (("title", title), ("handle", handle)) if value}
        if not changes:
            raise RefusedError("give a title, a handle or both")
        if handle and not handle.startswith("@"):
            raise RefusedError("a handle begins with @")
        return self._change_channel(channel, **changes)

    def hide_channel(self, channel: str, hidden: bool = True) -> dict[str, Any]:
        return self._change_channel(channel, status="hidden" if hidden else "public")

    def terminate_channel(self, channel: str, terminated: bool = True) -> dict[str, Any]:
        return self._change_channel(channel, status="terminated" if terminated else "public")

    # --- Google

    def revoke_grant(self, user: str) -> dict[str, Any]:
        """The user takes back every permission, as in their Google account's settings."""
        return {"tokens": revoke_grants(self._site, self._user(user))}

    def expire_access_tokens(self, user: str | None = None) -> dict[str, Any]:
        """Access tokens end now; refresh tokens stay."""
        tokens = self._state.access_tokens
        ended = [name for name, grant in tokens.items() if user in (None, grant.google_user)]
        for name in ended:
            del tokens[name]
        return {"tokens": len(ended)}

    def consent(
        self,
        user: str,
        scopes: list[str] | None = None,
        deny: bool = False,
        gives_refresh_token: bool = True,
    ) -> dict[str, Any]:
        """How the user answers a `prompt=none` sign-in from now on; `scopes` null: everything asked for."""
        self._state.consents[self._user(user)] = Consent(deny, scopes, gives_refresh_token)
        return {}

    def spend_quota(self, units: NonNegativeInt) -> dict[str, Any]:
        """Somebody else uses up units of today."""
        day = pacific_day(self._site)
        self._state.quota_spent[day] = self._state.quota_spent.get(day, 0) + units
        return self._quota()

    def set_quota_left(self, units: NonNegativeInt) -> dict[str, Any]:
        """So many units are left today, of the same limit."""
        self._state.quota_spent[pacific_day(self._site)] = max(0, self._state.quota_limit - units)
        return self._quota()

    # --- faults

    def api_down(self, down: bool = True) -> dict[str, Any]:
        """The Data API answers 503."""
        self._state.faults.is_api_down = down
        return {}

    def oauth_down(self, down: bool = True) -> dict[str, Any]:
        """The sign-in answers 503."""
        self._state.faults.is_sign_in_down = down
        return {}

    def feed_404(self, missing: bool = True) -> dict[str, Any]:
        """Every feed answers 404."""
        self._state.faults.is_feed_missing = missing
        return {}

    def feed_empty(self, empty: bool = True) -> dict[str, Any]:
        """Every feed names no videos."""
        self._state.faults.is_feed_empty = empty
        return {}

    def hub_down(self, down: bool = True) -> dict[str, Any]:
        """The hub answers 503 and sends nothing."""
        self._state.faults.is_hub_down = down
        return {}

    def change_player(self, changed: bool = True) -> dict[str, Any]:
        """YouTube changes what its player is told: no tool of today finds the streams of any video."""
        self._state.faults.is_player_changed = changed
        return {}

    def media(
        self,
        kind: Literal["stall", "cut", "slow", "refuse", "ok"],
        after_bytes: NonNegativeInt = 0,
        bytes_per_second: PositiveInt = 10_000,
        video: str | None = None,
        times: PositiveInt | None = None,
    ) -> dict[str, Any]:
        """Streams stall, are cut or slow after so many bytes, or are refused (503); `ok` ends it."""
        video_id = self._video(video).id if video else None
        fault = None if kind == "ok" else MediaFault(kind, after_bytes, bytes_per_second, video_id, times)
        self._state.faults.media = fault
        return {}

    def block_proxy(self, kind: Block, proxy: NonNegativeInt = 0) -> dict[str, Any]:
        """YouTube distrusts an address: number 0 is the main port, 1 and up are the further proxies."""
        if proxy >= len(self._site.proxies):
            raise RefusedError(f"there are {len(self._site.proxies)} proxies, numbered from 0")
        self._state.faults.blocked_proxies[proxy] = kind
        return {}

    def unblock_proxy(self, proxy: NonNegativeInt = 0) -> dict[str, Any]:
        self._state.faults.blocked_proxies.pop(proxy, None)
        return {}

    def reset(self) -> dict[str, Any]:
        """No faults, no changes, no quota spent; sign-ins and push subscriptions stay."""
        self._state.forget_changes()
        self._library.rebuild()
        return {}

    # --- what the actions share

    def _channel(self, name: str) -> Channel:
        library = self._library
        found = library.channel_by_handle(name) if name.startswith("@") else library.channels.get(name)
        if found is None:
            raise RefusedError(f"no channel {name!r}")
        return found

    def _change_channel(self, name: str, **changes: Any) -> dict[str, Any]:
        return {"id": self._library.change_channel(self._channel(name).id, **changes).id}

    def _video(self, name: str) -> Video:
        found = self._library.videos.get(name)
        found = found or next((each for each in self._library.videos.values() if each.slug == name), None)
        if found is None:
            raise RefusedError(f"no video {name!r}")
        return found

    def _user(self, user: str) -> str:
        if user not in self._site.users:
            raise RefusedError(f"no Google user {user!r}")
        return user

    def _quota(self) -> dict[str, Any]:
        day = pacific_day(self._site)
        return {"day": day, "spent": self._state.quota_spent.get(day, 0), "limit": self._state.quota_limit}

    def _notify(self, video: Video) -> None:
        if video.privacy == "public":
            channel = self._library.channels[video.channel_id]
            self._hub.publish(self._site, channel.id, feeds.upload_notice(channel, video))


def _check_traits(traits: dict[str, Any]) -> None:
    known = {each.name for each in fields(Video)} - _FIXED
    for name in traits:
        if name not in known:
            raise RefusedError(f"a video has no trait {name!r}; known: {', '.join(sorted(known))}")


def _actions() -> dict[str, Any]:
    return {
        name: function
        for name, function in vars(Actions).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


@routes.get("/_control")
async def show(request: web.Request) -> web.Response:
    site = request.app[SITE]
    actions = {
        name: {
            "parameters": [each for each in inspect.signature(function).parameters if each != "self"],
            "about": (function.__doc__ or "").strip(),
        }
        for name, function in _actions().items()
    }
    return web.json_response(
        {
            "actions": actions,
            "faults": asdict(site.state.faults),
            "quota": Actions(site, request.app[HUB])._quota(),
            "subscriptions": [each.topic for each in site.state.subscriptions.values()],
            "proxies": site.proxies,
        }
    )


@routes.post("/_control")
async def act(request: web.Request) -> web.Response:
    """200 with the action's result, or 400 with `{"error": …}`."""
    site = request.app[SITE]
    try:
        asked = await request.json()
        if not isinstance(asked, dict):
            raise RefusedError("a JSON object is expected")
        name = asked.pop("action", None)
        if name not in _actions():
            raise RefusedError(f"no action {name!r}; known: {', '.join(_actions())}")
        result = validate_call(getattr(Actions(site, request.app[HUB]), name))(**asked)
    except json.JSONDecodeError as error:
        return _refusal(f"not JSON: {error}")
    except ValidationError as error:
        return _refusal("; ".join(_plain(each) for each in error.errors()))
    except RefusedError as error:
        return _refusal(str(error))
    site.file.save()
    return web.json_response(result)


def _plain(error: Any) -> str:
    return f"{'.'.join(str(place) for place in error['loc'])}: {error['msg']}"


def _refusal(text: str) -> web.Response:
    return web.json_response({"error": text}, status=400)


@routes.get("/_catalogue")
async def catalogue(request: web.Request) -> web.Response:
    site = request.app[SITE]
    channels = [_listed(site, channel) for channel in site.library.channels.values()]
    return web.json_response({"channels": channels})


def _listed(site: Site, channel: Channel) -> dict[str, Any]:
    videos = [_VIDEO.dump_python(each, mode="json") for each in site.library.videos_of(channel.id)]
    return {"id": channel.id, "handle": channel.handle, "title": channel.title, "videos": videos}
