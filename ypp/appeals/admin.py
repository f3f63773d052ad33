"""The queue of appeals at the staff's desk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RadioFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from channels.errors import Refused
from ypp.appeals import hearing
from ypp.appeals.models import Appeal, Decision
from ytsynch.desk.lists import column
from ytsynch.desk.orders import Effect, Order, OrderForm, each
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, link, when

MODERATE = "channels.moderate_channel"
COLOURS = {Decision.ACCEPTED: "green", Decision.REJECTED: "red", Decision.MOOT: "grey"}


class AcceptForm(OrderForm):
    answer = forms.CharField(
        label="Words for the creator",
        max_length=hearing.LONGEST,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text="They are in the letter that says that the suspension is lifted.",
    )


class RejectForm(OrderForm):
    answer = forms.CharField(
        label="Words for the creator",
        max_length=hearing.LONGEST,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text="Say what is still wrong, and which videos it is about.",
    )


def _effects(say: str) -> Callable[[Sequence[Appeal]], Mapping[Any, Effect]]:
    def effects(rows: Sequence[Appeal]) -> Mapping[Any, Effect]:
        decided = Effect("It was decided before.", is_refused=True)
        return {row.pk: Effect(say) if row.decision == Decision.OPEN else decided for row in rows}

    return effects


class QueueFilter(RadioFilter):  # type: ignore[misc]
    title = "queue"
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("overdue", "Overdue"), ("decided", "Decided")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        match self.value():
            case "open":
                return queryset.filter(decision=Decision.OPEN)
            case "overdue":
                return queryset.filter(decision=Decision.OPEN, due_at__lt=timezone.now())
            case "decided":
                return queryset.exclude(decision=Decision.OPEN)
            case _:
                return queryset


@admin.register(Appeal)
class AppealAdmin(Page):
    """Appeals against suspensions, the most urgent first."""

    orders = (
        Order(
            name="accept",
            title="Accept",
            icon="lock_open",
            explanation="The creator is right: the suspension is lifted, and the creator gets a letter with your "
            "words.",
            permission=MODERATE,
            form=AcceptForm,
            effects=_effects("The suspension is lifted; the channel is what it was before."),
            act=each(lambda row, said, by: hearing.accept(row, said["answer"], by=by), refusals=(Refused,)),
        ),
        Order(
            name="reject",
            title="Reject",
            icon="gavel",
            explanation="The suspension stays. The creator gets a letter with your words, and cannot appeal against "
            "this suspension again.",
            permission=MODERATE,
            form=RejectForm,
            effects=_effects("The channel stays suspended."),
            act=each(lambda row, said, by: hearing.reject(row, said["answer"], by=by), refusals=(Refused,)),
            is_grave=True,
        ),
    )
    page_template = "admin/ypp/appeal.html"
    list_display = ("whose", "reason", "state", "made", "due", "decided_by")
    list_filter = (QueueFilter, "reason")
    list_select_related = ("channel",)
    search_fields = ("channel__title", "channel__handle__iexact", "channel__youtube_id__exact")
    ordering = ("decision", "due_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        return super().get_queryset(request).select_related("channel", "suspension")  # type: ignore[no-any-return]

    @column("Channel", ordering="channel__title")
    def whose(self, row: Appeal) -> str:
        return str(row.channel)

    @column("State", ordering="decision")
    def state(self, row: Appeal) -> SafeString:
        if row.decision != Decision.OPEN:
            return badge(row.get_decision_display(), COLOURS[Decision(row.decision)])
        return badge("Overdue", "red") if row.due_at < timezone.now() else badge("Open", "yellow")

    @column("Made", ordering="created_at")
    def made(self, row: Appeal) -> str:
        return when(row.created_at)

    @column("Answer due", ordering="due_at")
    def due(self, row: Appeal) -> str:
        return when(row.due_at) if row.decision == Decision.OPEN else "–"

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        appeal: Appeal = row
        channel = reverse("admin:channels_channel_change", args=[appeal.channel_id])
        note = appeal.suspension.detail.get("note", "")
        facts = Facts(
            "The suspension",
            [
                Fact("Channel", link(channel, str(appeal.channel))),
                Fact("Status now", appeal.channel.get_status_display()),
                Fact("Reason", appeal.get_reason_display()),
                Fact("Evidence and note", note),
                Fact("Suspended", when(appeal.suspension.at)),
                Fact("By", appeal.suspension.by),
                Fact("Appealed", when(appeal.created_at)),
                Fact("Answer due", self.due(appeal)),
                Fact("Decided", when(appeal.decided_at) if appeal.decided_at else ""),
                Fact("Decided by", appeal.decided_by),
            ],
        )
        return {"state": self.state(appeal), "facts": facts}
