"""Who brought whom into the programme, and what that is worth."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from channels.models import Channel, Status, TierName
from ypp.models import Tier

MOST = 30


@dataclass(frozen=True)
class Referrer:
    """A Joystream channel that brought others.

    `channels` counts the verified ones, `cents` is what it earned, in US cents.
    """

    joystream_channel_id: int
    by_tier: dict[str, int]
    cents: int
    channels: int


def top_referrers() -> list[Referrer]:
    """The referrers who earned most, at most 30."""
    rewards = dict(Tier.objects.values_list("name", "referral_reward"))
    counts: dict[int, Counter[str]] = {}
    rows = (
        Channel.objects.filter(status=Status.VERIFIED, referrer_channel_id__isnull=False)
        .values_list("referrer_channel_id", "tier")
        .annotate(Count("id"))
    )
    for referrer, tier, count in rows:
        counts.setdefault(referrer, Counter())[tier] += count
    referrers = [
        Referrer(
            joystream_channel_id=referrer,
            by_tier={tier: by_tier[tier] for tier in TierName.values},
            cents=sum(rewards.get(tier, 0) * count for tier, count in by_tier.items()),
            channels=by_tier.total(),
        )
        for referrer, by_tier in counts.items()
    ]
    return sorted(referrers, key=lambda one: (-one.cents, -one.channels, one.joystream_channel_id))[:MOST]
