"""The addresses that YouTube sees us by, and how it takes each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from videos.models import ProxyAddress, Standing
from videos.pipeline import addresses
from ytsynch.desk.lists import column
from ytsynch.desk.orders import Effect, Order, OrderForm, each
from ytsynch.desk.pages import Fact, Facts, Page
from ytsynch.desk.shown import badge, when

TURN = "channels.turn_switch"


class SetAsideForm(OrderForm):
    hours = forms.IntegerField(
        min_value=1,
        max_value=24 * 30,
        initial=24,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="From now on.",
    )
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget)


def _trying(rows: Sequence[ProxyAddress]) -> Mapping[Any, Effect]:
    return {
        row.pk: Effect(
            "The next video takes it."
            if row.standing == Standing.TRUSTED
            else "It must show a video that is surely there; if it does, it is trusted again."
        )
        if addresses.is_configured(row)
        else Effect("The configuration no longer has it.", is_refused=True)
        for row in rows
    }


@admin.register(ProxyAddress)
class ProxyAddressAdmin(Page):
    """Proxies, or our own address where there is none. Their passwords are in the configuration alone."""

    orders = (
        Order(
            name="try-now",
            title="Try it now",
            icon="play_circle",
            explanation="Its rest or its exclusion ends.",
            permission=TURN,
            effects=_trying,
            act=each(lambda row, _, by: addresses.try_now(row, by=by), refusals=()),
        ),
        Order(
            name="set-aside",
            title="Set aside",
            icon="block",
            explanation="Nothing is downloaded through it for a while. Where every address is set aside, downloads "
            "wait.",
            permission=TURN,
            form=SetAsideForm,
            effects=lambda rows: {row.pk: Effect("It is not used.") for row in rows},
            act=each(
                lambda row, said, by: addresses.set_aside(
                    row, hours=said["hours"], reason=said["reason"], by=by
                ),
                refusals=(),
            ),
            is_grave=True,
        ),
    )
    page_template = "admin/videos/address.html"
    list_display = ("name", "state", "next_use", "pause_shown", "successes", "blocks", "last_success")
    ordering = ("name",)

    @column("State", ordering="standing")
    def state(self, row: ProxyAddress) -> SafeString:
        if not addresses.is_configured(row):
            return badge("Not configured")
        if row.standing == Standing.COOLING:
            return badge("Excluded", "red")
        return badge("In use", "green")

    @column("Free", ordering="next_use_at")
    def next_use(self, row: ProxyAddress) -> str:
        return "now" if row.next_use_at <= timezone.now() else when(row.next_use_at)

    @column("Pause", ordering="pause")
    def pause_shown(self, row: ProxyAddress) -> str:
        return f"{row.pause:.1f} s"

    @column("Last success", ordering="last_success_at")
    def last_success(self, row: ProxyAddress) -> str:
        return when(row.last_success_at)

    def page_context(self, request: Any, row: Any) -> dict[str, Any]:
        address: ProxyAddress = row
        facts = Facts(
            "The address",
            [
                Fact("Free", self.next_use(address)),
                Fact("Pause between two videos", self.pause_shown(address)),
                Fact("Videos through it", f"{address.successes:,}"),
                Fact("Exclusions since it last proved itself", address.blocks),
                Fact("Last used", when(address.last_used_at)),
                Fact("Last success", when(address.last_success_at)),
                Fact("What was said last", address.last_error),
            ],
        )
        return {"state": self.state(address), "facts": facts}
