"""When a channel is looked at next: as often as it uploads, and seldom while a hub watches it for us.

Uploads come at no fixed times, so what a look costs is set against how long an upload waits: a channel is
looked at TIMES as often as it uploads, and an upload waits a twentieth of the usual gap on average.
"""

import random
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models.functions import Now

from channels.models import Channel
from videos.discovery import announcements
from videos.discovery.models import Subscription
from videos.models import Video

TIMES = 10
RECENT = 10
"""Uploads that the rhythm is taken from."""

WATCHED = 6
"""So many times less often a channel is looked at while a trusted hub watches it."""

LONGEST = timedelta(days=1)


def gap(channel: Channel, now: datetime) -> timedelta | None:
    """The usual time between two uploads; None without any. A silence longer than that is the gap itself."""
    times = list(
        Video.objects.filter(channel=channel)
        .order_by("-published_at")
        .values_list("published_at", flat=True)[: RECENT + 1]
    )
    if not times:
        return None
    silence = now - times[0]
    return max(silence, (times[0] - times[-1]) / max(len(times) - 1, 1))


def interval(channel: Channel) -> timedelta:
    """Time until the next look, from `sync.intervals.youtubePolling` to a day."""
    shortest = timedelta(seconds=settings.CONFIG.sync.intervals.youtube_polling)
    usual = gap(channel, datetime.now(UTC))
    wanted = shortest if usual is None else usual / TIMES
    if _is_watched(channel):
        wanted = max(wanted, shortest) * WATCHED
    return min(max(wanted, shortest), max(LONGEST, shortest))


def spread(duration: timedelta) -> timedelta:
    """About that long: channels that were looked at together part ways."""
    return duration * random.uniform(0.9, 1.1)  # noqa: S311 (not a secret)


def _is_watched(channel: Channel) -> bool:
    subscription = Subscription.objects.filter(channel=channel, lease_ends_at__gt=Now()).first()
    return subscription is not None and announcements.is_trusted(subscription.hub_id)
