"""Discovery: channels that are due are looked at, by feed where that is enough and by listing where it is not
(see `videos.discovery`).

Each page of what is new is stored before the next is asked for, so a crash loses nothing: the next look finds
the stored ones known.
"""

import uuid
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from channels import grants
from channels.models import Channel
from videos import outside, quota, reactions
from videos.discovery import announcements, descriptions, entering, listing, newest, rhythm, subscriptions
from videos.leases import LEASE, worker_name
from ytsynch.failpoints import failpoint
from ytsynch.youtube import errors as youtube

log = structlog.get_logger(__name__)

VERIFIED_AGAIN = timedelta(minutes=2)
"""When YouTube is asked again about a video that was announced and that it does not show yet."""


def advance() -> bool:
    """One step: a look at a channel, and a batch of descriptions. False when there was nothing to do."""
    looked = look_at_next()
    described = descriptions.describe_due()  # in any case, however many channels are due
    return looked or described


def look_at_next() -> bool:
    """Look at the channel that has been due for longest."""
    channel = claim_channel()
    if channel is None:
        return False
    failpoint("discovery.claimed")
    discover(channel)
    return True


@transaction.atomic
def claim_channel() -> Channel | None:
    """Take the channel whose look has been due for longest."""
    channel = (
        Channel.objects.due_for_discovery()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("creator")
        .first()
    )
    if channel is not None:
        channel.discovery_lease_token = uuid.uuid4()
        Channel.objects.filter(pk=channel.pk).update(
            discovery_lease_token=channel.discovery_lease_token,
            discovery_leased_until=Now() + Value(LEASE),
            looked_at=Now(),
        )
    return channel


def discover(channel: Channel) -> int:
    """Look at a claimed channel.

    Returns how many videos are new; what goes wrong decides when it is looked at again.
    """
    found = 0
    try:
        if channel.catalogue_complete:
            for page in newest.pages(channel):
                found += entering.store(channel, page)
        if channel.needs_listing or not channel.catalogue_complete:
            found += _list(channel)
    except youtube.QuotaExceeded as error:
        quota.note(error)
        log.warning(
            "discovery.quota_spent", channel=channel.youtube_id, resumes=quota.resumes_at().isoformat()
        )
        # what push and feeds tell goes on; only a first listing has to wait
        _finish(
            channel, after=_until_next_look(channel) if channel.catalogue_complete else quota.until_reset()
        )
    except (youtube.GrantRevoked, youtube.GrantExpired) as error:
        log.warning("discovery.grant_refused", channel=channel.youtube_id, text=str(error))
        _finish(channel, after=_renew_grant(channel))
    except youtube.YouTubeError as error:
        _finish(channel, after=reactions.reaction_to(error).delay(error, 0) or timedelta(hours=1))
        log.warning(
            "discovery.failed", channel=channel.youtube_id, reason=reactions.code_of(error), text=str(error)
        )
    else:
        subscriptions.ensure(channel)
        failpoint("discovery.subscribed")
        _finish(channel, after=_until_next_look(channel))
        log.info("channel.discovered", channel=channel.youtube_id, new=found)
    return found


def _list(channel: Channel) -> int:
    """List all uploads; once that is done to its end, new uploads are told from the back catalogue."""
    found = sum(entering.store(channel, page) for page in listing.pages(channel))
    if not channel.catalogue_complete:
        entering.let_in_what_fits(channel, by=worker_name())
    failpoint("discovery.listed")
    Channel.objects.filter(pk=channel.pk, discovery_lease_token=channel.discovery_lease_token).update(
        catalogue_complete=True, listed_at=Now()
    )
    channel.catalogue_complete, channel.needs_listing = True, False
    return found


def _renew_grant(channel: Channel) -> timedelta:
    """The access token is no longer honoured: it ended early, or the permission was taken back. Google tells
    which when it is asked for another (faults.md C2). Returns the time until the next look.
    """
    if channel.creator is not None and channel.creator.grant:
        channel.creator.grant["expires_at"] = datetime.now(UTC).isoformat()
        try:
            grants.usable(channel.creator, outside.google())
        except youtube.YouTubeError as error:
            return reactions.reaction_to(error).delay(error, 0) or timedelta(hours=1)
    return timedelta(seconds=settings.CONFIG.sync.intervals.wait)


def _until_next_look(channel: Channel) -> timedelta:
    announcements.give_up_outdated(channel)
    usual = rhythm.interval(channel)
    channel.check_every = round(usual.total_seconds())
    return min(VERIFIED_AGAIN, usual) if announcements.unverified(channel) else rhythm.spread(usual)


def _finish(channel: Channel, *, after: timedelta) -> None:
    """Give the channel back. A notice that came meanwhile has made it due anew: that stays."""
    Channel.objects.filter(pk=channel.pk, discovery_lease_token=channel.discovery_lease_token).update(
        next_discovery_at=Case(
            When(next_discovery_at=channel.next_discovery_at, then=Now() + Value(after)),
            default=F("next_discovery_at"),
        ),
        needs_listing=channel.needs_listing,
        check_every=channel.check_every,
        discovery_lease_token=None,
        discovery_leased_until=None,
    )
