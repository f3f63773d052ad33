"""Who brought whom into the programme, and what that has earned.

The same numbers as in payout rounds: a referral that was credited counts with the tier and the sum that it
was credited with; one that will be at the next collection counts with those of today.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Sum

from channels.models import Channel, Status, TierName
from payments.models import Action, Earning
from ypp.models import Tier

MOST = 30


@dataclass(frozen=True)
class Referrer:
    """A Joystream channel that brought others.

    `channels` counts those that were verified, `cents` is what it earned, in US cents.
    """

    joystream_channel_id: int
    by_tier: dict[str, int]
    cents: int
    channels: int


@dataclass
class _Tally:
    by_tier: Counter[str] = field(default_factory=Counter)
    cents: int = 0


def top_referrers() -> list[Referrer]:
    """The referrers who earned most, at most 30."""
    tallies: dict[int, _Tally] = {}
    for referrer, tier, count, cents in [*_credited(), *_to_be_credited()]:
        tally = tallies.setdefault(referrer, _Tally())
        tally.by_tier[tier] += count
        tally.cents += cents
    referrers = [
        Referrer(
            joystream_channel_id=referrer,
            by_tier={tier: tally.by_tier[tier] for tier in TierName.values},
            cents=tally.cents,
            channels=tally.by_tier.total(),
        )
        for referrer, tally in tallies.items()
    ]
    return sorted(referrers, key=lambda one: (-one.cents, -one.channels, one.joystream_channel_id))[:MOST]


def _credited() -> Iterable[tuple[int, str, int, int]]:
    """Referrer, tier, count, US cents."""
    rows = Earning.objects.filter(action=Action.REFERRALS, channel__joystream_channel_id__isnull=False)
    return (
        rows.order_by()
        .values_list("channel__joystream_channel_id", "tier")
        .annotate(Count("id"), Sum("cents"))
    )


def _to_be_credited() -> Iterable[tuple[int, str, int, int]]:
    rewards = dict(Tier.objects.values_list("name", "referral_reward"))
    credited = Earning.objects.filter(action=Action.REFERRALS, referred=OuterRef("pk"))
    rows = (
        Channel.objects.filter(status=Status.VERIFIED, referrer_channel_id__isnull=False)
        .exclude(Exists(credited))
        .order_by()
        .values_list("referrer_channel_id", "tier")
        .annotate(Count("id"))
    )
    for referrer, tier, count in rows:
        assert referrer is not None  # filtered
        yield referrer, tier, count, rewards.get(tier, 0) * count
