"""A programme with rewards, and channels that earn: rows for the tests of payments."""

from datetime import UTC, datetime, timedelta
from typing import Any

from channels.models import Channel, Status, TierName
from payments.models import RewardRules
from tests.support.factories import make_channel, make_video
from videos.models import Video
from videos.states import State
from ypp.models import Tier

START = datetime(2026, 5, 4, 10, tzinfo=UTC)
"""A Monday, noon in Berlin."""

REWARDS = {
    TierName.BRONZE: (200, 50, 100),
    TierName.SILVER: (2500, 500, 700),
    TierName.DIAMOND: (9000, 900, 990),
}
"""US cents for a sign-up, a video, a referral."""


def begin(**rules: Any) -> None:
    """The programme begins at START."""
    RewardRules.objects.update(starts_at=START, **rules)
    for name, (sign_up, video, referral) in REWARDS.items():
        Tier.objects.filter(name=name).update(
            sign_up_reward=sign_up, video_reward=video, referral_reward=referral
        )


def verified(tier: TierName = TierName.BRONZE, **fields: Any) -> Channel:
    """A channel that signed up a day after the beginning and is verified."""
    channel = make_channel(status=Status.VERIFIED, tier=tier, **fields)
    signed_up = fields.get("created_at", START + timedelta(days=1))
    Channel.objects.filter(pk=channel.pk).update(created_at=signed_up)
    channel.refresh_from_db()
    return channel


def published(
    channel: Channel, *, at: datetime, on_joystream: datetime | None = None, **fields: Any
) -> Video:
    """A video that appeared on YouTube at that moment, and an hour later on Joystream."""
    return make_video(
        channel,
        **{
            "state": State.PUBLISHED,
            "published_at": at,
            "published_on_joystream_at": on_joystream or at + timedelta(hours=1),
            "duration": 600,
            **fields,
        },
    )


def day(number: int, hour: int = 12) -> datetime:
    """So many days after the beginning."""
    return START.replace(hour=hour) + timedelta(days=number)
