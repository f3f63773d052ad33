"""A session of Atlas with a running service, step by step over HTTP, as a creator's browser has it: sign-up,
membership, channel, polling, pause, category, leaving, sign-up again.
"""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from substrateinterface import Keypair

from ytsynch.demo.creators import REDIRECT, authorization_code

ORIGIN = "https://gleev.xyz"
POLL_SECONDS = 60.0
EVERY = 0.5


class SessionFailed(Exception):
    """The service did not answer as the contract has it; the message says what it did."""


@dataclass(frozen=True)
class Step:
    """What Atlas did, and what came of it."""

    title: str
    outcome: str


class AtlasSession:
    """One creator in Atlas: `person` and `devnet` are as the devnet wrote them down."""

    def __init__(self, web: str, devnet: dict[str, Any], person: dict[str, Any]) -> None:
        self._web, self._devnet, self._person = web, devnet, person
        self._path = f"/channels/{person['joystream_channel_id']}"
        self._key = Keypair.create_from_uri(person["suri"], ss58_format=126)
        self._signed_at = datetime.now(UTC)

    def steps(self) -> Iterator[Step]:
        """Each step when it is done. Raises `SessionFailed`."""
        asked = self._ask("GET", "/channels/induction/requirements")["requirements"]
        yield Step("requirements", f"{len(asked)} are asked for")
        proof, user = self._sign_in()
        yield Step("sign-up", f"{user['channelTitle']} ({user['channelHandle']}), user {user['userId']}")
        yield self._membership(proof)
        joined = self._join(proof, user)
        yield Step("channel", f"Joystream channel {joined['joystreamChannelId']}, {joined['yppStatus']}")
        yield self._poll()
        yield self._pause()
        yield self._category()
        yield self._opt_out(joined)
        again = self._join(*self._sign_in())
        self._expect(again["createdAt"] == joined["createdAt"], "the old record did not come back", again)
        self._expect(again["yppStatus"] == joined["yppStatus"], "the old status did not come back", again)
        yield Step("sign-up again", f"back with the old record: {again['yppStatus']}, syncing")

    def _sign_in(self) -> tuple[dict[str, str], dict[str, Any]]:
        code = authorization_code(self._devnet, self._person["google_user"])
        user = self._ask("POST", "/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT}, 201)
        return {"userId": user["userId"], "authorizationCode": code}, user

    def _membership(self, proof: dict[str, str]) -> Step:
        """For a new key: the faucet gives a member to each account once."""
        account = Keypair.create_from_seed("0x" + secrets.token_hex(32), ss58_format=126).ss58_address
        wanted = {**proof, "account": account, "handle": f"visitor-{secrets.token_hex(4)}"}
        member = self._ask("POST", "/membership", wanted, 201)
        return Step("membership", f"member {member['memberId']}, {member['handle']}")

    def _join(self, proof: dict[str, str], user: dict[str, Any]) -> dict[str, Any]:
        wish = {
            "email": user["email"],
            "joystreamChannelId": self._person["joystream_channel_id"],
            "shouldBeIngested": True,
            "videoCategoryId": self._devnet["categories"][0]["id"],
        }
        joined: dict[str, Any] = self._ask("POST", "/channels", {**proof, **wish}, 201)["channel"]
        return joined

    def _poll(self) -> Step:
        """As Atlas does until the first videos are there."""
        deadline = time.monotonic() + POLL_SECONDS
        while not (videos := self._ask("GET", f"{self._path}/videos")):
            if time.monotonic() > deadline:
                raise SessionFailed(f"no videos were found within {POLL_SECONDS:.0f} s")
            time.sleep(EVERY)
        backlog = self._ask("GET", self._path)["syncStatus"]["backlogCount"]
        return Step("poll", f"{len(videos)} videos, {backlog} on their way; the first: {videos[0]['state']}")

    def _pause(self) -> Step:
        self._order("ingest", {"shouldBeIngested": False})
        now = self._ask("GET", self._path)
        self._expect(now["shouldBeIngested"] is False, "it is not paused", now)
        return Step("pause", "nothing new is begun")

    def _category(self) -> Step:
        other = self._devnet["categories"][-1]["id"]
        self._order("category", {"videoCategoryId": other})
        now = self._ask("GET", self._path)
        self._expect(now["videoCategoryId"] == other, "the category is another", now)
        return Step("category", f"category {other} for videos to come")

    def _opt_out(self, before: dict[str, Any]) -> Step:
        self._order("optout", {"optout": True})
        now = self._ask("GET", self._path)
        left = (now["yppStatus"], now["preOptOutStatus"]) == ("OptedOut", before["yppStatus"])
        self._expect(left, "it has not left", now)
        return Step("opt-out", f"{now['yppStatus']}, was {now['preOptOutStatus']}")

    def _order(self, name: str, message: dict[str, Any]) -> None:
        """Sign the message with the owner's key, as a wallet does: over the text that is sent."""
        self._signed_at = max(datetime.now(UTC), self._signed_at + timedelta(milliseconds=1))
        moment = self._signed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = json.dumps({**message, "timestamp": moment}, separators=(",", ":"), ensure_ascii=False)
        signature: bytes = self._key.sign(f"<Bytes>{text}</Bytes>".encode())
        self._ask("PUT", f"{self._path}/{name}", f'{{"message":{text},"signature":"0x{signature.hex()}"}}')

    def _ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        data = body if isinstance(body, str) else None if body is None else json.dumps(body)
        answer = requests.request(
            method,
            self._web + path,
            data=data.encode() if data else None,
            headers={"Content-Type": "application/json", "Origin": ORIGIN},
            timeout=60,
        )
        is_right = answer.status_code == status and "Access-Control-Allow-Origin" in answer.headers
        self._expect(is_right, f"{method} {path} answered {answer.status_code}", answer.text[:300])
        return answer.json() if answer.content else None

    @staticmethod
    def _expect(is_so: bool, otherwise: str, shown: Any) -> None:
        if not is_so:
            raise SessionFailed(f"{otherwise}: {shown}")
