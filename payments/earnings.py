"""What creators have earned: facts of channels and videos become rows, each once, at what it is worth now.

Nothing here is a guess that could be taken back: a row is written when the thing has happened, with the sum
of the channel's tier at that time, and the constraints of `Earning` refuse it a second time, whoever else
is collecting. A thing that is worth nothing today gets a row of 0 cents, so that raising a reward pays for
what comes and not for all that was.

Verified channels earn. One that left keeps what it earned: what it had published before counts still. A
suspended one earns nothing, and what it earned before is not paid while it is suspended (`payments.rounds`).
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from payments import periods
from payments.models import RewardRules, Round

log = structlog.get_logger(__name__)

LATELY, NEWCOMERS = timedelta(days=2), timedelta(days=30)
"""How far back the collection by the clock looks, for videos and for sign-ups; that of a new round looks at
everything.
"""

_EARNS = "(c.status = 'verified' OR (c.status = 'opted_out' AND c.status_before_leaving = 'verified'))"

# Once for each channel that signed up since the programme began and is verified: earned when it signed up.
_SIGN_UPS = f"""
INSERT INTO payments_earning (channel_id, action, tier, cents, earned_at)
SELECT c.id, 'sign_up', c.tier, t.sign_up_reward, c.created_at
FROM channels_channel c JOIN ypp_tier t ON t.name = c.tier
WHERE {_EARNS} AND c.joystream_channel_id IS NOT NULL AND c.created_at >= %(signed_up_since)s
  AND NOT EXISTS (SELECT 1 FROM payments_earning e WHERE e.channel_id = c.id AND e.action = 'sign_up')
ON CONFLICT DO NOTHING
"""  # noqa: S608 (of our own words alone)

# New uploads that are on Joystream through us: the first ones of each week of their publication on YouTube.
# The place in the week is unique for a channel, so two collectors at once cannot fill a week twice.
_VIDEOS = f"""
INSERT INTO payments_earning (channel_id, action, video_id, tier, cents, week, place, earned_at)
SELECT n.channel_id, 'videos', n.id, n.tier, n.video_reward, n.week, n.taken + n.number,
       n.published_on_joystream_at
FROM (
  SELECT v.id, v.channel_id, v.published_on_joystream_at, c.tier, t.video_reward, w.week,
         row_number() OVER (PARTITION BY v.channel_id, w.week ORDER BY v.published_at, v.id) AS number,
         (SELECT coalesce(max(e.place), 0) FROM payments_earning e
          WHERE e.channel_id = v.channel_id AND e.week = w.week AND e.action = 'videos') AS taken
  FROM videos_video v
  JOIN channels_channel c ON c.id = v.channel_id
  JOIN ypp_tier t ON t.name = c.tier
  CROSS JOIN LATERAL (
    SELECT date_trunc('week', v.published_at AT TIME ZONE %(zone)s - %(offset)s::interval)::date AS week
  ) w
  WHERE {_EARNS} AND v.published_on_joystream_at >= %(since)s AND NOT v.adopted
    AND v.state = 'published' AND v.duration >= %(min_seconds)s
    AND v.published_at >= greatest(%(starts_at)s::timestamptz, c.created_at)
    AND NOT EXISTS (SELECT 1 FROM payments_earning e WHERE e.video_id = v.id AND e.action = 'videos')
) n
WHERE n.taken + n.number <= %(most)s
ON CONFLICT DO NOTHING
"""  # noqa: S608 (of our own words alone)

# The referrer is whoever holds the Joystream channel that the newcomer named; the sum is that of the
# newcomer's tier.
_REFERRALS = """
INSERT INTO payments_earning (channel_id, action, referred_id, tier, cents, earned_at)
SELECT c.id, 'referrals', n.id, n.tier, t.referral_reward, n.created_at
FROM channels_channel n
JOIN channels_channel c ON c.joystream_channel_id = n.referrer_channel_id AND c.status = 'verified'
  AND c.id <> n.id
JOIN ypp_tier t ON t.name = n.tier
WHERE n.status = 'verified' AND n.created_at >= %(signed_up_since)s
  AND NOT EXISTS (SELECT 1 FROM payments_earning e WHERE e.referred_id = n.id AND e.action = 'referrals')
ON CONFLICT DO NOTHING
"""

# What the lines of a round were summed up from: the caller holds the rules' row, so nothing came in between.
_INTO_LINES = """
UPDATE payments_earning e SET line_id = l.id
FROM payments_line l JOIN payments_round r ON r.id = l.round_id
WHERE l.round_id = %s AND e.channel_id = l.channel_id AND e.action = l.action
  AND e.line_id IS NULL AND e.cents > 0 AND e.earned_at < r.period_end
"""


def rules() -> RewardRules:
    """What is rewarded, as staff have it now."""
    return RewardRules.objects.get(pk=1)


@transaction.atomic
def collect(*, everything: bool = True) -> int:
    """Write down what has been earned and is not written yet. Returns how many things that was.

    With `everything` all channels and videos are looked at, without it those of the last time.
    """
    now = rules()
    if (begin := now.starts_at) is None:
        return 0

    def since(span: timedelta) -> datetime:
        return begin if everything else max(begin, timezone.now() - span)

    ends = periods.clock()
    facts: dict[str, Any] = {
        "starts_at": begin,
        "since": since(LATELY),
        "signed_up_since": since(NEWCOMERS),
        "zone": str(ends.zone),
        "offset": ends.offset,
        "min_seconds": now.min_video_seconds,
        "most": now.max_videos_a_week,
    }
    statements = [_SIGN_UPS, _VIDEOS] + ([_REFERRALS] if now.referrals_count else [])
    with connection.cursor() as cursor:
        # whoever collects has the rules for the time: places in a week are counted by one at a time
        cursor.execute("SELECT 1 FROM payments_rewardrules WHERE id = 1 FOR UPDATE")
        written = 0
        for statement in statements:
            cursor.execute(statement, facts)
            written += cursor.rowcount
    if written:
        log.info("earnings.collected", count=written)
    return written


def collect_lately() -> int:
    """By the clock: what was earned in the last days."""
    return collect(everything=False)


def put_into_lines(round: Round) -> int:
    """Give what the round's lines were computed from to them. Returns how many things that was."""
    with connection.cursor() as cursor:
        cursor.execute(_INTO_LINES, [round.pk])
        taken: int = cursor.rowcount
    return taken
