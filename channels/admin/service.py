"""Lanes, and the switches of the whole service."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextInputWidget

from channels import lanes, switches
from channels.errors import Refused
from channels.models import Lane, ServiceSwitch, Switch, SwitchEvent
from videos import outside
from videos.models import ChainTransaction, TransactionState
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.orders import Effect, Order, OrderForm, Ordering, each
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, when
from ytsynch.joystream.errors import JoystreamError

TURN = "channels.turn_switch"
HAPI_PER_JOY = 10**10

MEANING: dict[Switch, str] = {
    Switch.SYNC: "Every stage stops within seconds, at a point where nothing is lost. What was sent to the "
    "chain is still followed to its end.",
    Switch.DISCOVERY: "No channel's uploads are listed.",
    Switch.DOWNLOAD: "Nothing is downloaded; part files are kept.",
    Switch.CREATION: "No new extrinsic is made; what was sent is still followed to its end.",
    Switch.UPLOAD: "Nothing is uploaded to storage nodes.",
    Switch.ACCEPTANCE: "Nobody asks whether uploads were accepted, so nothing is published.",
    Switch.NEW_WORK: "Nothing new is listed or downloaded; what is under way is brought to its end. Turn it "
    "off before a deploy, and wait until nothing is under way.",
    Switch.SIGN_UPS: "Nobody new is taken in; who takes part already is not touched.",
}


class ReasonForm(OrderForm):
    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Creators read it: «Sync is paused for everybody: …». Say why, and until when if you know.",
    )


class PauseLaneForm(OrderForm):
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget)


# --- Switches -----------------------------------------------------------------------------------------------


def _switch_effects(*, to_on: bool) -> Callable[[Sequence[ServiceSwitch]], Mapping[Any, Effect]]:
    def effects(rows: Sequence[ServiceSwitch]) -> Mapping[Any, Effect]:
        return {row.pk: _turning(row, to_on=to_on) for row in rows}

    return effects


def _turning(row: ServiceSwitch, *, to_on: bool) -> Effect:
    if row.is_on and to_on:
        return Effect("It is on already.", is_refused=True)
    return Effect("It goes on where it stopped." if to_on else MEANING[Switch(row.name)])


def _turn_off(row: ServiceSwitch, said: dict[str, Any], by: str) -> None:
    switches.turn_off(Switch(row.name), reason=said["reason"], by=by)


def _turn_on(row: ServiceSwitch, said: dict[str, Any], by: str) -> None:
    switches.turn_on(Switch(row.name), by=by)


@admin.register(ServiceSwitch)
class ServiceSwitchAdmin(Ordering, Reading):
    """All switches on one page, each with what turning it off means, and their history."""

    orders = (
        Order(
            name="turn-off",
            title="Turn off",
            icon="toggle_off",
            explanation="It holds for everybody, until it is turned on again.",
            permission=TURN,
            form=ReasonForm,
            effects=_switch_effects(to_on=False),
            act=each(_turn_off, refusals=(Refused,)),
            is_grave=True,
        ),
        Order(
            name="turn-on",
            title="Turn on",
            icon="toggle_on",
            explanation="The service goes on by itself within seconds.",
            permission=TURN,
            effects=_switch_effects(to_on=True),
            act=each(_turn_on, refusals=(Refused,)),
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = {row.name: row for row in ServiceSwitch.objects.all()}
        rows = [known.get(switch.value) or ServiceSwitch(name=switch.value) for switch in Switch]
        context = {
            **self.admin_site.each_context(request),
            "title": "Switches",
            "opts": self.opts,
            "rows": [(row, MEANING[Switch(row.name)], self._address(row)) for row in rows],
            "may_turn": request.user.has_perm(TURN),
            "events": SwitchEvent.objects.select_related("switch")[:50],
        }
        return TemplateResponse(request, "admin/channels/switches.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A switch has no page of its own."""
        return self.changelist_view(request)

    def order_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        if object_id in Switch.values:
            ServiceSwitch.objects.get_or_create(name=object_id)
        return super().order_view(request, object_id, name)

    def _address(self, row: ServiceSwitch) -> str:
        order = "turn-off" if row.is_on else "turn-on"
        return reverse(f"admin:{self._url_name}", args=[row.pk, order])


# --- Lanes --------------------------------------------------------------------------------------------------


