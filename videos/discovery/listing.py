"""All uploads of a channel, newest first, page by page, until a page brings nothing new (the first time: to
the end).

Known and unknown are compared by their ids, never by a date or a count: a listing need not be in order, and
one video added and one deleted leave the count as it was (faults.md C7).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import structlog

from channels import grants
from channels.models import Channel
from videos import outside, quota
from videos.discovery.entering import Page, hold, unknown
from videos.discovery.models import FoundBy
from ytsynch.youtube.data_api import PAGE
from ytsynch.youtube.errors import PlaylistNotFound, YouTubeError
from ytsynch.youtube.listing import TABS, ChannelEntry
from ytsynch.youtube.sign_in import Grant

log = structlog.get_logger(__name__)

A_TAB = timedelta(minutes=15)
"""For so long a worker may read one tab of a channel's page: ten thousand videos take a few minutes."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def pages(channel: Channel) -> Iterator[Page]:
    """What is new: by the Data API, or from the public pages of a channel whose owner has not signed in."""
    return _of_pages(channel) if channel.added_by_staff else _of_api(channel)


def _of_pages(channel: Channel) -> Iterator[Page]:
    """All tabs of the channel's page together, newest first. No quota: descriptions follow as it allows."""
    entries: dict[str, ChannelEntry] = {}
    for tab in TABS:
        hold(channel, A_TAB)
        entries |= {entry.id: entry for entry in outside.downloader().list_channel(channel.youtube_id, tab)}
    newest = sorted(entries.values(), key=lambda entry: entry.published_at or LONG_AGO, reverse=True)
    new = unknown([entry.id for entry in newest])
    for start in range(0, len(new), PAGE):
        yield Page(_found_by(channel), {id: entries[id] for id in new[start : start + PAGE]})


def _of_api(channel: Channel) -> Iterator[Page]:
    """What is new, with what the Data API shows of it.

    Each page costs 1 unit, and 1 more if something is new.
    """
    api = outside.data_api(quota.Purpose.SYNC, _grant(channel))
    token: str | None = None
    while True:
        try:
            listed = api.uploads_page(channel.uploads_playlist_id, token)
        except PlaylistNotFound:
            # a channel without uploads has no playlist; that is no reason to think anything was deleted
            log.info("channel.no_uploads", channel=channel.youtube_id)
            return
        new = unknown(listed.video_ids)
        if new:
            shown = api.videos(new)
            yield Page(_found_by(channel), {id: shown.get(id) for id in new})
        token = listed.next_page_token
        if token is None or (not new and channel.catalogue_complete):
            return


def _found_by(channel: Channel) -> FoundBy:
    return FoundBy.LISTING if channel.catalogue_complete else FoundBy.CATALOGUE


def _grant(channel: Channel) -> Grant | None:
    """The creator's permission: with it the listing also has what is not public, each with its reason.

    Without it the public part is read.
    """
    if channel.creator is None:
        return None
    try:
        return grants.usable(channel.creator, outside.google())
    except YouTubeError as error:
        log.warning("discovery.without_grant", channel=channel.youtube_id, text=str(error))
        return None
