"""What hubs announce: noted cheaply, looked up at YouTube before anything comes of it, and measured
(mission H10).

A hub is judged by the uploads of channels that it had promised to watch: announced, or found by a look of our
own alone. A notice that arrives within an hour of our look still counts as announced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Greatest, Now

from channels.models import Channel
from videos.discovery.models import Announcement, FoundBy, Hub, HubDay, Subscription
from videos.models import Video
from videos.states import State
from ytsynch.clusters.bell import ring
from ytsynch.youtube.errors import VideoPrivate, VideoUnlisted
from ytsynch.youtube.push import Notice

log = structlog.get_logger(__name__)

GRACE = timedelta(hours=1)
"""How much later than our own look a notice may come and still be worth something."""

VALID = timedelta(hours=1)
"""For so long YouTube is asked about a video that it does not show yet."""

KEPT = timedelta(days=7)
"""A notice that comes again after that leads to one look, as a new one does."""

QUIET = timedelta(seconds=30)
"""However many notices come, a channel is looked at no more often."""

_HIDDEN = (VideoPrivate.code, VideoUnlisted.code)


@transaction.atomic
def note(subscription: Subscription, notice: Notice) -> bool:
    """Take a notice whose signature was right.

    True when it says something new: then the channel is looked at soon.
    """
    channel = subscription.channel
    seen = set(
        Announcement.objects.filter(
            channel=channel, youtube_id__in=[each.video_id for each in notice.announced]
        ).values_list("youtube_id", "updated_at")
    )
    news = [each for each in notice.announced if (each.video_id, each.updated_at) not in seen]
    if notice.deleted:
        log.info("push.deletion", channel=channel.youtube_id, videos=list(notice.deleted))
    _look_again([*notice.deleted, *(each.video_id for each in news)])
    if not news:
        return False
    ids = {each.video_id for each in news}
    known = _known(ids)
    Announcement.objects.bulk_create(
        [
            Announcement(
                channel=channel,
                youtube_id=each.video_id,
                updated_at=each.updated_at,
                settled_at=None if each.video_id not in known else datetime.now(UTC),
            )
            for each in news
        ],
        ignore_conflicts=True,
    )
    Subscription.objects.filter(pk=subscription.pk).update(last_notice_at=Now())
    _late(subscription, known)
    if ids <= known:
        return False
    Channel.objects.filter(pk=channel.pk).update(
        next_discovery_at=Greatest(Now(), F("looked_at") + Value(QUIET))
    )
    ring("discovery")
    log.info("push.announced", channel=channel.youtube_id, videos=sorted(ids - known))
    return True


def _look_again(ids: list[str]) -> None:
    """Videos that are published and were edited or deleted, as the notice says: YouTube is asked soon."""
    rows = Video.objects.filter(youtube_id__in=ids, state=State.PUBLISHED, next_look_at__gt=Now())
    rows.update(next_look_at=Now())


def _known(ids: set[str]) -> set[str]:
    """Those of the videos that a look could tell nothing new about."""
    rows = Video.objects.filter(youtube_id__in=ids)
    return set(rows.exclude(state=State.SKIPPED, reason__in=_HIDDEN).values_list("youtube_id", flat=True))


def unverified(channel: Channel) -> list[str]:
    """Videos that were announced and that YouTube was not asked about yet."""
    return list(Announcement.objects.open(channel).values_list("youtube_id", flat=True).distinct()[:50])


def settle(channel: Channel, ids: Iterable[str]) -> None:
    """YouTube showed these videos: they need no further look."""
    Announcement.objects.open(channel).filter(youtube_id__in=list(ids)).update(settled_at=Now())


def give_up_outdated(channel: Channel) -> None:
    """What YouTube does not show within an hour of its announcement is no longer asked about."""
    Announcement.objects.open(channel).outdated(VALID).update(settled_at=Now())


def prune() -> int:
    """Forget old announcements; returns how many."""
    old = Announcement.objects.outdated(KEPT).values("pk")[:5000]
    return Announcement.objects.filter(pk__in=old).delete()[0]


# --- How well a hub does ----------------------------------------------------------------------------------


def announced_of(channel: Channel, ids: Iterable[str]) -> set[str]:
    """Those of the videos that a hub told us of."""
    rows = Announcement.objects.filter(channel=channel, youtube_id__in=list(ids))
    return set(rows.values_list("youtube_id", flat=True))


def measure(channel: Channel, uploads: Iterable[Video]) -> None:
    """Count new uploads of a channel for or against the hub that was to announce them."""
    subscription = Subscription.objects.live().filter(channel=channel).first()
    if subscription is None or subscription.live_since is None:
        return
    promised = [video for video in uploads if video.published_at > subscription.live_since]
    told = sum(video.found_by == FoundBy.PUSH for video in promised)
    _count(subscription.hub_id, announced=told, missed=len(promised) - told)


def _late(subscription: Subscription, ids: set[str]) -> None:
    """Videos that we found ourselves a moment before: their notice was on its way."""
    corrected = Video.objects.filter(
        youtube_id__in=ids,
        found_by__in=(FoundBy.FEED, FoundBy.LISTING),
        discovered_at__gt=Now() - Value(GRACE),
        published_at__gt=subscription.live_since or datetime.now(UTC),
    ).update(found_by=FoundBy.PUSH)
    _count(subscription.hub_id, announced=corrected, missed=-corrected)


def _count(hub_id: int, *, announced: int, missed: int) -> None:
    if not announced and not missed:
        return
    day = datetime.now(UTC).date()
    HubDay.objects.bulk_create([HubDay(hub_id=hub_id, day=day)], ignore_conflicts=True)
    HubDay.objects.filter(hub_id=hub_id, day=day).update(
        announced=F("announced") + announced, missed=Greatest(F("missed") + missed, 0)
    )


@dataclass(frozen=True)
class HubRecord:
    """A hub's record over some days. `miss_rate` is None while nothing was to be announced."""

    address: str
    announced: int
    missed: int
    failing_since: datetime | None

    @property
    def promised(self) -> int:
        """Uploads that it was to announce."""
        return self.announced + self.missed

    @property
    def miss_rate(self) -> float | None:
        return self.missed / self.promised if self.promised else None

    @property
    def missed_percent(self) -> float:
        return 100 * (self.miss_rate or 0.0)

    @property
    def is_bad(self) -> bool:
        """Whether it misses too much, as far as that can be told."""
        return self.promised >= ENOUGH and (self.miss_rate or 0) > TOLERABLE


ENOUGH = 20
"""Uploads from which on a miss rate says something."""

TOLERABLE = 0.1


def is_trusted(hub_id: int) -> bool:
    """Whether channels may be looked at less often since the hub watches them: it is up and misses little."""
    hub = Hub.objects.get(pk=hub_id)
    record = _record(hub, since=datetime.now(UTC).date() - timedelta(days=7))
    return hub.failing_since is None and not record.is_bad


def records(days: int = 7) -> list[HubRecord]:
    """Every hub's record of the last days, for the dashboard."""
    since = datetime.now(UTC).date() - timedelta(days=days)
    return [_record(hub, since=since) for hub in Hub.objects.order_by("address")]


def _record(hub: Hub, *, since: date) -> HubRecord:
    sums = hub.days.filter(day__gte=since).aggregate(announced=Sum("announced"), missed=Sum("missed"))
    return HubRecord(hub.address, sums["announced"] or 0, sums["missed"] or 0, hub.failing_since)