def _pausing(rows: Sequence[Lane]) -> Mapping[Any, Effect]:
    return {lane.pk: Effect("Nothing new is sent through it; its videos wait.") for lane in rows}


def _resuming(rows: Sequence[Lane]) -> Mapping[Any, Effect]:
    return {
        lane.pk: Effect("It is open again.")
        if lane.paused_reason
        else Effect("It is open already.", is_refused=True)
        for lane in rows
    }


@admin.register(Lane)
class LaneAdmin(Page):
    """Collaborator members and their accounts. Balances are read when somebody asks, not in the list."""

    orders = (
        Order(
            name="pause",
            title="Pause",
            icon="pause_circle",
            explanation="Its channels are downloaded on, but nothing is created on Joystream for them.",
            permission=TURN,
            form=PauseLaneForm,
            effects=_pausing,
            act=each(lambda lane, said, by: lanes.pause(lane, said["reason"], by=by), refusals=(Refused,)),
            is_grave=True,
        ),
        Order(
            name="resume",
            title="Resume",
            icon="play_circle",
            explanation="The lane goes on where it stopped.",
            permission=TURN,
            effects=_resuming,
            act=each(lambda lane, _, by: lanes.resume(lane, by=by), refusals=(Refused,)),
        ),
    )
    page_template = "admin/channels/lane.html"
    list_display = ("member", "address", "state", "balance_shown", "lasts", "busy", "made")
    ordering = ("member_id",)

    @column("Member", ordering="member_id")
    def member(self, lane: Lane) -> str:
        return f"member {lane.member_id}"

    @column("State")
    def state(self, lane: Lane) -> str:
        return lane_badge(lane)

    @column("Balance, last seen", ordering="balance")
    def balance_shown(self, lane: Lane) -> str:
        return joy(lane.balance)

    @column("Lasts", ordering="days_left")
    def lasts(self, lane: Lane) -> str:
        return "–" if lane.days_left is None else f"about {lane.days_left:,.0f} days"

    @column("Now")
    def busy(self, lane: Lane) -> str:
        return lane.paused_reason or ("at work" if lane.lease_token else "idle")

    @column("Known since", ordering="created_at")
    def made(self, lane: Lane) -> str:
        return when(lane.created_at)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        lane: Lane = row
        sent = ChainTransaction.objects.filter(lane=lane).defer("data").order_by("-id")
        last = sent.first()
        facts = Facts(
            "The lane",
            [
                Fact("Member", lane.member_id),
                Fact("Purpose", lane.get_purpose_display()),
                Fact("Account", lane.address),
                Fact("State", lane_badge(lane)),
                Fact("Because", lane.paused_reason),
                Fact("Apps", ", ".join(app.name for app in lane.apps.all())),
                Fact("Balance, last seen", joy(lane.balance)),
                Fact("Lasts", self.lasts(lane)),
                Fact("Needs to go on", joy(lane.needs) if lane.needs else ""),
                Fact("Last nonce", last.nonce if last else "none yet"),
            ],
        )
        listed = reverse("admin:videos_chaintransaction_changelist")
        return {
            "facts": facts,
            "sent": [(row, _colour(row)) for row in sent[:20]],
            "sent_address": f"{listed}?lane__id__exact={lane.pk}",
            "balance_address": reverse("admin:channels_lane_balance", args=[lane.pk]),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.balance_view)
        return [path("<path:object_id>/balance/", view, name="channels_lane_balance"), *super().get_urls()]

    def balance_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The account's balance and nonce as the chain has them now."""
        lane = get_object_or_404(Lane, pk=object_id)
        context: dict[str, Any] = {"lane": lane}
        try:
            with outside.node_in_use:
                context["balance"] = joy(outside.node().balance(lane.address))
                context["nonce"] = outside.node().nonce(lane.address)
        except JoystreamError as error:
            context["trouble"] = str(error)
        return TemplateResponse(request, "admin/channels/balance.html", context)


def lane_badge(lane: Lane) -> SafeString:
    if lane.paused_reason:
        return badge("Paused", "red")
    return badge("Must be funded", "red") if lane.dry_since else badge("Open", "green")


def joy(hapi: Decimal | int | None) -> str:
    return "–" if hapi is None else f"{hapi / HAPI_PER_JOY:,.4f} JOY"


def _colour(row: ChainTransaction) -> str:
    if row.state == TransactionState.FINAL:
        return "red" if row.error else "green"
    return "yellow" if row.state == TransactionState.SIGNED else "grey"
