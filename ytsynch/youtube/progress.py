"""A watch on a running download: tells how far it is, and ends it when it is too slow or too large."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ytsynch.youtube.errors import DownloadStalled, DownloadTimedOut, TooLarge
from ytsynch.youtube.formats import has_video

_STALL_FLOOR = 1024  # bytes a second: less than this is no download
_INTERVAL = 0.5  # seconds between two reports of the same phase


@dataclass(frozen=True)
class Limits:
    """What a download may take: bytes of the file, seconds of play, seconds of work, bytes a second.

    A download that moves less than 1 KiB a second over `stall_seconds` has stalled. Without `recordings`,
    recordings of live streams are refused.
    """

    max_bytes: int
    max_seconds: int
    deadline_seconds: int = 3 * 3600
    rate_limit: int | None = None
    stall_seconds: float = 60.0
    recordings: bool = True


@dataclass(frozen=True)
class Progress:
    """How far a download is: `done` and `total` are bytes over all streams; `total` is None while unknown.

    `phase`: asking, video, audio, merging, checking, thumbnail, subtitles.
    """

    phase: str
    done: int
    total: int | None


class Watch:
    """Follows one download by yt-dlp's hooks."""

    def __init__(
        self,
        limits: Limits,
        on_progress: Callable[[Progress], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._on_progress = on_progress
        self._clock = clock
        self._begun = clock()
        self._sizes: dict[str, int] = {}
        self._phase = ""
        self._reported = 0.0
        self._mark = (self._begun, 0)
        self.expected: int | None = None

    @property
    def done(self) -> int:
        """Bytes on disk over all streams."""
        return sum(self._sizes.values())

    def enter(self, phase: str) -> None:
        """Report the beginning of a phase. Raises DownloadTimedOut, and whatever the listener raises."""
        self._keep_deadline()
        self._report(phase)

    def on_bytes(self, state: dict[str, Any]) -> None:
        """yt-dlp's progress hook, called for each block of at most 64 KiB."""
        self._keep_deadline()
        now, stream = self._clock(), state["filename"]
        is_new, is_finished = stream not in self._sizes, state["status"] == "finished"
        # A stream that an earlier attempt has finished is announced with its total alone.
        arrived = state.get("downloaded_bytes") or (is_finished and state.get("total_bytes")) or 0
        self._sizes[stream] = max(arrived, self._sizes.get(stream, 0))
        if is_new:
            self._mark = (now, self.done)  # what an earlier attempt left on disk has not been fetched now
        total = max(self.done, self._sizes_declared(state))
        if total > self._limits.max_bytes:
            raise TooLarge(total, self._limits.max_bytes)
        self._keep_moving(now)
        phase = "video" if has_video(state["info_dict"]) else "audio"
        if phase != self._phase or now - self._reported >= _INTERVAL or is_finished:
            self._report(phase)

    def on_postprocessing(self, state: dict[str, Any]) -> None:
        """yt-dlp's postprocessor hook."""
        if state["status"] == "started" and state["postprocessor"] == "Merger":
            self.enter("merging")

    def _sizes_declared(self, state: dict[str, Any]) -> int:
        """Bytes of the other streams so far, and of this one as the server declares it."""
        return self.done - self._sizes[state["filename"]] + int(state.get("total_bytes") or 0)

    def _keep_deadline(self) -> None:
        spent = self._clock() - self._begun
        if spent > self._limits.deadline_seconds:
            raise DownloadTimedOut(f"{spent:.0f} s, at most {self._limits.deadline_seconds} s allowed")

    def _keep_moving(self, now: float) -> None:
        since, bytes_then = self._mark
        if now - since < self._limits.stall_seconds:
            return
        moved = self.done - bytes_then
        if moved < _STALL_FLOOR * (now - since):
            raise DownloadStalled(f"{moved} bytes in {now - since:.0f} s")
        self._mark = (now, self.done)

    def _report(self, phase: str) -> None:
        self._phase, self._reported = phase, self._clock()
        self._on_progress(Progress(phase, self.done, self.expected))
