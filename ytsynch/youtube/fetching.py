"""Small files (pictures, subtitles) over yt-dlp's own connection: same proxy, same trust, same cookies."""

from typing import Any

from yt_dlp.networking import Request
from yt_dlp.networking.exceptions import RequestError

from ytsynch.youtube.errors import AddressBlocked


def fetch(ydl: Any, url: str, *, max_bytes: int) -> bytes | None:
    """The body at `url`; None where there is none, where the server fails, or where it is over `max_bytes`.

    Raises AddressBlocked on 429: then nothing else will be served either.
    """
    try:
        with ydl.urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as response:
            body = response.read(max_bytes + 1)
    except RequestError as error:
        if getattr(error, "status", None) == 429:
            raise AddressBlocked(f"HTTP 429 for {url}") from error
        return None
    return body if 0 < len(body) <= max_bytes else None
