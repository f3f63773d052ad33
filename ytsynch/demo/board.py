"""Where every video is: read from the database, drawn as a table that changes before one's eyes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from channels.models import Channel
from videos import words
from videos.models import Video
from videos.pace import Expectation, expect_all
from videos.states import State
from ytsynch.youtube.errors import NotYet, YouTubeError

STAGE_OF = {
    State.NEW: ("queued", "downloading"),
    State.DOWNLOADED: ("downloaded", "signing"),
    State.CREATING: ("on its way to the chain", "on its way to the chain"),
    State.CREATED: ("on chain", "uploading"),
    State.UPLOADED: ("uploaded", "being accepted"),
    State.PUBLISHED: ("published", "published"),
    State.SKIPPED: ("skipped", "skipped"),
    State.STUCK: ("needs a human", "needs a human"),
    State.REMOVED: ("removed", "removed"),
}
"""Words for a state, while nobody and while somebody is at work on it."""

COLOURS = {State.PUBLISHED: "green", State.SKIPPED: "yellow", State.STUCK: "red"}
DONE = (State.PUBLISHED, State.SKIPPED, State.STUCK, State.REMOVED)


def _codes(kind: type[YouTubeError]) -> Iterator[str]:
    yield kind.code
    for child in kind.__subclasses__():
        yield from _codes(child)


NOT_YET = frozenset(_codes(NotYet))
"""What YouTube itself has not finished: such a video is not waited for."""


@dataclass(frozen=True)
class Board:
    """The state of everything at one moment."""

    videos: Sequence[Video]
    expectations: dict[int, Expectation]
    listed: bool

    @property
    def settled(self) -> bool:
        """Whether nothing that can be published now is left."""
        return self.listed and bool(self.videos) and all(is_settled(video) for video in self.videos)

    def count(self, *states: State) -> int:
        return sum(video.state in states for video in self.videos)


def read() -> Board:
    videos = list(Video.objects.select_related("channel").defer("description", "thumbnails").order_by("id"))
    moving = [video for video in videos if video.state not in DONE]
    listed = not Channel.objects.syncing().filter(catalogue_complete=False).exists()
    return Board(videos, expect_all(moving), listed)


def is_settled(video: Video) -> bool:
    return video.state in DONE or is_not_yet(video) or bool(video.held)


def is_not_yet(video: Video) -> bool:
    return video.state == State.NEW and video.reason in NOT_YET


def draw(board: Board, *, height: int, elapsed: float) -> RenderableType:
    """The table, as many rows as the terminal has room for: what moves first, then what is done last."""
    table = Table(expand=True, box=None, pad_edge=False, header_style="bold dim")
    for title, options in (
        ("channel", {"max_width": 22}),
        ("video", {"ratio": 3}),
        ("stage", {"max_width": 24}),
        ("bytes", {"justify": "right", "width": 10}),
        ("", {"width": 14}),
        ("%", {"justify": "right", "width": 4}),
        ("place", {"justify": "right", "width": 6}),
        ("expected", {"justify": "right", "width": 12}),
    ):
        table.add_column(title, no_wrap=True, overflow="ellipsis", **options)  # type: ignore[arg-type]
    rows = _most_telling(board.videos, height - 4)
    for video in rows:
        table.add_row(*_row(video, board.expectations.get(video.pk)))
    hidden = len(board.videos) - len(rows)
    return Group(table, footer(board, hidden=hidden, elapsed=elapsed))


def _most_telling(videos: Sequence[Video], count: int) -> list[Video]:
    def weight(video: Video) -> tuple[int, float]:
        since = -video.state_since.timestamp()
        if video.lease_token or video.state in (State.CREATING, State.CREATED, State.UPLOADED):
            return 0, since
        return (1 if video.state == State.DOWNLOADED else 3 if is_settled(video) else 2), since

    return sorted(videos, key=weight)[: max(count, 5)]


def _row(video: Video, expectation: Expectation | None) -> list[RenderableType]:
    idle, busy = STAGE_OF[State(video.state)]
    stage = busy if video.lease_token else idle
    colour = COLOURS.get(State(video.state), "cyan" if video.lease_token else "dim")
    done, total = _progress(video)
    bar = ProgressBar(total=total or 1, completed=done, width=14) if total else Text("")
    reason = f": {video.reason.replace('_', ' ')}" if video.reason else ""
    return [
        Text(video.channel.title),
        Text(video.title or video.youtube_id),
        Text(stage + reason, style=colour),
        Text(_bytes(done) if done else "", style="dim"),
        bar,
        Text(f"{100 * done // total}" if total else "", style="dim"),
        Text(str(expectation.place) if expectation and expectation.place else "", style="dim"),
        Text(_in(expectation), style="dim"),
    ]


def _progress(video: Video) -> tuple[int, int]:
    if video.state == State.PUBLISHED and video.media:
        size = int(video.media.get("size") or 0)
        return size, size
    progress = video.progress or {}
    return int(progress.get("done") or 0), int(progress.get("total") or 0)


def _in(expectation: Expectation | None) -> str:
    if expectation is None or expectation.at is None:
        return ""
    seconds = (expectation.at - datetime.now(UTC)).total_seconds()
    return "now" if seconds < 2 else f"in {seconds:.0f} s" if seconds < 120 else f"in {seconds / 60:.0f} min"


def _bytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"


def footer(board: Board, *, elapsed: float, hidden: int = 0) -> Text:
    """The counts in one line."""
    parts = [
        f"{board.count(State.PUBLISHED)} published",
        f"{board.count(State.SKIPPED)} skipped",
        f"{sum(is_not_yet(video) for video in board.videos)} not ready on YouTube",
        f"{sum(not is_settled(video) for video in board.videos)} to go",
        f"{elapsed:.0f} s",
    ]
    more = f"   ({hidden} more rows)" if hidden > 0 else ""
    return Text(" · ".join(parts) + more, style="bold")


def summary(board: Board, *, verified: dict[int, bool], seconds: float) -> RenderableType:
    """The end: each video that was not published with its reason, then the counts."""
    table = Table(title="Not published", title_justify="left", box=None, pad_edge=False, header_style="bold dim")
    for title in ("channel", "video", "", "why"):
        table.add_column(title, overflow="fold")
    for video in board.videos:
        if video.state != State.PUBLISHED:
            stage = "not yet" if is_not_yet(video) else STAGE_OF[State(video.state)][0]
            table.add_row(
                video.channel.title, video.title or video.youtube_id, Text(stage, "yellow"), words.of(video.reason).happened
            )
    return Group(table, Text(""), _counts(board, verified=verified, seconds=seconds))


def _counts(board: Board, *, verified: dict[int, bool], seconds: float) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    size = sum((video.media or {}).get("size") or 0 for video in board.videos if video.state == State.PUBLISHED)
    for name, value in (
        ("published", f"{board.count(State.PUBLISHED)}"),
        ("verified", f"{sum(verified.values())} fetched back with the hash that the chain knows, accepted, attributed"),
        ("skipped", f"{board.count(State.SKIPPED)}, each for its reason above"),
        ("not yet", f"{sum(is_not_yet(video) for video in board.videos)} that YouTube itself has not ready"),
        ("failed", f"{sum(not is_settled(video) for video in board.videos) + board.count(State.STUCK)}"),
        ("seconds", f"{seconds:.0f}"),
        ("bytes", f"{size:,}"),
    ):
        table.add_row(Text(name, "bold"), value)
    return table


def facts(board: Board, *, verified: dict[int, bool], seconds: float) -> dict[str, Any]:
    """The summary for scripts."""
    return {
        "seconds": round(seconds, 1),
        "published": board.count(State.PUBLISHED),
        "verified": sum(verified.values()),
        "skipped": board.count(State.SKIPPED),
        "not_yet": sum(is_not_yet(video) for video in board.videos),
        "failed": sum(not is_settled(video) for video in board.videos) + board.count(State.STUCK),
        "videos": [
            {
                "youtube_id": video.youtube_id,
                "title": video.title,
                "channel": video.channel.youtube_id,
                "state": video.state,
                "reason": video.reason,
                "joystream_video_id": video.joystream_video_id,
                "verified": verified.get(video.pk, False),
            }
            for video in board.videos
        ],
    }
