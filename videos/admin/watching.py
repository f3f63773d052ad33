"""How we hear of new uploads: hubs, their promises, and how well they keep them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from videos.discovery.models import Hub, HubDay, Subscription
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import badge, when


@admin.register(Subscription)
class SubscriptionAdmin(Reading):
    """A hub's promises to tell us of channels' uploads. They are asked for and renewed by themselves."""

    list_display = ("channel", "hub", "state", "lease", "last_notice", "asked", "next_request")
    list_filter = (("hub", RelatedDropdownFilter), ("wanted", ChoicesDropdownFilter))
    search_fields = ("channel__handle__iexact", "channel__youtube_id__exact")
    search_help_text = "Handle or YouTube id of the channel, as a whole"
    fields = ("channel", "hub", "state", "lease", "last_notice", "asked", "next_request", "refusal")
    readonly_fields = fields
    ordering = ("-id",)
    list_select_related = ("channel", "hub")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        rows: QuerySet[Subscription] = super().get_queryset(request)
        return rows.defer("secret", "callback_key", "channel__description")

    @column("State")
    def state(self, row: Subscription) -> SafeString:
        if row.refusal:
            return badge("Refused", "red")
        return badge("Live", "green") if row.live_since else badge("Asked for", "blue")

    @column("Lease ends", ordering="lease_ends_at")
    def lease(self, row: Subscription) -> str:
        return when(row.lease_ends_at)

    @column("Last notice", ordering="last_notice_at")
    def last_notice(self, row: Subscription) -> str:
        return when(row.last_notice_at)

    @column("Asked", ordering="asked_at")
    def asked(self, row: Subscription) -> str:
        return when(row.asked_at)

    @column("Asked next", ordering="next_request_at")
    def next_request(self, row: Subscription) -> str:
        return when(row.next_request_at)


@admin.register(Hub)
class HubAdmin(Reading):
    """WebSub hubs, and whether they answer."""

    list_display = ("address", "state", "again")
    fields = ("address", "failures", "failing_since", "ask_again_at")
    ordering = ("address",)

    @column("State")
    def state(self, hub: Hub) -> SafeString:
        return badge(f"{hub.failures} failures", "red") if hub.failures else badge("Answers", "green")

    @column("Asked again", ordering="ask_again_at")
    def again(self, hub: Hub) -> Any:
        return when(hub.ask_again_at) if hub.failures else ""


@admin.register(HubDay)
class HubDayAdmin(Reading):
    """Uploads that a hub announced, and those that only our own look found, by day."""

    list_display = ("day", "hub", "announced", "missed", "missed_share")
    fields = ("day", "hub", "announced", "missed")
    list_select_related = ("hub",)
    ordering = ("-day", "hub")

    @column("Missed")
    def missed_share(self, row: HubDay) -> str:
        total = row.announced + row.missed
        return f"{100 * row.missed / total:.1f} %" if total else "–"
