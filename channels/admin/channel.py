"""The list of channels, and the page of one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Count, DateTimeField, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    FieldTextFilter,
    RadioFilter,
    RangeDateFilter,
)

from channels.admin import timeline
from channels.admin.adding import add_view
from channels.admin.orders import ORDERS, _query_node
from channels.models import App, Channel, ChannelEvent, Pause, Status
from payments import money, payouts
from videos import coverage, facts
from videos.models import Video
from videos.states import IN_PIPELINE, State
from ypp.letters.models import Letter
from ytsynch.desk.lists import column
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, link, outward, when
from ytsynch.joystream.errors import QueryNodeUnavailable

STATUS_COLOURS = {
    Status.UNVERIFIED: "yellow",
    Status.VERIFIED: "green",
    Status.SUSPENDED: "red",
    Status.OPTED_OUT: "grey",
}

PAUSE_COLOURS = {Pause.BY_CREATOR: "grey", Pause.LEFT: "grey", Pause.BY_STAFF: "yellow"}
"""A pause that nobody decided is red."""

IN_SHORT = {
    Pause.BY_CREATOR: "Paused by creator",
    Pause.BY_STAFF: "Paused by staff",
    Pause.COLLABORATOR_MISSING: "No permission",
    Pause.STORAGE_FULL: "Out of space",
    Pause.MODERATED: "Moderated",
    Pause.JOYSTREAM_CHANNEL_GONE: "Joystream channel gone",
    Pause.YOUTUBE_CHANNEL_GONE: "Gone from YouTube",
}
"""For a narrow column. Those that the status says already are not here."""

LATEST = 15
"""Videos on a channel's page."""

EVENTS = 50
LETTERS = 10
REFERRED = 10


OUTSIDE = [pause.value for pause in Pause if pause and pause not in (*PAUSE_COLOURS, Pause.SUSPENDED)]
"""Pauses that nobody decided: something outside must end."""


class AttentionFilter(RadioFilter):  # type: ignore[misc]
    """The saved views: what staff look for every day."""

    title = "what needs attention"
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("syncing", "Syncing"),
            ("unverified", "Needs verification"),
            ("suspended", "Suspended"),
            ("stuck", "Has stuck videos"),
            ("storage", "Out of space"),
            ("revoked", "Permission revoked"),
            ("paused", "Paused by something outside"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Channel]) -> QuerySet[Channel]:
        choose = VIEWS.get(self.value() or "")
        return choose(queryset) if choose else queryset


VIEWS: dict[str, Callable[[QuerySet[Channel]], QuerySet[Channel]]] = {
    "syncing": lambda rows: rows.filter(pause=Pause.NONE, joystream_channel_id__isnull=False),
    "unverified": lambda rows: rows.filter(status=Status.UNVERIFIED, joystream_channel_id__isnull=False),
    "suspended": lambda rows: rows.filter(status=Status.SUSPENDED),
    "stuck": lambda rows: rows.filter(pk__in=Video.objects.filter(state=State.STUCK).values("channel")),
    "storage": lambda rows: rows.filter(pause=Pause.STORAGE_FULL, joystream_channel_id__isnull=False),
    "revoked": lambda rows: rows.filter(creator__grant_revoked_at__isnull=False).exclude(
        status=Status.OPTED_OUT
    ),
    "paused": lambda rows: rows.filter(pause__in=OUTSIDE, joystream_channel_id__isnull=False),
}


def _count(**only: Any) -> Coalesce:
    """How many videos of the row's channel, by the index of channel and state."""
    mine = Video.objects.filter(channel=OuterRef("pk"), **only).order_by().values("channel")
    return Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count"), IntegerField()), 0)


class AppFilter(DropdownFilter):  # type: ignore[misc]
    """By the app that brought the channel. Only names are read: an app's seed is for nobody here."""

    title = "app"
    parameter_name = "app"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        return list(App.objects.order_by("name").values_list("pk", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Channel]) -> QuerySet[Channel]:
        chosen = self.value() or ""
        return queryset.filter(app=int(chosen)) if chosen.isdecimal() else queryset


