"""Payout rounds: computing one, and the page from which it is reviewed, approved and paid."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from channels.errors import Refused
from payments import money, periods, rounds
from payments.admin.line import line_badge
from payments.admin.orders import ROUND_ORDERS, RUN, TermsForm
from payments.admin.story import moments_of
from payments.models import Line, Round
from payments.states import LineState, RoundState
from ytsynch.desk.history import remember, staff_name
from ytsynch.desk.lists import column
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, when

COLOURS = {
    RoundState.COMPUTED: "grey",
    RoundState.REVIEWED: "yellow",
    RoundState.APPROVED: "yellow",
    RoundState.PAYING: "blue",
    RoundState.PAID: "blue",
    RoundState.SETTLED: "green",
    RoundState.CANCELLED: "grey",
}
WAY = (
    RoundState.COMPUTED,
    RoundState.REVIEWED,
    RoundState.APPROVED,
    RoundState.PAYING,
    RoundState.PAID,
    RoundState.SETTLED,
)
LINES = 100
"""Lines that a round's page shows; all of them are in their list."""

WEEKS = 8
"""Ends of weeks that are offered."""


class ComputeForm(TermsForm):
    """A new round: up to when, and at what price."""

    period_end = forms.TypedChoiceField(
        label="What was earned before", coerce=datetime.fromisoformat, widget=UnfoldAdminSelectWidget
    )
    field_order = ("period_end", "joy_price", "round_down_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = periods.clock().zone
        end, choices = periods.last_end(timezone.now()), []
        for _ in range(WEEKS):
            choices.append((end.isoformat(), f"{end.astimezone(zone):%A, %d %B %Y, %H:%M} ({zone})"))
            end = periods.last_end(end - timedelta(seconds=1))
        self.fields["period_end"].choices = choices  # type: ignore[attr-defined]


@admin.register(Round)
class RoundAdmin(Page):
    """Each week's payments, from who earned what to what is on chain."""

    orders = ROUND_ORDERS
    page_template = "admin/payments/round.html"
    list_display = ("name", "until", "state_shown", "channels", "sum", "joy", "price", "reviewer", "approver")
    list_filter = (("state", ChoicesDropdownFilter),)
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RUN))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        rows = super().get_queryset(request)
        return rows.annotate(  # type: ignore[no-any-return]
            channel_count=Count("lines__channel", distinct=True),
            cent_sum=Sum(rounds.OWED_OF_ROUND),
            amount_sum=Sum("lines__amount"),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Compute a round."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ComputeForm(request.POST or None)
        if form.is_valid():
            try:
                round = rounds.compute(by=staff_name(request), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                remember(request, [round], "Computed")
                messages.success(request, f"{round} was computed.")
                return HttpResponseRedirect(reverse("admin:payments_round_change", args=[round.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Compute a payout round",
            "opts": self.opts,
            "form": form,
            "back": reverse("admin:payments_round_changelist"),
        }
        return TemplateResponse(request, "admin/payments/compute.html", context)

    # --- The list ---

    @column("Round", ordering="id")
    def name(self, round: Round) -> str:
        return str(round)

    @column("Earned before", ordering="period_end")
    def until(self, round: Round) -> str:
        return f"{round.period_end.astimezone(periods.clock().zone):%d %B %Y, %H:%M}"

    @column("State", ordering="state")
    def state_shown(self, round: Round) -> SafeString:
        return badge(round.get_state_display(), COLOURS[RoundState(round.state)])

    @column("Channels")
    def channels(self, round: Any) -> str:
        return f"{round.channel_count:,}"

    @column("Sum")
    def sum(self, round: Any) -> str:
        return money.dollars(round.cent_sum or 0)

    @column("JOY")
    def joy(self, round: Any) -> str:
        return money.joy(int(round.amount_sum or 0))

    @column("JOY's price", ordering="joy_price")
    def price(self, round: Round) -> str:
        return money.price(round.joy_price)

    @column("Reviewed by")
    def reviewer(self, round: Round) -> str:
        return round.reviewed_by or "–"

    @column("Approved by")
    def approver(self, round: Round) -> str:
        return round.approved_by or "–"

    # --- The page ---

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        round: Round = row
        lines = Line.objects.filter(round=round).select_related("channel").order_by("-amount", "id")
        listed = f"{reverse('admin:payments_line_changelist')}?round__id__exact={round.pk}"
        states = {
            LineState(state): count
            for state, count in lines.order_by().values_list("state").annotate(Count("id"))
        }
        return {
            "badge": self.state_shown(round),
            "steps": _steps(RoundState(round.state)),
            "total": rounds.total(round),
            "by_action": [
                (action.label, total.lines, money.dollars(total.cents), money.joy(total.amount))
                for action, total in rounds.by_action(round)
            ],
            "states": [
                (state.label, states[state], f"{listed}&state__exact={state.value}")
                for state in LineState
                if state in states
            ],
            "facts": [self._terms(round), _dry_run(round)],
            "troubles": (round.dry_run or {}).get("troubles", []),
            "lines": [
                (line, line_badge(line), money.dollars(line.owed), money.joy(line.amount))
                for line in lines[:LINES]
            ],
            "lines_address": listed,
            "moments": moments_of(round),
        }

    def _terms(self, round: Round) -> Facts:
        total = rounds.total(round)
        return Facts(
            "The round",
            [
                Fact("What was earned before", self.until(round)),
                Fact("Sum", money.dollars(total.cents)),
                Fact("In JOY", money.joy(total.amount)),
                Fact("Price of one JOY", money.price(round.joy_price)),
                Fact("Amounts are rounded", f"down to {money.joy(round.round_down_to)} JOY"),
                Fact("Reviewed by", round.reviewed_by),
                Fact("Approved by", round.approved_by),
                Fact("So since", when(round.state_since)),
            ],
        )


def _steps(state: RoundState) -> list[tuple[str, str]]:
    if state not in WAY:
        return [(state.label, "here")]
    here = WAY.index(state)
    places = ("past", "here", "ahead")
    return [(step.label, places[(number >= here) + (number > here)]) for number, step in enumerate(WAY)]


def _dry_run(round: Round) -> Facts:
    found = round.dry_run or {}
    if "at" not in found:
        return Facts("Dry run", [Fact("Result", "There was none yet.")])
    covered = badge("Covered", "green") if found["is_covered"] else badge("Not covered", "red")
    return Facts(
        "Dry run",
        [
            Fact("Result", covered),
            Fact("When", when(datetime.fromisoformat(found["at"]))),
            Fact("Payments", f"{found['payments']:,}"),
            Fact("Amount", f"{money.joy(found['amount'])} JOY"),
            Fact("Fees", f"{money.joy(found['fees'])} JOY"),
            Fact("Needs in all", f"{money.joy(found['needs'])} JOY"),
            Fact("On the account", f"{money.joy(found['balance'])} JOY"),
            Fact("Lines that would not be paid", found["trouble_count"] or ""),
        ],
    )
