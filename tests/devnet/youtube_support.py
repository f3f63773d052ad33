"""A simulated YouTube in a process of its own, and the clients that tests reach it with."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import imageio_ffmpeg
import requests
import yt_dlp

from ytsynch.devnet.world import PEOPLE, World, build_world

ODD_SIGNALS = PEOPLE[2]
SLOW_RAIL = PEOPLE[3]
BEEKEEPING = PEOPLE[0]
YOUTUBE_SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"
REDIRECT_URI = "http://localhost:4200/sign-in"


class YouTube:
    """The running process: where it listens, and its control."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "ytsynch.devnet.youtube", "--folder", str(folder), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"it did not start: {self.process.stderr.read() if self.process.stderr else ''}"
        ready = json.loads(line)
        self.google: str = ready["google"]
        self.youtube: str = ready["youtube"]
        self.proxies: list[str] = ready["proxies"]
        self.ca_file: str = ready["ca_file"]
        self.world: World = build_world(1)

    def stop(self) -> str:
        """End it; returns what it said on stderr."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, said
        return said

    def control(self, action: str, **fields: Any) -> dict[str, Any]:
        response = requests.post(f"{self.google}/_control", json={"action": action, **fields}, timeout=10)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def video(self, slug: str, channel: str = ODD_SIGNALS.youtube_channel_id) -> dict[str, Any]:
        return next(each for each in self.videos(channel) if each["slug"] == slug)

    def videos(self, channel: str) -> list[dict[str, Any]]:
        listed = requests.get(f"{self.google}/_catalogue", timeout=10).json()["channels"]
        return list(next(each["videos"] for each in listed if each["id"] == channel))

    def ask_consent(self, google_user: str, scopes: str = YOUTUBE_SCOPE, **more: str) -> dict[str, str]:
        """Sign in as a script does; returns the parameters of the redirect."""
        query = {
            "client_id": self.world.google_client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": scopes,
            "access_type": "offline",
            "login_hint": google_user,
            "prompt": "none",
            **more,
        }
        address = f"{self.google}/o/oauth2/v2/auth?{urlencode(query)}"
        response = requests.get(address, allow_redirects=False, timeout=10)
        assert response.status_code == 302, response.text
        answer = urlsplit(response.headers["Location"])
        assert response.headers["Location"].startswith(query["redirect_uri"])
        return {name: values[0] for name, values in parse_qs(answer.query).items()}

    def exchange(self, code: str, **more: str) -> requests.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self.world.google_client_id,
            "client_secret": self.world.google_client_secret,
            "redirect_uri": REDIRECT_URI,
            **more,
        }
        return requests.post(f"{self.google}/token", data=form, timeout=10)

    def sign_in(self, google_user: str, scopes: str = YOUTUBE_SCOPE) -> dict[str, Any]:
        """Tokens as Google's token endpoint gives them."""
        response = self.exchange(self.ask_consent(google_user, scopes)["code"])
        assert response.status_code == 200, response.text
        return dict(response.json())

    def refresh(self, refresh_token: str) -> requests.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": self.world.google_client_id,
            "client_secret": self.world.google_client_secret,
        }
        return requests.post(f"{self.google}/token", data=form, timeout=10)


class _Silent:
    def debug(self, _: str) -> None: ...
    def warning(self, _: str) -> None: ...
    def error(self, _: str) -> None: ...


def extract(
    youtube: YouTube,
    address: str,
    *,
    folder: Path | None = None,
    proxy: str | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The real extractor's facts of a video id or address; downloads into `folder` when one is given.

    Raises yt_dlp.utils.DownloadError with the extractor's text.
    """
    if "/" not in address:
        address = f"https://www.youtube.com/watch?v={address}"
    settings = {
        "proxy": proxy or youtube.youtube,
        "compat_opts": {"no-certifi"},
        "format": "bv+ba/bv/b",
        "format_sort": ["res:1080", "vcodec:h264", "acodec:aac"],
        "merge_output_format": "mp4",
        "outtmpl": f"{folder}/%(id)s.%(ext)s",
        "ffmpeg_location": imageio_ffmpeg.get_ffmpeg_exe(),
        "cachedir": False,
        "quiet": True,
        "noprogress": True,
        "logger": _Silent(),
        "socket_timeout": 5,
        "retries": 0,
        "extractor_retries": 0,
        **options,
    }
    with yt_dlp.YoutubeDL(settings) as downloader:
        return dict(downloader.extract_info(address, download=folder is not None))


class Subscriber:
    """A WebSub callback that echoes challenges and keeps what it is sent."""

    def __init__(self) -> None:
        self.questions: list[dict[str, str]] = []
        self.notices: list[tuple[dict[str, str], bytes]] = []
        self.arrived = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                outer._keep(outer.questions, query)
                self._answer(query["hub.challenge"].encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer._keep(outer.notices, (dict(self.headers), body))
                self._answer(b"")

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.callback = f"http://127.0.0.1:{self._server.server_port}/callback"

    def _keep(self, kept: list[Any], item: Any) -> None:
        with self.arrived:
            kept.append(item)
            self.arrived.notify_all()

    def wait_for(self, kept: list[Any], count: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(kept) >= count, timeout=10)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
