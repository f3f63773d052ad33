"""The list of videos, and the page of one: where it stands, why, and everything that happened to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RadioFilter,
    RangeDateFilter,
)

from videos import changes, facts, reactions
from videos.admin import timeline
from videos.admin.orders import ORDERS
from videos.discovery.second_looks import AT_REST
from videos.models import Band, ChangeKind, Video, VideoQuerySet
from videos.pace import expect_all
from videos.states import IN_PIPELINE, State
from ytsynch.desk.lists import column
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, bytes_, link, outward, span, when

STATE_COLOURS = {
    State.NEW: "grey",
    State.PUBLISHED: "green",
    State.SKIPPED: "yellow",
    State.STUCK: "red",
    State.REMOVED: "grey",
}
"""Others are on their way: blue."""

WAY = (State.NEW, State.DOWNLOADED, State.CREATING, State.CREATED, State.UPLOADED, State.PUBLISHED)
"""The states of a video that meets no trouble, in order."""

EVENTS = 200


class AttentionFilter(RadioFilter):  # type: ignore[misc]
    """What staff look for every day."""

    title = "what needs attention"
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("under-way", "Under way"),
            ("failing", "Failing, tried again later"),
            ("at-work", "At work now"),
            ("held", "Held by their channel"),
            ("boosted", "Boosted by staff"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Video]) -> QuerySet[Video]:
        choose = VIEWS.get(self.value() or "")
        return choose(queryset) if choose else queryset


def _under_way(rows: QuerySet[Video]) -> QuerySet[Video]:
    return rows.filter(state__in=sorted(IN_PIPELINE))


VIEWS: dict[str, Callable[[QuerySet[Video]], QuerySet[Video]]] = {
    "under-way": _under_way,
    "failing": lambda rows: _under_way(rows).filter(attempts__gt=0),
    "at-work": lambda rows: rows.filter(lease_token__isnull=False),
    "held": lambda rows: _under_way(rows).exclude(held=""),
    "boosted": lambda rows: _under_way(rows).filter(band=Band.BOOST),
}


@admin.register(Video)
class VideoAdmin(Page):
    """Every video that was ever come across. States move by themselves or by an order; nothing is edited."""

    orders = ORDERS
    page_template = "admin/videos/video.html"
    list_display = ("what", "channel_shown", "state_shown", "why", "way", "band_shown", "expected", "since")
    list_filter = (
        AttentionFilter,
        ("state", ChoicesDropdownFilter),
        ("reason", FieldTextFilter),
        ("band", ChoicesDropdownFilter),
        ("is_short", BooleanRadioFilter),
        ("published_at", RangeDateFilter),
        ("discovered_at", RangeDateFilter),
    )
    search_fields = ("title",)
    search_help_text = "YouTube id, Joystream id, or words of the title"
    ordering = ("-id",)
    list_select_related = ("channel",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Addresses of the dashboard and of a channel's page may narrow the list by these."""
        allowed = lookup in ("channel__id__exact", "state_since__lte", "state_since__gt")
        return allowed or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> VideoQuerySet:
        rows: VideoQuerySet = super().get_queryset(request)
        return rows.select_related("channel").defer(
            "description", "channel__description", "channel__thumbnails"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Video], search_term: str
    ) -> tuple[QuerySet[Video], bool]:
        """An id is looked up by its index; only what is none is searched for in the titles."""
        term = search_term.strip()
        by_id = Q(youtube_id=term)
        if term.isdecimal():
            by_id |= Q(joystream_video_id=int(term))
        if term and " " not in term and queryset.filter(by_id).exists():
            return queryset.filter(by_id), False
        return super().get_search_results(request, queryset, term)  # type: ignore[no-any-return]

    # --- The list ---

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, with the expected times of its page's rows worked out together."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        expected = expect_all(rows)
        for row in rows:
            row.expectation = expected[row.pk]
        changelist.result_list = rows
        return changelist

    @column("Video", header=True, ordering="title")
    def what(self, video: Video) -> list[Any]:
        picture = video.thumbnails.get("default") or video.thumbnails.get("medium")
        image = (
            {"path": picture, "height": 32, "width": 57, "squared": True, "borderless": True}
            if picture
            else None
        )
        return [video.title or "without a title", f"{video.youtube_id} · {span(video.duration)}", "▶", image]

    @column("Channel")
    def channel_shown(self, video: Video) -> SafeString:
        return link(reverse("admin:channels_channel_change", args=[video.channel_id]), str(video.channel))

    @column("Stage", ordering="state")
    def state_shown(self, video: Video) -> SafeString:
        return state_badge(video)

    @column("Why", ordering="reason")
    def why(self, video: Video) -> str:
        _, explanation = facts.reason_of(video)
        return explanation.happened if explanation else ""

    @column("Progress")
    def way(self, video: Video) -> SafeString | str:
        return progress_bar(video) or (f"try {video.attempts + 1}" if video.attempts else "")

    @column("Queue", ordering="band")
    def band_shown(self, video: Any) -> str:
        if video.state not in IN_PIPELINE:
            return ""
        place = video.expectation.place
        return f"{video.get_band_display()}{f', place {place:,}' if place else ''}"

    @column("Expected")
    def expected(self, video: Any) -> str:
        if video.state == State.PUBLISHED:
            return format_html("on Joystream {}", when(video.published_on_joystream_at))
        return when(video.expectation.at) if video.expectation.at else ""

    @column("Since", ordering="state_since")
    def since(self, video: Video) -> str:
        return when(video.state_since)

    # --- The page ---

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        fact = facts.of_videos(Video.objects.filter(pk=row.pk))[0]
        video = fact.video
        return {
            "video": video,
            "fact": fact,
            "state": state_badge(video),
            "progress": progress_bar(video),
            "steps": _steps(video),
            "is_waiting": reactions.is_waiting(video.reason),
            "files": [(file, facts.address_of(file)) for file in video.files.order_by("position")],
            "entries": video.transactions.select_related("transaction")
            .defer("transaction__data")
            .order_by("-transaction_id"),
            "moments": timeline.of(video.events.order_by("-id")[:EVENTS]),
            "facts": [_on_youtube(video), _on_joystream(video, fact.address), _in_the_queue(video)],
        }


