"""Puts the simulated YouTube on its sockets: every route on every port, whatever the Host header says."""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from ytsynch.devnet.world import PEOPLE, build_world
from ytsynch.devnet.youtube import (
    control,
    data_api,
    feeds,
    hub,
    media_server,
    oauth,
    own_media,
    tabs,
    tls,
    watch,
)
from ytsynch.devnet.youtube.catalogue import Catalogue, build_catalogue
from ytsynch.devnet.youtube.hub import HUB, Hub
from ytsynch.devnet.youtube.library import Library
from ytsynch.devnet.youtube.media_store import MediaStore
from ytsynch.devnet.youtube.proxy import Proxy
from ytsynch.devnet.youtube.site import SITE, Site
from ytsynch.devnet.youtube.state import StateFile

HOST = "127.0.0.1"
SAVE_EVERY_SECONDS = 1.0
#: Whose channel shows the newcomer's own files.
OWN_MEDIA_CHANNEL = PEOPLE[0].youtube_channel_id

_SIGN_IN_PATHS = ("/o/oauth2/", "/token", "/revoke", "/oauth2/")
#: Answers to these are promises: what they changed is on disk before they leave.
_KEPT_AT_ONCE = ("/o/oauth2/", "/token", "/oauth2/v4/token", "/revoke")


@dataclass(frozen=True)
class Options:
    """Port 0: the operating system chooses. `proxies`: how many further proxy ports there are."""

    google_port: int = 0
    youtube_port: int = 0
    folder: Path | None = None
    media_cache: Path | None = None
    seed: int = 1
    media: Path | None = None
    in_memory: bool = False
    is_small: bool = False
    proxies: int = 0


@dataclass(frozen=True)
class Running:
    """Where it listens. `proxies[0]` is the youtube port itself."""

    google: str
    youtube: str
    proxies: list[str]
    ca_file: str
    site: Site


class YouTubeServer:
    """`async with YouTubeServer(options) as running:` serves until the block ends."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Running:
        """Raises OSError for a port that is taken, ValueError for a folder that cannot be used."""
        try:
            return await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> Running:
        options = self._options
        listeners = [_listen(options.google_port), _listen(options.youtube_port)]
        listeners += [_listen(0) for _ in range(options.proxies)]
        for listener in listeners:
            self._stack.callback(listener.close)
        folder = self._folder()
        site = self._site(folder)
        push = Hub()
        runner = web.AppRunner(application(site, push), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        self._stack.push_async_callback(push.close)
        addresses = [f"http://{HOST}:{each.getsockname()[1]}" for each in listeners]
        await web.SockSite(runner, listeners[0]).start()
        context = tls.server_context(folder)
        for number, listener in enumerate(listeners[1:]):
            plain, secure = _listen(0), _listen(0)
            await web.SockSite(runner, plain).start()
            await web.SockSite(runner, secure, ssl_context=context).start()
            plain_port, tls_port = plain.getsockname()[1], secure.getsockname()[1]
            site.proxy_of_port |= {plain_port: number, tls_port: number}
            proxy = Proxy(plain_port=plain_port, tls_port=tls_port)
            await proxy.start(listener)
            self._stack.push_async_callback(proxy.close)
        site.proxies = addresses[1:]
        await self._make_first(site)
        self._start_task(_keep_saving(site))
        return Running(addresses[0], addresses[1], addresses[1:], str(folder / "ca.pem"), site)

    def _folder(self) -> Path:
        if self._options.folder is None:
            return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="devnet-youtube-")))
        self._options.folder.mkdir(parents=True, exist_ok=True)
        return self._options.folder

    def _site(self, folder: Path) -> Site:
        options = self._options
        world = build_world(options.seed)
        file = StateFile(None if options.in_memory else folder / "youtube.json")
        self._stack.callback(file.save)
        catalogue = build_catalogue(world, epoch=file.state.epoch, is_small=options.is_small)
        if options.media:
            catalogue = _with_own_media(catalogue, options.media, options.seed, file.state.epoch)
        media = MediaStore(options.media_cache or folder / "media")
        self._stack.callback(media.close)
        return Site(world, file, Library(catalogue, file.state), media)

    async def _make_first(self, site: Site) -> None:
        """The first videos are ready before the server is; the others follow in the background."""
        videos = list(site.library.videos.values())
        await site.media.make_all(videos[:2], _report)
        self._start_task(site.media.make_all(videos, _report))

    def _start_task(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._stack.push_async_callback(stop)


def application(site: Site, push: Hub) -> web.Application:
    app = web.Application(middlewares=[_keep, _sign_in_fault], client_max_size=4 * 2**20)
    app[SITE], app[HUB] = site, push
    for part in (oauth, data_api, watch, tabs, media_server, feeds, hub, control):
        app.add_routes(part.routes)
    return app


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _keep(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if request.path.startswith(_KEPT_AT_ONCE):
        request.app[SITE].file.save()
    return response


@web.middleware
async def _sign_in_fault(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.app[SITE].state.faults.is_sign_in_down and request.path.startswith(_SIGN_IN_PATHS):
        return web.json_response({"error": "internal_failure"}, status=503)
    return await handler(request)


async def _keep_saving(site: Site) -> None:
    """Counts (quota, visits) reach the disk within a second."""
    while True:
        await asyncio.sleep(SAVE_EVERY_SECONDS)
        site.file.save()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=256)
    except OSError as error:
        raise OSError(f"port {port} cannot be had: {error.strerror}") from error


def _with_own_media(catalogue: Catalogue, folder: Path, seed: int, epoch: datetime) -> Catalogue:
    """Raises ValueError when the folder is not there or holds nothing that can be shown."""
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder of videos")
    videos, left_out = own_media.own_videos(folder, seed=seed, channel_id=OWN_MEDIA_CHANNEL, epoch=epoch)
    for path, reason in left_out:
        _report(f"{path} is left out: {reason}")
    if not videos:
        raise ValueError(f"{folder}: no video in it can be used")
    others = tuple(video for video in catalogue.videos if video.channel_id != OWN_MEDIA_CHANNEL)
    return Catalogue(catalogue.channels, (*videos, *others))


def _report(text: str) -> None:
    sys.stderr.write(f"youtube: {text}\n")
    sys.stderr.flush()
