"""The door of the youtube port: a forward proxy for the hosts of YouTube and Google, and a plain server.

`CONNECT host:443` becomes a tunnel to an inner TLS listener, whatever the host; other hosts are refused.
Every other request goes to an inner plain listener. Each proxy has inner listeners of its own, so that the
handlers can tell through which address a request came.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

from ytsynch.devnet.youtube.tls import DOMAINS

MAX_HEAD = 64 * 1024
CHUNK = 64 * 1024
HEAD_SECONDS = 30

_ESTABLISHED = b"HTTP/1.1 200 Connection Established\r\n\r\n"
_REFUSED = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 44\r\n\r\n"
    b"This proxy leads to YouTube and Google only.\n"[:44]
)
_BAD = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Proxy:
    """Listens on one port; `plain_port` and `tls_port` are its inner listeners on loopback."""

    def __init__(self, *, plain_port: int, tls_port: int) -> None:
        self._plain_port, self._tls_port = plain_port, tls_port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=MAX_HEAD)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection without a task")
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # the client went away or never spoke HTTP: nobody is left to tell
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        try:
            method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ", 2)
        except ValueError:
            writer.write(_BAD)
            return
        if method == "CONNECT":
            if not leads_to_youtube(target.rpartition(":")[0]):
                writer.write(_REFUSED)
                await writer.drain()
                return
            writer.write(_ESTABLISHED)
            await self._join(reader, writer, self._tls_port, b"")
        elif "://" in target and not leads_here(target):
            writer.write(_REFUSED)
            await writer.drain()
        else:
            await self._join(reader, writer, self._plain_port, head)

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes
    ) -> None:
        """Carry bytes both ways until either side ends; then end the other."""
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        inner_writer.write(first)
        try:
            await asyncio.gather(_carry(reader, inner_writer), _carry(inner_reader, writer))
        finally:
            inner_writer.close()


def leads_to_youtube(host: str) -> bool:
    return any(host.lower() == domain or host.lower().endswith(f".{domain}") for domain in DOMAINS)


def leads_here(address: str) -> bool:
    """Whether an absolute http address, as a client sends it to its proxy, is one of ours."""
    host = urlsplit(address).hostname or ""
    return leads_to_youtube(host) or host in ("127.0.0.1", "localhost", "::1")


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(CHUNK):
            target.write(chunk)
            await target.drain()
    finally:
        target.close()
