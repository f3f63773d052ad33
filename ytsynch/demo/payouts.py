"""A programme that pays: rewards, creators who have been verified, and a payout round that waits for its
approval in the admin.

The demo has no week to wait. So its creators are given a month in the programme, which makes their newest
uploads rewarded ones, and its week of payments ends now.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from channels.models import Channel, Status, TierName
from payments import periods, rounds
from payments.models import RewardRules, Round
from ypp import membership
from ypp.models import Tier
from ytsynch.config.model import Config, PeriodEnds

BY = "staff of the demo"
MONTH = timedelta(days=30)
VERIFIED = 2
"""Creators who are verified at least; others are left for whoever wants to do it in the admin."""

REWARDS = {TierName.BRONZE: (200, 50), TierName.SILVER: (2500, 500), TierName.GOLD: (5000, 900)}
"""US cents for a sign-up and a new video."""

JOY_PRICE = 4_500_000
"""Billionths of a US dollar."""


def prepare() -> Round | None:
    """Once in a folder. Returns the round, or None where there is one already."""
    if Round.objects.exists():
        return None
    for tier, (sign_up, video) in REWARDS.items():
        Tier.objects.filter(name=tier).update(sign_up_reward=sign_up, video_reward=video)
    missing = max(VERIFIED - Channel.objects.filter(status=Status.VERIFIED).count(), 0)
    for channel in Channel.objects.registered().filter(status=Status.UNVERIFIED).order_by("id")[:missing]:
        membership.verify(channel, by=BY)
    first, second = Channel.objects.filter(status=Status.VERIFIED).order_by("id")[:2]
    Channel.objects.filter(pk=second.pk, referrer_channel_id=None).update(
        referrer_channel_id=first.joystream_channel_id
    )
    Channel.objects.update(created_at=F("created_at") - MONTH)
    RewardRules.objects.update(
        starts_at=timezone.now() - 2 * MONTH,
        min_video_seconds=1,  # the simulated YouTube's videos are short
        two_persons_above=1_000,
    )
    settings.CONFIG = ending_now(settings.CONFIG)
    round = rounds.compute(
        period_end=periods.last_end(timezone.now()), joy_price=JOY_PRICE, round_down_to=10**6, by=BY
    )
    return rounds.review(round, by=BY)


def ending_now(config: Config) -> Config:
    """The configuration with a week of payments that ends with this minute."""
    now = timezone.now().astimezone(periods.clock().zone)
    ends = PeriodEnds.model_validate(
        {
            "weekday": f"{now:%A}".lower(),
            "timeOfDay": f"{now:%H:%M}",
            "timeZone": config.payments.period_ends.time_zone,
        }
    )
    return config.model_copy(update={"payments": config.payments.model_copy(update={"period_ends": ends})})
