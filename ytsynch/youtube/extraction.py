"""yt-dlp as a library: one quiet YoutubeDL, its settings, its trusted certificates."""

import shutil
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import yt_dlp
import yt_dlp.version
from yt_dlp.networking.exceptions import RequestError

Info = dict[str, Any]


def version() -> str:
    """Of yt-dlp: the day of its release, such as 2026.08.19."""
    return str(yt_dlp.version.__version__)


WATCH_PAGE = "https://www.youtube.com/watch?v="
_STEP = 1024  # bytes


class Journal:
    """yt-dlp's log: only its warnings are kept, for they may name the cause of an error that names none."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Take no notice."""

    info = error = debug

    def warning(self, message: str) -> None:
        """Keep the words."""
        self.warnings.append(message)


class TrustingYoutubeDL(yt_dlp.YoutubeDL):  # type: ignore[misc]  # yt-dlp has no types
    """A YoutubeDL that also trusts the certificates of `ca_file` (PEM), and whose streams are read promptly.

    yt-dlp itself can only be told of certificates by the environment (SSL_CERT_FILE), which would change
    the whole process; here each connection's TLS context is widened for this object alone. FFmpeg as a
    downloader (never used here) would not know of them.
    """

    def __init__(self, params: Info, ca_file: str | None) -> None:
        self._ca_file = ca_file
        self.journal = Journal()
        super().__init__({**params, "logger": self.journal})

    def build_request_director(self, handlers: Any, preferences: Any = None) -> Any:
        """yt-dlp's request handlers, each with the additional trust."""
        director = super().build_request_director(handlers, preferences)
        if self._ca_file is not None:
            for handler in director.handlers.values():
                handler._make_sslcontext = _widened(handler._make_sslcontext, self._ca_file)
        return director

    def urlopen(self, request: Any) -> Any:
        """The response, read promptly."""
        response = super().urlopen(request)
        response.read = _prompt(response.read)
        return response


def _prompt(read: Callable[..., bytes]) -> Callable[..., bytes]:
    """A `read(n)` that returns after a second with what there is.

    The plain one returns with n bytes or after a silence of the socket's time-out: a stream that drips
    would keep it for hours, and nobody could stop the download.
    """

    def read_promptly(amount: int | None = None) -> bytes:
        if amount is None:
            return read()
        block, ends = bytearray(), time.monotonic() + 1.0
        while len(block) < amount and time.monotonic() < ends:
            try:
                piece = read(min(_STEP, amount - len(block)))
            except RequestError:
                if block:
                    break  # what came before the break is good; the next read tells of it
                raise
            if not piece:
                break
            block += piece
        return bytes(block)

    return read_promptly


def _widened(make_context: Callable[..., ssl.SSLContext], ca_file: str) -> Callable[..., ssl.SSLContext]:
    def make(*arguments: Any, **keywords: Any) -> ssl.SSLContext:
        context = make_context(*arguments, **keywords)
        context.load_verify_locations(cafile=ca_file)
        return context

    return make


class Extractor:
    """Opens YoutubeDL objects with the settings of one address (proxy, trust, time-outs)."""

    def __init__(
        self,
        *,
        proxy: str | None,
        ca_file: str | None,
        ffmpeg: str | None,
        socket_timeout: float,
        player_clients: tuple[str, ...] | None,
        cache_folder: Path | None,
    ) -> None:
        self._ca_file = ca_file
        binary = ffmpeg or imageio_ffmpeg.get_ffmpeg_exe()
        if shutil.which(binary) is None:
            raise ValueError(f"ffmpeg is not at {binary}")
        youtube: dict[str, list[str]] = {"skip": ["translated_subs"]}
        if player_clients:
            youtube["player_client"] = list(player_clients)
        self._settings: Info = {
            "quiet": True,
            "noprogress": True,
            "no_warnings": True,
            "noplaylist": True,
            "proxy": proxy,
            "socket_timeout": socket_timeout,
            "ffmpeg_location": binary,
            "extractor_args": {"youtube": youtube, "youtubetab": {"approximate_date": [""]}},
            "cachedir": str(cache_folder) if cache_folder else False,
            # Retries belong to the table of states, which knows about other addresses; a few hide mere
            # hiccups.
            "extractor_retries": 1,
            "retries": 2,
            "fragment_retries": 2,
            "file_access_retries": 1,
        }

    @contextmanager
    def open(self, settings: Mapping[str, Any] | None = None) -> Iterator[TrustingYoutubeDL]:
        """A YoutubeDL with these settings besides its own, closed at the end."""
        with TrustingYoutubeDL({**self._settings, **(settings or {})}, self._ca_file) as ydl:
            yield ydl
