"""The clients that requests need, made from the configuration: one of each a request, so that no two threads
share a connection.
"""

from django.conf import settings

from channels.errors import Closed
from videos import outside, quota
from ytsynch.joystream.faucet import Faucet
from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.sign_in import GoogleEndpoints, GoogleSignIn, Grant

PATIENCE = 15.0
"""Seconds that a request waits for an outside service: whoever waits is a person."""


def google() -> GoogleSignIn:
    config = settings.CONFIG
    if config.youtube.client_id is None or config.youtube.client_secret is None:
        raise Closed("Sign-ups are closed: the service's operator has not set up Google's sign-in yet.")
    endpoints = config.endpoints.google
    return GoogleSignIn(
        config.youtube.client_id,
        config.youtube.client_secret.get_secret_value(),
        endpoints=GoogleEndpoints(
            token=endpoints.token, revoke=endpoints.revoke, userinfo=endpoints.userinfo
        ),
        timeout=PATIENCE,
    )


def data_api(grant: Grant) -> DataApi:
    """The Data API with a creator's own permission, on the share of the quota that sign-ups have."""
    return DataApi(
        endpoint=settings.CONFIG.endpoints.youtube_api,
        credentials=grant,
        timeout=PATIENCE,
        before_call=quota.reserving(quota.Purpose.SIGN_UP),
    )


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
