"""The faucet: gives new Joystream members to people who sign up, without captcha for services that hold its
key.
"""

from dataclasses import dataclass
from typing import Any

import requests

from ytsynch.joystream.errors import FaucetRefused, FaucetUnavailable


@dataclass(frozen=True)
class Membership:
    """A new member; `block` is where it was created, where the faucet says so."""

    member_id: int
    handle: str
    block: int | None


class Faucet:
    """The faucet at `endpoint` (`…/register`); `key` lets past the captcha; `timeout` in seconds."""

    def __init__(self, endpoint: str, key: str, *, timeout: float = 60.0) -> None:
        self._endpoint, self._key, self._timeout = endpoint, key, timeout

    def create_membership(
        self,
        account: str,
        handle: str,
        avatar: str | None = None,
        about: str | None = None,
        name: str | None = None,
    ) -> Membership:
        """A member with that handle, controlled by `account` (ss58). `avatar` is a URL.

        FaucetRefused with the faucet's own code; after FaucetUnavailable the member may exist nevertheless.
        """
        texts = {"account": account, "handle": handle, "avatar": avatar, "about": about, "name": name}
        body = {field: text for field, text in texts.items() if text is not None}
        try:
            response = requests.post(
                self._endpoint,
                json=body,
                headers={"Authorization": f"Bearer {self._key}"},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise FaucetUnavailable(self._endpoint, f"{type(error).__name__}: {error}") from error
        return self._membership(response, handle)

    def _membership(self, response: requests.Response, handle: str) -> Membership:
        answer = _json_object(response)
        if response.ok and isinstance(member_id := answer.get("memberId"), int | str):
            block = answer.get("block")
            try:
                return Membership(int(member_id), handle, None if block is None else int(block))
            except (TypeError, ValueError) as error:
                raise FaucetUnavailable(self._endpoint, f"malformed answer: {answer}") from error
        if isinstance(code := answer.get("error"), str):
            raise FaucetRefused(code, response.status_code)
        raise FaucetUnavailable(self._endpoint, f"HTTP {response.status_code}: {response.text[:300]}")


def _json_object(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
