"""Where a video stands in the queue and when it may be expected: from the index of the queue and the measured pace of each stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, Sum
from django.utils import timezone

from videos.models import StagePace, Video
from videos.states import SOURCE, Stage

WINDOW = timedelta(minutes=15)
"""How far back the pace is measured."""

AFTER: dict[Stage, tuple[Stage, ...]] = {
    Stage.DOWNLOAD: (Stage.CREATION, Stage.UPLOAD, Stage.ACCEPTANCE),
    Stage.CREATION: (Stage.UPLOAD, Stage.ACCEPTANCE),
    Stage.UPLOAD: (Stage.ACCEPTANCE,),
    Stage.ACCEPTANCE: (),
}


def finished(stage: Stage, *, bytes: int = 0) -> None:
    """Note that the stage got one more video done."""
    minute = timezone.now().replace(second=0, microsecond=0)
    StagePace.objects.bulk_create([StagePace(stage=stage, minute=minute)], ignore_conflicts=True)
    StagePace.objects.filter(stage=stage, minute=minute).update(finished=F("finished") + 1, bytes=F("bytes") + bytes)


def seconds_each(now: datetime) -> dict[Stage, float]:
    """Seconds between two finished videos, for each stage that finished any in the window."""
    since = now - WINDOW
    rows = StagePace.objects.filter(minute__gte=since).values("stage").annotate(total=Sum("finished"))
    first = StagePace.objects.filter(minute__gte=since).order_by("minute").values_list("minute", flat=True).first()
    span = (now - first).total_seconds() if first else 0.0
    return {Stage(row["stage"]): max(span, 1.0) / row["total"] for row in rows if row["total"]}


@dataclass(frozen=True)
class Expectation:
    """`place` counts from 1 within its stage; `at` is None while nothing is known of the pace or the video does not wait."""

    place: int | None
    at: datetime | None


def expect(video: Video, *, pace: dict[Stage, float], now: datetime) -> Expectation:
    """The video's place before its stage, and when it is published if the pace of the last minutes goes on."""
    stage = next((stage for stage, state in SOURCE.items() if state == video.state), None)
    if stage is None or video.held:
        return Expectation(None, None)
    place = _ahead(video, stage) + 1
    seconds = [place * pace[stage]] if stage in pace else []
    seconds += [pace[later] for later in AFTER[stage] if later in pace]
    if not seconds:
        return Expectation(place, None)
    return Expectation(place, max(now + timedelta(seconds=sum(seconds)), video.next_attempt_at))


def expect_all(videos: Iterable[Video]) -> dict[int, Expectation]:
    """Expectations by primary key."""
    now = timezone.now()
    pace = seconds_each(now)
    return {video.pk: expect(video, pace=pace, now=now) for video in videos}


def _ahead(video: Video, stage: Stage) -> int:
    before = Q(band__lt=video.band) | Q(band=video.band, tag__lt=video.tag) | Q(
        band=video.band, tag=video.tag, id__lt=video.pk
    )
    return Video.objects.waiting_for(stage).filter(before).count()
