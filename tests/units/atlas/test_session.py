"""A whole session of Atlas over HTTP."""

from typing import Any

import pytest
import requests
from substrateinterface import Keypair

from channels.models import Channel
from tests.units.atlas.client import REDIRECT_URI, consent
from tests.units.atlas.factories import make_video
from tests.units.atlas.test_owner_actions import at, signed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_creator_signs_up_pauses_leaves_and_comes_back(world, lenient, live_server):
    person = world.person("@alpinebeekeeping")

    def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = body.encode() if isinstance(body, str) else None
        json = None if isinstance(body, str) else body
        headers = {"Content-Type": "application/json", "Origin": "https://gleev.xyz"}
        response = requests.request(
            method, live_server.url + path, data=data, json=json, headers=headers, timeout=60
        )
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response.status_code, response.json() if response.content else None

    def sign_in() -> dict[str, Any]:
        code = consent(world, person)
        status, user = ask("POST", "/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
        assert status == 201
        return {"userId": user["userId"], "authorizationCode": code}

    status, requirements = ask("GET", "/channels/induction/requirements")
    assert (status, len(requirements["requirements"])) == (200, 3)
    assert ask("GET", "/youtube/quota-usage/today")[1]["signupQuotaUsed"] == 0

    proof = sign_in()
    account = Keypair.create_from_mnemonic(Keypair.generate_mnemonic(), ss58_format=126).ss58_address
    assert ask("POST", "/membership", {**proof, "account": account, "handle": "a-new-member"})[0] == 201
    wish = {"email": "me@example.com", "joystreamChannelId": 1, "shouldBeIngested": True}
    status, joined = ask("POST", "/channels", {**proof, **wish, "videoCategoryId": "3"})
    assert (status, joined["channel"]["yppStatus"]) == (201, "Unverified")

    make_video(Channel.objects.get())
    assert ask("GET", "/channels/1")[1]["syncStatus"]["backlogCount"] == 1
    assert [video["state"] for video in ask("GET", "/channels/1/videos")[1]] == ["New"]

    assert ask("PUT", "/channels/1/ingest", signed({"shouldBeIngested": False, "timestamp": at()}))[0] == 200
    assert ask("GET", "/channels/1")[1]["shouldBeIngested"] is False
    assert ask("PUT", "/channels/1/category", signed({"videoCategoryId": "5", "timestamp": at(1)}))[0] == 200
    assert ask("GET", "/channels/1")[1]["videoCategoryId"] == "5"
    assert ask("PUT", "/channels/1/optout", signed({"optout": True, "timestamp": at(2)}))[0] == 200
    left = ask("GET", "/channels/1")[1]
    assert (left["yppStatus"], left["preOptOutStatus"]) == ("OptedOut", "Unverified")

    status, back = ask("POST", "/channels", {**sign_in(), **wish, "videoCategoryId": "3"})
    assert (status, back["channel"]["yppStatus"]) == (201, "Unverified")
    assert back["channel"]["createdAt"] == joined["channel"]["createdAt"]
    assert ask("GET", "/youtube/quota-usage/today")[1]["signupQuotaUsed"] == 6
