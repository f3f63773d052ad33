"""When a video may be expected: from its place in the queue and the measured pace of each stage.

Each stage notes what it finished in every ten seconds, how long that took, and when it had nothing to do. Its
pace is that of the last few videos, without the time in which there were none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from videos import places
from videos.models import StagePace, Video
from videos.states import SOURCE, STAGE_OF, Stage, State

WINDOW = timedelta(hours=1)
"""How far back the pace is measured at most."""

ENOUGH = 20
"""Finished videos: the pace of the last so many counts, and of the last minute."""

LATELY = timedelta(minutes=1)

SLOT = timedelta(seconds=10)
"""How finely."""

ROUGH_AFTER = timedelta(days=2)
"""From then on an hour's slots are one row; charts show hours."""

KEPT = timedelta(days=32)

PRUNED_AT_ONCE = 20_000
"""Rows."""

ORDER = tuple(SOURCE)
"""The stages in the order in which a video passes them."""


def finished(stage: Stage, *, seconds: float = 0.0, bytes: int = 0) -> None:
    """Note that the stage got one more video done, in so many seconds."""
    slot = _slot(timezone.now())
    StagePace.objects.bulk_create([StagePace(stage=stage, slot=slot)], ignore_conflicts=True)
    StagePace.objects.filter(stage=stage, slot=slot).update(
        finished=F("finished") + 1, bytes=F("bytes") + bytes, seconds=F("seconds") + max(seconds, 0.0)
    )


def idle(stage: Stage) -> None:
    """Note that the stage has nothing to do, if that is so: nothing is due, and nobody is at work."""
    is_at_work = Video.objects.filter(state=SOURCE[stage], lease_token__isnull=False).exists()
    is_on_its_way = stage is Stage.CREATION and Video.objects.filter(state=State.CREATING).exists()
    if not (is_at_work or is_on_its_way or Video.objects.claimable(stage).exists()):
        StagePace.objects.bulk_create(
            [StagePace(stage=stage, slot=_slot(timezone.now()))], ignore_conflicts=True
        )


def _slot(now: datetime) -> datetime:
    return now - timedelta(seconds=now.second % SLOT.seconds, microseconds=now.microsecond)


@dataclass(frozen=True)
class Pace:
    """Of a stage, in seconds: `each` between two finished videos, `passing` for one of them."""

    each: float
    passing: float


MEASURED = """
SELECT stage, min(slot), sum(finished), sum(seconds), count(*) FILTER (WHERE finished = 0)
FROM (
    SELECT *, sum(finished) OVER (PARTITION BY stage ORDER BY slot DESC) - finished AS later
    FROM videos_stagepace WHERE stage = ANY(%s) AND slot >= %s
) AS slots
WHERE later < %s OR slot >= %s
GROUP BY stage HAVING sum(finished) > 0
"""


def measured(now: datetime) -> dict[Stage, Pace]:
    """The pace of each stage that finished anything in the window."""
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, _measured_of(now))
        return {Stage(stage): _pace(now, *measures) for stage, *measures in cursor.fetchall()}


def _measured_of(now: datetime) -> list[Any]:
    return [list(ORDER), now - WINDOW, ENOUGH, now - LATELY]


def _pace(now: datetime, first: datetime, count: int, seconds: float, idle_slots: int) -> Pace:
    each = max((now - first - idle_slots * SLOT).total_seconds(), 1.0) / count
    return Pace(each, seconds / count or each)


def seconds_each(now: datetime) -> dict[Stage, float]:
    """Seconds between two finished videos, for each stage that finished any in the window."""
    return {stage: pace.each for stage, pace in measured(now).items()}


