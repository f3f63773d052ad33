"""Cooperation between gateways: has another one brought this YouTube channel over already (mission A7)?

A sign-up asks the query node for the channel's newest videos, over all apps. Those on the Joystream channel
that joins are welcome: they are adopted when their turn comes. Those elsewhere may be a mistake, or a theft:
staff are shown them before they verify the channel. That nothing was found proves nothing, so nobody is
turned away for it.
"""

from collections import Counter

import structlog

from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.errors import YouTubeError
from ytsynch.youtube.feeds import Feeds

log = structlog.get_logger(__name__)

Places = dict[str, int]
"""`Joystream channel 7, app gleev` → how many of the channel's newest videos are there."""


def found_elsewhere(
    youtube_id: str, joystream_channel_id: int, *, feeds: Feeds, query_node: QueryNode
) -> Places:
    """Where else the YouTube channel's newest videos are on Joystream.

    Costs no quota. Raises `QueryNodeUnavailable`.
    """
    try:
        newest = [entry.id for entry in feeds.newest(youtube_id)]
    except YouTubeError as error:
        # each video is looked for once more before it is created
        log.info("cooperation.not_looked_for", channel=youtube_id, reason=error.code)
        return {}
    places: Counter[str] = Counter()
    for videos in query_node.videos_by_youtube_id(newest).values():
        for video in videos:
            if video.channel_id != joystream_channel_id:
                places[f"Joystream channel {video.channel_id}, app {video.app_name or 'unknown'}"] += 1
    return dict(places)
