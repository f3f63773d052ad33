"""Which tier a channel is in: what its subscribers propose, and staff's own word, which holds against it
until it is taken back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from channels import sync
from channels.errors import Refused
from channels.models import Channel, Status, TierName
from ypp.membership import proposed_tier
from ypp.models import Tier


def proposals(channels: Sequence[Channel]) -> dict[int, TierName]:
    """The tier that each channel's subscribers propose, by primary key. One query."""
    tiers = list(Tier.objects.order_by("min_subscribers"))
    return {
        channel.pk: TierName(
            next((t.name for t in reversed(tiers) if t.min_subscribers <= channel.subscribers), tiers[0].name)
        )
        for channel in channels
    }


@dataclass(frozen=True)
class Change:
    """So many verified channels would move from one tier to another."""

    count: int
    before: TierName
    after: TierName


MOST_COUNTED = 100_000
"""Verified channels that a forecast looks at, the newest first."""


def changes_if(tier: Tier, *, begins: int) -> list[Change]:
    """What would become of the verified channels if the tier began at `begins` subscribers.

    Tiers that staff chose themselves stay.
    """
    ranges = [(begins if row.pk == tier.pk else row.min_subscribers, row.name) for row in Tier.objects.all()]
    ranges.sort(reverse=True)
    verified = Channel.objects.filter(status=Status.VERIFIED, tier_is_by_staff=False).order_by("-id")
    moves: Counter[tuple[str, str]] = Counter()
    for subscribers, before in verified.values_list("subscribers", "tier")[:MOST_COUNTED].iterator():
        after = next((name for least, name in ranges if least <= subscribers), ranges[-1][1])
        if after != before:
            moves[before, after] += 1
    return [
        Change(count, TierName(before), TierName(after)) for (before, after), count in moves.most_common()
    ]


@transaction.atomic
def override(channel: Channel, tier: TierName, *, reason: str, by: str) -> Channel:
    """Give a verified channel this tier whatever its subscribers propose. Raises `Refused` for any other."""
    channel = _verified(channel)
    detail = {"from": channel.tier, "to": tier.value, "reason": reason}
    channel.tier, channel.tier_is_by_staff = tier, True
    channel.save(update_fields=["tier", "tier_is_by_staff"])
    sync.record(channel, "tier_overridden", by=by, detail=detail)
    return channel


@transaction.atomic
def clear_override(channel: Channel, *, by: str) -> Channel:
    """Let the tier follow the subscribers again from now on. Raises `Refused` when it does so already."""
    channel = _verified(channel)
    if not channel.tier_is_by_staff:
        raise Refused("its tier follows its subscribers already")
    detail = {"from": channel.tier, "to": proposed_tier(channel).value}
    channel.tier, channel.tier_is_by_staff = TierName(detail["to"]), False
    channel.save(update_fields=["tier", "tier_is_by_staff"])
    sync.record(channel, "tier_override_cleared", by=by, detail=detail)
    return channel


def _verified(channel: Channel) -> Channel:
    """The row, locked.

    Raises `Refused` when it is not of a verified channel: others have no tier to speak of.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if channel.status != Status.VERIFIED:
        raise Refused(f"it is {channel.get_status_display().lower()}: only a verified channel has a tier")
    return channel
