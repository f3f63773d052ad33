"""Numbers of the service: each from a small summary, or counted along an index up to a bound."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from channels.models import Channel, Lane, Pause, Status
from videos import pace, quota, workers
from videos.media_store import GIGABYTE
from videos.models import ChainTransaction, QuotaDay, StagePace, TransactionState, Video, VideoEvent
from videos.states import IN_PIPELINE, SOURCE, Stage, State

MOST = 20_000
"""Rows that are counted for one number. A larger one is shown as «20,000+»."""

MOST_EVENTS = 50_000
"""Failures that are sorted by their reasons, the newest first."""

TROUBLE = ("failed", "skipped", "stuck", "not_created")
"""Events of a video that are failures."""

KEPT = 32 * 24 * 3600
"""Seconds for which the sums of a day that is over are remembered: longer than the longest window."""


@dataclass(frozen=True)
class Bounded:
    """A count, and whether there are more."""

    count: int
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.count:,}{'+' if self.is_more else ''}"

    def __bool__(self) -> bool:
        return self.count > 0

    def __add__(self, other: "Bounded") -> "Bounded":
        return Bounded(self.count + other.count, self.is_more or other.is_more)


NOTHING = Bounded(0)


def bounded(rows: QuerySet[Any]) -> Bounded:
    counted = rows.order_by()[: MOST + 1].count()
    return Bounded(min(counted, MOST), counted > MOST)


@dataclass(frozen=True)
class Window:
    """A stretch of time up to now."""

    key: str
    label: str
    length: timedelta
    by_day: bool = False

    @property
    def since(self) -> datetime:
        return timezone.now() - self.length


WINDOWS = (
    Window("24h", "24 hours", timedelta(hours=24)),
    Window("7d", "7 days", timedelta(days=7)),
    Window("30d", "30 days", timedelta(days=30), by_day=True),
)


# --- Videos -------------------------------------------------------------------------------------------------

AGES: tuple[tuple[str, timedelta, timedelta], ...] = (
    ("under an hour", timedelta(0), timedelta(hours=1)),
    ("under a day", timedelta(hours=1), timedelta(days=1)),
    ("under a week", timedelta(days=1), timedelta(days=7)),
    ("longer", timedelta(days=7), timedelta(days=36_500)),
)
"""Label, from and to how long a video has been in its state."""

STATES = (State.NEW, State.DOWNLOADED, State.CREATING, State.CREATED, State.UPLOADED, State.STUCK)

_COUNT = """(SELECT %s AS state, %s AS age, (SELECT count(*) FROM (
    SELECT 1 FROM videos_video WHERE state = %s AND state_since > %s AND state_since <= %s LIMIT %s
) AS counted) AS videos)"""


ByAge = Mapping[State, Sequence[Bounded]]
"""By state, a number for each of `AGES`."""


def by_state_and_age(now: datetime) -> ByAge:
    """How many videos are under way or stuck, by state and then by `AGES`.

    One query, along the index `video_by_age_in_state`.
    """
    parameters: list[Any] = []
    for state in STATES:
        for place, (_, least, most) in enumerate(AGES):
            # a state entered a moment ago, by the database's clock, may lie ahead of ours
            until = now - least if least else now + timedelta(days=1)
            parameters += [state.value, place, state.value, now - most, until, MOST + 1]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_COUNT] * len(STATES) * len(AGES)), parameters)
        found: dict[State, list[Bounded]] = {state: [NOTHING] * len(AGES) for state in STATES}
        for state, place, count in cursor.fetchall():
            found[State(state)][place] = Bounded(min(count, MOST), count > MOST)
    return found


def under_way(by_age: ByAge) -> Bounded:
    return sum((count for state in IN_PIPELINE for count in by_age[state]), NOTHING)


def seconds_to_empty(by_age: ByAge, now: datetime) -> float | None:
    """When everything under way is published, if the slowest stage keeps its pace.

    None while no pace has been measured.
    """
    seconds = pace.seconds_each(now)
    ahead, longest = 0, 0.0
    for stage, state in SOURCE.items():
        # whatever waits before an earlier stage passes this one too
        ahead += sum(count.count for count in by_age[state])
        longest = max(longest, ahead * seconds.get(stage, 0.0))
    return longest if seconds else None


@dataclass(frozen=True)
class Done:
    """What a stage got done in an hour, or on a day."""

    at: datetime
    stage: Stage
    finished: int
    size: int


def done(window: Window) -> list[Done]:
    """What the stages got done in the window, by the hour or by the day, in order of time."""
    first = window.since.replace(minute=0, second=0, microsecond=0)
    hours = [row for day in _days(first) for row in day if row.at >= first]
    return _by_day(hours) if window.by_day else hours


def _days(since: datetime) -> list[list[Done]]:
    """The hours of each day from `since` on.

    A day that is over no longer changes: it is counted once and kept.
    """
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=ago) for ago in range((today - since).days + 1, -1, -1)]
    kept: dict[str, list[Done]] = cache.get_many([_key(day) for day in days[:-1]])
    missing = [day for day in days if _key(day) not in kept]
    counted = _count_hours(since=missing[0])
    fresh = {_key(day): [row for row in counted if row.at.date() == day.date()] for day in missing}
    cache.set_many({_key(day): fresh[_key(day)] for day in missing if day < today}, KEPT)
    return [(kept | fresh)[_key(day)] for day in days]


def _key(day: datetime) -> str:
    return f"stages-done-{day:%Y-%m-%d}"


def _count_hours(*, since: datetime) -> list[Done]:
    rows = (
        StagePace.objects.filter(slot__gte=since, stage__in=[Stage.DOWNLOAD, Stage.ACCEPTANCE])
        .annotate(at=TruncHour("slot"))
        .values("at", "stage")
        .annotate(total=Sum("finished"), size=Sum("bytes"))
        .order_by("at", "stage")
    )
    return [Done(row["at"], Stage(row["stage"]), row["total"], row["size"]) for row in rows]


def _by_day(hours: Iterable[Done]) -> list[Done]:
    days: dict[tuple[datetime, Stage], Done] = {}
    for row in hours:
        day = row.at.replace(hour=0)
        sums = days.get((day, row.stage), Done(day, row.stage, 0, 0))
        days[day, row.stage] = replace(sums, finished=sums.finished + row.finished, size=sums.size + row.size)
    return list(days.values())


@dataclass(frozen=True)
class Failures:
    """How often a reason made a try fail, left a video out, or had a human called: by event."""

    reason: str
    events: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.events.values())


def failures(window: Window) -> list[Failures]:
    """What went wrong in the window, the most frequent first. Waits are not failures."""
    recent = (
        VideoEvent.objects.filter(at__gte=window.since, event__in=TROUBLE).exclude(reason="").order_by("-at")
    )
    newest = recent.values("pk")[:MOST_EVENTS]
    rows = VideoEvent.objects.filter(pk__in=newest).values_list("reason", "event").annotate(count=Count("pk"))
    counted: dict[str, dict[str, int]] = {}
    for reason, event, count in rows.order_by("reason", "event"):
        counted.setdefault(reason, {})[event] = count
    found = [Failures(reason, events) for reason, events in counted.items()]
    return sorted(found, key=lambda failure: -failure.count)


# --- Channels -----------------------------------------------------------------------------------------------


def by_status_and_tier() -> dict[Status, dict[str, Bounded]]:
    """Registered channels by status, and verified ones by tier («» are all of a status)."""
    registered = Channel.objects.registered()
    found = {status: {"": bounded(registered.filter(status=status))} for status in Status}
    newest = registered.filter(status=Status.VERIFIED).order_by("-id").values("tier")[:MOST]
    more = found[Status.VERIFIED][""].is_more
    for tier, count in Counter(row["tier"] for row in newest.iterator()).items():
        found[Status.VERIFIED][tier] = Bounded(count, more)
    return found


def paused() -> dict[Pause, Bounded]:
    """Registered channels that do not sync, by why. Along `channel_by_pause`."""
    registered = Channel.objects.registered()
    counts = {pause: bounded(registered.filter(pause=pause)) for pause in Pause if pause}
    return {pause: count for pause, count in counts.items() if count}


# --- Ourselves ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quota:
    """Units of today, and what the day will have used if it goes on so."""

    used: int
    forecast: int
    limit: int
    is_exhausted: bool
    resumes_at: datetime

    @property
    def percent(self) -> int:
        return min(100 * self.used // self.limit, 100) if self.limit else 0


def quota_today(now: datetime) -> Quota:
    row = QuotaDay.objects.filter(day=quota.quota_day(now)).first() or QuotaDay()
    used = row.sync_used + row.signup_used
    left = quota.resumes_at(now) - now
    passed = max(timedelta(days=1) - left, timedelta(minutes=10))
    limit = quota.limit_of(quota.Purpose.SYNC) + quota.limit_of(quota.Purpose.SIGN_UP)
    forecast = round(used * (timedelta(days=1) / passed))
    return Quota(used, forecast, limit, row.exhausted_at is not None, quota.resumes_at(now))


@dataclass(frozen=True)
class Storage:
    """The media store: bytes that videos hold of its budget, and what the disk has left."""

    held: int
    budget: int
    free: int | None

    @property
    def percent(self) -> int:
        return min(100 * self.held // self.budget, 100) if self.budget else 0


def storage() -> Storage:
    held = Video.objects.filter(reserved_bytes__gt=0).aggregate(sum=Sum("reserved_bytes"))["sum"] or 0
    folder = settings.CONFIG.sync.media_dir
    # the web may run on a host that has no media store
    free = shutil.disk_usage(folder).free if folder.exists() else None
    return Storage(held, int(settings.CONFIG.sync.limits.storage * GIGABYTE), free)


@dataclass(frozen=True)
class LaneState:
    """A lane, what it has under way, and what it paid and carried in the window."""

    lane: Lane
    outstanding: ChainTransaction | None
    sent: int
    fees: int


def lanes(window: Window) -> list[LaneState]:
    """Two queries, however many lanes there are."""
    settled = Q(transactions__settled_at__gte=window.since, transactions__state=TransactionState.FINAL)
    rows = Lane.objects.annotate(
        sent=Count("transactions", filter=settled), fees=Sum("transactions__fee", filter=settled)
    ).order_by("member_id")
    signed = ChainTransaction.objects.filter(state=TransactionState.SIGNED).defer("data")
    outstanding = {row.lane_id: row for row in signed}
    return [LaneState(row, outstanding.get(row.pk), row.sent, int(row.fees or 0)) for row in rows]


def workers_by_stage() -> dict[Stage, Sequence[workers.Alive]]:
    alive = workers.alive()
    return {stage: [worker for worker in alive if worker.stage is stage] for stage in Stage}


def is_standing_still(stage: Stage, by_age: ByAge, now: datetime) -> bool:
    """Whether the stage has had videos before it for an hour and got none of them done in that time."""
    if stage not in SOURCE or not any(by_age[SOURCE[stage]][1:]):
        return False
    since = now - timedelta(hours=1)
    waiting = Video.objects.claimable(stage).filter(state_since__lt=since)
    return (
        waiting.exists()
        and not StagePace.objects.filter(stage=stage, slot__gte=since, finished__gt=0).exists()
    )
