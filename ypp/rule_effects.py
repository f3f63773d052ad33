"""What changed requirements would mean for the channels that are known, before anybody saves them.

Nobody who takes part is put out by requirements, and YouTube is not asked: it is an estimate from what was
last read of each channel.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from channels.models import Channel
from ypp import requirements, whitelist
from ypp.models import RefusedSignUp, Requirement, WhitelistedHandle

MOST = 100_000
"""Channels, and refused sign-ups, that are looked at: the newest ones."""


@dataclass(frozen=True)
class RuleEffect:
    """`looked_at` channels take part; `left_out` of them would not be let in today, by code of what is missing.
    Of `refused` sign-ups that wait, `would_pass` have what they lacked.
    """

    looked_at: int
    left_out: int
    lacking: dict[str, int]
    refused: int
    would_pass: int


def effect_of(rule: Requirement) -> RuleEffect:
    """The effect of the rule, which need not be saved. Two queries, and one for the whitelist."""
    now = datetime.now(UTC)
    exempt = set(WhitelistedHandle.objects.values_list("handle", flat=True))
    lacking: Counter[str] = Counter()
    looked_at = left_out = 0
    rows = Channel.objects.participating().filter(_of(rule)).order_by("-id")
    fields = ("handle", "subscribers", "subscribers_hidden", "public_videos", "published_at")
    for row in rows.values(*fields)[:MOST].iterator():
        looked_at += 1
        missing = [] if whitelist.normal(row["handle"] or "") in exempt else _missing(rule, row, now)
        lacking.update(missing)
        left_out += bool(missing)
    unmet = RefusedSignUp.objects.filter(_of(rule), passed_at=None).order_by("-id")
    waiting = list(unmet.values_list("unmet", flat=True)[:MOST])
    passing = sum(all(_is_met_now(check, rule, now) for check in checks) for checks in waiting)
    return RuleEffect(looked_at, left_out, dict(lacking), len(waiting), passing)


def _of(rule: Requirement) -> Q:
    """Whom the rule is for: its app's channels, or those of every app without a rule of its own."""
    if rule.app_id is not None:
        return Q(app=rule.app_id)
    others = Requirement.objects.exclude(pk=rule.pk).filter(app__isnull=False)
    return ~Q(app__in=others.values("app"))


def _missing(rule: Requirement, row: dict[str, Any], now: datetime) -> list[str]:
    """Codes of what the channel lacks, as far as its row tells: not how old its videos are."""
    found = []
    if rule.min_subscribers and (row["subscribers_hidden"] or row["subscribers"] < rule.min_subscribers):
        found.append(requirements.SUBSCRIBERS)
    if rule.min_videos and row["public_videos"] < rule.min_videos:
        found.append(requirements.VIDEOS)
    if row["published_at"] > now - timedelta(hours=rule.min_channel_age_hours):
        found.append(requirements.AGE)
    return found


def _is_met_now(check: dict[str, Any], rule: Requirement, now: datetime) -> bool:
    """Whether what was measured at the last check would be enough."""
    measured = check["measured"]
    if check["code"] == requirements.AGE:
        opened = datetime.fromisoformat(measured)
        return opened <= now - timedelta(hours=rule.min_channel_age_hours)
    required = {
        requirements.SUBSCRIBERS: rule.min_subscribers,
        requirements.VIDEOS: rule.min_videos,
        requirements.NEW_VIDEOS: rule.min_new_videos_a_month * rule.months_considered,
    }.get(check["code"])
    if required is None:
        return False
    return required == 0 or (isinstance(measured, int) and measured >= required)
