"""What one channel was paid and what waits for it, as its creator sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from channels.models import Channel, Status
from payments import earnings, money, periods
from payments.models import Action, Earning, Payment
from payments.states import LineState


@dataclass(frozen=True)
class Waiting:
    """`lines` say what was earned and is not paid yet (what, US dollars); `is_held` while the channel is
    suspended. `next_end` is when the week of payments ends; None where nothing is rewarded now.
    """

    lines: list[tuple[str, str]]
    total: str
    is_held: bool
    next_end: datetime | None


def made_to(channel: Channel) -> QuerySet[Payment]:
    """What was paid to the channel, newest first."""
    return Payment.objects.filter(channel=channel).order_by("-block", "-id")


def waiting_for(channel: Channel) -> Waiting:
    """What the channel has earned and is not paid yet, as far as it was collected."""
    unpaid = Q(line=None) | Q(line__state__in=[LineState.OPEN, LineState.SENT, LineState.FAILED])
    rows = (
        Earning.objects.filter(unpaid, channel=channel, cents__gt=0)
        .order_by("action")
        .values("action")
        .annotate(count=Count("id"), cents=Sum("cents"))
    )
    lines = [(f"{Action(row['action']).label} × {row['count']}", money.dollars(row["cents"])) for row in rows]
    is_on = earnings.rules().starts_at is not None
    return Waiting(
        lines=lines,
        total=money.dollars(sum(row["cents"] for row in rows)),
        is_held=channel.status == Status.SUSPENDED,
        next_end=periods.next_end(timezone.now()) if is_on else None,
    )
