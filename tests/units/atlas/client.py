"""Atlas' side of the API, and of Google's sign-in."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from tests.support.devnet import Devnet, Person

REDIRECT_URI = "http://localhost:4200/ypp"
SCOPES = "https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/userinfo.email"


class Atlas:
    """Atlas' side of the API: JSON in, (status, JSON) out."""

    def __init__(self, client):
        self._client = client

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        response = self._client.generic(method, path, data, content_type="application/json", headers=headers)
        return response.status_code, json.loads(response.content) if response.content else None

    def get(self, path: str, *, key: str | None = None) -> tuple[int, Any]:
        return self.send("GET", path, key=key)

    def post(self, path: str, body: Any, *, key: str | None = None) -> tuple[int, Any]:
        return self.send("POST", path, body, key=key)

    def put(self, path: str, body: Any, *, key: str | None = None) -> tuple[int, Any]:
        return self.send("PUT", path, body, key=key)

    def delete(self, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        return self.send("DELETE", path, body, key=key)

    def sign_in(self, devnet: Devnet, person: Person) -> dict[str, Any]:
        """What a creator's POST /users answers, with the code as `authorizationCode`."""
        code = consent(devnet, person)
        status, answer = self.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
        assert status == 201, answer
        return {**answer, "authorizationCode": code}

    def join(self, signed_in: dict[str, Any], **wish: Any) -> tuple[int, Any]:
        proof = {name: signed_in[name] for name in ("userId", "authorizationCode", "email")}
        return self.post("/channels", {"shouldBeIngested": True, "videoCategoryId": "1", **proof, **wish})


def consent(devnet: Devnet, person: Person, scopes: str = SCOPES) -> str:
    """The authorization code that Google sends Atlas when the person agrees."""
    query = {
        "client_id": devnet.google_client_id,
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": scopes,
        "access_type": "offline",
        "login_hint": person.google_user,
        "prompt": "none",
    }
    address = f"{devnet.google}/o/oauth2/v2/auth?{urlencode(query)}"
    response = requests.get(address, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