def state_badge(video: Video) -> SafeString:
    state = State(video.state)
    at_work = " ●" if video.lease_token else ""
    return badge(f"{state.label}{at_work}", STATE_COLOURS.get(state, "blue"))


def progress_bar(video: Video) -> SafeString | None:
    """How far the piece of work is that somebody does on the video now; None while nobody does any."""
    progress = video.progress or {}
    done, total = progress.get("done") or 0, progress.get("total") or 0
    if not progress:
        return None
    percent = min(100 * done // total, 100) if total else 0
    phase = progress.get("phase", "")
    return format_html(
        '<progress class="desk-progress" value="{}" max="100" title="{}: {} of {}"></progress><small>{} {}%</small>',
        percent,
        phase,
        bytes_(done),
        bytes_(total or None),
        phase,
        percent,
    )


def _steps(video: Video) -> list[tuple[str, str]]:
    """The way of a video, each step with whether it is past, the present one, or ahead."""
    state = State(video.state)
    if state not in WAY:
        return [(step.label, "ahead") for step in WAY]
    here = WAY.index(state)
    return [
        (
            step.label,
            "past" if place < here or state is State.PUBLISHED else "here" if place == here else "ahead",
        )
        for place, step in enumerate(WAY)
    ]


def _on_youtube(video: Video) -> Facts:
    return Facts(
        "On YouTube",
        [
            Fact("Video", outward(f"https://www.youtube.com/watch?v={video.youtube_id}", video.youtube_id)),
            Fact("Published", when(video.published_at)),
            Fact("Length", span(video.duration)),
            Fact("Privacy", video.privacy),
            Fact("Not public any more since", when(video.gone_since) if video.gone_since else ""),
            Fact("Looked at again", when(video.next_look_at) if video.state in AT_REST else ""),
            Fact("Licence", video.license),
            Fact("Language", video.language),
            Fact("Broadcast", "" if video.broadcast == "none" else video.broadcast),
            Fact("Views, likes", f"{video.views:,}, {video.likes:,}"),
            Fact("Short", {True: "yes", False: "no", None: "not known yet"}[video.is_short]),
            Fact("Age-restricted", "yes" if video.is_age_restricted else "no"),
            Fact("Paid promotion", "yes" if video.has_paid_promotion else "no"),
        ],
    )


def _on_joystream(video: Video, address: str | None) -> Facts:
    media = video.media or {}
    return Facts(
        "On Joystream",
        [
            Fact("Video", video.joystream_video_id or "not yet"),
            Fact("Created in block", video.created_in_block),
            Fact(
                "Published", when(video.published_on_joystream_at) if video.published_on_joystream_at else ""
            ),
            Fact("Was there before us", "yes" if video.adopted else ""),
            Fact("Change under way", _change_under_way(video)),
            Fact("Media", outward(address, "as the storage node serves it") if address else ""),
            Fact("Picture", f"{media['width']} × {media['height']}, {media['video_codec']}" if media else ""),
            Fact("Sound", media.get("audio_codec")),
            Fact("Container", media.get("container")),
            Fact("Size", bytes_(media.get("size")) if media else ""),
        ],
    )


def _change_under_way(video: Video) -> str:
    """What is to be changed there, and what keeps it from being made."""
    change = video.changes.filter(state__in=changes.OPEN).first()
    if change is None:
        return ""
    what = ", ".join(change.values) if change.kind == ChangeKind.UPDATE else "deletion"
    return f"{what}: {change.get_state_display().lower()}{f', {change.reason_text}' if change.reason else ''}"


def _in_the_queue(video: Video) -> Facts:
    return Facts(
        "In the queue",
        [
            Fact("Band", video.get_band_display()),
            Fact("Discovered", when(video.discovered_at)),
            Fact("In this state", when(video.state_since)),
            Fact("Failed tries", video.attempts),
            Fact("Workers that died on it", video.crashes or ""),
            Fact("Next try", when(video.next_attempt_at) if video.state in IN_PIPELINE else ""),
            Fact("At work", video.leased_by),
            Fact("Holds of the media store", bytes_(video.reserved_bytes) if video.reserved_bytes else ""),
        ],
    )
