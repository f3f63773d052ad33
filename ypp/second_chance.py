"""Sign-ups that were refused are measured again every week, without anybody asking (mission H5).

Only what is public is read for it: a channel's own permission is not needed. A channel that has come to meet
the requirements gets a letter; joining is still its owner's decision.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from channels.models import App, Creator
from ypp import requirements
from ypp.letters import send
from ypp.letters.models import Kind
from ypp.models import RefusedSignUp, Requirement
from ypp.requirements import Check, Measure
from ytsynch.youtube.data_api import DataApi, YouTubeChannel
from ytsynch.youtube.errors import YouTubeError

log = structlog.get_logger(__name__)

EVERY = timedelta(days=7)
AFTER_TROUBLE = timedelta(hours=1)
AT_ONCE = 20
"""Channels that are measured in one go: their facts come in one call to YouTube."""


@transaction.atomic
def keep(creator: Creator, found: YouTubeChannel, checks: Sequence[Check], app: App) -> None:
    """Remember the refusal with its numbers."""
    failed = unmet(checks)
    facts = {
        "creator": creator,
        "app": app,
        "title": found.title,
        "unmet": failed,
        "checked_at": timezone.now(),
        "next_check_at": timezone.now() + EVERY,
        "passed_at": None,
    }
    row, _ = RefusedSignUp.objects.update_or_create(youtube_id=found.id, defaults=facts)
    send(
        Kind.REQUIREMENTS_UNMET,
        None,
        event=f"refused sign-up {row.pk}",
        address=creator.email,
        title=found.title,
        unmet=[check.message for check in checks if not check.is_met],
        is_tried_again=True,
    )
    log.info("sign_up.refused", channel=found.id, unmet=[row["code"] for row in failed])


def forget(youtube_id: str) -> None:
    """The channel has got its chance."""
    RefusedSignUp.objects.filter(youtube_id=youtube_id).delete()


def recheck(now: datetime, *, data_api: Callable[[], DataApi]) -> int:
    """Measure those that are due again. Returns how many were measured.

    Each is put off before it is measured, so that two workers never measure one and a crash costs no more
    than the delay.
    """
    due = _take(now)
    if not due:
        return 0
    measured = 0
    api = data_api()
    try:
        shown = api.channels([refused.youtube_id for refused in due])
        for refused in due:
            _measure_again(refused, shown.get(refused.youtube_id), api, now)
            measured += 1
    except YouTubeError as error:
        log.warning("second_chance.put_off", reason=error.code, text=str(error))
    finally:
        api.close()
    return measured


@transaction.atomic
def _take(now: datetime) -> list[RefusedSignUp]:
    rows = (
        RefusedSignUp.objects.due(now)
        .select_related("app", "creator")
        .select_for_update(skip_locked=True, of=("self",))
    )
    due = list(rows[:AT_ONCE])
    RefusedSignUp.objects.filter(pk__in=[row.pk for row in due]).update(next_check_at=now + AFTER_TROUBLE)
    return due


def _measure_again(refused: RefusedSignUp, found: YouTubeChannel | None, api: DataApi, now: datetime) -> None:
    mine = RefusedSignUp.objects.filter(pk=refused.pk)
    if found is None:  # hidden or gone, perhaps for a while: that says nothing about the requirements
        mine.update(next_check_at=now + EVERY)
        return
    checks = requirements.checks_of(found, Requirement.objects.of_app(refused.app), api)
    if unmet(checks):
        mine.update(unmet=unmet(checks), title=found.title, checked_at=now, next_check_at=now + EVERY)
        return
    _pass(refused, found, now)


@transaction.atomic
def _pass(refused: RefusedSignUp, found: YouTubeChannel, now: datetime) -> None:
    mine = RefusedSignUp.objects.filter(pk=refused.pk)
    passed = {"unmet": [], "title": found.title, "checked_at": now, "passed_at": now, "next_check_at": None}
    if not mine.filter(passed_at=None).update(**passed):
        return
    event = f"passed sign-up {refused.pk} at {now:%Y-%m-%d}"
    send(Kind.REQUIREMENTS_MET, None, event=event, address=refused.creator.email, title=found.title)
    log.info("second_chance.passed", channel=refused.youtube_id, creator=refused.creator_id)


def unmet(checks: Sequence[Check]) -> list[dict[str, int | str]]:
    """What failed, as it is stored: code, words, measured and required value."""
    return [
        {
            "code": check.code,
            "message": check.message,
            "measured": _plain(check.measured),
            "required": _plain(check.required),
        }
        for check in checks
        if not check.is_met
    ]


def _plain(measure: Measure) -> int | str:
    return measure.isoformat() if isinstance(measure, datetime) else measure
