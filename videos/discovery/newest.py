"""A channel's newest uploads by its feed, and whatever a hub announced that the feed does not show yet.

No quota but for the latter.
"""

from collections.abc import Iterator

import structlog
from django.db.models.functions import Now

from channels.models import Channel
from videos import outside, quota
from videos.discovery import announcements, refresh
from videos.discovery.entering import Page, unknown
from videos.discovery.models import FoundBy
from ytsynch.youtube.errors import ApiUnavailable, FeedSilent, NetworkTrouble, QuotaExceeded
from ytsynch.youtube.feeds import LENGTH, Entry

log = structlog.get_logger(__name__)


def pages(channel: Channel) -> Iterator[Page]:
    """What is new, page by page. Sets `channel.needs_listing` where the feed shows that there is more.

    A feed that says nothing proves nothing: the channel's count of videos is asked for instead (faults.md
    C8).
    """
    mine = Channel.objects.filter(pk=channel.pk)
    try:
        entries = outside.feeds().newest(channel.youtube_id)
    except (FeedSilent, NetworkTrouble) as error:
        log.info("discovery.feed_silent", channel=channel.youtube_id, text=str(error))
        _note_silence(channel)
    else:
        mine.exclude(feed_silent_since=None).update(feed_silent_since=None)
        yield from _new(channel, entries)
    yield from _announced(channel)


def _note_silence(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk, feed_silent_since=None).update(feed_silent_since=Now())
    refresh.request(channel)


def _new(channel: Channel, entries: tuple[Entry, ...]) -> Iterator[Page]:
    new = unknown([entry.id for entry in entries])
    if len(new) == len(entries) >= LENGTH:
        channel.needs_listing = True  # not one of them is known: there may be more behind them (C7)
    if new:
        shown = {entry.id: entry for entry in entries}
        yield Page(FoundBy.FEED, {id: shown[id] for id in new})


def _announced(channel: Channel) -> Iterator[Page]:
    """Announced videos that the feed does not show: the Data API is asked whether they are there, and whose
    they are.
    """
    wanted = announcements.unverified(channel)
    missing = unknown(wanted)
    announcements.settle(channel, set(wanted) - set(missing))
    if not missing:
        return
    try:
        shown = outside.data_api(quota.Purpose.SYNC).videos(missing)
    except (QuotaExceeded, ApiUnavailable) as error:
        log.info("discovery.not_verified", channel=channel.youtube_id, videos=missing, text=str(error))
        return
    mine = {id: facts for id, facts in shown.items() if facts.channel_id == channel.youtube_id}
    foreign = set(shown) - set(mine)
    announcements.settle(channel, foreign)
    if foreign:
        log.warning("push.foreign_videos", channel=channel.youtube_id, videos=sorted(foreign))
    if mine:
        yield Page(FoundBy.PUSH, dict(mine))
