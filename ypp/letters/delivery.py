"""Sending what is due. Each letter is claimed under a lease, so two workers never send one; what fails is
tried again, later each time.
"""

import smtplib
import uuid
from datetime import timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now

from ypp.letters import unsubscribing
from ypp.letters.kinds import ACCOUNT_MATTERS
from ypp.letters.models import Dropped, Letter, LetterQuerySet
from ypp.letters.rendering import message
from ytsynch.clusters import stopping

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any e-mail server may take with one letter, given the time-out of each of its answers
(EMAIL_TIMEOUT).
"""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)

OF_THE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
"""The server works and does not take this letter."""


def deliver_due() -> int:
    """Send the letters that are due, until none is left or the e-mail server turns out to be away. Returns
    how many went out.

    A worker that dies between the server's yes and ours leaves a letter that is sent again, with the same
    Message-ID.
    """
    sent = 0
    connection: BaseEmailBackend = get_connection()
    try:
        while not stopping.requested() and (letter := _claim()):
            try:
                sent += _deliver(letter, connection)
            except (OSError, smtplib.SMTPException) as error:
                _postpone(letter, error)
                break
    finally:
        _hang_up(connection)
    return sent


def pause_after(attempts: int) -> timedelta:
    """How long a letter waits that could not be sent for the `attempts`-th time."""
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


@transaction.atomic
def _claim() -> Letter | None:
    due = (
        Letter.objects.due().select_for_update(skip_locked=True, of=("self",)).select_related("channel__app")
    )
    letter = due.first()
    if letter is None:
        return None
    letter.lease_token = uuid.uuid4()
    letter.attempts += 1
    Letter.objects.filter(pk=letter.pk).update(
        lease_token=letter.lease_token, leased_until=Now() + Value(LEASE), attempts=F("attempts") + 1
    )
    return letter


def _deliver(letter: Letter, connection: BaseEmailBackend) -> bool:
    """True when it went out. Raises what the connection raises when the server is away."""
    if letter.kind not in ACCOUNT_MATTERS and unsubscribing.is_unsubscribed(letter.address):
        _drop(letter, Dropped.UNSUBSCRIBED)
        return False
    try:
        mail = message(letter, connection)
    except Exception as error:  # a mistake in a template must not hold up the letters behind it
        log.exception("letter.unreadable", letter=letter.pk, kind=letter.kind)
        _postpone(letter, error)
        return False
    try:
        connection.open()
        mail.send()
    except OF_THE_LETTER as error:
        if _is_final(error):
            _drop(letter, Dropped.REFUSED, text=str(error))
        else:
            _postpone(letter, error)
        return False
    _note_sent(letter)
    return True


def _is_final(error: smtplib.SMTPException) -> bool:
    """Whether the server says that the address itself will never do (RFC 5321, section 4.2.1)."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        status >= 500 for status, _ in error.recipients.values()
    )


def _note_sent(letter: Letter) -> None:
    values = {"sent_at": Now(), "last_error": "", "lease_token": None, "leased_until": None}
    if letter.channel and not letter.channel.email:  # the account is deleted: nothing personal is kept
        values["address"] = ""
    _mine(letter).update(**values)
    log.info("letter.sent", letter=letter.pk, kind=letter.kind, attempts=letter.attempts)


def _drop(letter: Letter, why: Dropped, *, text: str = "") -> None:
    _mine(letter).update(dropped=why, last_error=text, lease_token=None, leased_until=None)
    log.info("letter.dropped", letter=letter.pk, kind=letter.kind, reason=why.value)


def _postpone(letter: Letter, error: Exception) -> None:
    pause = pause_after(letter.attempts)
    _mine(letter).update(
        next_attempt_at=Now() + Value(pause),
        last_error=f"{type(error).__name__}: {error}"[:1000],
        lease_token=None,
        leased_until=None,
    )
    # the error's text may hold the address: it is for the row, not for the log
    log.warning(
        "letter.failed",
        letter=letter.pk,
        kind=letter.kind,
        reason=type(error).__name__,
        attempts=letter.attempts,
        next_in_seconds=round(pause.total_seconds()),
    )


def _mine(letter: Letter) -> LetterQuerySet:
    """The row, while this worker's lease holds."""
    return Letter.objects.filter(pk=letter.pk, lease_token=letter.lease_token)


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("letters.connection_lost", reason=type(error).__name__)
