"""Where every video is: read from the database, drawn as a table that changes before one's eyes."""

from collections.abc import Callable, Iterator, Sequence
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


@dataclass(frozen=True)
class Column:
    """A column of the board: what it shows, how it is laid out, and how wide a terminal must be to have it."""

    title: str
    show: Callable[[Video, Expectation | None], RenderableType]
    least_width: int = 0
    width: int | None = None
    ratio: int | None = None
    is_number: bool = False


def _columns() -> list[Column]:
    return [
        Column("channel", lambda video, _: Text(video.channel.title), least_width=120, width=22),
        Column("video", lambda video, _: Text(video.title or video.youtube_id), ratio=3),
        Column("stage", lambda video, _: _stage(video), ratio=2),
        Column("bytes", lambda video, _: Text(_bytes(_progress(video)[0]), "dim"), width=8, is_number=True),
        Column("", lambda video, _: _bar(video), least_width=100, width=14),
        Column("%", lambda video, _: Text(_per_cent(video), "dim"), width=4, is_number=True),
        Column("place", lambda _, expected: Text(_place(expected), "dim"), width=5, is_number=True),
        Column("expected", lambda _, expected: Text(_in(expected), "dim"), width=10, is_number=True),
    ]


def draw(board: Board, *, width: int, height: int, elapsed: float) -> RenderableType:
    """The table, as many rows and columns as the terminal has room for: what moves first, then what is done
    last.
    """
    columns = [column for column in _columns() if width >= column.least_width]
    table = Table(expand=True, box=None, pad_edge=False, header_style="bold dim")
    for column in columns:
        table.add_column(
            column.title,
            no_wrap=True,
            overflow="ellipsis",
            width=column.width,
            ratio=column.ratio,
            justify="right" if column.is_number else "left",
        )
    rows = _most_telling(board.videos, height - 4)
    for video in rows:
        table.add_row(*(column.show(video, board.expectations.get(video.pk)) for column in columns))
    hidden = len(board.videos) - len(rows)
    return Group(table, footer(board, hidden=hidden, elapsed=elapsed))


def _most_telling(videos: Sequence[Video], count: int) -> list[Video]:
    def weight(video: Video) -> tuple[int, float]:
        since = -video.state_since.timestamp()
        if video.state == State.NEW and not video.lease_token and not is_settled(video):
            return 2, video.band * 1e12 + video.tag
        if video.lease_token or video.state in (State.CREATING, State.CREATED, State.UPLOADED):
            return 0, since
        return (1 if video.state == State.DOWNLOADED else 3), since

    return sorted(videos, key=weight)[: max(count, 5)]


def _stage(video: Video) -> Text:
    idle, busy = STAGE_OF[State(video.state)]
    colour = COLOURS.get(State(video.state), "cyan" if video.lease_token else "dim")
    reason = f": {video.reason.replace('_', ' ')}" if video.reason else ""
    return Text((busy if video.lease_token else idle) + reason, style=colour)


def _bar(video: Video) -> RenderableType:
    done, total = _progress(video)
    return ProgressBar(total=total, completed=done, width=14) if total else Text("")


def _per_cent(video: Video) -> str:
    done, total = _progress(video)
    return f"{100 * done // total}" if total else ""


def _place(expectation: Expectation | None) -> str:
    return str(expectation.place) if expectation and expectation.place else ""


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
    return "" if not size else f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"


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
    table = Table(
        title="Not published", title_justify="left", box=None, pad_edge=False, header_style="bold dim"
    )
    for title in ("channel", "video", "", "why"):
        table.add_column(title, overflow="fold")
    for video in board.videos:
        if video.state != State.PUBLISHED:
            stage = "not yet" if is_not_yet(video) else STAGE_OF[State(video.state)][0]
            table.add_row(
                video.channel.title,
                video.title or video.youtube_id,
                Text(stage, "yellow"),
                words.of(video.reason).happened,
            )
    return Group(table, Text(""), _counts(board, verified=verified, seconds=seconds))


def _counts(board: Board, *, verified: dict[int, bool], seconds: float) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    size = sum(
        (video.media or {}).get("size") or 0 for video in board.videos if video.state == State.PUBLISHED
    )
    for name, value in (
        ("published", f"{board.count(State.PUBLISHED)}"),
        (
            "verified",
            f"{sum(verified.values())} fetched back with the hash that the chain knows, accepted, attributed",
        ),
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
