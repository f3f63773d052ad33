"""What creators and operators switch on a channel: its sync, and the category of its videos. Each writes the channel's history."""

from django.db import transaction

from channels import sync
from channels.models import Channel


@transaction.atomic
def set_wish(channel: Channel, *, wants_sync: bool, by: str) -> None:
    """The creator wants the videos brought over, or no more."""
    if channel.wants_sync != wants_sync:
        Channel.objects.filter(pk=channel.pk).update(wants_sync=wants_sync)
        channel.wants_sync = wants_sync
        sync.record(channel, "sync_wanted" if wants_sync else "sync_unwanted", by=by)
    sync.follow_decisions(channel, by=by)


@transaction.atomic
def set_operator_ingestion(channel: Channel, *, is_allowed: bool, by: str) -> None:
    """The operators let the channel sync, or do not, whatever its creator wants."""
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if channel.allow_operator_ingestion != is_allowed:
        Channel.objects.filter(pk=channel.pk).update(allow_operator_ingestion=is_allowed)
        channel.allow_operator_ingestion = is_allowed
        sync.record(channel, "sync_allowed" if is_allowed else "sync_forbidden", by=by)
    sync.follow_decisions(channel, by=by)


@transaction.atomic
def set_category(channel: Channel, category_id: str, *, by: str) -> None:
    """Videos that are created from now on get this category. That it exists has been asked before."""
    changed = (
        Channel.objects.filter(pk=channel.pk).exclude(category_id=category_id).update(category_id=category_id)
    )
    if changed:
        sync.record(
            channel, "category_changed", by=by, detail={"from": channel.category_id, "to": category_id}
        )
    channel.category_id = category_id
