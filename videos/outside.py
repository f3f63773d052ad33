"""The clients of the outside, made from the configuration. One of each a process: connecting to the chain
alone takes seconds.
"""

import threading
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from channels.models import App, Lane
from videos import quota
from ytsynch.joystream.attribution import AppSigner
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.keys import Signer
from ytsynch.joystream.node import Node
from ytsynch.joystream.query_node import QueryNode
from ytsynch.joystream.storage_node import StorageNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.downloader import Downloader, Limits
from ytsynch.youtube.feeds import Feeds
from ytsynch.youtube.push import Hub
from ytsynch.youtube.sign_in import GoogleEndpoints, GoogleSignIn, Grant

MEGABYTE = 10**6


class WrongAppKey(JoystreamError):
    """The app's seed in the configuration is not that of its key on Joystream."""

    code = "wrong_app_key"


class UnknownLane(JoystreamError):
    """The configuration holds no key for the lane's member."""

    code = "unknown_lane"


node_in_use = threading.Lock()
"""Held by whichever thread of the web asks `node()`: all of them share its one connection."""


@cache
def node() -> Node:
    return Node(settings.CONFIG.endpoints.joystream_node_ws)


@cache
def query_node() -> QueryNode:
    endpoints = settings.CONFIG.endpoints
    return QueryNode(endpoints.query_node)


@cache
def storage_node(endpoint: str) -> StorageNode:
    return StorageNode(endpoint)


@dataclass(frozen=True)
class AttributingApp:
    """A gateway app as the query node checks it: its id there, and the key that signs for it."""

    joystream_id: str
    signer: AppSigner


@cache
def attributing_app(app_id: int) -> AttributingApp:
    """Raises `WrongAppKey` when the query node has no such app or another key: a video signed so would lose
    its attribution.
    """
    app = App.objects.get(pk=app_id)
    signer = AppSigner(app.account_seed)
    known = query_node().app(app.name)
    if known is None or known.auth_key != "0x" + signer.public_key.hex():
        raise WrongAppKey(f"the query node does not know the app {app.name!r} with the key of our seed")
    return AttributingApp(known.id, signer)


@cache
def lane_signer(lane_id: int) -> Signer:
    lane = Lane.objects.get(pk=lane_id)
    collaborator = settings.CONFIG.joystream.channel_collaborator
    if collaborator.member_id != lane.member_id:
        raise UnknownLane(f"joystream.channelCollaborator has no key for member {lane.member_id}")
    signers = [Signer.from_account(**account.arguments()) for account in collaborator.account]
    for signer in signers:
        if signer.address == lane.address:
            return signer
    raise UnknownLane(f"joystream.channelCollaborator.account has no key for {lane.address}")


def data_api(purpose: quota.Purpose, grant: Grant | None = None) -> DataApi:
    """The Data API with the creator's permission, or without one with our key; each call is reserved from the
    day's quota.
    """
    config = settings.CONFIG
    key = config.youtube.api_key
    return DataApi(
        endpoint=config.endpoints.youtube_api,
        api_key=key.get_secret_value() if key and grant is None else None,
        credentials=grant,
        before_call=quota.reserving(purpose),
    )


def google() -> GoogleSignIn:
    youtube, endpoints = settings.CONFIG.youtube, settings.CONFIG.endpoints.google
    return GoogleSignIn(
        youtube.client_id or "",
        youtube.client_secret.get_secret_value() if youtube.client_secret else "",
        endpoints=GoogleEndpoints(
            token=endpoints.token, revoke=endpoints.revoke, userinfo=endpoints.userinfo
        ),
    )


def feeds() -> Feeds:
    return _feeds_at(settings.CONFIG.endpoints.youtube_feeds)


@cache
def _feeds_at(address: str) -> Feeds:
    return Feeds(address)


def hub(address: str) -> Hub:
    """The WebSub hub that a subscription belongs to, which may be another than the configured one."""
    return Hub(address)


def downloader(proxy: str | None = None) -> Downloader:
    """Fetches through `proxy`, or through the first one of the configuration where none is named."""
    youtube = settings.CONFIG.youtube
    return Downloader(
        proxy=proxy or (youtube.proxies[0] if youtube.proxies else None),
        ca_file=str(youtube.ca_file) if youtube.ca_file else None,
        socket_timeout=youtube.socket_timeout,
        player_clients=youtube.player_clients,
    )


def download_limits() -> Limits:
    limits = settings.CONFIG.sync.limits
    rate = settings.CONFIG.youtube.rate_limit_kbps
    return Limits(
        max_bytes=limits.max_video_size_mb * MEGABYTE,
        max_seconds=limits.max_video_duration,
        deadline_seconds=limits.pending_download_timeout_sec,
        rate_limit=rate * 1024 if rate else None,
        recordings=limits.recordings,
    )
