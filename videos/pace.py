"""Where a video stands in the queue and when it may be expected: from the index of the queue and the measured
pace of each stage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Min, Sum
from django.utils import timezone

from videos.models import StagePace, Video
from videos.states import STAGE_OF, Stage, State

QUEUE = """(
    SELECT id, channel_id, state, row_number() OVER (PARTITION BY state ORDER BY band, tag, id) AS place
    FROM videos_video WHERE held = '' AND state IN ('new', 'downloaded', 'created', 'uploaded')
) AS queue"""
"""Every waiting video with its place before its stage."""

WINDOW = timedelta(minutes=15)
"""How far back the pace is measured."""

SLOT = timedelta(seconds=10)
"""How finely."""

AFTER: dict[Stage, tuple[Stage, ...]] = {
    Stage.DOWNLOAD: (Stage.CREATION, Stage.UPLOAD, Stage.ACCEPTANCE),
    Stage.CREATION: (Stage.UPLOAD, Stage.ACCEPTANCE),
    Stage.UPLOAD: (Stage.ACCEPTANCE,),
    Stage.ACCEPTANCE: (),
}


def finished(stage: Stage, *, bytes: int = 0) -> None:
    """Note that the stage got one more video done."""
    slot = _slot(timezone.now())
    StagePace.objects.bulk_create([StagePace(stage=stage, slot=slot)], ignore_conflicts=True)
    StagePace.objects.filter(stage=stage, slot=slot).update(
        finished=F("finished") + 1, bytes=F("bytes") + bytes
    )


def _slot(now: datetime) -> datetime:
    return now - timedelta(seconds=now.second % SLOT.seconds, microseconds=now.microsecond)


def seconds_each(now: datetime) -> dict[Stage, float]:
    """Seconds between two finished videos, for each stage that finished any in the window."""
    rows = StagePace.objects.filter(slot__gte=now - WINDOW)
    totals = rows.values("stage").annotate(total=Sum("finished"), first=Min("slot"))
    return {
        Stage(row["stage"]): max((now - row["first"]).total_seconds(), 1.0) / row["total"]
        for row in totals
        if row["total"]
    }


def seconds_until_published(stage: Stage, place: int, pace: dict[Stage, float]) -> float | None:
    """For the video at `place` before `stage`, if the pace goes on. None while nothing is known of any stage
    before it.

    Those ahead pass the slowest step one after the other; the video itself passes every step once.
    """
    ways = [pace[step] for step in (stage, *AFTER[stage]) if step in pace]
    return (place - 1) * max(ways) + sum(ways) if ways else None


@dataclass(frozen=True)
class Expectation:
    """`place` counts from 1 within its stage; `at` is None while nothing is known of the pace or the video
    does not wait.
    """

    place: int | None
    at: datetime | None


def expect_all(videos: Iterable[Video]) -> dict[int, Expectation]:
    """Where each of the videos stands and when it is published, by primary key. Three queries, however many
    they are.
    """
    videos = list(videos)
    now = timezone.now()
    pace = seconds_each(now)
    places = _places(videos)
    return {video.pk: _expect(video, places.get(video.pk), pace, now) for video in videos}


def _expect(video: Video, place: int | None, pace: dict[Stage, float], now: datetime) -> Expectation:
    if place is None:
        return Expectation(None, None)
    seconds = seconds_until_published(STAGE_OF[State(video.state)], place, pace)
    if seconds is None:
        return Expectation(place, None)
    return Expectation(place, max(now + timedelta(seconds=seconds), video.next_attempt_at))


def _places(videos: list[Video]) -> dict[int, int]:
    """Places of those of the videos that wait for a stage, counted along the index of the queue
    (`video_queue`).
    """
    waiting = [video.pk for video in videos if video.state in STAGE_OF and not video.held]
    if not waiting:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, place FROM {QUEUE} WHERE id = ANY(%s)", [waiting])  # noqa: S608 (our own constant)
        return dict(cursor.fetchall())
