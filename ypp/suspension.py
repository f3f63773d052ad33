"""Suspending a channel from the programme, and lifting it."""

from django.db import transaction
from django.db.models.functions import Now

from channels import sync
from channels.models import Channel, Status, SuspensionReason
from ypp.appeals.models import Appeal, Decision
from ypp.statuses import Move, require


@transaction.atomic
def suspend(channel: Channel, reason: SuspensionReason, *, by: str, note: str = "") -> Channel:
    """Keep the channel out, for a reason that its creator is told; syncing stops.

    `note` is evidence for staff: it goes into the history.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require(Move.SUSPEND, channel)
    if channel.status != Status.SUSPENDED:
        channel.status_before_suspension = channel.status
    channel.status = Status.SUSPENDED
    channel.suspension_reason = reason
    channel.save(update_fields=["status", "status_before_suspension", "suspension_reason"])
    sync.record(
        channel, "suspended", by=by, detail={"reason": reason.value} | ({"note": note} if note else {})
    )
    sync.follow_decisions(channel, by=by)
    return channel


@transaction.atomic
def lift(channel: Channel, *, by: str) -> Channel:
    """End the suspension: the channel is what it was before, and syncs again if it did."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require(Move.LIFT, channel)
    channel.status = channel.status_before_suspension or Status.UNVERIFIED
    channel.status_before_suspension = channel.suspension_reason = ""
    channel.save(update_fields=["status", "status_before_suspension", "suspension_reason"])
    make_appeals_moot(channel, by=by)
    sync.record(channel, "suspension_lifted", by=by, detail={"now": channel.status})
    sync.follow_decisions(channel, by=by)
    return channel


def make_appeals_moot(channel: Channel, *, by: str) -> None:
    """An appeal that nobody has answered yet needs no answer any more: the suspension is over without it."""
    Appeal.objects.open().filter(channel=channel).update(
        decision=Decision.MOOT, decided_at=Now(), decided_by=by
    )
