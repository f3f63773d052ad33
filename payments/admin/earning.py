"""What was earned, thing by thing."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from payments import money
from payments.models import Earning
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import link, when


@admin.register(Earning)
class EarningAdmin(Reading):
    """Each thing once; where it has no line yet, the next round pays it."""

    list_display = ("channel_shown", "action", "thing", "tier", "worth", "earned", "paid_in")
    fields = ("channel", "action", "thing", "tier", "worth", "week", "place", "earned_at", "paid_in")
    readonly_fields = ("thing", "worth", "paid_in")
    list_filter = (
        ("action", ChoicesDropdownFilter),
        ("tier", ChoicesDropdownFilter),
        ("earned_at", RangeDateFilter),
    )
    search_fields = ("channel__title", "channel__handle", "channel__youtube_id__exact")
    ordering = ("-id",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest | None = None) -> bool:
        """A line's page leads to what it is for."""
        return lookup in ("line__id__exact", "channel__id__exact") or super().lookup_allowed(
            lookup, value, request
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Earning]:
        rows: QuerySet[Earning] = super().get_queryset(request)
        return rows.select_related("channel", "referred", "video", "line__round").only(
            "channel__title",
            "channel__handle",
            "channel__youtube_id",
            "referred__title",
            "referred__handle",
            "referred__youtube_id",
            "video__title",
            "video__youtube_id",
            "line__round_id",
            "action",
            "tier",
            "cents",
            "week",
            "place",
            "earned_at",
        )

    @column("Channel", ordering="channel")
    def channel_shown(self, row: Earning) -> SafeString:
        return link(reverse("admin:channels_channel_change", args=[row.channel_id]), str(row.channel))

    @column("For")
    def thing(self, row: Earning) -> SafeString | str:
        if row.video is not None:
            return link(reverse("admin:videos_video_change", args=[row.video_id]), str(row.video))
        if row.referred is not None:
            return link(reverse("admin:channels_channel_change", args=[row.referred_id]), str(row.referred))
        return "its sign-up"

    @column("Worth", ordering="cents")
    def worth(self, row: Earning) -> str:
        return money.dollars(row.cents)

    @column("Earned", ordering="earned_at")
    def earned(self, row: Earning) -> str:
        return when(row.earned_at)

    @column("Paid in")
    def paid_in(self, row: Earning) -> SafeString | str:
        if row.line is None:
            return "no round yet" if row.cents else "–"
        address = reverse("admin:payments_line_change", args=[row.line_id])
        return link(address, f"Round {row.line.round_id}")
