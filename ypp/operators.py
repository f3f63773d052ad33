"""What operators order for many channels at once: all of it, or nothing."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

from channels import switches
from channels.errors import NotFound
from channels.models import Channel, SuspensionReason, TierName
from ypp import membership, suspension

T = TypeVar("T")


def suspend(orders: Iterable[tuple[int, SuspensionReason]], *, by: str) -> None:
    """Each order is a Joystream channel and what to do with it; so in all of these functions."""
    _each(orders, lambda channel, reason: suspension.suspend(channel, reason, by=by))


def verify(orders: Iterable[tuple[int, TierName]], *, by: str) -> None:
    _each(orders, lambda channel, tier: membership.verify(channel, tier=tier, by=by))


def set_ingestion(orders: Iterable[tuple[int, bool]], *, by: str) -> None:
    _each(
        orders,
        lambda channel, is_allowed: switches.set_operator_ingestion(channel, is_allowed=is_allowed, by=by),
    )


def set_category(orders: Iterable[tuple[int, str]], *, by: str) -> None:
    """That the categories exist has been asked before."""
    _each(orders, lambda channel, category: switches.set_category(channel, category, by=by))


@transaction.atomic
def _each(orders: Iterable[tuple[int, T]], act: Callable[[Channel, T], object]) -> None:
    """Raises `NotFound` for a channel that nobody registered; then nothing has changed."""
    orders = list(orders)
    wanted = {joystream_channel_id for joystream_channel_id, _ in orders}
    # locked in one order, so that two operators at once do not wait for each other
    rows = Channel.objects.participating().filter(joystream_channel_id__in=wanted)
    channels = {channel.joystream_channel_id: channel for channel in rows.order_by("id").select_for_update()}
    for joystream_channel_id, what in orders:
        channel = channels.get(joystream_channel_id) or Channel.objects.of_joystream_channel(
            joystream_channel_id
        )
        if channel is None:
            raise NotFound(f"Channel {joystream_channel_id} not found.")
        act(channel, what)