@dataclass(frozen=True)
class Outlook:
    """What an expected time is made of. `waiting`: how many videos each stage has before it."""

    paces: Mapping[Stage, Pace]
    waiting: Mapping[Stage, int] = field(default_factory=dict)

    def seconds_until_published(self, stage: Stage, place: int) -> float | None:
        """For the video at `place` before `stage`, if the pace goes on. None while nothing is known of any stage
        before it.

        It has left a stage when it has passed it itself, and not before all ahead of it have, also those
        that are ahead of it at later stages.
        """
        ahead, left, begins, is_known = place, 0.0, 0.0, False
        for step in ORDER[ORDER.index(stage) :]:
            if step is not stage:
                ahead += self.waiting.get(step, 0)
            if (pace := self.paces.get(step)) is None:
                continue
            is_known = True
            starts = 0.0 if step is stage or self.waiting.get(step) else begins
            left = max(left + pace.passing, starts + ahead * pace.each)
            begins += pace.passing
        return left if is_known else None


_WAITING = "SELECT state, sum(videos) FROM videos_queuecount WHERE level = 2 GROUP BY state"

_OUTLOOK = f"""
SELECT stage, waiting, first, finished, seconds, idle
FROM unnest(%s::text[], %s::text[]) AS stages (stage, state)
LEFT JOIN ({_WAITING}) AS queue (state, waiting) USING (state)
LEFT JOIN ({MEASURED}) AS measured (stage, first, finished, seconds, idle) USING (stage)
"""  # noqa: S608 (our own constants)


def outlook(now: datetime) -> Outlook:
    """One query."""
    with connection.cursor() as cursor:
        states = [SOURCE[stage] for stage in ORDER]
        cursor.execute(_OUTLOOK, [list(ORDER), states, *_measured_of(now)])
        rows = cursor.fetchall()
    return Outlook(
        paces={Stage(stage): _pace(now, *measures) for stage, _, *measures in rows if measures[0]},
        waiting={Stage(stage): int(waiting or 0) for stage, waiting, *_ in rows},
    )


@dataclass(frozen=True)
class Expectation:
    """`place` counts from 1 within its stage; `at` is None while nothing is known of the pace or the video
    does not wait.
    """

    place: int | None
    at: datetime | None


def expect_all(videos: Iterable[Video]) -> dict[int, Expectation]:
    """Where each of the videos stands and when it is published, by primary key. Two queries, however many
    they are.
    """
    videos = list(videos)
    found = places.places(video.pk for video in videos if video.state in STAGE_OF and not video.held)
    if not found:
        return {video.pk: Expectation(None, None) for video in videos}
    now = timezone.now()
    view = outlook(now)
    return {video.pk: _expect(video, found.get(video.pk), view, now) for video in videos}


def _expect(video: Video, place: int | None, view: Outlook, now: datetime) -> Expectation:
    if place is None:
        return Expectation(None, None)
    seconds = view.seconds_until_published(STAGE_OF[State(video.state)], place)
    if seconds is None:
        return Expectation(place, None)
    return Expectation(place, max(now + timedelta(seconds=seconds), video.next_attempt_at))


_IN_HOURS = """
WITH fine AS (
    DELETE FROM videos_stagepace WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM videos_stagepace
        WHERE stage = ANY(%s) AND slot < %s AND slot <> date_trunc('hour', slot) LIMIT %s
    )) RETURNING stage, date_trunc('hour', slot) AS slot, finished, bytes, seconds
), rough AS (
    INSERT INTO videos_stagepace AS known (stage, slot, finished, bytes, seconds)
    SELECT stage, slot, sum(finished), sum(bytes), sum(seconds) FROM fine
    GROUP BY stage, slot HAVING sum(finished) > 0
    ON CONFLICT (stage, slot) DO UPDATE SET finished = known.finished + excluded.finished,
        bytes = known.bytes + excluded.bytes, seconds = known.seconds + excluded.seconds
)
SELECT count(*) FROM fine
"""


@transaction.atomic
def prune() -> int:
    """Make hours of what was measured days ago, and forget what is older than any chart. Returns how many rows
    there were.
    """
    now = timezone.now()
    old, _ = StagePace.objects.filter(stage__in=ORDER, slot__lt=now - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(_IN_HOURS, [list(ORDER), now - ROUGH_AFTER, PRUNED_AT_ONCE])
        (rough,) = cursor.fetchone()
    return old + int(rough)
