"""The clients that pages ask while somebody waits. One query node a request, so that no two threads share a
connection.
"""

from django.conf import settings
from django.core.cache import cache

from channels.errors import Closed
from videos import outside, quota
from ytsynch.joystream.query_node import QnCategory, QueryNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.feeds import Feeds
from ytsynch.youtube.sign_in import GoogleSignIn, Grant

PATIENCE = 15.0
"""Seconds that a page waits for an outside service."""

CATEGORIES_KEPT = 300
"""Seconds for which Joystream's categories are not asked for again."""


def google() -> GoogleSignIn:
    """Raises `Closed` while the operator has not set it up."""
    youtube = settings.CONFIG.youtube
    if youtube.client_id is None or youtube.client_secret is None:
        raise Closed("Sign-ups are closed: the service's operator has not set up Google's sign-in yet.")
    return outside.google()


def data_api(grant: Grant) -> DataApi:
    """On the share of the quota that sign-ups have."""
    return outside.data_api(quota.Purpose.SIGN_UP, grant)


def query_node() -> QueryNode:
    return QueryNode(settings.CONFIG.endpoints.query_node, timeout=PATIENCE)


def feeds() -> Feeds:
    return Feeds(settings.CONFIG.endpoints.youtube_feeds, timeout=PATIENCE)


def categories() -> list[QnCategory]:
    """Joystream's video categories by name. Raises `QueryNodeUnavailable` while they are not known."""
    known: list[QnCategory] | None = cache.get("joystream-categories")
    if known is None:
        known = sorted(query_node().categories(), key=lambda category: category.name or "")
        cache.set("joystream-categories", known, CATEGORIES_KEPT)
    return known


def may_publish(joystream_channel_id: int, member_id: int) -> bool:
    """Whether the member may add videos to the channel. Raises `NodeUnavailable`."""
    with outside.node_in_use:
        channel = outside.node().channel(joystream_channel_id)
    return channel is not None and channel.allows(member_id, "AddVideo")
