"""The creators' mailbox: takes every mail over SMTP (RFC 5321, the part that senders use) and shows it on a
page.

One mailbox for all addresses. Each mail is a file, `000001.eml`, exactly as it came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

LONGEST_LINE = 2**16
LARGEST_MAIL = 25 * 2**20
SILENCE = 60.0
"""Seconds without a word after which a sender is cut off."""

_STYLE = "font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem"


@dataclass
class MailboxFaults:
    """`unavailable`: every connection is answered 421 and closed. `refuse`: mail to this address is refused
    for good (550). `greylist`: mail to anybody is refused for now (450).
    """

    unavailable: bool = False
    refuse: str | None = None
    greylist: bool = False


class TooLong(Exception):
    """A mail is larger than anybody sends, or has a line without an end."""


class Mailbox:
    """`start` serves SMTP; the pages are added to somebody else's web application by `add_pages`."""

    def __init__(self, folder: Path) -> None:
        self.faults = MailboxFaults()
        self._folder = folder
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def add_pages(self, app: web.Application) -> None:
        app.add_routes(
            [
                web.get("/mailbox", self._page),
                web.get("/mailbox.json", self._json),
                web.get(r"/mailbox/{number:\d+}", self._mail_page),
            ]
        )

    def mails(self) -> Iterator[tuple[int, EmailMessage]]:
        """Every mail with its number, the newest first."""
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            yield int(path.stem), read_mail(path)

    def count(self) -> int:
        return sum(1 for _ in self._folder.glob("*.eml"))

    def clear(self) -> None:
        for path in self._folder.glob("*.eml"):
            path.unlink()

    def keep(self, content: bytes) -> None:
        last = max((int(path.stem) for path in self._folder.glob("*.eml")), default=0)
        (self._folder / f"{last + 1:06}.eml").write_bytes(content)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Conversation(self, reader, writer).run()
        except (TooLong, TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender is gone, or nobody we want to hear more of
        finally:
            writer.close()

    async def _json(self, _: web.Request) -> web.Response:
        return web.json_response([{"number": number, **as_json(mail)} for number, mail in self.mails()])

    async def _page(self, _: web.Request) -> web.Response:
        rows = "".join(
            f'<li><a href="/mailbox/{number}">{escape(str(mail["Subject"]))}</a><br>'
            f"<small>to {escape(str(mail['To']))}, {escape(str(mail['Date']))}</small></li>"
            for number, mail in self.mails()
        )
        body = (
            f"<ol reversed>{rows}</ol>"
            if rows
            else "<p>No mail yet. Whatever the service sends is shown here.</p>"
        )
        return _html(f'<title>Mailbox</title><body style="{_STYLE}"><h1>Mailbox of all creators</h1>{body}')

    async def _mail_page(self, request: web.Request) -> web.Response:
        path = self._folder / f"{int(request.match_info['number']):06}.eml"
        if not path.exists():
            raise web.HTTPNotFound
        facts = as_json(read_mail(path))
        return _html(facts["html"] or f"<pre>{escape(facts['text'])}</pre>")


class _Conversation:
    """One sender's connection."""

    def __init__(self, box: Mailbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box, self._reader, self._writer = box, reader, writer
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        if self._box.faults.unavailable:
            await self._say(421, "devnet mailbox not available, closing")
            return
        await self._say(220, "devnet mailbox ESMTP")
        while True:
            verb, _, rest = (await self._line()).decode("utf-8", "replace").rstrip().partition(" ")
            if verb.upper() == "QUIT":
                await self._say(221, "bye")
                return
            status, text = await self._answer(verb.upper(), rest)
            await self._say(status, text)

    async def _answer(self, verb: str, rest: str) -> tuple[int, str]:
        if verb in ("HELO", "EHLO", "RSET", "NOOP"):
            self._sender, self._recipients = None, []
            return 250, "OK"
        if verb == "MAIL":
            self._sender, self._recipients = _address(rest), []
            return 250, "OK"
        if verb == "RCPT":
            return self._recipient(_address(rest))
        if verb == "DATA":
            return await self._data()
        return 502, "command not implemented"

    def _recipient(self, address: str) -> tuple[int, str]:
        if self._sender is None:
            return 503, "MAIL first"
        if address == self._box.faults.refuse:
            return 550, "no such mailbox"
        if self._box.faults.greylist:
            return 450, "try again later"
        self._recipients.append(address)
        return 250, "OK"

    async def _data(self) -> tuple[int, str]:
        if not self._recipients:
            return 503, "RCPT first"
        await self._say(354, "end with a dot on a line by itself")
        content = bytearray()
        while (line := await self._line()) != b".\r\n":
            content += line[1:] if line.startswith(b".") else line
            if len(content) > LARGEST_MAIL:
                raise TooLong
        self._box.keep(bytes(content))
        self._sender, self._recipients = None, []
        return 250, "kept"

    async def _line(self) -> bytes:
        async with asyncio.timeout(SILENCE):
            try:
                return await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError:
                raise TooLong from None

    async def _say(self, status: int, text: str) -> None:
        self._writer.write(f"{status} {text}\r\n".encode())
        await self._writer.drain()


def read_mail(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)


def as_json(mail: EmailMessage) -> dict[str, Any]:
    """Headers by name (small letters; the last one of a name), and both texts."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return {
        "from": str(mail["From"]),
        "to": str(mail["To"]),
        "subject": str(mail["Subject"]),
        "date": str(mail["Date"]),
        "headers": {name.lower(): str(value) for name, value in mail.items()},
        "text": _content(text),
        "html": _content(html),
    }


def _content(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _address(parameters: str) -> str:
    """What stands between the angle brackets of `FROM:<…>` and `TO:<…>`."""
    return parameters.partition("<")[2].partition(">")[0]


def _html(text: str) -> web.Response:
    """A page that may do nothing: what it shows came from outside."""
    return web.Response(
        text=f'<!DOCTYPE html><meta charset="utf-8">{text}',
        content_type="text/html",
        headers={
            "Content-Security-Policy": "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'"
        },
    )
