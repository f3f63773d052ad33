"""What needs a human: each matter in a sentence, with the list or page where it is dealt with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from channels import switches
from channels.models import LanePurpose, Pause, Status
from payments.models import Line, Round
from payments.states import LineState, RoundState
from videos.discovery.announcements import HubRecord
from videos.models import ToolStanding
from videos.pipeline import funds, tool
from videos.states import SOURCE, Stage, State
from videos.workers import Alive
from ypp.appeals.models import Appeal
from ytsynch.dashboard import numbers
from ytsynch.dashboard.numbers import Bounded, ByAge, LaneState, Quota, Storage

HAPI_PER_JOY = 10**10
RED, YELLOW = "red", "yellow"

MOST_APPEALS = 1000
"""More of them are not counted."""

FULL = 95
"""Percent of the media store's budget from which on downloads soon wait."""

LONG_UNDER_WAY = timedelta(minutes=10)
"""An era lasts about six minutes: whatever is under way for longer waits for the chain's finality."""

LONG_SILENT = timedelta(hours=1)
"""A hub that does not answer for so long is told of."""

WAITING = {
    RoundState.COMPUTED: "it has to be reviewed",
    RoundState.REVIEWED: "it has to be approved",
    RoundState.APPROVED: "it has to be paid",
}
"""What somebody has to do about a payout round."""

MOST_COUNTED, MOST_NAMED = 1_000, 3

AGREED = frozenset({Pause.BY_CREATOR, Pause.BY_STAFF, Pause.LEFT, Pause.SUSPENDED})
"""Pauses that somebody decided: they wait for nobody."""


@dataclass(frozen=True)
class Matter:
    """`colour`: red holds videos up, yellow waits for somebody's decision."""

    text: str
    address: str
    colour: str


@dataclass(frozen=True)
class Seen:
    """The numbers that matters are found in."""

    now: datetime
    by_age: ByAge
    statuses: Mapping[Status, Mapping[str, Bounded]]
    paused: Mapping[Pause, Bounded]
    quota: Quota
    storage: Storage
    lanes: Sequence[LaneState]
    workers: Mapping[Stage, Sequence[Alive]]
    hubs: Sequence[HubRecord] = ()


def matters(seen: Seen) -> list[Matter]:
    """The gravest first."""
    found = [
        *_of_the_service(seen),
        *_of_stages(seen),
        *_of_videos_and_channels(seen),
        *_of_payments(),
    ]
    return sorted(found, key=lambda matter: matter.colour != RED)


def _of_the_service(seen: Seen) -> Iterator[Matter]:
    for switch, reason in switches.turned_off().items():
        address = reverse("admin:channels_serviceswitch_changelist")
        yield Matter(f"{switch.label} is switched off: {reason}", address, RED)
    for state in seen.lanes:
        address = reverse("admin:channels_lane_change", args=[state.lane.pk])
        if state.lane.paused_reason:
            yield Matter(f"The {state.lane} is paused: {state.lane.paused_reason}", address, RED)
        elif state.lane.dry_since:
            needed = f"{(state.lane.needs or 0) / HAPI_PER_JOY:,.2f} JOY"
            what = "video" if state.lane.purpose == LanePurpose.VIDEOS else "payments"
            text = f"The {state.lane} must be funded: {needed} for the next {what}."
            yield Matter(text, address, RED)
        elif state.lane.days_left is not None and state.lane.days_left < funds.ALERT_DAYS:
            days = f"{state.lane.days_left:.1f} days"
            yield Matter(f"The funds of the {state.lane} last about {days} more.", address, YELLOW)
        if state.outstanding and seen.now - state.outstanding.signed_at > LONG_UNDER_WAY:
            minutes = round((seen.now - state.outstanding.signed_at).total_seconds() / 60)
            text = f"The {state.lane} has waited {minutes} minutes for its extrinsic to become final."
            yield Matter(text, address, RED)
    for record in seen.hubs:
        address = reverse("admin:videos_hubday_changelist")
        if record.failing_since and seen.now - record.failing_since > LONG_SILENT:
            hours = round((seen.now - record.failing_since).total_seconds() / 3600)
            text = f"The hub {record.address} has not answered for {hours} hours: feeds do its work."
            yield Matter(text, address, YELLOW)
        elif record.is_bad:
            text = f"The hub {record.address} missed {record.miss_rate:.0%} of what it was to announce in 7 days."
            yield Matter(text, address, YELLOW)
    if not seen.quota.is_exhausted and seen.quota.used < seen.quota.limit <= seen.quota.forecast:
        address = reverse("admin:videos_quotaday_changelist")
        text = (
            f"Today's quota at YouTube will not last: {seen.quota.forecast:,} of {seen.quota.limit:,} units."
        )
        yield Matter(text, address, YELLOW)
    if seen.quota.is_exhausted or seen.quota.used >= seen.quota.limit:
        when = f"{seen.quota.resumes_at:%H:%M} UTC"
        address = reverse("admin:videos_quotaday_changelist")
        yield Matter(f"Today's quota at YouTube is spent; it goes on at {when}.", address, YELLOW)
    yield from _of_the_tool()
    if seen.storage.percent >= FULL:
        address = f"{reverse('admin:videos_video_changelist')}?state__exact={State.DOWNLOADED}"
        yield Matter(
            f"The media store is {seen.storage.percent}% full: downloads wait for uploads.", address, RED
        )


