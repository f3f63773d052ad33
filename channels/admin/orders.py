"""What staff order for channels: words, forms and effects. The rules are those of `ypp` and
`channels.switches`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from channels import switches, sync
from channels.errors import Refused
from channels.models import Channel, Status, SuspensionReason, TierName
from videos import interventions, outside, quota
from ypp import membership, refreshing, requirements, suspension, tiers, whitelist
from ypp.models import Requirement
from ypp.statuses import Move, require
from ytsynch.clusters.bell import ring
from ytsynch.desk.orders import Effect, Order, OrderForm, Report, each
from ytsynch.joystream.errors import QueryNodeUnavailable
from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.errors import YouTubeError

MODERATE = "channels.moderate_channel"
REFUSALS = (Refused, YouTubeError, QueryNodeUnavailable)
PATIENCE = 15.0
"""Seconds that a page waits for the query node."""

Channels = Sequence[Channel]
Said = dict[str, Any]


def _query_node() -> QueryNode:
    return QueryNode(settings.CONFIG.endpoints.query_node, timeout=PATIENCE)


def _youtube() -> closing[DataApi]:
    if settings.CONFIG.youtube.api_key is None:
        raise Refused("the service has no key for YouTube's API (youtube.apiKey)")
    return closing(outside.data_api(quota.Purpose.SYNC))


# --- Forms --------------------------------------------------------------------------------------------------

_TIERS = [("", "what its subscribers propose"), *TierName.choices]


class VerifyForm(OrderForm):
    tier = forms.ChoiceField(choices=_TIERS, required=False, widget=UnfoldAdminSelectWidget)


class TierForm(OrderForm):
    tier = forms.ChoiceField(choices=TierName.choices, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        max_length=200, widget=UnfoldAdminTextInputWidget, help_text="Kept in the channel's history."
    )


class SuspendForm(OrderForm):
    reason = forms.ChoiceField(
        choices=SuspensionReason.choices, widget=UnfoldAdminSelectWidget, help_text="The creator is told so."
    )
    note = forms.CharField(
        label="Evidence and note",
        max_length=2000,
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text="For staff: links to the videos, what was found. Kept in the channel's history.",
    )


class CategoryForm(OrderForm):
    category = forms.ChoiceField(choices=(), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            categories = _query_node().categories()
        except QueryNodeUnavailable as error:
            self.fields["category"].help_text = f"Joystream's categories cannot be read now: {error}"
            return
        self.fields["category"].choices = [(c.id, c.name or c.id) for c in categories]  # type: ignore[attr-defined]


# --- Effects ------------------------------------------------------------------------------------------------


def _effects(say: Callable[[Channel], str]) -> Callable[[Channels], Mapping[Any, Effect]]:
    """Effects from a sentence a channel; one that raises `Refused` says why not."""

    def effects(channels: Channels) -> Mapping[Any, Effect]:
        return {channel.pk: _effect(channel, say) for channel in channels}

    return effects


def _effect(channel: Channel, say: Callable[[Channel], str]) -> Effect:
    try:
        return Effect(say(channel))
    except Refused as refusal:
        return Effect(refusal.message, is_refused=True)


def _verifications(channels: Channels) -> Mapping[Any, Effect]:
    proposed = tiers.proposals(channels)

    def say(channel: Channel) -> str:
        require(Move.VERIFY, channel)
        tier = proposed[channel.pk].label
        move = f"{channel.get_status_display()} → Verified"
        if channel.status == Status.VERIFIED:
            move = f"Is verified already, as {channel.get_tier_display()}"
        return f"{move}; {channel.subscribers:,} subscribers propose {tier}."

    return _effects(say)(channels)


def _overrides(channels: Channels) -> Mapping[Any, Effect]:
    proposed = tiers.proposals(channels)

    def say(channel: Channel) -> str:
        _require_verified(channel)
        tier = proposed[channel.pk].label
        return f"Is {channel.get_tier_display()}; {channel.subscribers:,} subscribers propose {tier}."

    return _effects(say)(channels)


def _clearings(channels: Channels) -> Mapping[Any, Effect]:
    proposed = tiers.proposals(channels)

    def say(channel: Channel) -> str:
        _require_verified(channel)
        if not channel.tier_is_by_staff:
            raise Refused("Its tier follows its subscribers already.")
        tier = proposed[channel.pk].label
        return f"{channel.get_tier_display()} → {tier}, and follows its subscribers from then on."

    return _effects(say)(channels)


def _require_verified(channel: Channel) -> None:
    if channel.status != Status.VERIFIED:
        raise Refused(f"It is {channel.get_status_display().lower()}: only a verified channel has a tier.")


def _suspension(channel: Channel) -> str:
    require(Move.SUSPEND, channel)
    if channel.status == Status.SUSPENDED:
        return f"Is suspended already ({channel.get_suspension_reason_display()}): the reason is replaced."
    return f"{channel.get_status_display()} → Suspended. Its sync stops; what is on chain is still finished."


def _lifting(channel: Channel) -> str:
    require(Move.LIFT, channel)
    before = Status(channel.status_before_suspension or Status.UNVERIFIED)
    return f"Suspended → {before.label}, and its sync goes on if nothing else holds it."


def _registered(say: str) -> Callable[[Channel], str]:
    def effect(channel: Channel) -> str:
        if channel.joystream_channel_id is None:
            raise Refused("Its owner has not finished the sign-up.")
        return say

    return effect


def _allowing(channel: Channel) -> str:
    if channel.allow_operator_ingestion:
        raise Refused("Its ingestion is allowed already.")
    return _registered("Its sync goes on if nothing else holds it.")(channel)


def _stopping(channel: Channel) -> str:
    if not channel.allow_operator_ingestion:
        raise Refused("Its ingestion is stopped already.")
    return _registered("Its sync stops within seconds; its videos keep their places.")(channel)


def _whitelisting(channel: Channel) -> str:
    if not channel.handle:
        raise Refused("It has no handle.")
    return f"{channel.handle} may join whatever it measures."


# --- Acts ---------------------------------------------------------------------------------------------------


def _verify(channel: Channel, said: Said, by: str) -> None:
    membership.verify(channel, tier=TierName(said["tier"]) if said["tier"] else None, by=by)


def _override(channel: Channel, said: Said, by: str) -> None:
    tiers.override(channel, TierName(said["tier"]), reason=said["reason"], by=by)


def _suspend(channel: Channel, said: Said, by: str) -> None:
    suspension.suspend(channel, SuspensionReason(said["reason"]), note=said["note"], by=by)


def _refresh(channels: Channels, said: Said, by: str) -> Report:
    try:
        with _youtube() as api:
            shown = refreshing.refresh(channels, api, by=by)
    except (Refused, YouTubeError) as error:
        return Report(refused=[f"YouTube did not answer: {error}"])
    hidden = [f"{channel}: YouTube does not show it now" for channel in channels if channel.pk not in shown]
    return Report(done=len(shown), refused=hidden)


def _check_requirements(channel: Channel, said: Said, by: str) -> str:
    """Measure again; what is not met is noted, and decides nothing by itself."""
    with _youtube() as api:
        found = api.channels([channel.youtube_id]).get(channel.youtube_id)
        if found is None:
            raise Refused("YouTube does not show it now")
        checks = requirements.checks_of(found, Requirement.objects.of_app(channel.app), api)
    unmet = [check.message for check in checks if not check.is_met]
    sync.record(
        channel, "requirements_checked", by=by, detail={"met": len(checks) - len(unmet), "unmet": unmet}
    )
    return " ".join(unmet) or "meets all requirements."


def _resync(channel: Channel, said: Said, by: str) -> None:
    switches.look_now(channel, by=by)
    ring("discovery")


def _boost(channel: Channel, said: Said, by: str) -> str:
    count = interventions.boost_channel(channel, by=by)
    if count:
        sync.record(channel, "boosted", by=by, detail={"videos": count})
    return f"{count} waiting videos go first."


def _whitelist(channel: Channel, said: Said, by: str) -> None:
    whitelist.add([channel.handle], by=by)
    sync.record(channel, "whitelisted", by=by, detail={"handle": channel.handle})


def _set_category(channel: Channel, said: Said, by: str) -> None:
    switches.set_category(channel, said["category"], by=by)


ORDERS: tuple[Order[Channel], ...] = (
    Order(
        name="verify",
        title="Verify",
        icon="verified",
        explanation="The channel takes part, with a tier. A tier other than the proposed one stays until "
        "staff choose again. A suspension ends with it.",
        permission=MODERATE,
        form=VerifyForm,
        effects=_verifications,
        act=each(_verify, refusals=REFUSALS),
    ),
    Order(
        name="override-tier",
        title="Set another tier",
        icon="workspace_premium",
        explanation="The tier no longer follows the subscribers: it sticks until you let it follow them.",
        permission=MODERATE,
        form=TierForm,
        effects=_overrides,
        act=each(_override, refusals=REFUSALS),
    ),
    Order(
        name="clear-tier",
        title="Let the tier follow the subscribers",
        icon="trending_up",
        explanation="Staff's own choice of a tier ends.",
        permission=MODERATE,
        effects=_clearings,
        act=each(lambda channel, _, by: tiers.clear_override(channel, by=by), refusals=REFUSALS),
    ),
    Order(
        name="suspend",
        title="Suspend",
        icon="gavel",
        explanation="The channel is out of the programme and its sync stops, until you lift the suspension. "
        "Its creator is told the reason, and cannot sign up anew.",
        permission=MODERATE,
        form=SuspendForm,
        effects=_effects(_suspension),
        act=each(_suspend, refusals=REFUSALS),
        is_grave=True,
    ),
    Order(
        name="lift",
        title="Lift the suspension",
        icon="lock_open",
        explanation="The channel is what it was before.",
        permission=MODERATE,
        effects=_effects(_lifting),
        act=each(lambda channel, _, by: suspension.lift(channel, by=by), refusals=REFUSALS),
    ),
    Order(
        name="set-category",
        title="Set the category",
        icon="category",
        explanation="Videos that are created from now on get this category on Joystream.",
        permission=MODERATE,
        form=CategoryForm,
        effects=_effects(_registered("Gets the category; what is published keeps the one it has.")),
        act=each(_set_category, refusals=REFUSALS),
    ),
    Order(
        name="allow-ingestion",
        title="Allow ingestion",
        icon="sync",
        explanation="The channel syncs again, if its creator wants it and nothing else holds it.",
        permission=MODERATE,
        effects=_effects(_allowing),
        act=each(
            lambda channel, _, by: switches.set_operator_ingestion(channel, is_allowed=True, by=by),
            refusals=REFUSALS,
        ),
    ),
    Order(
        name="stop-ingestion",
        title="Stop ingestion",
        icon="sync_disabled",
        explanation="The channel does not sync, whatever its creator wants. It stays in the programme.",
        permission=MODERATE,
        effects=_effects(_stopping),
        act=each(
            lambda channel, _, by: switches.set_operator_ingestion(channel, is_allowed=False, by=by),
            refusals=REFUSALS,
        ),
        is_grave=True,
    ),
    Order(
        name="refresh",
        title="Refresh from YouTube",
        icon="refresh",
        explanation="Title, picture and subscribers are read again: one unit of quota for 50 channels. A "
        "tier that follows the subscribers follows them.",
        permission=MODERATE,
        effects=_effects(lambda channel: "Is read again."),
        act=_refresh,
    ),
    Order(
        name="check-requirements",
        title="Check the requirements again",
        icon="checklist",
        explanation="The channel is measured as at sign-up, a few units of quota each. The result is noted "
        "in its history; it changes nothing by itself.",
        permission=MODERATE,
        effects=_effects(lambda channel: "Is measured again."),
        act=each(_check_requirements, refusals=REFUSALS),
    ),
    Order(
        name="resync",
        title="Look for new videos now",
        icon="travel_explore",
        explanation="The channel's uploads are listed at once, not when they are due.",
        permission=MODERATE,
        effects=_effects(_registered("Is listed as soon as a worker is free.")),
        act=each(_resync, refusals=REFUSALS),
    ),
    Order(
        name="boost",
        title="Boost",
        icon="rocket_launch",
        explanation="All waiting videos of the channel go before everybody else's, at every stage.",
        permission=MODERATE,
        effects=_effects(_registered("Its waiting videos go first.")),
        act=each(_boost, refusals=REFUSALS),
    ),
    Order(
        name="whitelist",
        title="Exempt from the requirements",
        icon="playlist_add_check",
        explanation="The channel's handle may join whatever it measures.",
        permission=MODERATE,
        effects=_effects(_whitelisting),
        act=each(_whitelist, refusals=REFUSALS),
    ),
)