@admin.register(Channel)
class ChannelAdmin(Page):
    """Every channel that ever signed in. Nothing is edited: staff give orders, and each is in its history."""

    orders = ORDERS
    page_template = "admin/channels/channel.html"
    list_display = (
        "who",
        "standing",
        "tier_shown",
        "sync",
        "backlog",
        "published",
        "subscribers_shown",
        "app",
        "last_activity",
        "warnings",
    )
    list_filter = (
        AttentionFilter,
        ("status", ChoicesDropdownFilter),
        ("tier", ChoicesDropdownFilter),
        AppFilter,
        ("pause", ChoicesDropdownFilter),
        ("category_id", FieldTextFilter),
        ("language", FieldTextFilter),
        ("created_at", RangeDateFilter),
    )
    search_fields = ("title", "handle")
    search_help_text = "Title, handle, YouTube or Joystream id, e-mail address"
    ordering = ("-id",)
    list_before_template = "admin/channels/link_to_adding.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        latest = ChannelEvent.objects.filter(channel=OuterRef("pk")).order_by("-id").values("at")[:1]
        rows: QuerySet[Channel] = super().get_queryset(request)
        return (
            rows.select_related("app", "creator")
            .defer("description", "app__account_seed", "creator__grant")  # secrets are not even read
            .annotate(
                backlog_count=_count(state__in=sorted(IN_PIPELINE)),
                published_count=_count(state=State.PUBLISHED),
                stuck_count=_count(state=State.STUCK),
                active_at=Subquery(latest, DateTimeField()),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Channel], search_term: str
    ) -> tuple[QuerySet[Channel], bool]:
        """An id is looked up by its index; only what is none is searched for in the titles."""
        term = search_term.strip()
        if term.isdecimal():
            return queryset.filter(joystream_channel_id=int(term)), False
        if term.startswith("UC") and len(term) == 24:
            return queryset.filter(youtube_id=term), False
        if "@" in term[1:]:
            return queryset.filter(email__iexact=term) | queryset.filter(creator__email__iexact=term), False
        return super().get_search_results(request, queryset, term)  # type: ignore[no-any-return]

    # --- The list ---

    @column("Channel", header=True, ordering="title")
    def who(self, channel: Channel) -> list[Any]:
        picture = channel.thumbnails.get("default")
        image = {"path": picture, "height": 32, "width": 32} if picture else None
        return [channel.title, channel.handle or channel.youtube_id, channel.title[:2], image]

    @column("Status", ordering="status")
    def standing(self, channel: Channel) -> SafeString:
        if channel.joystream_channel_id is None:
            return badge("Signed in only")
        return badge(channel.get_status_display(), STATUS_COLOURS[Status(channel.status)])

    @column("Tier", ordering="tier")
    def tier_shown(self, channel: Channel) -> str:
        by_staff = " ✎" if channel.tier_is_by_staff else ""
        return f"{channel.get_tier_display()}{by_staff}" if channel.tier else "–"

    @column("Sync", ordering="pause")
    def sync(self, channel: Channel) -> SafeString:
        return sync_badge(channel)

    @column("Backlog")
    def backlog(self, channel: Any) -> int:
        return int(channel.backlog_count)

    @column("Published")
    def published(self, channel: Any) -> int:
        return int(channel.published_count)

    @column("Subscribers", ordering="subscribers")
    def subscribers_shown(self, channel: Channel) -> str:
        return subscribers_of(channel)

    @column("Last activity")
    def last_activity(self, channel: Any) -> str:
        return when(channel.active_at)

    @column("")
    def warnings(self, channel: Any) -> SafeString:
        return format_html_join(" ", "{}", ((warning,) for warning in warnings_of(channel)))

    # --- The page ---

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        channel: Channel = row
        videos = Video.objects.filter(channel=channel).order_by("-published_at")
        by_state = dict(
            Video.objects.filter(channel=channel).order_by().values_list("state").annotate(Count("pk"))
        )
        listed = reverse("admin:videos_video_changelist")
        return {
            "standing": self.standing(channel),
            "sync": sync_badge(channel),
            "warnings": warnings_of(row),
            "numbers": [
                (
                    state.label,
                    by_state.get(state, 0),
                    f"{listed}?channel__id__exact={channel.pk}&state__exact={state.value}",
                )
                for state in State
                if by_state.get(state)
            ],
            "coverage": coverage.of_channel(channel),
            "videos": facts.of_videos(videos[:LATEST]),
            "videos_address": f"{listed}?channel__id__exact={channel.pk}",
            "facts": [_youtube(channel), _programme(channel), _syncing(channel)],
            "joystream_address": reverse("admin:channels_channel_joystream", args=[channel.pk]),
            "referred": _referred(channel)[:REFERRED],
            "referred_address": _listed(referrer_channel_id=channel.joystream_channel_id),
            "as_creator": reverse("pages:as_creator", args=[channel.youtube_id])
            if channel.joystream_channel_id
            else "",
            "letters": Letter.objects.filter(channel=channel).order_by("-id")[:LETTERS],
            "payouts": payouts_shown(channel),
            "payouts_address": f"{reverse('admin:payments_payment_changelist')}?channel__id__exact={channel.pk}",
            "moments": timeline.of(channel.events.order_by("-id")[:EVENTS]),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.joystream_view)
        return [
            path("add-channels/", self.admin_site.admin_view(add_view), name="channels_channel_add_channels"),
            path("<path:object_id>/joystream/", view, name="channels_channel_joystream"),
            *super().get_urls(),
        ]

    def joystream_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What Joystream says of the channel: asked once the page is open, so that the rest waits for
        nobody.
        """
        channel = get_object_or_404(Channel.objects.select_related("app__lane"), pk=object_id)
        context: dict[str, Any] = {}
        if channel.joystream_channel_id is not None:
            try:
                context["facts"] = _joystream(channel, channel.joystream_channel_id)
            except QueryNodeUnavailable as error:
                context["trouble"] = str(error)
        return TemplateResponse(request, "admin/channels/joystream.html", context)


PAYMENTS = 10
"""Payments that a channel's page shows; all of them are in their list."""


