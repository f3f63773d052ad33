"""Creators who sign up as Atlas has them do it: Google's consent, then the service's HTTP API."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

SCOPES = "openid email https://www.googleapis.com/auth/youtube.readonly"
REDIRECT = "http://localhost:4173/ypp"
"""Where Google sends the browser: Atlas' own address. Nobody listens there; the code is read from the
redirect.
"""


class SignUpRefused(Exception):
    """The service did not take the creator; the message is its answer."""


@dataclass(frozen=True)
class SignedUp:
    title: str
    handle: str


def authorization_code(devnet: dict[str, Any], google_user: str) -> str:
    """What Google gives a browser whose user agrees."""
    answer = requests.get(
        f"{devnet['google']}/o/oauth2/v2/auth",
        params={
            "client_id": devnet["google_client_id"],
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": SCOPES,
            "access_type": "offline",
            "login_hint": google_user,
            "prompt": "none",
        },
        allow_redirects=False,
        timeout=30,
    )
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def is_signed_up(web: str, person: dict[str, Any]) -> bool:
    answer = requests.get(f"{web}/channels/{person['joystream_channel_id']}", timeout=30)
    return answer.status_code == 200


def sign_up(
    web: str, devnet: dict[str, Any], person: dict[str, Any], *, category_id: str, syncs: bool = True
) -> SignedUp:
    """Sign the person in with Google and connect their channels. Raises `SignUpRefused`."""
    code = authorization_code(devnet, person["google_user"])
    user = _post(f"{web}/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT})
    _post(
        f"{web}/channels",
        {
            "userId": user["userId"],
            "authorizationCode": code,
            "email": user["email"],
            "joystreamChannelId": person["joystream_channel_id"],
            "shouldBeIngested": syncs,
            "videoCategoryId": category_id,
        },
    )
    return SignedUp(title=user["channelTitle"], handle=user["channelHandle"])


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(url, json=body, timeout=60)
    if answer.status_code != 201:
        raise SignUpRefused(f"{url} answered {answer.status_code}: {answer.text[:300]}")
    result: dict[str, Any] = answer.json()
    return result
