"""The ledger of a channel: so many public videos on YouTube, so many of them on Joystream, and a reason for
every one that is missing.

The sums add up: `on_youtube` is `on_joystream` and the gaps together (mission H4).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from channels.models import Channel, Pause
from videos import words
from videos.models import Video, VideoQuerySet
from videos.states import IN_PIPELINE, State
from videos.visibility import NOT_PUBLIC, PUBLIC_ON_YOUTUBE
from videos.words import Actor, Words

WAITING, MOVING, UNLISTED, REMOVED, PAUSED = "waiting", "moving", "not-listed", "removed", "paused"
"""Codes of gaps that no fault explains."""

_WORDS = {
    WAITING: Words("They wait for their turn in the queue.", Actor.NOBODY, "They come by themselves."),
    MOVING: Words("They are being brought over at this moment.", Actor.NOBODY, "They come by themselves."),
    UNLISTED: Words(
        "We have not come across them yet.", Actor.NOBODY, "They are found when we next look at your channel."
    ),
    REMOVED: Words(
        "They were brought over, and then removed on Joystream.",
        Actor.NOBODY,
        "They are not brought over again.",
    ),
}


@dataclass(frozen=True)
class Gap:
    """Public videos that are missing on Joystream for one reason. `code` is that of the reason, or one of
    this module's; `is_on_its_way` of those that the service goes on with by itself.
    """

    code: str
    count: int
    words: Words
    is_on_its_way: bool


@dataclass(frozen=True)
class Coverage:
    """`not_public` are those that YouTube shows to nobody but the creator, and are not on Joystream."""

    on_youtube: int
    on_joystream: int
    gaps: tuple[Gap, ...]
    not_public: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all of them."""
        return 100 * self.on_joystream // self.on_youtube if self.on_youtube else 0

    @property
    def in_motion(self) -> int:
        """Those that nothing holds up."""
        return sum(gap.count for gap in self.gaps if gap.code in (WAITING, MOVING))


def of_channel(channel: Channel) -> Coverage:
    """One query, however many videos there are."""
    rows = Video.objects.filter(channel=channel).values("state", "reason", "held", "privacy")
    published = not_public = 0
    missing: Counter[tuple[str, bool]] = Counter()
    for row in rows.annotate(count=Count("id")).order_by():
        if row["state"] == State.PUBLISHED:
            published += row["count"]
        elif row["privacy"] != "public" or row["reason"] in NOT_PUBLIC:
            not_public += row["count"]
        else:
            missing[_code(row), row["state"] in IN_PIPELINE] += row["count"]
    known = published + missing.total()
    if channel.public_videos > known:
        missing[UNLISTED, True] = channel.public_videos - known
    gaps = [
        Gap(code, count, _words(code, channel), is_on_its_way)
        for (code, is_on_its_way), count in missing.items()
    ]
    gaps.sort(key=lambda gap: (-gap.count, not gap.is_on_its_way, gap.code))
    return Coverage(published + missing.total(), published, tuple(gaps), not_public)


def missing_for(videos: VideoQuerySet, code: str) -> VideoQuerySet:
    """Those of the videos that the ledger counts under the code; none for one that it does not know."""
    missing = videos.exclude(state=State.PUBLISHED).filter(PUBLIC_ON_YOUTUBE)
    in_pipeline = Q(state__in=sorted(IN_PIPELINE))
    match code:
        case "removed":
            return missing.filter(state=State.REMOVED)
        case "paused":
            return missing.filter(in_pipeline).exclude(held="")
        case "waiting":
            return missing.filter(state=State.NEW, held="", reason="")
        case "moving":
            return missing.filter(held="", reason="").exclude(state__in=[State.NEW, State.REMOVED])
        case _:
            return missing.filter(reason=code).exclude(state=State.REMOVED).exclude(in_pipeline & ~Q(held=""))


def _code(row: Mapping[str, Any]) -> str:
    state = State(row["state"])
    if state is State.REMOVED:
        return REMOVED
    if state in IN_PIPELINE and row["held"]:
        return PAUSED
    if row["reason"]:
        return str(row["reason"])
    return WAITING if state is State.NEW else MOVING


def _words(code: str, channel: Channel) -> Words:
    if code == PAUSED:
        return words.of_pause(Pause(channel.pause)) if channel.pause else _WORDS[WAITING]
    return _WORDS.get(code) or words.of(code)
