"""The channels themselves, fifty for one unit of quota: subscribers and tier, name, count of videos, and
whether they are still there (faults.md C4).

That YouTube's API leaves a channel out proves nothing. Only when it does so again an hour later, and the
channel's public page says so too, something follows: a terminated channel leaves the programme, a hidden
one waits.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Now

from channels import sync
from channels.models import Channel, Pause, Status
from videos import outside, quota
from videos.discovery.models import FoundBy
from videos.discovery.rhythm import spread
from videos.models import Video
from ypp import membership, refreshing
from ytsynch.clusters.bell import ring
from ytsynch.youtube.errors import ChannelNotFound, ChannelTerminated, QuotaExceeded, YouTubeError

log = structlog.get_logger(__name__)

HOLD = timedelta(minutes=5)
"""For so long a batch is left to the worker that took it."""

ASKED_AGAIN = timedelta(hours=1)
"""When a channel that was left out is asked for again."""

LISTED_EVERY = timedelta(days=1)
"""A channel whose feed is silent is listed so often, even if its count of videos stays the same."""

BY = "youtube"
"""Who does it, in the history."""


def request(channel: Channel) -> None:
    """Have the channel looked at with the next batch."""
    Channel.objects.filter(pk=channel.pk, next_refresh_at__gt=Now()).update(next_refresh_at=Now())


def refresh_due() -> bool:
    """Refresh the next channels that are due. False when none was, or YouTube cannot be asked now."""
    channels = _claim()
    if not channels:
        return False
    try:
        shown = refreshing.refresh(channels, outside.data_api(quota.Purpose.SYNC), by=BY)
    except QuotaExceeded as error:
        quota.note(error)
        _next(channels, quota.until_reset())
        return False
    except YouTubeError as error:
        log.warning("refresh.failed", reason=error.code, text=str(error))
        return False
    for channel in channels:
        if channel.pk in shown:
            _shown(channel)
        else:
            _not_shown(channel)
    return True


@transaction.atomic
def _claim() -> list[Channel]:
    due = Channel.objects.participating().filter(next_refresh_at__lte=Now()).order_by("next_refresh_at")
    channels = list(due.select_for_update(skip_locked=True)[: refreshing.PER_CALL])
    _next(channels, HOLD)
    return channels


def _next(channels: list[Channel], after: timedelta) -> None:
    Channel.objects.filter(pk__in=[channel.pk for channel in channels]).update(
        next_refresh_at=Now() + Value(after)
    )


@transaction.atomic
def _shown(before: Channel) -> None:
    """`before` is the channel as it was: its facts are new already."""
    channel = Channel.objects.select_for_update().get(pk=before.pk)
    values = {}
    if channel.catalogue_complete and _lacks_videos(before, channel):
        log.info("channel.lacks_videos", channel=channel.youtube_id, count=channel.public_videos)
        values = {"needs_listing": True, "next_discovery_at": Now()}
        ring("discovery")
    Channel.objects.filter(pk=channel.pk).update(
        **values,
        missing_since=None,
        refreshed_at=Now(),
        next_refresh_at=Now() + Value(spread(timedelta(seconds=settings.CONFIG.sync.intervals.refresh))),
    )
    if channel.pause == Pause.YOUTUBE_CHANNEL_GONE:
        sync.resume(channel, by=BY)


def _lacks_videos(before: Channel, now: Channel) -> bool:
    """Whether there must be uploads that we have not found, or cannot know without listing them.

    An equal count proves nothing (one added, one deleted: C7); while the feed speaks, it shows that case.
    """
    ours = Video.objects.filter(channel=now, discovered_at__gt=before.refreshed_at, privacy="public")
    if now.public_videos > before.public_videos + ours.exclude(found_by=FoundBy.CATALOGUE).count():
        return True
    return now.feed_silent_since is not None and not _was_listed_lately(now)


def _was_listed_lately(channel: Channel) -> bool:
    lately = Now() - Value(LISTED_EVERY)
    return Channel.objects.filter(pk=channel.pk, listed_at__gt=lately).exists()


# --- A channel that is left out -----------------------------------------------------------------------------


def _not_shown(channel: Channel) -> None:
    is_first = channel.missing_since is None
    Channel.objects.filter(pk=channel.pk).update(
        missing_since=Coalesce("missing_since", Now()),
        next_refresh_at=Now() + Value(spread(ASKED_AGAIN)),
    )
    if is_first:
        log.warning("channel.not_shown", channel=channel.youtube_id)
        return
    said = _what_the_page_says(channel)
    if said is None:
        log.warning("channel.sources_disagree", channel=channel.youtube_id)
    elif _is_our_own_trouble(channel):
        log.warning("channel.not_judged", channel=channel.youtube_id, text=str(said))
    elif isinstance(said, ChannelTerminated):
        _terminated(channel, said)
    elif isinstance(said, ChannelNotFound) and channel.pause not in sync.BY_PEOPLE:
        sync.pause(channel, Pause.YOUTUBE_CHANNEL_GONE, by=BY, detail={"text": str(said)})


def _what_the_page_says(channel: Channel) -> YouTubeError | None:
    """The error of the channel's public page, another source than the API; None where the page is there."""
    try:
        outside.downloader().list_channel(channel.youtube_id, limit=1)
    except YouTubeError as error:
        return error
    return None


def _is_our_own_trouble(accused: Channel) -> bool:
    """Whether a channel that is surely there cannot be seen from here either: blame first, verdict second."""
    neighbour = (
        Channel.objects.participating()
        .filter(missing_since=None)
        .exclude(pk=accused.pk)
        .order_by("-refreshed_at")
        .first()
    )
    return neighbour is not None and _what_the_page_says(neighbour) is not None


def _terminated(channel: Channel, what: ChannelTerminated) -> None:
    """Both sources say so: the channel leaves the programme; a suspended one stays suspended.

    Its owner may sign up again.
    """
    if channel.status == Status.SUSPENDED:
        return
    with transaction.atomic():
        sync.record(channel, "terminated_on_youtube", by=BY, detail={"text": str(what)})
        membership.opt_out(channel, by=BY)
