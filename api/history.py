"""What happened to a video, in words for everybody.

What staff did by hand, who did what on which machine, and what the other side said word for word stay inside.
"""

from dataclasses import dataclass
from datetime import datetime

from videos import words
from videos.models import Video, VideoEvent
from videos.words import Words

MOST = 100
"""Events that are shown, the last ones."""

WORDS: dict[str, str] = {
    "discovered": "Found on YouTube.",
    "adopted": "Found on the Joystream channel, where it was already.",
    "downloaded": "Downloaded from YouTube.",
    "signed": "Sent to Joystream's chain.",
    "created": "Created on Joystream.",
    "not_created": "Joystream did not create it.",
    "uploaded": "Uploaded to Joystream's storage.",
    "never_accepted": "The storage node did not confirm it.",
    "published": "Published on Joystream.",
    "failed": "A try failed.",
    "waits": "It had to wait.",
    "skipped": "It is not brought over.",
    "stuck": "It was set aside for the operators.",
    "retried": "It was tried again.",
}
"""The events that are shown."""

EVENTS = tuple(WORDS)


@dataclass(frozen=True)
class Happening:
    """`words` are those of the reason; `extrinsic` and `block` lead to the chain, where all can look."""

    at: datetime
    event: str
    text: str
    state: str
    code: str
    words: Words | None
    extrinsic: str | None
    block: int | None


def of_video(video: Video) -> list[Happening]:
    """The last events, the oldest of them first. One query."""
    newest = VideoEvent.objects.filter(video=video, event__in=list(WORDS)).order_by("-id")[:MOST]
    return [_happening(row) for row in reversed(list(newest))]


def _happening(row: VideoEvent) -> Happening:
    extrinsic, block = row.detail.get("extrinsic"), row.detail.get("block")
    return Happening(
        at=row.at,
        event=row.event,
        text=WORDS[row.event],
        state=row.to_state,
        code=row.reason,
        words=words.of(row.reason) if row.reason else None,
        extrinsic=extrinsic if isinstance(extrinsic, str) else None,
        block=block if isinstance(block, int) else None,
    )
