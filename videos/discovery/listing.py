"""All uploads of a channel, newest first, page by page, until a page brings nothing new (the first time: to
the end).

Known and unknown are compared by their ids, never by a date or a count: a listing need not be in order, and
one video added and one deleted leave the count as it was (faults.md C7).
"""

from collections.abc import Iterator

import structlog

from channels import grants
from channels.models import Channel
from videos import outside, quota
from videos.discovery.entering import Page, unknown
from videos.discovery.models import FoundBy
from ytsynch.youtube.errors import PlaylistNotFound, YouTubeError
from ytsynch.youtube.sign_in import Grant

log = structlog.get_logger(__name__)


def pages(channel: Channel) -> Iterator[Page]:
    """What is new, with what the Data API shows of it.

    Each page costs 1 unit, and 1 more if something is new.
    """
    api = outside.data_api(quota.Purpose.SYNC, _grant(channel))
    found_by = FoundBy.LISTING if channel.catalogue_complete else FoundBy.CATALOGUE
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
            yield Page(found_by, {id: shown.get(id) for id in new})
        token = listed.next_page_token
        if token is None or (not new and channel.catalogue_complete):
            return


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
