"""An HTTP server on loopback whose answers a test gives; it keeps what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """`cut` ends the connection after so many bytes of the body, which its length promises whole."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class ForeignServer:
    url: str
    answer: Callable[[Asked], Answer]
    bodies: Literal["kept", "discarded", "not read"] = "kept"
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def foreign_server(answer: Callable[[Asked], Answer]) -> Iterator[ForeignServer]:
    foreign = ForeignServer("", answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length) if foreign.bodies == "kept" else b""
            if foreign.bodies == "discarded":
                while length > 0:
                    length -= len(self.rfile.read(min(length, 2**16)))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            foreign.asked.append(asked)
            answer = foreign.answer(asked)
            self.send_response(answer.status)
            for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body[: answer.cut])
            self.close_connection = answer.cut is not None or foreign.bodies == "not read"

        do_GET = do_HEAD = do_POST = _respond

        def log_message(self, format: str, *args: object) -> None:
            """Tests show what they need themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    foreign.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield foreign
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
