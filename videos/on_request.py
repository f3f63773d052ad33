"""The clients of the outside for whoever waits for an answer: our pages, the API, the admin. They are made from
the configuration, one of each a request, so that no two threads share a connection.

The pipeline's own, one of each a process, are in `videos.outside`.
"""

from django.conf import settings
from django.core.cache import cache

from channels.errors import Closed
from channels.models import App
from videos import outside, quota
from ytsynch.joystream.faucet import Faucet
from ytsynch.joystream.query_node import QnCategory, QueryNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.feeds import Feeds
from ytsynch.youtube.sign_in import GoogleSignIn, Grant

PATIENCE = 15.0
"""Seconds that a request waits for an outside service: whoever waits is a person."""

FAUCET_PATIENCE = 50.0
"""The faucet answers when the membership is in a block."""

CATEGORIES_KEPT = 300
"""Seconds for which Joystream's categories are not asked for again."""


def google() -> GoogleSignIn:
    """Raises `Closed` while the operator has not set it up."""
    youtube = settings.CONFIG.youtube
    if youtube.client_id is None or youtube.client_secret is None:
        raise Closed("Sign-ups are closed: the service's operator has not set up Google's sign-in yet.")
    return outside.google()


def data_api(grant: Grant) -> DataApi:
    """The Data API with a creator's own permission, on the share of the quota that sign-ups have."""
    return outside.data_api(quota.Purpose.SIGN_UP, grant)


def feeds() -> Feeds:
    return Feeds(settings.CONFIG.endpoints.youtube_feeds, timeout=PATIENCE)


def query_node() -> QueryNode:
    return QueryNode(settings.CONFIG.endpoints.query_node, timeout=PATIENCE)


def faucet() -> Faucet:
    """Raises `Closed` while the operator has not set it up."""
    config = settings.CONFIG.joystream.faucet
    if config.endpoint is None or config.captcha_bypass_key is None:
        raise Closed("Memberships cannot be made: the service's operator has not set up the faucet yet.")
    return Faucet(config.endpoint, config.captcha_bypass_key.get_secret_value(), timeout=FAUCET_PATIENCE)


def categories(app: App | None = None) -> list[QnCategory]:
    """Joystream's video categories by name; only those that the app takes, where one is given.

    Raises `QueryNodeUnavailable` while they are not known.
    """
    known: list[QnCategory] | None = cache.get("joystream-categories")
    if known is None:
        known = sorted(query_node().categories(), key=lambda category: category.name or "")
        cache.set("joystream-categories", known, CATEGORIES_KEPT)
    return [category for category in known if app is None or app.allows(category.id)]


def balance(address: str) -> int:
    """What the account can spend, in HAPI.

    Raises `NodeUnavailable`. One connection for all threads: making one takes seconds.
    """
    with outside.node_in_use:
        return outside.node().balance(address)


def may_publish(joystream_channel_id: int, member_id: int) -> bool:
    """Whether the member may add videos to the channel. Raises `NodeUnavailable`."""
    with outside.node_in_use:
        channel = outside.node().channel(joystream_channel_id)
    return channel is not None and channel.allows(member_id, "AddVideo")
