"""How a channel stands, with what follows from its videos, in the words of its dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone

from channels.models import Channel, Pause, Status
from videos import coverage, sync_status, words
from videos.coverage import Coverage, Gap
from videos.sync_status import SyncStatus
from videos.words import Actor, Words


@dataclass(frozen=True)
class Section:
    """A part of the ledger."""

    title: str
    tone: str
    gaps: list[Gap]

    @property
    def count(self) -> int:
        return sum(gap.count for gap in self.gaps)


@dataclass(frozen=True)
class ChannelState:
    """`done_at` is None where nothing moves."""

    channel: Channel
    sync: SyncStatus
    coverage: Coverage
    done_at: datetime | None
    why_paused: Words | None

    @property
    def may_act(self) -> bool:
        """Whether the channel takes orders from its owner."""
        return self.channel.status in (Status.UNVERIFIED, Status.VERIFIED)

    @property
    def ledger(self) -> list[Section]:
        """The gaps: those on their way, then the settled ones by who must act."""
        gaps = self.coverage.gaps
        settled = [gap for gap in gaps if not gap.is_on_its_way]
        sections = (
            Section("On their way", "still", [gap for gap in gaps if gap.is_on_its_way]),
            Section("Up to you", "warn", [gap for gap in settled if gap.words.actor is Actor.CREATOR]),
            Section("Up to us", "busy", [gap for gap in settled if gap.words.actor is Actor.OPERATOR]),
            Section("Not brought over", "off", [gap for gap in settled if gap.words.actor is Actor.NOBODY]),
        )
        return [section for section in sections if section.gaps]

    @property
    def picture(self) -> str:
        return str(self.channel.thumbnails.get("medium") or self.channel.thumbnails.get("default") or "")

    @property
    def about_standing(self) -> str:
        match Status(self.channel.status):
            case Status.UNVERIFIED:
                return "The operators look at each new channel. Syncing does not wait for it."
            case Status.VERIFIED:
                return f"{intcomma(self.channel.subscribers)} subscribers"
            case Status.SUSPENDED:
                return "If it is a mistake, appeal: our staff read it and answer."
            case Status.OPTED_OUT:
                return "You can come back at any time."

    @property
    def about_backlog(self) -> str:
        if self.channel.pause:
            return "They keep their places while it is paused."
        if not self.sync.backlog:
            is_listed = self.channel.catalogue_complete
            return (
                "Everything is done. New uploads come by themselves."
                if is_listed
                else "We are looking for your videos."
            )
        if not self.coverage.in_motion:
            return "The ledger says what they wait for."
        return f"Place {intcomma(self.sync.place)} in the queue" if self.sync.place else "Being worked on now"

    @property
    def about_done(self) -> str:
        if self.done_at:
            return "if it goes on at the present pace"
        if self.channel.pause:
            return "not while it is paused"
        return "it does not depend on us alone" if self.sync.backlog else "nothing is waiting"


def of_channels(channels: Sequence[Channel]) -> list[ChannelState]:
    """One query a channel beside the few for all of them."""
    found = sync_status.of_channels(channels)
    return [_state(channel, found[channel.pk]) for channel in channels]


def _state(channel: Channel, sync: SyncStatus) -> ChannelState:
    found = coverage.of_channel(channel)
    moves = found.in_motion > 0 and not channel.pause
    return ChannelState(
        channel=channel,
        sync=sync,
        coverage=found,
        done_at=timezone.now() + timedelta(seconds=sync.eta) if moves else None,
        why_paused=words.of_pause(Pause(channel.pause)) if channel.pause else None,
    )
