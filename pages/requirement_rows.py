"""Requirements as the sign-up shows them: what there is, what is needed, how far it is, and what to do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format

from ypp import requirements
from ypp.requirements import Check, Measure

LABELS = {
    requirements.SUBSCRIBERS: "Subscribers",
    requirements.VIDEOS: "Videos that count",
    requirements.AGE: "Age of the channel",
    requirements.NEW_VIDEOS: "New videos",
}

TODO = {
    requirements.SUBSCRIBERS: "Nothing to do but to go on: we count again every week.",
    requirements.VIDEOS: "Publish more, or wait until the young ones are old enough. Only public ones count.",
    requirements.AGE: "Time does it for you.",
    requirements.NEW_VIDEOS: "Publish more often. Only public videos count.",
}


SHOW_THEM = (
    "Your channel hides them, so nobody can count them. Please show them: YouTube Studio, Settings, Channel, "
    "Advanced settings. Then measure again."
)


@dataclass(frozen=True)
class Row:
    """`share` is how much of it there is, in percent."""

    label: str
    measured: str
    required: str
    is_met: bool
    share: int
    todo: str


def rows(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """In the form that a session can keep."""
    return [asdict(_row(check)) for check in checks]


def _row(check: Check) -> Row:
    return Row(
        label=LABELS.get(check.code, "Requirement"),
        measured=_text(check.measured, "opened {}"),
        required=_text(check.required, "before {}"),
        is_met=check.is_met,
        share=_share(check),
        todo=_todo(check),
    )


def _todo(check: Check) -> str:
    if check.is_met:
        return ""
    return SHOW_THEM if check.measured == requirements.HIDDEN else TODO.get(check.code, "")


def _text(measure: Measure, of_date: str) -> str:
    if isinstance(measure, datetime):
        return of_date.format(date_format(measure, "j M Y"))
    return str(intcomma(measure)) if isinstance(measure, int) else measure


def _share(check: Check) -> int:
    if check.is_met:
        return 100
    if isinstance(check.measured, int) and isinstance(check.required, int) and check.required:
        return min(100 * check.measured // check.required, 99)
    return 0 if check.measured == requirements.HIDDEN else 50
