"""Signing up, in two steps, as Atlas and our own pages do it.

1. `sign_in`: Google's code shows who the creator is and which YouTube channel is theirs; the channel is
   measured against the requirements. The code is kept, hashed, as the proof of the steps that follow.
2. `join`: the creator names the Joystream channel. From here on the channel takes part, and its back
   catalogue is looked for at once.

The outside is asked before the transaction begins, never in it. Two creators at the same instant are told
apart by the database's constraints.
"""

import hmac
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from channels import creators, grants, switches, sync
from channels.errors import (
    AlreadyRegistered,
    ChannelSuspended,
    Closed,
    NotFound,
    NoYouTubeChannel,
    Refused,
    WrongProof,
)
from channels.models import App, Channel, Creator, Status, Switch
from ypp import cooperation, membership, requirements, second_chance
from ypp.models import Requirement
from ypp.requirements import Check, MayPublish
from ytsynch.clusters.bell import ring
from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.data_api import DataApi, YouTubeChannel
from ytsynch.youtube.feeds import Feeds
from ytsynch.youtube.sign_in import GoogleSignIn, Grant


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and the YouTube channel that is theirs."""

    creator: Creator
    channel: Channel


@dataclass(frozen=True)
class Joining:
    """What a creator asks for. `category_id` is Joystream's; empty where nothing is to be synced yet.
    `language` is that of the videos (ISO 639-1) if it is another than YouTube says.
    """

    email: str
    joystream_channel_id: int
    wants_sync: bool
    category_id: str = ""
    referrer_channel_id: int | None = None
    language: str = ""


def sign_in(
    code: str,
    redirect_uri: str,
    *,
    app: App,
    google: GoogleSignIn,
    data_api: Callable[[Grant], DataApi],
) -> SignedIn:
    """Find out whose YouTube channel it is and whether it may join; remember the creator and the channel. One
    that does not meet the requirements yet is remembered too, and measured again by itself (mission H5).

    Raises `Closed`, `NoYouTubeChannel`, `AlreadyRegistered`, `ChannelSuspended`, `RequirementsUnmet`, and
    what `GoogleSignIn.exchange_code` and `DataApi` raise.
    """
    rule = Requirement.objects.of_app(app)
    require_open(rule)
    grant = google.exchange_code(code, redirect_uri)
    with closing(data_api(grant)) as api:
        found = own_channel(api)
        require_free(found.id)
        checks = asked_of(found, rule, api)
    if not all(check.is_met for check in checks):
        second_chance.keep(creators.welcome(grant), found, checks, app)
        requirements.require(checks)
    second_chance.forget(found.id)
    return remember(grant, code, found, app)


def own_channel(api: DataApi) -> YouTubeChannel:
    """The YouTube channel of whoever gave the permission. Raises `NoYouTubeChannel`."""
    found = api.own_channel()
    if found is None:
        raise NoYouTubeChannel("This Google account has no YouTube channel.")
    return found


def asked_of(found: YouTubeChannel, rule: Requirement, api: DataApi) -> list[Check]:
    """What is asked of a channel that wants to join; nothing of one that staff have added already."""
    if waiting_for_its_owner(found.id) is not None:
        return []
    return requirements.checks_of(found, rule, api)


def join(
    user_id: str,
    code: str,
    wish: Joining,
    *,
    app: App,
    query_node: QueryNode,
    feeds: Feeds,
    may_publish: MayPublish,
    leaving: Callable[[Channel], None],
) -> Channel:
    """Connect the channel of the creator's last sign-in with a Joystream channel, and have it synced.

    The code is used up. Where else the channel's videos are on Joystream goes into its history. `leaving` is
    called with the locked channel when it was connected with another Joystream channel before, and raises
    `Refused` while it cannot leave that one.

    Raises `NotFound` for an unknown creator, `WrongProof`, `Closed`, `Refused`, `AlreadyRegistered`,
    `RequirementsUnmet`, `QueryNodeUnavailable`, `NodeUnavailable`.
    """
    rule = Requirement.objects.of_app(app)
    require_open(rule)
    creator = prove(user_id, code)
    _check(wish, rule, app, query_node, may_publish)
    elsewhere: cooperation.Places = {}
    if creator.signed_in_channel is not None:
        elsewhere = cooperation.found_elsewhere(
            creator.signed_in_channel.youtube_id,
            wish.joystream_channel_id,
            feeds=feeds,
            query_node=query_node,
        )
    try:
        return _connect(creator, code, wish, app=app, elsewhere=elsewhere, leaving=leaving)
    except IntegrityError:
        holder = (
            Channel.objects.participating().filter(joystream_channel_id=wish.joystream_channel_id).first()
        )
        if holder is None:
            raise
        raise AlreadyRegistered(wish.joystream_channel_id) from None


def prove(user_id: str, code: str) -> Creator:
    """The creator, if the code is the one of their last sign-in.

    Raises `NotFound`, `WrongProof`, `AlreadyRegistered`.
    """
    creator = Creator.objects.select_related("signed_in_channel").filter(subject=user_id).first()
    if creator is None:
        raise NotFound(f"User {user_id} not found.")
    _require_proof(creator, code)
    return creator


def require_open(rule: Requirement) -> None:
    """Raises `Closed` while nobody new is taken in."""
    if not rule.sign_ups_open or switches.is_off(Switch.SIGN_UPS):
        raise Closed("New sign-ups are disabled at the moment.")


def _require_proof(creator: Creator, code: str) -> None:
    """A code that was used up by the sign-up it proved is answered with what became of it."""
    channel = creator.signed_in_channel
    is_right = hmac.compare_digest(creator.code_hash, _hash(code))
    if not is_right and not creator.code_hash and channel and channel.joystream_channel_id:
        require_free(channel.youtube_id)
    if not is_right:
        raise WrongProof


def require_free(youtube_id: str) -> None:
    """Raises when the YouTube channel takes part already, or must not."""
    known = Channel.objects.registered().filter(youtube_id=youtube_id).first()
    if known is None or known.status == Status.OPTED_OUT:
        return
    if known.status == Status.SUSPENDED:
        raise ChannelSuspended(known.joystream_channel_id)
    if not known.waits_for_its_owner:
        raise AlreadyRegistered(known.joystream_channel_id)


def waiting_for_its_owner(youtube_id: str) -> Channel | None:
    """The channel, if staff added it and its owner has not signed up yet (mission C14)."""
    known = Channel.objects.participating().filter(youtube_id=youtube_id).first()
    return known if known is not None and known.waits_for_its_owner else None


@transaction.atomic
def remember(grant: Grant, code: str, found: YouTubeChannel, app: App) -> SignedIn:
    """Store the creator with the grant and the proof, and the channel as YouTube shows it."""
    Creator.objects.bulk_create([Creator(subject=grant.subject, email=grant.email)], ignore_conflicts=True)
    creator = Creator.objects.select_for_update().get(subject=grant.subject)
    channel, _ = Channel.objects.update_or_create(
        youtube_id=found.id, defaults=facts(found), create_defaults={**facts(found), "app": app}
    )
    creator.email = grant.email
    creator.grant = grants.to_json(grant, kept=creator.grant)
    creator.grant_revoked_at = None
    creator.code_hash = _hash(code)
    creator.signed_in_channel = channel
    creator.save()
    return SignedIn(creator, channel)


def facts(found: YouTubeChannel) -> dict[str, object]:
    """The fields of a channel that YouTube fills."""
    return {
        "handle": found.handle,
        "title": found.title,
        "description": found.description,
        "language": found.default_language,
        "country": found.country,
        "thumbnails": found.thumbnails,
        "banner_url": found.banner_url,
        "uploads_playlist_id": found.uploads_playlist_id,
        "published_at": found.published_at,
        # a number that is hidden stays as it was last known
        **({} if found.subscribers is None else {"subscribers": found.subscribers}),
        "subscribers_hidden": found.subscribers is None,
        "public_videos": found.videos,
        "views": found.views,
    }


def _check(
    wish: Joining, rule: Requirement, app: App, query_node: QueryNode, may_publish: MayPublish
) -> None:
    """What can be said of the wish without knowing who asks."""
    if wish.referrer_channel_id == wish.joystream_channel_id:
        raise Refused("A channel cannot be its own referrer.")
    if wish.wants_sync and not wish.category_id:
        raise Refused("A video category is needed to sync videos.")
    joystream_channel = query_node.channel(wish.joystream_channel_id)
    if joystream_channel is None:
        raise Refused(f"Joystream channel {wish.joystream_channel_id} does not exist.")
    if wish.category_id:
        require_category(wish.category_id, query_node, app=app)
    requirements.require(
        requirements.evaluate_joystream_channel(rule, joystream_channel, app=app, may_publish=may_publish)
    )


def require_category(category_id: str, query_node: QueryNode, *, app: App | None = None) -> None:
    """Raises `Refused` when Joystream has no such video category, or the app does not take it from its
    creators; operators, for whom no app is given, may choose any.
    """
    if app is not None and not app.allows(category_id):
        raise Refused(f"Video category {category_id} is not among those that {app} takes.")
    if query_node.category(category_id) is None:
        raise Refused(f"Video category {category_id} does not exist.")


@transaction.atomic
def _connect(
    creator: Creator,
    code: str,
    wish: Joining,
    *,
    app: App,
    elsewhere: cooperation.Places,
    leaving: Callable[[Channel], None],
) -> Channel:
    creator = Creator.objects.select_for_update().get(pk=creator.pk)
    if creator.signed_in_channel_id is None:
        raise WrongProof
    channel = Channel.objects.select_for_update().get(pk=creator.signed_in_channel_id)
    require_free(channel.youtube_id)
    _require_proof(creator, code)
    if channel.joystream_channel_id not in (None, wish.joystream_channel_id):
        leaving(channel)
    comes_back = channel.status == Status.OPTED_OUT
    if comes_back:
        membership.restore_status(channel)
    else:
        _enter(channel, app)
    channel.creator = creator
    channel.joystream_channel_id = wish.joystream_channel_id
    channel.email = channel.email or wish.email
    channel.referrer_channel_id = _referrer(channel, wish)
    channel.category_id = wish.category_id or channel.category_id
    channel.language = wish.language or channel.language
    channel.wants_sync = wish.wants_sync
    channel.next_discovery_at = Now()
    channel.save()
    creator.code_hash = ""
    creator.save(update_fields=["code_hash"])
    by = f"creator {creator.subject}"
    event = "came_back" if comes_back else "signed_up"
    sync.record(
        channel, event, by=by, detail={"joystream_channel": wish.joystream_channel_id, "app": app.name}
    )
    if elsewhere:
        sync.record(channel, "found_elsewhere", by=by, detail=elsewhere)
    sync.follow_decisions(channel, by=by)
    ring("discovery")
    channel.refresh_from_db()
    return channel


def _enter(channel: Channel, app: App) -> None:
    """A channel is new in the programme, also where staff have added it before: then it keeps its videos, and
    its whole catalogue is listed with its owner's permission.
    """
    channel.created_at = Now()
    channel.app = app
    if channel.added_by_staff:
        channel.added_by_staff, channel.catalogue_limit, channel.catalogue_complete = False, None, False


def _referrer(channel: Channel, wish: Joining) -> int | None:
    """Who referred the channel first stays its referrer, but nobody refers themselves."""
    referrer = channel.referrer_channel_id or wish.referrer_channel_id
    return None if referrer == wish.joystream_channel_id else referrer


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()
