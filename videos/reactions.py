"""What is done about each fault, by its class. The words that a creator reads are in `videos.words`.

A reaction says when the video is tried again; when it has no more delays, `then` says what becomes of the
video. The delays grow from `sync.intervals.retry` (a failed try), or are `wait` (a condition that ends by
itself) or `youtubePolling` (so does what YouTube has not finished, but a look there costs a download's turn),
with jitter so that a thousand videos that failed together do not come back together.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache

from django.conf import settings

from videos import errors as ours
from ytsynch.joystream import errors as joystream
from ytsynch.youtube import errors as youtube

JITTER = 0.2
GROWTH = 4
LONGEST = timedelta(days=1)
AFTER_START = timedelta(hours=1)
"""How long after the announced start of a stream or premiere it is looked at."""


class Then(Enum):
    SKIP = "skip"
    ASK = "ask a human"


class Interval(Enum):
    """The key of `sync.intervals` that a delay comes from."""

    RETRY = "retry"
    WAIT = "wait"
    LOOK = "youtube_polling"


@dataclass(frozen=True)
class Reaction:
    """`tries` failed tries are followed by another one, later and later; None: for ever, at an even pace."""

    tries: int | None
    then: Then = Then.ASK
    interval: Interval = Interval.RETRY

    @property
    def counted(self) -> bool:
        """Whether a try was made and failed; a wait is none."""
        return self.interval is Interval.RETRY

    def delay(self, error: Exception, attempts: int) -> timedelta | None:
        """Time until the next try after `attempts` earlier failures, or None when that was the last."""
        if self.tries is not None and attempts >= self.tries:
            return None
        starts_at: datetime | None = getattr(error, "starts_at", None)
        if starts_at is not None and starts_at > datetime.now(UTC):
            return starts_at - datetime.now(UTC) + AFTER_START
        seconds = getattr(settings.CONFIG.sync.intervals, self.interval.value)
        if self.counted:
            seconds *= GROWTH ** min(attempts, 10)
        spread = 1 + random.uniform(-JITTER, JITTER)  # noqa: S311 (not a secret)
        return min(timedelta(seconds=seconds * spread), LONGEST)


SKIP = Reaction(tries=0, then=Then.SKIP)
ASK = Reaction(tries=0)
WAIT = Reaction(tries=None, interval=Interval.WAIT)
LOOK_AGAIN = Reaction(tries=None, interval=Interval.LOOK)


def later(tries: int, then: Then = Then.ASK) -> Reaction:
    return Reaction(tries=tries, then=then)


REACTIONS: dict[type[Exception], Reaction] = {
    # YouTube, a video (faults.md Y1–Y23)
    youtube.VideoRefused: SKIP,
    youtube.VideoUnavailable: later(3, Then.SKIP),
    youtube.GeoBlocked: later(1, Then.SKIP),
    youtube.UnknownRefusal: later(3),
    youtube.OverLimit: SKIP,
    youtube.NotYet: LOOK_AGAIN,
    youtube.NetworkTrouble: later(6),
    youtube.AddressBlocked: WAIT,
    youtube.ProxyUnreachable: WAIT,  # our own way out: YouTube was not even asked
    youtube.DownloadStalled: later(6),
    youtube.DownloadTimedOut: later(2, Then.SKIP),
    youtube.BadFile: later(1, Then.SKIP),
    youtube.PostprocessingFailed: later(1),
    youtube.ToolBroken: later(3),
    youtube.LocalDiskTrouble: WAIT,
    # YouTube, the API (C1–C5)
    youtube.QuotaExceeded: WAIT,
    youtube.ApiUnavailable: WAIT,
    youtube.YouTubeError: later(3),
    # Joystream
    joystream.NodeUnavailable: WAIT,
    joystream.QueryNodeUnavailable: WAIT,
    joystream.StorageUnavailable: WAIT,
    joystream.UploadsBlocked: WAIT,
    joystream.ObjectUnknown: WAIT,
    joystream.FileRejected: later(2),
    joystream.JoystreamError: later(3),
    # ours
    ours.SkippedByStaff: SKIP,
    ours.NoFreeAddress: WAIT,
    ours.VerdictInDoubt: later(3),
    ours.ToolPaused: WAIT,
    ours.UploadFailedOnYouTube: SKIP,
    ours.BeyondTierCap: SKIP,
    ours.MediaStoreFull: WAIT,
    ours.MediaStoreAway: WAIT,
    ours.NoStorageNode: WAIT,
    ours.QueryNodeBehind: WAIT,
    ours.ChannelTrouble: WAIT,
    ours.LaneDry: WAIT,
    ours.UploadingBlocked: WAIT,
    ours.TooLargeForJoystream: SKIP,
    ours.FoundElsewhere: ASK,
    ours.UploadedByHand: SKIP,
    ours.ChangeNotAllowed: WAIT,
    ours.GoneOnJoystream: SKIP,
    ours.Poison: ASK,
    ours.StaleFacts: later(5),
    ours.ExtrinsicLost: later(10),
    ours.CreationRefused: later(2),
    ours.NeverAccepted: later(2),
    ours.FileLost: later(3),
    ours.FileChanged: ASK,
    ours.AttributionMissing: ASK,
}
"""Looked up by class, then by its parents: a new error of a service has its family's reaction until it gets
its own.
"""

UNEXPECTED = later(2)
"""For an exception that nobody classified: tried again, then a human looks at it."""


def reaction_to(error: Exception) -> Reaction:
    return next((REACTIONS[kind] for kind in type(error).__mro__ if kind in REACTIONS), UNEXPECTED)


def code_of(error: Exception) -> str:
    """The stable word that history, API and `videos.words` use for the fault."""
    return getattr(error, "code", "unexpected")


def is_waiting(code: str) -> bool:
    """Whether the code names a condition that ends by itself, so that the video is not failing."""
    return code in _waiting_codes()


@cache
def _waiting_codes() -> frozenset[str]:
    def family(kind: type[Exception]) -> Iterator[type[Exception]]:
        yield kind
        for child in kind.__subclasses__():
            yield from family(child)

    kinds = {kind for root in REACTIONS for kind in family(root)}
    waiting = {
        kind for kind in kinds if not next(REACTIONS[k] for k in kind.__mro__ if k in REACTIONS).counted
    }
    return frozenset(kind.code for kind in waiting if hasattr(kind, "code"))
