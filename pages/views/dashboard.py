"""What a creator sees of their channels: how each stands, what is missing and why, every video. Open pages follow by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from channels.models import Channel, Creator, Pause, Status
from pages import catalogue
from pages.identity import creators_only
from pages.rendering import page, part
from videos import coverage, halts, sync_status, words
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
    """A channel with what follows from its videos. `done_at` is None where nothing moves."""

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
        """The gaps by who must act, what concerns the creator first."""
        gaps = self.coverage.gaps
        by_themselves = [gap for gap in gaps if gap.is_on_its_way]
        settled = [gap for gap in gaps if not gap.is_on_its_way]
        sections = (
            Section("On their way", "still", by_themselves),
            Section("Up to you", "warn", [gap for gap in settled if gap.words.actor is Actor.CREATOR]),
            Section("Up to us", "busy", [gap for gap in settled if gap.words.actor is Actor.OPERATOR]),
            Section("Not brought over", "off", [gap for gap in settled if gap.words.actor is Actor.NOBODY]),
        )
        return [section for section in sections if section.gaps]

    @property
    def picture(self) -> str:
        return str(self.channel.thumbnails.get("medium") or self.channel.thumbnails.get("default") or "")


def channel_of(creator: Creator, youtube_id: str) -> Channel:
    """Raises Http404 for a channel that is not the creator's, whether or not there is one."""
    channel: Channel | None = creator.channels.registered().filter(youtube_id=youtube_id).first()  # type: ignore[attr-defined]
    if channel is None:
        raise Http404
    return channel


def states(channels: Sequence[Channel]) -> list[ChannelState]:
    """One query a channel beside the few for all of them."""
    found = sync_status.of_channels(channels)
    return [_state(channel, found[channel.pk]) for channel in channels]


def _state(channel: Channel, sync: SyncStatus) -> ChannelState:
    found = coverage.of_channel(channel)
    return ChannelState(
        channel=channel,
        sync=sync,
        coverage=found,
        done_at=timezone.now() + timedelta(seconds=sync.eta) if found.in_motion else None,
        why_paused=words.of_pause(Pause(channel.pause)) if channel.pause else None,
    )


@require_safe
@creators_only
def overview(request: HttpRequest, creator: Creator) -> HttpResponse:
    """All channels of the creator; the only one at once."""
    channels = list(creator.channels.registered().order_by("title", "id"))  # type: ignore[attr-defined]
    refused = list(creator.refused_sign_ups.order_by("-checked_at"))
    if len(channels) == 1 and not refused:
        return redirect("pages:channel", channels[0].youtube_id)
    context = {"states": states(channels), "refused": refused, "halts": halts.for_everybody()}
    return page(request, "dashboard/overview.html", context)


@require_safe
@creators_only
def channel(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    context = _context(request, channel_of(creator, youtube_id))
    has_others = creator.channels.registered().exclude(youtube_id=youtube_id).exists()  # type: ignore[attr-defined]
    return page(request, "dashboard/channel.html", context | {"has_others": has_others})


@require_safe
@creators_only
def live(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    """The part of the page that changes, for the same filter, search and page."""
    return part(request, "dashboard/live.html", _context(request, channel_of(creator, youtube_id)))


def _context(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    return {
        "state": states([channel])[0],
        "channel": channel,
        "catalogue": catalogue.of_channel(channel, request.GET),
        "halts": halts.for_everybody(),
        "query": request.GET.urlencode(),
    }
