"""Push notifications: a WebSub hub is asked to tell us of a channel's uploads, and what it sends is checked.

Sources: https://www.w3.org/TR/websub/ and
https://developers.google.com/youtube/v3/guides/push_notifications.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import requests

from ytsynch.youtube import atom
from ytsynch.youtube.errors import HubRefused, HubUnavailable

TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="

MOST_BYTES = 65_536
"""A notice is about 1 KiB; a longer body than this is not one."""

_ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # those that WebSub (section 7) knows


def topic(channel_id: str) -> str:
    """What a subscription to the channel's uploads is called."""
    return TOPIC + channel_id


class Hub:
    """The WebSub hub at `address`. `timeout` in seconds holds for connecting and for each silence.

    A hub takes a wish at once and asks back at `callback` whether it is meant, in its own time; only then
    the subscription begins or ends. Both methods raise HubUnavailable, and HubRefused where the hub will
    never take such a wish.
    """

    def __init__(self, address: str, *, timeout: float = 20.0) -> None:
        self._address, self._timeout = address, timeout

    def subscribe(self, channel_id: str, *, callback: str, secret: str, lease_seconds: int) -> None:
        """Ask for notices, signed with `secret` (at most 200 bytes); again for a channel renews the lease."""
        self._ask(
            "subscribe",
            channel_id,
            callback,
            {"hub.secret": secret, "hub.lease_seconds": str(lease_seconds)},
        )

    def unsubscribe(self, channel_id: str, *, callback: str) -> None:
        """Ask for no more notices."""
        self._ask("unsubscribe", channel_id, callback, {})

    def _ask(
        self,
        mode: Literal["subscribe", "unsubscribe"],
        channel_id: str,
        callback: str,
        more: dict[str, str],
    ) -> None:
        form = {"hub.mode": mode, "hub.topic": topic(channel_id), "hub.callback": callback}
        form |= {"hub.verify": "async", **more}
        try:
            response = requests.post(self._address, data=form, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise HubUnavailable(f"{type(error).__name__}: {error}") from error
        if 200 <= response.status_code < 300:
            return
        words = f"HTTP {response.status_code}: {response.text[:300]}"
        if response.status_code >= 500 or response.status_code in (408, 429):
            raise HubUnavailable(words)
        raise HubRefused(words)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `signature` (the header X-Hub-Signature, `sha1=…`) is the one of `body` under `secret`."""
    algorithm, _, given = signature.partition("=")
    if algorithm not in _ALGORITHMS or not given.isascii():
        return False
    expected = hmac.new(secret.encode(), body, algorithm).hexdigest()
    return hmac.compare_digest(expected, given.strip().lower())


@dataclass(frozen=True)
class Announced:
    """A video that a notice names; `updated_at` differs when the same video is announced anew."""

    video_id: str
    updated_at: datetime


@dataclass(frozen=True)
class Notice:
    """What a notice says of one channel: videos that are new or changed, and ids of videos that are gone.

    A notice is a hint: what it says is to be looked up before anything is done about it.
    """

    announced: tuple[Announced, ...]
    deleted: tuple[str, ...]


def read_notice(body: bytes, channel_id: str) -> Notice:
    """The notice's part that concerns the channel. Raises `atom.NotAtom`.

    A deletion does not name its channel in a way that could be relied on: who knows the video knows.
    """
    document = atom.read(body)
    mine = (entry for entry in document.entries if entry.channel_id == channel_id)
    return Notice(
        announced=tuple(Announced(entry.id, entry.updated_at) for entry in mine), deleted=document.deleted
    )
