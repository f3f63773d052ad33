"""A channel's history in words: one sentence an event, with what was noted beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.models import ChannelEvent, Pause

WORDS: dict[str, tuple[str, str, str]] = {
    # event: icon, colour, sentence
    "signed_up": ("person_add", "green", "Signed up"),
    "came_back": ("undo", "green", "Came back to the programme"),
    "claimed": ("verified_user", "blue", "Claimed by its owner's sign-in"),
    "verified": ("verified", "green", "Verified"),
    "suspended": ("gavel", "red", "Suspended"),
    "suspension_lifted": ("lock_open", "green", "Suspension lifted"),
    "appealed": ("balance", "blue", "The creator appealed against the suspension"),
    "appeal_accepted": ("balance", "green", "Appeal accepted"),
    "appeal_rejected": ("balance", "red", "Appeal rejected"),
    "opted_out": ("logout", "yellow", "Left the programme"),
    "account_deleted": ("person_remove", "yellow", "The creator deleted the account"),
    "tier_changed": ("trending_up", "blue", "Tier followed the subscribers"),
    "tier_overridden": ("workspace_premium", "blue", "Tier set by staff"),
    "tier_override_cleared": ("workspace_premium", "grey", "Tier follows the subscribers again"),
    "paused": ("pause_circle", "yellow", "Sync paused"),
    "resumed": ("play_circle", "green", "Sync resumed"),
    "sync_wanted": ("sync", "green", "The creator wants the videos brought over"),
    "sync_unwanted": ("sync_disabled", "yellow", "The creator wants no more videos brought over"),
    "sync_allowed": ("sync", "green", "Ingestion allowed by the operators"),
    "sync_forbidden": ("block", "red", "Ingestion stopped by the operators"),
    "category_changed": ("category", "blue", "Category changed"),
    "email_changed": ("mail", "grey", "The address for letters was changed"),
    "refreshed": ("refresh", "grey", "Facts read from YouTube again"),
    "requirements_checked": ("checklist", "blue", "Requirements checked again"),
    "discovery_ordered": ("travel_explore", "blue", "Looked for new videos at once"),
    "boosted": ("rocket_launch", "blue", "Its waiting videos go first"),
    "paid_out": ("payments", "green", "Paid"),
    "whitelisted": ("playlist_add_check", "blue", "Exempted from the requirements"),
}

LABELS = {"joystream_channel": "Joystream channel"}


@dataclass(frozen=True)
class Moment:
    """An event as the page shows it."""

    at: datetime
    by: str
    icon: str
    colour: str
    sentence: str
    notes: tuple[tuple[str, str], ...]


def of(events: Iterable[ChannelEvent]) -> list[Moment]:
    return [_moment(event) for event in events]


def _moment(event: ChannelEvent) -> Moment:
    icon, colour, sentence = WORDS.get(event.event, ("history", "grey", _plain(event.event).capitalize()))
    notes = tuple((LABELS.get(name, _plain(name)), _shown(value)) for name, value in event.detail.items())
    return Moment(event.at, event.by, icon, colour, sentence, notes)


def _shown(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        return f"{value['from']} → {value['to']}"
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return _PAUSES.get(value, str(value)) if isinstance(value, str) else str(value)


_PAUSES: dict[str, str] = {pause.value: str(pause.label) for pause in Pause if pause}


def _plain(name: str) -> str:
    return name.replace("_", " ")
