"""The lines of payout rounds: who gets what for which things, and what became of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from payments import batches, money
from payments.admin.orders import LINE_ORDERS
from payments.models import Earning, Line, TransactionLine
from payments.states import LineState
from ytsynch.desk.lists import column
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, link, when

COLOURS = {
    LineState.OPEN: "grey",
    LineState.SENT: "blue",
    LineState.PAID: "green",
    LineState.FAILED: "red",
    LineState.SET_ASIDE: "yellow",
    LineState.NOTHING: "grey",
}

EARNINGS = 200
"""Things that a line's page names; all of them are in the list of earnings."""


@admin.register(Line)
class LineAdmin(Page):
    """One payment each, or what was left out and why."""

    orders = LINE_ORDERS
    page_template = "admin/payments/line.html"
    list_display = (
        "channel_shown",
        "round_shown",
        "action",
        "count",
        "sum",
        "adjusted",
        "joy",
        "state_shown",
    )
    list_filter = (("state", ChoicesDropdownFilter), ("action", ChoicesDropdownFilter))
    search_fields = ("channel__title", "channel__handle", "channel__youtube_id__exact")
    ordering = ("-round", "-amount", "id")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """A round's page and a channel's lead to their lines."""
        allowed = lookup in ("round__id__exact", "channel__id__exact")
        return allowed or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Line]:
        rows = super().get_queryset(request).select_related("channel", "round")
        return rows.defer("channel__description", "channel__thumbnails")  # type: ignore[no-any-return]

    @column("Channel", ordering="channel")
    def channel_shown(self, line: Line) -> str:
        return str(line.channel)

    @column("Round", ordering="round")
    def round_shown(self, line: Line) -> SafeString:
        return link(reverse("admin:payments_round_change", args=[line.round_id]), str(line.round))

    @column("Sum", ordering="cents")
    def sum(self, line: Line) -> str:
        return money.dollars(line.owed)

    @column("Adjusted")
    def adjusted(self, line: Line) -> str:
        return (
            "" if line.adjusted_cents is None else f"from {money.dollars(line.cents)}: {line.adjusted_reason}"
        )

    @column("JOY", ordering="amount")
    def joy(self, line: Line) -> str:
        return money.joy(line.amount)

    @column("State", ordering="state")
    def state_shown(self, line: Line) -> SafeString:
        return line_badge(line)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        line: Line = row
        payment = getattr(line, "payment", None)
        facts = [
            Facts(
                "The line",
                [
                    Fact(
                        "Channel",
                        link(
                            reverse("admin:channels_channel_change", args=[line.channel_id]),
                            str(line.channel),
                        ),
                    ),
                    Fact("Round", self.round_shown(line)),
                    Fact("For", batches.what_for(line)),
                    Fact("Computed", money.dollars(line.cents)),
                    Fact("Adjusted to", "" if line.adjusted_cents is None else money.dollars(line.owed)),
                    Fact("Because", line.adjusted_reason),
                    Fact("Amount", f"{money.joy(line.amount)} JOY"),
                ],
            ),
            Facts(
                "The payment",
                [
                    Fact("State", line_badge(line)),
                    Fact("Why", line.reason),
                    Fact("Reward account", line.reward_account),
                    Fact("Block", f"{payment.block:,}" if payment else ""),
                    Fact("Executed", when(payment.executed_at) if payment else ""),
                    Fact("Rationale on chain", payment.rationale if payment else batches.rationale(line)),
                ],
            ),
        ]
        things = Earning.objects.filter(line=line).select_related("video", "referred").order_by("id")
        return {
            "facts": facts,
            "badge": line_badge(line),
            "things": things[:EARNINGS],
            "things_address": f"{reverse('admin:payments_earning_changelist')}?line__id__exact={line.pk}",
            "sent": TransactionLine.objects.filter(line=line)
            .select_related("transaction")
            .defer("transaction__data"),
        }


def line_badge(line: Line) -> SafeString:
    return badge(line.get_state_display(), COLOURS[LineState(line.state)])
