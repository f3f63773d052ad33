"""What a creator does with a browser: go to Google, agree or not, and come back."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from django.test import Client
from substrateinterface import Keypair

from tests.support.devnet import Person

BEGIN = "/oauth/login/google-oauth2/"


def go_to_google(client: Client, **form: Any) -> str:
    """Press the button; the address that the browser is sent to."""
    response = client.post(BEGIN, form)
    assert response.status_code == 302
    return response["Location"]


def agree(
    client: Client, address: str, person: Person, *, scopes: list[str] | None = None, decision: str = "allow"
):
    """Answer Google's question, and come back with what it says."""
    query = dict(parse_qsl(urlsplit(address).query))
    ticked = query["scope"].split() if scopes is None else scopes
    form = [
        *query.items(),
        ("user", person.google_user),
        ("decision", decision),
        *(("ticked", s) for s in ticked),
    ]
    origin = address.partition("/o/oauth2")[0]
    answer = requests.post(f"{origin}/o/oauth2/v2/auth/answer", data=form, allow_redirects=False, timeout=30)
    return client.get(_path(answer.headers["Location"]))


def sign_in(client: Client, person: Person, *, scopes: list[str] | None = None, **form: Any):
    return agree(client, go_to_google(client, **form), person, scopes=scopes)


def sign(text: str, suri: str) -> str:
    """What the wallet of whoever has the key makes of a text."""
    signature: bytes = Keypair.create_from_uri(suri, ss58_format=126).sign(text.encode())
    return f"0x{signature.hex()}"


def flat(page: str) -> str:
    """The page as a browser reads it: how its lines are laid out means nothing."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", re.sub(r"\s+", " ", page)))


def challenge(page: str) -> str:
    """The text that a page asks to sign."""
    found = re.search(r'id="challenge"[^>]*>([^<]+)<', page)
    assert found, page
    return found[1]


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