def _of_the_tool() -> Iterator[Matter]:
    address = reverse("admin:videos_toolversion_changelist")
    for row in tool.in_use():
        if row.standing == ToolStanding.BROKEN:
            text = f"{row} does not understand YouTube ({row.last_error[:80]}): its downloads pause."
            yield Matter(text, address, RED)
        elif row.standing == ToolStanding.ON_TRIAL:
            yield Matter(f"{row} is new and has not shown yet that it works.", address, YELLOW)
        age = tool.age_of(row.version)
        if age is not None and tool.is_old(row.version):
            yield Matter(f"{row} is {age.days} days old: bring in a newer one.", address, YELLOW)


def _of_stages(seen: Seen) -> Iterator[Matter]:
    for stage in Stage:
        if not seen.workers[stage]:
            address = reverse("admin:videos_worker_changelist")
            yield Matter(f"{stage.label}: no worker is alive.", address, RED)
        elif numbers.is_standing_still(stage, seen.by_age, seen.now):
            address = f"{reverse('admin:videos_video_changelist')}?state__exact={SOURCE[stage]}"
            yield Matter(f"{stage.label} stands still: nothing was finished for an hour.", address, RED)


def _of_payments() -> Iterator[Matter]:
    failed = Line.objects.filter(state=LineState.FAILED)[:MOST_COUNTED].count()
    if failed:
        address = f"{reverse('admin:payments_line_changelist')}?state__exact={LineState.FAILED.value}"
        yield Matter(f"{failed} payments were refused.", address, RED)
    for round in Round.objects.filter(state__in=WAITING).order_by("id")[:MOST_NAMED]:
        address = reverse("admin:payments_round_change", args=[round.pk])
        yield Matter(f"{round} waits: {WAITING[RoundState(round.state)]}.", address, YELLOW)


def _of_videos_and_channels(seen: Seen) -> Iterator[Matter]:
    videos, channels = reverse("admin:videos_video_changelist"), reverse("admin:channels_channel_changelist")
    stuck = sum(seen.by_age[State.STUCK], numbers.NOTHING)
    if stuck:
        yield Matter(f"Stuck: {_many(stuck, 'video')}.", f"{videos}?state__exact={State.STUCK}", RED)
    unverified = seen.statuses[Status.UNVERIFIED][""]
    if unverified:
        text = f"{_many(unverified, 'channel')} to be verified."
        yield Matter(text, f"{channels}?view=unverified", YELLOW)
    yield from _of_appeals(seen.now)
    for pause, count in seen.paused.items():
        if pause not in AGREED:
            yield Matter(
                f"Not syncing: {_many(count, 'channel')}. {pause.label}.",
                f"{channels}?pause__exact={pause}",
                YELLOW,
            )


def _of_appeals(now: datetime) -> Iterator[Matter]:
    address = reverse("admin:ypp_appeal_changelist")
    due = list(Appeal.objects.open().values_list("due_at", flat=True)[: MOST_APPEALS + 1])
    overdue = sum(at < now for at in due)
    if overdue:
        text = f"{_many(overdue, 'appeal')} should have been answered by now; the oldest was due {due[0]:%-d %B}."
        yield Matter(text, f"{address}?view=overdue", RED)
    if len(due) > overdue:
        text = f"{_many(len(due) - overdue, 'appeal')} to be answered, the next one by {due[overdue]:%-d %B}."
        yield Matter(text, f"{address}?view=open", YELLOW)


def _many(count: Bounded | int, what: str) -> str:
    """«1 video», «12 videos»."""
    return f"{count} {what}" if str(count) == "1" else f"{count} {what}s"
