"""The chain's node on the network: JSON-RPC over WebSocket, and over HTTP POST for what answers once."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from .chain import Chain
from .rpc import Rpc, RpcError
from .subscriptions import Subscriptions

_MOST_BYTES = 64 * 2**20  # of a message
_PING_SECONDS = 30.0


class _Cut(Exception):
    """The socket is to be cut now, without an answer."""


class Node:
    """Serves one chain. `port` is the one in use after `start` (0 asks for any free one)."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.port = 0
        self._rpc = Rpc(chain)
        self._transports: set[asyncio.BaseTransport | None] = set()
        self._runner: web.AppRunner | None = None
        chain.faults.on_cut.append(self._cut_all)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; OSError when the port is taken."""
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_get("/", self._serve_socket)
        application.router.add_post("/", self._serve_post)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self._cut_all()
        if self._runner is not None:
            await self._runner.cleanup()

    async def serve(self, host: str, port: int) -> None:
        """Listens until cancelled."""
        await self.start(host, port)
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def _serve_socket(self, request: web.Request) -> web.StreamResponse:
        if self.chain.faults.rpc_refused:
            raise web.HTTPServiceUnavailable()
        socket = web.WebSocketResponse(heartbeat=_PING_SECONDS, max_msg_size=_MOST_BYTES, compress=False)
        await socket.prepare(request)
        transport = request.transport
        self._transports.add(transport)
        outgoing: asyncio.Queue[Any] = asyncio.Queue()
        subscriptions = Subscriptions(self.chain, self._rpc, outgoing.put_nowait)
        writer = asyncio.create_task(_write(socket, outgoing))
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    outgoing.put_nowait(self._answer(message.data, subscriptions))
                    subscriptions.flush()
        except _Cut:
            _abort(transport)
        finally:
            subscriptions.close()
            writer.cancel()
            self._transports.discard(transport)
        return socket

    async def _serve_post(self, request: web.Request) -> web.Response:
        if self.chain.faults.rpc_refused:
            raise web.HTTPServiceUnavailable()
        try:
            return web.json_response(self._answer(await request.read(), None))
        except _Cut:
            _abort(request.transport)
            raise web.HTTPServiceUnavailable() from None

    def _answer(self, message: str | bytes, subscriptions: Subscriptions | None) -> Any:
        try:
            request = json.loads(message)
        except ValueError:
            return _response(None, error={"code": -32700, "message": "Parse error"})
        if isinstance(request, list):
            return [self._answer_one(one, subscriptions) for one in request]
        return self._answer_one(request, subscriptions)

    def _answer_one(self, request: Any, subscriptions: Subscriptions | None) -> dict[str, Any]:
        if not isinstance(request, dict) or "method" not in request:
            return _response(None, error={"code": -32600, "message": "Invalid request"})
        method, number = request["method"], request.get("id")
        try:
            result = self._result(method, request.get("params") or [], subscriptions)
        except RpcError as error:
            return _response(number, error=error.body())
        if self.chain.faults.cuts_this_request():
            raise _Cut
        if method.startswith("author_submit") and self.chain.faults.cuts_this_submit():
            raise _Cut
        return _response(number, result=result)

    def _result(self, method: str, params: list[Any], subscriptions: Subscriptions | None) -> Any:
        if subscriptions is not None and method in subscriptions.methods:
            try:
                return subscriptions.methods[method](*params)
            except (TypeError, ValueError) as error:
                raise RpcError(-32602, "Invalid params", str(error)) from error
        return self._rpc.answer(method, params)

    def _cut_all(self) -> None:
        for transport in list(self._transports):
            _abort(transport)


async def _write(socket: web.WebSocketResponse, outgoing: "asyncio.Queue[Any]") -> None:
    while True:
        message = await outgoing.get()
        try:
            await socket.send_str(json.dumps(message))
        except ConnectionError:
            return  # the reader notices, too, and ends the connection


def _abort(transport: asyncio.BaseTransport | None) -> None:
    if isinstance(transport, asyncio.Transport):
        transport.abort()


def _response(number: Any, **outcome: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, **outcome}
