"""A small HTTP server that says what the test wants, and clips of real media."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.units.youtube.clips import make_clip


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Google:
    """Answers in the order given; keeps what it was asked."""

    url: str
    answers: deque[tuple[int, bytes]] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)

    def will_answer(self, status: int, body: Any) -> None:
        self.answers.append((status, body if isinstance(body, bytes) else json.dumps(body).encode()))

    def will_refuse(self, status: int, reason: str, message: str = "no") -> None:
        errors = [{"message": message, "domain": "youtube", "reason": reason}]
        self.will_answer(status, {"error": {"code": status, "message": message, "errors": errors}})


@pytest.fixture
def google() -> Iterator[Google]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            stage.asked.append(
                Asked(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    dict(parse_qsl(self.rfile.read(length).decode())),
                    dict(self.headers),
                )
            )
            status, body = stage.answers.popleft()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stage = Google(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield stage
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of H.264 and AAC, 640×360, in an mp4 file."""
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4")
