"""Which events of a channel's history its creator is written to about.

The history row, committed with what happened, is the order for the letter: whoever pauses, verifies or
suspends a channel need not think of letters, and a crash loses none.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from channels.models import ChannelEvent, Pause, TierName
from ypp.letters.models import Kind, Letter
from ypp.letters.writing import send

AT_ONCE = 100

WORTH_A_LETTER = frozenset(
    {
        Pause.BY_STAFF,
        Pause.COLLABORATOR_MISSING,
        Pause.STORAGE_FULL,
        Pause.MODERATED,
        Pause.JOYSTREAM_CHANNEL_GONE,
        Pause.YOUTUBE_CHANNEL_GONE,
    }
)
"""Pauses that a creator learns of by letter; the others are their own doing, or have a letter of their own.
"""


OUTSIDE = ("terminated_on_youtube", "joystream_channel_gone")
"""Events that take a channel out of the programme without anybody's wish."""


def write_due() -> int:
    """Write the letters about what happened since the last look. Returns how many events were looked at."""
    looked_at = 0
    while events := _write_some():
        looked_at += events
    return looked_at


@transaction.atomic
def _write_some() -> int:
    rows = ChannelEvent.objects.filter(is_told=False).select_related("channel").order_by("id")
    events = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    for event in events:
        if event.event in _LETTERS:
            _LETTERS[event.event](event)
    ChannelEvent.objects.filter(pk__in=[event.pk for event in events]).update(is_told=True)
    return len(events)


def _welcome(event: ChannelEvent) -> None:
    send(
        Kind.WELCOME,
        event.channel,
        event=event,
        joystream_channel_id=event.channel.joystream_channel_id,
        wants_sync=event.channel.wants_sync,
        comes_back=event.event == "came_back",
    )


def _verified(event: ChannelEvent) -> None:
    """Verifying again what is in that tier already is no news."""
    before = _before(event, "verified", "tier_changed", "suspended", "opted_out")
    was = ""
    if before is not None and before.event in ("verified", "tier_changed"):
        was = str(before.detail.get("tier") or before.detail.get("to"))
    tier = str(event.detail.get("tier") or event.detail.get("to"))
    if tier != was:
        labels = dict(TierName.choices)
        send(Kind.VERIFIED, event.channel, event=event, tier=labels[tier], was=labels.get(was, ""))


def _suspended(event: ChannelEvent) -> None:
    before = _before(event, "suspended", "suspension_lifted", "verified")
    if before is None or before.event != "suspended" or before.detail != event.detail:
        send(Kind.SUSPENDED, event.channel, event=event, reason=event.detail["reason"])


def _lifted(event: ChannelEvent) -> None:
    """One that follows from an appeal was told so with the answer: that is the event before."""
    earlier = ChannelEvent.objects.filter(channel=event.channel, pk__lt=event.pk).order_by("-pk").first()
    if earlier is None or earlier.event != "appeal_accepted":
        send(Kind.SUSPENSION_LIFTED, event.channel, event=event)


def _appealed(event: ChannelEvent) -> None:
    send(
        Kind.APPEAL_RECEIVED,
        event.channel,
        event=event,
        due=f"{date.fromisoformat(event.detail['due']):%-d %B %Y}",
    )


def _appeal_decided(event: ChannelEvent) -> None:
    send(Kind(event.event), event.channel, event=event, answer=event.detail["answer"])


def _paused(event: ChannelEvent) -> None:
    """A pause that is over already, or was replaced by another one, is not told."""
    why = event.detail.get("why")
    if why not in WORTH_A_LETTER or event.channel.pause != why:
        return
    if why == Pause.STORAGE_FULL:
        number = event.channel.joystream_channel_id
        send(Kind.SPACE_FULL, event.channel, event=event, joystream_channel_id=number)
    else:
        send(Kind.SYNC_PAUSED, event.channel, event=event, why=why)


def _resumed(event: ChannelEvent) -> None:
    """Told to whoever was told of the pause."""
    about_it = (Kind.SYNC_PAUSED, Kind.SPACE_FULL, Kind.SYNC_RESUMED)
    last = Letter.objects.filter(channel=event.channel, kind__in=about_it).order_by("-id").first()
    if last is None or last.kind == Kind.SYNC_RESUMED or event.channel.pause != Pause.NONE:
        return
    send(Kind.SYNC_RESUMED, event.channel, event=event, was=event.detail.get("was", ""))


def _channel_gone(event: ChannelEvent) -> None:
    number = event.channel.joystream_channel_id
    send(Kind.CHANNEL_GONE, event.channel, event=event, why=event.event, joystream_channel_id=number)


def _left(event: ChannelEvent) -> None:
    """One that left because a channel of it is gone was told so: that is the event before."""
    earlier = ChannelEvent.objects.filter(channel=event.channel, pk__lt=event.pk).order_by("-pk").first()
    if earlier is None or earlier.event not in OUTSIDE:
        send(Kind.LEFT, event.channel, event=event)


def _paid_out(event: ChannelEvent) -> None:
    facts = {name: value for name, value in event.detail.items() if name != "round"}
    send(Kind.PAYOUT, event.channel, event=event, **facts)


def _plain(kind: Kind) -> Callable[[ChannelEvent], None]:
    def write(event: ChannelEvent) -> None:
        send(kind, event.channel, event=event)

    return write


def _before(event: ChannelEvent, *names: str) -> ChannelEvent | None:
    """The channel's last event of these names before this one."""
    earlier = ChannelEvent.objects.filter(channel=event.channel, event__in=names, pk__lt=event.pk)
    return earlier.order_by("-pk").first()


_LETTERS: dict[str, Callable[[ChannelEvent], None]] = {
    "signed_up": _welcome,
    "came_back": _welcome,
    "verified": _verified,
    "tier_changed": _verified,
    "permission_revoked": _plain(Kind.PERMISSION_REVOKED),
    "paused": _paused,
    "resumed": _resumed,
    "suspended": _suspended,
    "suspension_lifted": _lifted,
    "appealed": _appealed,
    "appeal_accepted": _appeal_decided,
    "appeal_rejected": _appeal_decided,
    "opted_out": _left,
    **dict.fromkeys(OUTSIDE, _channel_gone),
    "paid_out": _paid_out,
}
