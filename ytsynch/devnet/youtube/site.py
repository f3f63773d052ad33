"""What every handler of the simulated YouTube needs, in one object that the application carries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from ytsynch.devnet.world import World
from ytsynch.devnet.youtube.catalogue import Channel
from ytsynch.devnet.youtube.faults import Block
from ytsynch.devnet.youtube.library import Library
from ytsynch.devnet.youtube.media_store import MediaStore
from ytsynch.devnet.youtube.state import State, StateFile

#: A Google user who may sign in and has no YouTube channel.
USER_WITHOUT_CHANNEL = "no-channel@example.com"


@dataclass
class Site:
    world: World
    file: StateFile
    library: Library
    media: MediaStore
    now: Callable[[], float] = time.time
    #: Local port of a listener → number of the proxy whose connections it gets.
    proxy_of_port: dict[int, int] = field(default_factory=dict)
    proxies: list[str] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.file.state

    @property
    def users(self) -> tuple[str, ...]:
        """Google users who can sign in."""
        return (*(person.google_user for person in self.world.people), USER_WITHOUT_CHANNEL)

    def today(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def block_on(self, request: web.Request) -> Block | None:
        """What the address suffers through which this request comes."""
        blocked = self.state.faults.blocked_proxies
        if not blocked or request.transport is None:
            return None
        port = request.transport.get_extra_info("sockname")[1]
        return blocked.get(self.proxy_of_port.get(port, 0))

    def picture_host(self, request: web.Request, real_host: str) -> str:
        """Where pictures are: here when asked openly, at the real host when asked through the proxy."""
        return f"https://{real_host}" if request.secure else f"http://{request.host}"

    def user_name(self, google_user: str) -> str:
        channel = self.channel_of(google_user)
        return channel.title if channel else google_user.partition("@")[0]

    def channel_of(self, google_user: str) -> Channel | None:
        return self.library.channel_of(google_user)


SITE = web.AppKey("site", Site)
