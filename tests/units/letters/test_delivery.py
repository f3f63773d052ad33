"""Letters go out over SMTP: once, later when they must, never to those who want none."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Now
from django_q.models import OrmQ

from tests.support.factories import make_channel
from tests.units.letters.conftest import ADDRESS
from ypp import letters
from ypp.letters import delivery, unsubscribing
from ypp.letters.kinds import ABOUT
from ypp.letters.models import Dropped, Kind, Letter

pytestmark = pytest.mark.django_db


def write(channel, kind=Kind.VERIFIED, event="the event"):
    letter = letters.send(kind, channel, event=event, **ABOUT[kind].sample)
    assert letter is not None
    return letter


def let_time_pass():
    """Whatever waits is due now."""
    Letter.objects.update(next_attempt_at=Now() - Value(timedelta(seconds=1)))


def test_a_letter_arrives_with_text_page_and_headers(post, channel):
    letter = write(channel)
    assert letters.deliver_due() == 1
    (mail,) = post.mails()
    assert mail["to"] == ADDRESS
    assert mail["subject"] == "Alpine Beekeeping is in the Silver tier"
    assert "Silver tier" in mail["text"]
    assert "<h1>Alpine Beekeeping is in the Silver tier</h1>" in mail["html"]
    assert mail["headers"]["auto-submitted"] == "auto-generated"
    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert letter.attempts == 1


def test_one_click_unsubscribes(post, channel, client):
    write(channel)
    letters.deliver_due()
    (mail,) = post.mails()
    assert mail["headers"]["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    link = mail["headers"]["list-unsubscribe"].strip().strip("<>")
    path = link.removeprefix("http://localhost:8000")
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert unsubscribing.is_unsubscribed(ADDRESS)


def test_account_matters_carry_no_such_header(post, channel):
    write(channel, Kind.SUSPENDED)
    letters.deliver_due()
    assert "list-unsubscribe" not in post.mails()[0]["headers"]


def test_nobody_is_written_to_twice_about_one_event(post, channel):
    first, second = write(channel), write(channel)
    assert first == second
    letters.deliver_due()
    letters.deliver_due()
    assert len(post.mails()) == 1


def test_a_letter_of_a_transaction_that_is_undone_was_never_written(channel):
    with transaction.atomic():
        write(channel)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_when_the_letter_is_committed(channel):
    with transaction.atomic():
        write(channel)
        assert not OrmQ.objects.filter(key="upkeep").exists()
    assert OrmQ.objects.filter(key="upkeep").exists()


def test_a_letter_without_its_facts_is_a_mistake_that_shows_at_once(channel):
    with pytest.raises(TypeError, match="needs"):
        letters.send(Kind.SUSPENDED, channel, event="x")


def test_a_channel_without_an_address_gets_no_letter(channel):
    channel.email = ""
    assert letters.send(Kind.LEFT, channel, event="x") is None
    assert not Letter.objects.exists()


def test_o10_while_the_server_is_away_letters_are_kept_and_sent_later_once(post, channel):
    post.faults.unavailable = True
    write(channel, event="first")
    write(channel, event="second")
    assert letters.deliver_due() == 0
    first, second = Letter.objects.order_by("id")
    assert (first.attempts, second.attempts) == (1, 0), "one failure is enough to know"
    assert "421" in first.last_error
    assert first.next_attempt_at > first.created_at
    post.faults.unavailable = False
    let_time_pass()
    assert letters.deliver_due() == 2
    assert letters.deliver_due() == 0
    assert len(post.mails()) == 2
    assert len({mail["headers"]["message-id"] for mail in post.mails()}) == 2


def test_a_server_that_nobody_runs_counts_as_away(channel, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = write(channel)
    assert letters.deliver_due() == 0
    letter.refresh_from_db()
    assert letter.last_error.startswith("ConnectionRefusedError")
    assert letter.dropped == Dropped.NO


def test_it_waits_longer_after_each_failure_but_never_for_days():
    pauses = [delivery.pause_after(attempts) for attempts in range(1, 200)]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)


def test_an_address_that_is_refused_for_good_is_not_tried_again_and_holds_nobody_up(post, channel):
    post.faults.refuse = ADDRESS
    refused = write(channel, event="refused")
    other = write(make_channel(email="other@example.com"), event="other")
    assert letters.deliver_due() == 1
    refused.refresh_from_db()
    other.refresh_from_db()
    assert refused.dropped == Dropped.REFUSED
    assert other.sent_at is not None


def test_an_address_that_is_refused_for_now_is_tried_again(post, channel):
    post.faults.greylist = True
    letter = write(channel)
    letters.deliver_due()
    letter.refresh_from_db()
    assert letter.dropped == Dropped.NO
    post.faults.greylist = False
    let_time_pass()
    assert letters.deliver_due() == 1


def test_who_unsubscribed_gets_only_what_concerns_the_account(post, channel):
    unsubscribing.unsubscribe(unsubscribing.token_of(ADDRESS.upper()))
    tier = write(channel, Kind.VERIFIED, event="tier")
    write(channel, Kind.SUSPENDED, event="suspension")
    assert letters.deliver_due() == 1
    tier.refresh_from_db()
    assert tier.dropped == Dropped.UNSUBSCRIBED
    assert "suspended" in post.mails()[0]["subject"]


def test_a_mistake_in_one_letter_does_not_hold_up_the_others(post, channel):
    broken = write(channel, event="broken")
    Letter.objects.filter(pk=broken.pk).update(facts={})
    write(channel, event="whole")
    assert letters.deliver_due() == 1
    broken.refresh_from_db()
    assert "KeyError" in broken.last_error


def test_a_letter_whose_worker_died_is_sent_by_another_when_the_lease_is_over(post, channel):
    letter = write(channel)
    assert delivery._claim() == letter
    assert letters.deliver_due() == 0, "somebody has it"
    Letter.objects.update(leased_until=Now() - Value(timedelta(seconds=1)))
    assert letters.deliver_due() == 1


def test_a_worker_that_lost_its_lease_changes_nothing(post, channel):
    write(channel)
    slow = delivery._claim()
    Letter.objects.update(leased_until=Now() - Value(timedelta(seconds=1)))
    quick = delivery._claim()
    assert slow
    assert quick
    delivery._postpone(slow, OSError("too late"))
    quick.refresh_from_db()
    assert quick.lease_token is not None
    assert quick.last_error == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_one_letter(post, channel):
    for number in range(30):
        write(channel, event=f"event {number}")
    together = threading.Barrier(3)

    def work():
        together.wait()
        letters.deliver_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(post.mails()) == 30
    assert len({mail["headers"]["message-id"] for mail in post.mails()}) == 30


def test_the_log_has_no_address(post, channel, caplog):
    caplog.set_level("DEBUG")
    post.faults.refuse = ADDRESS
    write(channel)
    letters.deliver_due()
    assert "letter.dropped" in caplog.text
    assert ADDRESS not in caplog.text
