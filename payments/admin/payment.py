"""The payments table, to be read and taken away as CSV, JSON or XLSX."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, JSON, XLSX
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RangeNumericFilter
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import action

from payments import found, money
from payments.admin.chain import fresh_node
from payments.models import Payment
from payments.table import PaymentResource
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import link, when
from ytsynch.joystream.errors import JoystreamError


@admin.register(Payment)
class PaymentAdmin(ExportMixin, Reading):  # type: ignore[misc]
    """One row a payment in a final block: ours, and those of others that were found on chain."""

    resource_classes = [PaymentResource]
    formats = [CSV, JSON, XLSX]
    export_form_class = ExportForm
    actions_list = ["find"]
    list_display = (
        "channel_shown",
        "joystream_channel_id",
        "reward",
        "joy",
        "action",
        "rationale",
        "at",
        "executed",
    )
    fields = (
        "joystream_channel_id",
        "reward_account",
        "youtube_channel_title",
        "youtube_channel_id",
        "block",
        "executed_at",
        "action",
        "joy",
        "rationale",
        "payer_member_id",
        "extrinsic",
        "line_shown",
        "recorded_at",
    )
    readonly_fields = ("joy", "line_shown", "recorded_at")
    list_filter = (
        ("action", ChoicesDropdownFilter),
        ("executed_at", RangeDateFilter),
        ("joystream_channel_id", RangeNumericFilter),
    )
    search_fields = (
        "youtube_channel_title",
        "youtube_channel_id__exact",
        "reward_account__exact",
        "joystream_channel_id__exact",
        "extrinsic__exact",
    )
    ordering = ("-block", "-id")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """A channel's page leads to its payments."""
        return lookup == "channel__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related("line")  # type: ignore[no-any-return]

    def has_find_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.find_payment"))

    @action(description="Look for payments of others", permissions=["find"], icon="travel_explore")
    def find(self, request: HttpRequest) -> HttpResponse:
        """Read the query node's payments since the last look, now."""
        try:
            with fresh_node():
                count = found.look()
        except JoystreamError as error:
            messages.error(request, f"Joystream does not answer: {error}")
        else:
            messages.success(request, f"{count} payments of others were found.")
        return HttpResponseRedirect(reverse("admin:payments_payment_changelist"))

    @column("YouTube channel", header=True, ordering="youtube_channel_title")
    def channel_shown(self, row: Payment) -> list[str]:
        return [row.youtube_channel_title or "not of the programme", row.youtube_channel_id]

    @column("Reward account")
    def reward(self, row: Payment) -> str:
        return f"{row.reward_account[:8]}…{row.reward_account[-6:]}"

    @column("JOY", ordering="amount")
    def joy(self, row: Payment) -> str:
        return money.joy(row.amount)

    @column("Block", ordering="block")
    def at(self, row: Payment) -> str:
        return f"{row.block:,}"

    @column("Executed", ordering="executed_at")
    def executed(self, row: Payment) -> str:
        return when(row.executed_at)

    @column("Line")
    def line_shown(self, row: Payment) -> SafeString | str:
        if row.line is None:
            return "found on chain"
        return link(
            reverse("admin:payments_line_change", args=[row.line_id]), f"of round {row.line.round_id}"
        )