def payouts_shown(channel: Channel) -> dict[str, Any]:
    """What waits to be paid to the channel, and what was paid last."""
    made = payouts.made_to(channel)[:PAYMENTS]
    return {
        "waiting": payouts.waiting_for(channel),
        "made": [(row, f"{money.joy(row.amount)} JOY") for row in made],
    }


def subscribers_of(channel: Channel) -> str:
    """Their number, and whether it may be an old one."""
    known = f"{channel.subscribers:,}"
    return f"{known} (hidden now)" if channel.subscribers_hidden else known


def sync_badge(channel: Channel) -> SafeString:
    """How the channel's sync stands, in a word."""
    if channel.joystream_channel_id is None:
        return badge("–")
    if not channel.pause:
        return badge("Syncing", "green") if channel.catalogue_complete else badge("Being listed", "blue")
    pause = Pause(channel.pause)
    if pause in (Pause.SUSPENDED, Pause.LEFT):  # the status says so already
        return badge("Stopped")
    return badge(IN_SHORT.get(pause, pause.label), PAUSE_COLOURS.get(pause, "red"))


def warnings_of(channel: Any) -> list[SafeString]:
    """What staff should know of an annotated channel at a glance."""
    found = []
    if channel.stuck_count:
        found.append(badge(f"{channel.stuck_count} stuck", "red"))
    if channel.creator and channel.creator.grant_revoked_at:
        found.append(badge("Permission revoked", "yellow"))
    if channel.joystream_channel_id and not channel.category_id:
        found.append(badge("No category", "yellow"))
    return found


