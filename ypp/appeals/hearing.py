"""Making an appeal, and deciding it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from channels import sync
from channels.errors import Refused
from channels.models import Channel, ChannelEvent, Creator, Status
from ypp import suspension
from ypp.appeals.models import Appeal, Decision

LONGEST = 4000
"""Characters of an appeal, and of its answer."""


def suspension_of(channel: Channel) -> ChannelEvent | None:
    """What suspended the channel, while it is."""
    if channel.status != Status.SUSPENDED:
        return None
    return channel.events.filter(event="suspended").order_by("-id").first()


def of_suspension(channel: Channel) -> Appeal | None:
    """The appeal against the channel's present suspension: an open one, or the one that was decided last."""
    if channel.status != Status.SUSPENDED:
        return None
    open_one = Appeal.objects.open().filter(channel=channel).first()
    return open_one or Appeal.objects.filter(suspension=suspension_of(channel)).first()


@transaction.atomic
def appeal(channel: Channel, text: str, *, by: str) -> Appeal:
    """The creator's word against the suspension. Raises `Refused` where there is none, or it was appealed
    before.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    suspended = suspension_of(channel)
    if suspended is None:
        raise Refused("The channel is not suspended.")
    if of_suspension(channel) is not None:
        raise Refused("You have appealed against this suspension already.")
    if not text.strip():
        raise Refused("Say why the suspension is a mistake.")
    due_at = timezone.now() + timedelta(days=settings.CONFIG.staff.appeal_answer_days)
    made = Appeal.objects.create(
        channel=channel,
        suspension=suspended,
        reason=channel.suspension_reason,
        text=text.strip()[:LONGEST],
        due_at=due_at,
    )
    sync.record(channel, "appealed", by=by, detail={"appeal": made.pk, "due": f"{due_at:%Y-%m-%d}"})
    return made


@transaction.atomic
def accept(made: Appeal, answer: str, *, by: str) -> None:
    """The creator is right: the suspension is lifted. Raises `Refused` when it was decided before."""
    channel = _decide(made, Decision.ACCEPTED, answer, by=by)
    sync.record(channel, "appeal_accepted", by=by, detail={"appeal": made.pk, "answer": answer})
    suspension.lift(channel, by=by)


@transaction.atomic
def reject(made: Appeal, answer: str, *, by: str) -> None:
    """The suspension stays. Raises `Refused` without words for the creator, or when it was decided before."""
    if not answer.strip():
        raise Refused("say why, in words for the creator")
    channel = _decide(made, Decision.REJECTED, answer, by=by)
    sync.record(channel, "appeal_rejected", by=by, detail={"appeal": made.pk, "answer": answer})


def _decide(made: Appeal, decision: Decision, answer: str, *, by: str) -> Channel:
    """The channel, locked, and the appeal decided."""
    channel = Channel.objects.select_for_update().get(pk=made.channel_id)
    mine = Appeal.objects.filter(pk=made.pk, decision=Decision.OPEN)
    if not mine.update(decision=decision, answer=answer.strip(), decided_at=Now(), decided_by=by):
        raise Refused("it was decided before")
    return channel


def forget(creator: Creator) -> None:
    """Erase what a creator wrote whose account is deleted."""
    Appeal.objects.filter(channel__creator=creator).update(text="")
