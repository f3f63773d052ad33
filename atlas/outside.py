"""The clients that requests need, made from the configuration: one of each a request, so that no two threads
share a connection.
"""

from django.conf import settings

from channels.errors import Closed
from videos import outside, quota
from ytsynch.joystream.faucet import Faucet
from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.feeds import Feeds
from ytsynch.youtube.sign_in import GoogleSignIn, Grant

PATIENCE = 15.0
"""Seconds that a request waits for an outside service: whoever waits is a person."""


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
    """It answers when the membership is in a block, so it is given more time."""
    config = settings.CONFIG.joystream.faucet
    if config.endpoint is None or config.captcha_bypass_key is None:
        raise Closed("Memberships cannot be made: the service's operator has not set up the faucet yet.")
    return Faucet(config.endpoint, config.captcha_bypass_key.get_secret_value(), timeout=50.0)


def balance(address: str) -> int:
    """What the account can spend, in HAPI.

    Raises `NodeUnavailable`. One connection for all threads: making one takes seconds.
    """
    with outside.node_in_use:
        return outside.node().balance(address)
