"""The WebSub hub: subscriptions that are verified at the callback, and signed notices of what is new or gone.

Source: https://www.w3.org/TR/websub/ and https://developers.google.com/youtube/v3/guides/push_notifications.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import re
from collections.abc import Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web

from ytsynch.devnet.youtube.site import SITE, Site
from ytsynch.devnet.youtube.state import Subscription

DEFAULT_LEASE_SECONDS = 432_000
MAX_LEASE_SECONDS = 864_000
#: Both addresses of a channel's feed are topics.
TOPIC = r"https?://www\.youtube\.com/(xml/)?feeds/videos\.xml\?channel_id=UC[\w-]{22}"
#: Seconds before each attempt to deliver a notice.
PAUSES = (0.0, 1.0, 5.0)

routes = web.RouteTableDef()


class Hub:
    """Sends what subscribers have asked for; its requests run beside the server's."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def verify(self, site: Site, wish: Mapping[str, str]) -> None:
        """Ask the callback whether it wants this, in the background; then keep or drop the subscription."""
        self._start(self._verify(site, wish))

    def publish(self, site: Site, channel_id: str, notice: str) -> None:
        """Send `notice` to everybody who follows the channel."""
        if site.state.faults.is_hub_down:
            return
        takers = [
            each
            for each in site.state.subscriptions.values()
            if each.topic.endswith(f"channel_id={channel_id}") and each.expires_at > site.now()
        ]
        for each in takers:
            self._start(self._send(each, notice.encode()))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        return self._session

    async def _verify(self, site: Site, wish: Mapping[str, str]) -> None:
        mode, topic, callback = wish["hub.mode"], wish["hub.topic"], wish["hub.callback"]
        lease = _lease(wish)
        challenge = site.state.next_secret(site.world.seed, "challenge")
        question = {"hub.topic": topic, "hub.challenge": challenge, "hub.mode": mode}
        if mode == "subscribe":
            question["hub.lease_seconds"] = str(lease)
        mark = "&" if urlsplit(callback).query else "?"
        try:
            async with self._client().get(f"{callback}{mark}{urlencode(question)}") as answer:
                is_wanted = answer.status < 300 and (await answer.text()).strip() == challenge
        except (aiohttp.ClientError, TimeoutError):
            return  # no answer is no
        if not is_wanted:
            return
        key = f"{callback} {topic}"
        if mode == "subscribe":
            secret = wish.get("hub.secret") or None
            site.state.subscriptions[key] = Subscription(callback, topic, secret, site.now() + lease)
        else:
            site.state.subscriptions.pop(key, None)
        site.file.save()

    async def _send(self, to: Subscription, body: bytes) -> None:
        headers = {
            "Content-Type": "application/atom+xml",
            "Link": f"<{to.topic}>; rel=self, <http://pubsubhubbub.appspot.com/>; rel=hub",
        }
        if to.secret:
            headers["X-Hub-Signature"] = (
                "sha1=" + hmac.new(to.secret.encode(), body, hashlib.sha1).hexdigest()
            )
        for pause in PAUSES:
            await asyncio.sleep(pause)
            with contextlib.suppress(
                aiohttp.ClientError, TimeoutError
            ):  # tried again, then lost: as the real hub
                async with self._client().post(to.callback, data=body, headers=headers) as answer:
                    if answer.status < 300:
                        return


HUB = web.AppKey("hub", Hub)


def _lease(wish: Mapping[str, str]) -> int:
    text = wish.get("hub.lease_seconds", "")
    return min(int(text), MAX_LEASE_SECONDS) if text.isdigit() and int(text) else DEFAULT_LEASE_SECONDS


@routes.post("/subscribe")
async def subscribe(request: web.Request) -> web.Response:
    site = request.app[SITE]
    if site.state.faults.is_hub_down:
        return web.Response(status=503, text="Service Unavailable")
    wish = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    if wish.get("hub.mode") not in ("subscribe", "unsubscribe"):
        return web.Response(status=400, text="Invalid value for hub.mode")
    if urlsplit(wish.get("hub.callback", "")).scheme not in ("http", "https"):
        return web.Response(status=400, text="Invalid parameter: hub.callback")
    if not re.fullmatch(TOPIC, wish.get("hub.topic", "")):
        return web.Response(status=400, text="Invalid parameter: hub.topic")
    request.app[HUB].verify(site, wish)
    return web.Response(status=202)
