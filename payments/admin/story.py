"""A round's history in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payments import money
from payments.models import Round, RoundEvent

WORDS: dict[str, tuple[str, str, str]] = {
    # event: icon, colour, sentence
    "computed": ("calculate", "blue", "Computed"),
    "computed_again": ("calculate", "blue", "Computed again"),
    "adjusted": ("edit", "yellow", "A line was adjusted"),
    "reviewed": ("fact_check", "blue", "Reviewed"),
    "sent_back": ("undo", "yellow", "Sent back"),
    "approved": ("approval", "blue", "Approved"),
    "dry_run": ("science", "grey", "Dry run"),
    "paying": ("payments", "blue", "Let go"),
    "tried_again": ("replay", "blue", "A failed line is tried again"),
    "set_aside": ("move_down", "yellow", "A failed line was set aside"),
    "paid": ("task_alt", "green", "Paid: final blocks hold every payment"),
    "settled": ("check_circle", "green", "Settled: the query node shows every payment"),
    "cancelled": ("cancel", "yellow", "Cancelled"),
}

EVENTS = 200

_SHOWN: dict[str, Callable[[int], tuple[str, str]]] = {
    "cents": lambda value: ("sum", money.dollars(value)),
    "hapi": lambda value: ("JOY", money.joy(value)),
    "joy_price": lambda value: ("price", money.price(value)),
    "from": lambda value: ("from", money.dollars(value)),
    "to": lambda value: ("to", money.dollars(value)),
    "is_covered": lambda value: ("covered", "yes" if value else "no"),
    "round_down_to": lambda value: ("rounded down to", f"{money.joy(value)} JOY"),
}


@dataclass(frozen=True)
class Moment:
    """An event as the page shows it."""

    at: datetime
    by: str
    icon: str
    colour: str
    sentence: str
    notes: tuple[tuple[str, str], ...]


def moments_of(round: Round) -> list[Moment]:
    """The round's latest events, newest first."""
    return [_moment(event) for event in round.events.all()[:EVENTS]]


def _moment(event: RoundEvent) -> Moment:
    plain = event.event.replace("_", " ").capitalize()
    icon, colour, sentence = WORDS.get(event.event, ("history", "grey", plain))
    return Moment(event.at, event.by, icon, colour, sentence, tuple(map(_note, event.detail.items())))


def _note(item: tuple[str, Any]) -> tuple[str, str]:
    name, value = item
    return _SHOWN[name](value) if name in _SHOWN else (name.replace("_", " "), str(value))
