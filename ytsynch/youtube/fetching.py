"""Small files (pictures, subtitles) over yt-dlp's own connection: same proxy, same trust, same cookies."""

import time
from typing import Any

from yt_dlp.networking import Request
from yt_dlp.networking.exceptions import RequestError

from ytsynch.youtube.errors import AddressBlocked

_SECONDS = 30.0


def fetch(ydl: Any, url: str, *, max_bytes: int) -> bytes | None:
    """The body at `url`; None where there is none, where the server fails, or where it is over `max_bytes`
    or takes longer than 30 s.

    Raises AddressBlocked on 429: then nothing else will be served either.
    """
    try:
        with ydl.urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as response:
            body = _body(response, max_bytes)
    except RequestError as error:
        if getattr(error, "status", None) == 429:
            raise AddressBlocked(f"HTTP 429 for {url}") from error
        return None
    return body or None


def _body(response: Any, max_bytes: int) -> bytes:
    body, ends = bytearray(), time.monotonic() + _SECONDS
    while piece := response.read(65536):
        body += piece
        if len(body) > max_bytes or time.monotonic() > ends:
            return b""
    return bytes(body)
