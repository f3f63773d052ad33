"""The videos of a channel as its dashboard lists them: narrowed, searched, a page at a time, each with its
state in words and percent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from channels.models import Channel
from videos import choices, coverage, facts
from videos.facts import VideoFacts
from videos.models import Video, VideoQuerySet
from videos.states import IN_PIPELINE, State

PAGE = 24

REASON = "reason"
"""The parameter that narrows the list to one gap of the ledger."""


@dataclass(frozen=True)
class Group:
    """What the list can be narrowed to: a tab."""

    slug: str
    label: str
    states: frozenset[State]


GROUPS = (
    Group("", "All", frozenset(State)),
    Group("published", "On Joystream", frozenset({State.PUBLISHED})),
    Group("moving", "Under way", IN_PIPELINE - {State.NEW}),
    Group("waiting", "Waiting", frozenset({State.NEW})),
    Group("missing", "Not brought over", frozenset({State.SKIPPED, State.REMOVED})),
    Group("stuck", "With us", frozenset({State.STUCK})),
)


@dataclass(frozen=True)
class Tab:
    group: Group
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Shown:
    """A video in the list. `percent` is how far it is on its way; `link` leads to it on Joystream."""

    facts: VideoFacts
    label: str
    tone: str
    percent: int
    link: str
    next_try_at: datetime | None
    note: str = ""

    @property
    def video(self) -> Video:
        return self.facts.video

    @property
    def picture(self) -> str:
        """320 × 180, or the nearest that there is."""
        known = self.video.thumbnails
        return str(known.get("medium") or known.get("default") or "")


@dataclass(frozen=True)
class Catalogue:
    """`query` is what the list was narrowed by, for the addresses of its other pages."""

    tabs: list[Tab]
    page: Page  # type: ignore[type-arg]
    videos: list[Shown]
    group: str
    reason: str
    search: str

    @property
    def is_narrowed(self) -> bool:
        return bool(self.group or self.reason or self.search)


def of_channel(channel: Channel, asked: QueryDict) -> Catalogue:
    """What the address asks for; nonsense in it is taken as nothing. The number of queries does not depend on
    the videos'.
    """
    group = next((group for group in GROUPS if group.slug == asked.get("state", "")), GROUPS[0])
    reason, search = asked.get(REASON, "")[:60], asked.get("q", "").replace("\0", "").strip()[:100]
    videos = Video.objects.filter(channel=channel)
    counts = {
        row["state"]: row["count"] for row in videos.values("state").annotate(count=Count("id")).order_by()
    }
    tabs = [
        Tab(each, sum(counts.get(state, 0) for state in each.states), each is group and not reason)
        for each in GROUPS
    ]
    narrowed = _narrow(videos, group, reason, search)
    page = Paginator(narrowed.order_by("-published_at", "-id"), PAGE).get_page(asked.get("page"))
    listed: VideoQuerySet = page.object_list  # type: ignore[assignment]
    now = timezone.now()
    known = facts.of_videos(listed)
    notes = choices.notes_on([each.video for each in known])
    shown = [_shown(each, now, notes.get(each.video.pk, "")) for each in known]
    return Catalogue(tabs, page, shown, group.slug, reason, search)


def _narrow(videos: VideoQuerySet, group: Group, reason: str, search: str) -> VideoQuerySet:
    if group.slug:
        videos = videos.filter(state__in=sorted(group.states))
    if reason:
        videos = coverage.missing_for(videos, reason)
    return videos.filter(title__icontains=search) if search else videos


def _shown(known: VideoFacts, now: datetime, note: str) -> Shown:
    video = known.video
    is_worked_on = video.leased_until is not None and video.leased_until > now
    waits = bool(known.words) and video.state in IN_PIPELINE and not video.held
    return Shown(
        facts=known,
        label=_label(video, is_worked_on=is_worked_on),
        tone=_TONES[State(video.state)] if not video.held else "still",
        percent=_percent(video),
        link=_link(known),
        next_try_at=video.next_attempt_at if waits and video.next_attempt_at > now else None,
        note=note,
    )


_TONES = {
    State.NEW: "still",
    State.DOWNLOADED: "busy",
    State.CREATING: "busy",
    State.CREATED: "busy",
    State.UPLOADED: "busy",
    State.PUBLISHED: "good",
    State.SKIPPED: "off",
    State.STUCK: "warn",
    State.REMOVED: "off",
}

_LABELS = {
    State.NEW: ("Waiting", "Downloading"),
    State.DOWNLOADED: ("Downloaded", "Going on chain"),
    State.CREATING: ("Going on chain", "Going on chain"),
    State.CREATED: ("Waiting for its upload", "Uploading"),
    State.UPLOADED: ("Being confirmed", "Being confirmed"),
    State.PUBLISHED: ("On Joystream", "On Joystream"),
    State.SKIPPED: ("Not brought over", "Not brought over"),
    State.STUCK: ("We look at it", "We look at it"),
    State.REMOVED: ("Removed on Joystream", "Removed on Joystream"),
}
"""While nobody is at work on it, and while somebody is."""


def _label(video: Video, *, is_worked_on: bool) -> str:
    if video.held and video.state in IN_PIPELINE:
        return "Paused"
    return _LABELS[State(video.state)][is_worked_on]


_WAY: Mapping[State, tuple[int, int]] = {
    State.NEW: (0, 45),
    State.DOWNLOADED: (50, 50),
    State.CREATING: (60, 60),
    State.CREATED: (65, 90),
    State.UPLOADED: (92, 92),
    State.PUBLISHED: (100, 100),
}
"""From where to where, in percent of the whole way, the stage brings a video that it is at work on."""


def _percent(video: Video) -> int:
    start, end = _WAY.get(State(video.state), (0, 0))
    done, total = (video.progress or {}).get("done"), (video.progress or {}).get("total")
    return start + (end - start) * min(done, total) // total if done and total else start


def _link(known: VideoFacts) -> str:
    """The video's page on Joystream, as far as one is configured; else the file at its storage node."""
    if known.video.state != State.PUBLISHED:
        return ""
    template: str | None = settings.CONFIG.joystream.app.video_page
    if template:
        return template.replace("{id}", str(known.video.joystream_video_id))
    return known.address or ""
