"""The feed of a channel: its newest public videos, without quota, and without anybody's permission.

A feed tells what is new. It never tells that something is gone: it answers 404 or comes empty on bad days.
"""

import requests

from ytsynch.youtube import atom
from ytsynch.youtube.atom import Entry
from ytsynch.youtube.errors import AddressBlocked, FeedSilent, YouTubeUnreachable

__all__ = ["LENGTH", "Entry", "Feeds"]

LENGTH = 15
"""Most videos that a feed shows."""

_MOST_BYTES = 2_000_000


class Feeds:
    """Reads feeds at `address` (https://www.youtube.com/feeds/videos.xml). `timeout` in seconds holds for
    connecting and for each silence.
    """

    def __init__(self, address: str, *, timeout: float = 20.0) -> None:
        self._address = address
        self._timeout = timeout
        self._session = requests.Session()

    def newest(self, channel_id: str) -> tuple[Entry, ...]:
        """The channel's newest videos, at most LENGTH, in the feed's order; at least one.

        Raises FeedSilent where the feed says nothing (404, empty, not Atom): that proves no deletion. Raises
        AddressBlocked (429) and YouTubeUnreachable.
        """
        document = self._document(channel_id)
        mine = tuple(entry for entry in document.entries if entry.channel_id == channel_id)
        if not mine:
            raise FeedSilent(f"no videos of {channel_id} in its feed")
        return mine

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _document(self, channel_id: str) -> atom.Document:
        status, body = self._get(channel_id)
        if status == 429:
            raise AddressBlocked("HTTP 429 for a feed")
        if status >= 500:
            raise YouTubeUnreachable(f"HTTP {status} for the feed of {channel_id}")
        if status != 200:
            raise FeedSilent(f"HTTP {status} for the feed of {channel_id}")
        try:
            return atom.read(body)
        except atom.NotAtom as error:
            raise FeedSilent(str(error)) from error

    def _get(self, channel_id: str) -> tuple[int, bytes]:
        try:
            with self._session.get(
                self._address, params={"channel_id": channel_id}, timeout=self._timeout, stream=True
            ) as response:
                body = bytearray()
                for piece in response.iter_content(65536):
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise FeedSilent(f"the feed of {channel_id} is over {_MOST_BYTES} bytes")
                return response.status_code, bytes(body)
        except requests.RequestException as error:
            raise YouTubeUnreachable(f"{type(error).__name__}: {error}") from error
