"""A link into a signed-in dashboard, for the demo alone.

Whoever opens it gets the session that a creator's sign-in with the simulated Google has made at the service:
the demo does what the creator's browser does, and hands the cookie on. (A browser keeps cookies by host, not
by port.) The service knows nothing of it.
"""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

PATIENCE = 30


class NotLetIn(Exception):
    """The service or Google did not let the creator in; the message says where."""


class Door:
    """`url` leads to the dashboard of the person, as the devnet wrote them down."""

    def __init__(self, web: str, devnet: dict[str, Any], person: dict[str, Any], *, port: int = 0) -> None:
        self._web, self._devnet, self._person = web, devnet, person
        self._browser: requests.Session | None = None
        self._signing_in = threading.Lock()
        host = urlsplit(web).hostname or "127.0.0.1"
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self.url = f"http://{host}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def dashboard(self) -> str:
        return f"{self._web}/dashboard/{self._person['youtube_channel_id']}/"

    def cookies(self) -> dict[str, str]:
        """Of a browser in which the creator is signed in. Raises `NotLetIn`."""
        with self._signing_in:
            if self._browser is None or not self._is_in(self._browser):
                self._browser = self._sign_in()
            return {cookie.name: cookie.value or "" for cookie in self._browser.cookies}

    def _is_in(self, browser: requests.Session) -> bool:
        answer = browser.get(self.dashboard, allow_redirects=False, timeout=PATIENCE)
        return answer.status_code == 200

    def _sign_in(self) -> requests.Session:
        """The button, Google's question, and back."""
        browser = requests.Session()
        page = browser.get(f"{self._web}/sign-in/", timeout=PATIENCE)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        button = re.search(r'action="(/oauth/login/[^"]+)"', page.text)
        if token is None or button is None:
            raise NotLetIn(f"{page.url} has no button to sign in with Google")
        form = {"csrfmiddlewaretoken": token[1], "next": urlsplit(self.dashboard).path}
        sent = browser.post(self._web + button[1], data=form, allow_redirects=False, timeout=PATIENCE)
        if sent.status_code != 302:
            raise NotLetIn(f"{sent.url} answered {sent.status_code}")
        answer = browser.get(self._agree(sent.headers["Location"]), timeout=PATIENCE)
        if not answer.ok or answer.url != self.dashboard:
            raise NotLetIn(f"{answer.url} answered {answer.status_code}")
        return browser

    def _agree(self, question: str) -> str:
        """Where Google sends the browser of somebody who allows all that is asked for."""
        query = parse_qsl(urlsplit(question).query)
        scopes = dict(query)["scope"].split()
        form = [
            *query,
            ("user", self._person["google_user"]),
            ("decision", "allow"),
            *(("ticked", s) for s in scopes),
        ]
        address = f"{self._devnet['google']}/o/oauth2/v2/auth/answer"
        answer = requests.post(address, data=form, allow_redirects=False, timeout=PATIENCE)
        if "Location" not in answer.headers:
            raise NotLetIn(f"{address} answered {answer.status_code}")
        return answer.headers["Location"]


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                cookies = door.cookies()
            except (NotLetIn, OSError) as error:
                self.send_error(503, "Not now", str(error))
                return
            self.send_response(302)
            for name, value in cookies.items():
                self.send_header("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax")
            self.send_header("Location", door.dashboard)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads a log of it."""

    return Handler