def _youtube(channel: Channel) -> Facts:
    return Facts(
        "On YouTube",
        [
            Fact(
                "Channel",
                outward(f"https://www.youtube.com/channel/{channel.youtube_id}", channel.youtube_id),
            ),
            Fact("Opened", f"{channel.published_at:%Y-%m-%d}"),
            Fact("Subscribers", subscribers_of(channel)),
            Fact("Public videos", f"{channel.public_videos:,}"),
            Fact("Views", f"{channel.views:,}"),
            Fact("Language", channel.language),
            Fact("Country", channel.country),
        ],
    )


def _programme(channel: Channel) -> Facts:
    creator = channel.creator
    return Facts(
        "In the programme",
        [
            Fact("Signed up", when(channel.created_at)),
            Fact("Creator", _to(creator, creator.email) if creator else "nobody: synced without sign-in"),
            Fact("Permission at Google", _permission(channel)),
            Fact("Letters go to", channel.email),
            Fact("Brought by", _to(channel.app, channel.app.name)),
            Fact("Tier", f"{channel.get_tier_display()}{', by staff' if channel.tier_is_by_staff else ''}"),
            Fact("Suspended for", channel.get_suspension_reason_display()),
            Fact("Referred by", _referrer(channel)),
            Fact("Referred", _referred(channel).count()),
        ],
    )


def _syncing(channel: Channel) -> Facts:
    return Facts(
        "Its sync",
        [
            Fact("Creator wants it", "yes" if channel.wants_sync else "no"),
            Fact("Operators allow it", "yes" if channel.allow_operator_ingestion else "no"),
            Fact("Category", channel.category_id or badge("none", "yellow")),
            Fact("Back catalogue", "listed" if channel.catalogue_complete else "not listed yet"),
            Fact("Looked at again", when(channel.next_discovery_at)),
            Fact("Lane", _to(channel.app.lane, str(channel.app.lane))),
        ],
    )


def _joystream(channel: Channel, joystream_channel_id: int) -> Facts:
    node = _query_node()
    found = node.channel(joystream_channel_id)
    if found is None:
        return Facts("On Joystream", [Fact("Channel", f"{joystream_channel_id} does not exist")])
    buckets = node.storage_buckets(joystream_channel_id)
    return Facts(
        "On Joystream",
        [
            Fact("Channel", f"{joystream_channel_id}: {found.title or 'without a title'}"),
            Fact("Owner", f"member {found.owner_member_id}"),
            Fact("Videos created", found.total_videos_created),
            Fact("Language", found.language),
            Fact("Avatar", "yes" if found.avatar else "no"),
            Fact("Cover", "yes" if found.cover else "no"),
            Fact(
                "Storage",
                format_html_join(
                    ", ", "{}", ((outward(bucket.endpoint, f"bucket {bucket.id}"),) for bucket in buckets)
                )
                or "no bucket with an address",
            ),
        ],
    )


def _permission(channel: Channel) -> SafeString | str:
    creator = channel.creator
    if creator is None:
        return "–"
    if creator.grant_revoked_at:
        return format_html("{} {}", badge("revoked", "yellow"), when(creator.grant_revoked_at))
    return "given"


def _referrer(channel: Channel) -> SafeString | str:
    if channel.referrer_channel_id is None:
        return ""
    referrer = Channel.objects.of_joystream_channel(channel.referrer_channel_id)
    return _to(referrer, str(referrer)) if referrer else f"Joystream channel {channel.referrer_channel_id}"


def _referred(channel: Channel) -> QuerySet[Channel]:
    """Whom the channel brought into the programme, the newest first."""
    return Channel.objects.filter(referrer_channel_id=channel.joystream_channel_id or 0).order_by("-id")


def _listed(**query: Any) -> str:
    return f"{reverse('admin:channels_channel_changelist')}?{urlencode(query)}"


def _to(row: Any, text: str) -> SafeString:
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return link(address, text)
