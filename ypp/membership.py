"""Joining the programme's ranks and leaving them: verified with a tier, gone, back again."""

from django.db import transaction

from channels import sync
from channels.models import Channel, Status, TierName
from ypp.models import Tier
from ypp.statuses import Move, require
from ypp.suspension import make_appeals_moot


def proposed_tier(channel: Channel) -> TierName:
    """The tier that the channel's subscribers ask for; the lowest one below every range."""
    tier = Tier.objects.for_subscribers(channel.subscribers) or Tier.objects.order_by("min_subscribers")[0]
    return TierName(tier.name)


@transaction.atomic
def verify(channel: Channel, *, by: str, tier: TierName | None = None) -> Channel:
    """Take the channel in, with a tier; None takes the one that its subscribers propose. Lifts a suspension.

    A tier other than the proposed one is staff's own choice: it stays until staff choose again.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require(Move.VERIFY, channel)
    proposed = proposed_tier(channel)
    channel.tier = tier or proposed
    channel.tier_is_by_staff = channel.tier != proposed
    channel.status = Status.VERIFIED
    channel.suspension_reason = channel.status_before_suspension = ""
    channel.save(
        update_fields=["tier", "tier_is_by_staff", "status", "suspension_reason", "status_before_suspension"]
    )
    make_appeals_moot(channel, by=by)
    sync.record(channel, "verified", by=by, detail={"tier": channel.tier, "proposed": proposed.value})
    sync.follow_decisions(channel, by=by)
    return channel


@transaction.atomic
def follow_subscribers(channel: Channel, *, by: str) -> bool:
    """Give a verified channel the tier that its subscribers propose now, unless staff chose another.

    True when it changed.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    proposed = proposed_tier(channel)
    if channel.status != Status.VERIFIED or channel.tier_is_by_staff or channel.tier == proposed:
        return False
    sync.record(channel, "tier_changed", by=by, detail={"from": channel.tier, "to": proposed.value})
    channel.tier = proposed
    channel.save(update_fields=["tier"])
    return True


@transaction.atomic
def opt_out(channel: Channel, *, by: str) -> Channel:
    """The owner leaves: syncing stops, the status is remembered, what is on Joystream stays there."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require(Move.OPT_OUT, channel)
    channel.status_before_leaving = channel.status
    channel.status = Status.OPTED_OUT
    channel.wants_sync = False
    channel.save(update_fields=["status_before_leaving", "status", "wants_sync"])
    sync.record(channel, "opted_out", by=by, detail={"was": channel.status_before_leaving})
    sync.follow_decisions(channel, by=by)
    return channel


def restore_status(channel: Channel) -> None:
    """Give one who comes back the status from before.

    The caller holds the row, saves it and writes the history.
    """
    require(Move.REJOIN, channel)
    channel.status = channel.status_before_leaving or Status.UNVERIFIED
    channel.status_before_leaving = ""
