"""What people switch: on a channel, its sync and the category of its videos; on the whole service, all of it
or a part.

Each turn is written into the history, with who did it. Workers ask before every step whether they may go on,
so a turn is noticed within seconds.
"""

import structlog
from django.db import transaction
from django.db.models.functions import Now

from channels import sync
from channels.models import Channel, ServiceSwitch, Switch, SwitchEvent

log = structlog.get_logger(__name__)


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


@transaction.atomic
def look_now(channel: Channel, *, by: str) -> None:
    """Have the channel's uploads listed at once, not only when that is due."""
    Channel.objects.filter(pk=channel.pk).update(next_discovery_at=Now(), needs_listing=True)
    sync.record(channel, "discovery_ordered", by=by)


@transaction.atomic
def turn_off(switch: Switch, *, reason: str, by: str) -> bool:
    """Stop that part of the service for everybody.

    `reason` is shown to creators. False when it is off for that reason already.
    """
    row, _ = ServiceSwitch.objects.select_for_update().get_or_create(name=switch)
    if not row.is_on and row.reason == reason:
        return False
    _turn(row, is_on=False, reason=reason, by=by)
    return True


@transaction.atomic
def turn_on(switch: Switch, *, by: str) -> bool:
    """Let that part of the service go on. False when it is on already."""
    row, _ = ServiceSwitch.objects.select_for_update().get_or_create(name=switch)
    if row.is_on:
        return False
    _turn(row, is_on=True, reason="", by=by)
    return True


def _turn(row: ServiceSwitch, *, is_on: bool, reason: str, by: str) -> None:
    ServiceSwitch.objects.filter(pk=row.pk).update(is_on=is_on, reason=reason, turned_by=by, turned_at=Now())
    SwitchEvent.objects.create(switch=row, is_on=is_on, reason=reason, by=by)
    log.warning("service.switched", switch=row.name, is_on=is_on, reason=reason, by=by)


def turned_off() -> dict[Switch, str]:
    """The switches that are off, each with its reason. One small query."""
    rows = ServiceSwitch.objects.filter(is_on=False).values_list("name", "reason")
    return {Switch(name): reason for name, reason in rows}


def is_off(*switches: Switch) -> bool:
    """Whether one of the switches is off."""
    return ServiceSwitch.objects.filter(name__in=switches, is_on=False).exists()


def notice() -> str | None:
    """Why nobody's videos move at the moment, for creators to read. None while all is on."""
    off = turned_off()
    return next((off[switch] for switch in Switch if switch in off and switch is not Switch.SIGN_UPS), None)
