"""The dashboard's page, from numbers that are taken together and kept for a few seconds."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from channels.models import Channel, Status, TierName
from videos import words
from videos.discovery import announcements
from videos.states import Stage, State
from ytsynch.dashboard import charts, numbers
from ytsynch.dashboard.attention import Seen, matters
from ytsynch.dashboard.numbers import AGES, WINDOWS, Bounded, Failures, Window

KEPT = 5
"""Seconds: however many people look at it, it is counted so often at most."""

EVENTS = {
    "failed": "failed tries",
    "skipped": "left out",
    "stuck": "stuck",
    "not_created": "not created on chain",
}

REASONS = 12
"""Reasons of failures that are shown."""

HAPI_PER_JOY = 10**10
NEEDED = ("channels.view_channel", "videos.view_video")

Context = dict[str, Any]


def show(request: HttpRequest, context: Context) -> Context:
    """What the index page's template needs, for those who may see channels and videos."""
    if not request.user.has_perms(NEEDED):
        return context
    window = next((window for window in WINDOWS if window.key == request.GET.get("window")), WINDOWS[0])
    kept: Context | None = cache.get(f"dashboard-{window.key}")
    if kept is None:
        kept = take(window)
        cache.set(f"dashboard-{window.key}", kept, KEPT)
    return {**context, "title": "Dashboard", "dashboard": kept}


def take(window: Window) -> Context:
    """Everything that the page shows, counted now."""
    now = timezone.now()
    by_age = numbers.by_state_and_age(now)
    done = numbers.done(window)
    seen = Seen(
        now=now,
        by_age=by_age,
        statuses=numbers.by_status_and_tier(),
        paused=numbers.paused(),
        quota=numbers.quota_today(now),
        storage=numbers.storage(),
        lanes=numbers.lanes(window),
        workers=numbers.workers_by_stage(),
        hubs=announcements.records(),
    )
    published = sum(row.finished for row in done if row.stage is Stage.ACCEPTANCE)
    return {
        "window": window,
        "windows": [(other, other.key == window.key) for other in WINDOWS],
        "taken_at": now,
        "matters": matters(seen),
        "published": published,
        "published_an_hour": published / (window.length.total_seconds() / 3600),
        "published_address": _videos(state__exact=State.PUBLISHED),
        "under_way": numbers.under_way(by_age),
        "under_way_address": _videos(view="under-way"),
        "to_empty": numbers.seconds_to_empty(by_age, now),
        "downloaded": sum(row.size for row in done if row.stage is Stage.DOWNLOAD),
        "ages": [label for label, _, _ in numbers.AGES],
        "backlog": [
            (state, _videos(state__exact=state), _cells(state, by_age[state], now))
            for state in numbers.STATES
        ],
        "failures": _failures(numbers.failures(window)),
        "statuses": [
            (status, counts[""], _channels(status__exact=status)) for status, counts in seen.statuses.items()
        ],
        "syncing": numbers.bounded(Channel.objects.syncing()),
        "syncing_address": _channels(view="syncing"),
        "tiers": [
            (
                tier,
                seen.statuses[Status.VERIFIED].get(tier, numbers.NOTHING),
                _channels(status__exact=Status.VERIFIED, tier__exact=tier),
            )
            for tier in TierName
        ],
        "paused": [(pause, count, _channels(pause__exact=pause)) for pause, count in seen.paused.items()],
        "quota": seen.quota,
        "storage": seen.storage,
        "stored_address": _videos(reserved_bytes__gt=0),
        "lanes": [(state, state.fees / HAPI_PER_JOY, _joy(state.lane.balance)) for state in seen.lanes],
        "hubs": seen.hubs,
        "workers": list(seen.workers.items()),
        "worker_count": sum(len(workers) for workers in seen.workers.values()),
        "published_chart": charts.published(done, window),
        "downloaded_chart": charts.downloaded(done, window),
    }


def _cells(state: State, counts: Sequence[Bounded], now: datetime) -> list[tuple[Bounded, str]]:
    """The counts of a state by age, each with the list of what it counts."""
    cells = []
    for count, (_, least, most) in zip(counts, AGES, strict=True):
        query = {"state__exact": state, "state_since__gt": _moment(now - most)}
        if least:
            query["state_since__lte"] = _moment(now - least)
        cells.append((count, _videos(**query)))
    return cells


def _moment(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _failures(found: Sequence[Failures]) -> list[Context]:
    most = max((failure.count for failure in found), default=1)
    return [
        {
            "failure": failure,
            "events": ", ".join(f"{EVENTS[event]} {count:,}" for event, count in failure.events.items()),
            "words": words.of(failure.reason).happened,
            "percent": 100 * failure.count // most,
            "address": _videos(reason__icontains=failure.reason),
        }
        for failure in found[:REASONS]
    ]


def _joy(hapi: Decimal | None) -> str:
    return "balance not read yet" if hapi is None else f"{hapi / HAPI_PER_JOY:,.2f} JOY"


def _videos(**query: object) -> str:
    return _address("videos_video", query)


def _channels(**query: object) -> str:
    return _address("channels_channel", query)


def _address(model: str, query: Context) -> str:
    address = reverse(f"admin:{model}_changelist")
    return f"{address}?{urlencode(query)}" if query else address
