"""Appeals against suspensions: one for each, answered once, told to the creator."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from channels.errors import Refused
from channels.models import Channel, Pause, Status, SuspensionReason
from tests.support.factories import make_channel
from ypp import letters, membership, suspension
from ypp.appeals import hearing
from ypp.appeals.models import Appeal, Decision
from ypp.letters.models import Letter

pytestmark = pytest.mark.django_db

BY, STAFF = "creator 1", "staff grace"


def now(channel: Channel) -> Channel:
    return Channel.objects.get(pk=channel.pk)


@pytest.fixture
def suspended() -> Channel:
    channel = membership.verify(make_channel(email="ada@example.com"), by=STAFF)
    return suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by=STAFF, note="see video 3")


@pytest.fixture
def appeal(suspended) -> Appeal:
    return hearing.appeal(suspended, "  The music is mine.  ", by=BY)


def written() -> list[str]:
    letters.write_due()
    return list(Letter.objects.order_by("id").values_list("kind", flat=True))


def test_an_appeal_keeps_the_words_and_promises_an_answer(suspended, appeal):
    assert (appeal.text, appeal.reason) == ("The music is mine.", SuspensionReason.COPYRIGHT_BREACH)
    assert timedelta(days=6, hours=23) < appeal.due_at - timezone.now() < timedelta(days=7, hours=1)
    assert appeal.suspension.detail["note"] == "see video 3"
    assert suspended.events.latest("id").event == "appealed"
    assert hearing.of_suspension(now(suspended)) == appeal


def test_there_is_one_appeal_against_a_suspension(suspended, appeal):
    with pytest.raises(Refused, match="already"):
        hearing.appeal(suspended, "again", by=BY)
    hearing.reject(appeal, "It is not.", by=STAFF)
    with pytest.raises(Refused, match="already"):
        hearing.appeal(suspended, "and again", by=BY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(channel=suspended, suspension=appeal.suspension, due_at=timezone.now())


def test_another_suspension_may_be_appealed_anew(suspended, appeal):
    hearing.accept(appeal, "", by=STAFF)
    suspension.suspend(now(suspended), SuspensionReason.UNSUPPORTED_TOPIC, by=STAFF)
    assert hearing.appeal(suspended, "It is about bees.", by=BY).reason == SuspensionReason.UNSUPPORTED_TOPIC


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_appeal_without_words_is_refused(suspended, text):
    with pytest.raises(Refused):
        hearing.appeal(suspended, text, by=BY)


def test_who_is_not_suspended_has_nothing_to_appeal_against():
    with pytest.raises(Refused, match="not suspended"):
        hearing.appeal(make_channel(), "why not", by=BY)


def test_accepting_lifts_the_suspension_and_is_told_in_one_letter(suspended, appeal):
    hearing.accept(appeal, "You are right.", by=STAFF)
    channel = now(suspended)
    assert (channel.status, channel.pause) == (Status.VERIFIED, Pause.NONE)
    appeal.refresh_from_db()
    assert (appeal.decision, appeal.answer, appeal.decided_by) == (Decision.ACCEPTED, "You are right.", STAFF)
    assert written() == ["verified", "suspended", "appeal_received", "appeal_accepted"]
    assert Letter.objects.get(kind="appeal_accepted").facts == {"answer": "You are right."}


def test_rejecting_needs_words_and_changes_nothing_else(suspended, appeal):
    with pytest.raises(Refused, match="words"):
        hearing.reject(appeal, " ", by=STAFF)
    hearing.reject(appeal, "Two videos are not yours.", by=STAFF)
    assert now(suspended).status == Status.SUSPENDED
    assert written()[-1] == "appeal_rejected"


def test_an_appeal_is_decided_once(suspended, appeal):
    hearing.reject(appeal, "No.", by=STAFF)
    with pytest.raises(Refused, match="decided before"):
        hearing.accept(appeal, "", by=STAFF)
    assert now(suspended).status == Status.SUSPENDED


@pytest.mark.parametrize("end", [suspension.lift, membership.verify])
def test_an_appeal_is_moot_once_the_suspension_is_over_without_it(suspended, appeal, end):
    end(suspended, by=STAFF)
    appeal.refresh_from_db()
    assert (appeal.decision, appeal.decided_by) == (Decision.MOOT, STAFF)
    assert hearing.of_suspension(now(suspended)) is None


def test_a_suspension_lifted_without_an_appeal_still_has_its_letter(suspended):
    suspension.lift(suspended, by=STAFF)
    assert written()[-1] == "suspension_lifted"


def test_the_letter_says_until_when_the_answer_comes(suspended, appeal):
    written()
    due = Letter.objects.get(kind="appeal_received").facts["due"]
    assert due == f"{appeal.due_at:%-d %B %Y}"


def test_the_queue_has_the_most_urgent_first(suspended, appeal):
    other = suspension.suspend(make_channel(), SuspensionReason.UNSUPPORTED_TOPIC, by=STAFF)
    late = hearing.appeal(other, "please", by=BY)
    Appeal.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert list(Appeal.objects.open()) == [late, appeal]
    assert list(Appeal.objects.overdue()) == [late]
