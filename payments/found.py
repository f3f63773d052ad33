"""Payments of others to channels of the programme, found on the query node: they complete the table.

Ours are known by the hash of their extrinsic, which was written down before it was sent; whoever else paid
(another member, another service) is recorded once, by the payment's event.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from channels.models import Channel
from payments.models import Action, Lookout, Payment
from videos import outside
from videos.models import ChainTransaction
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.query_node import QnPayment

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=10)


def look_due() -> bool:
    """Read the payments since the last look, if it is time. True when there was something new."""
    due = Lookout.objects.filter(pk=1, next_look_at__lte=Now())
    if not due.update(next_look_at=Now() + Value(EVERY)):
        return False
    try:
        return bool(look())
    except JoystreamError as error:
        log.warning("payments.not_read", reason=error.code, text=str(error))
        return False


def look() -> int:
    """Read the payments since the last look and record those of others. Returns how many were new.

    Raises `JoystreamError`. Only those of final blocks count, as far as the query node had come before it was
    asked: none that comes meanwhile is passed over, none that a fork takes back is recorded.
    """
    query_node = outside.query_node()
    read_to = min(query_node.last_processed_block(), outside.node().finalized().number)
    begin = Lookout.objects.get(pk=1).read_to + 1
    found = [_record(payment) for payment in query_node.payments(begin) if payment.block <= read_to]
    Lookout.objects.filter(pk=1).update(read_to=max(read_to, begin - 1))
    return sum(found)


@transaction.atomic
def _record(payment: QnPayment) -> bool:
    if payment.amount <= 0 or ChainTransaction.objects.filter(hash=payment.extrinsic or "").exists():
        return False
    channel = Channel.objects.of_joystream_channel(payment.channel_id)
    _row, is_new = Payment.objects.get_or_create(
        event_id=payment.id,
        defaults={
            "channel": channel,
            "joystream_channel_id": payment.channel_id,
            "reward_account": payment.reward_account,
            "youtube_channel_title": channel.title if channel else "",
            "youtube_channel_id": channel.youtube_id if channel else "",
            "block": payment.block,
            "executed_at": payment.at,
            "action": Action.OTHER,
            "amount": payment.amount,
            "rationale": payment.rationale,
            "payer_member_id": payment.payer_member_id,
            "extrinsic": payment.extrinsic or "",
        },
    )
    if is_new:
        log.info("payment.found", channel=payment.channel_id, payer=payment.payer_member_id)
    return is_new
