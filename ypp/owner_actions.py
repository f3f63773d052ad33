"""What the owner of a Joystream channel orders by signing it: sync or not, another category, leave.

The signature proves the owner, the message's own time that it is new. Each message counts once: also when it
arrives twice at the same instant, and on one channel only, although it does not name one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from channels import switches
from channels.errors import Refused, StaleAction, WrongSignature
from channels.models import Channel, OwnerAction
from ypp import membership
from ypp.sign_up import require_category
from ypp.statuses import require_active
from ytsynch.joystream.query_node import QueryNode
from ytsynch.joystream.signatures import account_of, is_signed_by

FUTURE = timedelta(minutes=10)
"""How far ahead the clock of a creator's computer may be."""


@dataclass(frozen=True)
class Signed:
    """A signed message: `texts` are the bytes that may have been signed, `timestamp` is its own."""

    texts: tuple[bytes, ...]
    signature: str
    timestamp: datetime


def set_ingestion(
    channel: Channel, *, wants_sync: bool, category_id: str | None, signed: Signed, query_node: QueryNode
) -> None:
    """Pause or resume the sync, and choose the category in the same breath."""
    owner = _owner(channel, signed, query_node)
    if category_id:
        require_category(category_id, query_node, app=channel.app)
    with transaction.atomic():
        channel = _accept(channel, signed, owner)
        category = category_id or channel.category_id
        if wants_sync and not category:
            raise Refused("A video category is needed to sync videos.")
        switches.set_category(channel, category, by=_name(owner))
        switches.set_wish(channel, wants_sync=wants_sync, by=_name(owner))


def set_category(channel: Channel, category_id: str, *, signed: Signed, query_node: QueryNode) -> None:
    """Choose the category of the videos to come."""
    owner = _owner(channel, signed, query_node)
    require_category(category_id, query_node, app=channel.app)
    with transaction.atomic():
        channel = _accept(channel, signed, owner)
        switches.set_category(channel, category_id, by=_name(owner))


def opt_out(channel: Channel, *, signed: Signed, query_node: QueryNode) -> None:
    """Leave the programme."""
    owner = _owner(channel, signed, query_node)
    with transaction.atomic():
        channel = _accept(channel, signed, owner)
        membership.opt_out(channel, by=_name(owner))


def _owner(channel: Channel, signed: Signed, query_node: QueryNode) -> str:
    """The address of the Joystream channel's owner, who signed the message.

    Raises `WrongSignature` when somebody else did.
    """
    require_active(channel)
    _require_new(channel, signed)
    joystream_channel = query_node.channel(channel.joystream_channel_id or 0)
    if joystream_channel is None or joystream_channel.owner_account is None:
        raise WrongSignature("The Joystream channel has no member as its owner, so nobody can sign for it.")
    owner = joystream_channel.owner_account
    if not any(is_signed_by(owner, text, signed.signature) for text in signed.texts):
        raise WrongSignature("Invalid request signature. Permission denied.")
    return owner


def _require_new(channel: Channel, signed: Signed) -> None:
    if signed.timestamp > datetime.now(UTC) + FUTURE:
        raise StaleAction("The message's timestamp is in the future.")
    last = channel.last_owner_action_at
    if last is not None and signed.timestamp <= last:
        raise StaleAction("The message's timestamp is not newer than that of the channel's last action.")


def _accept(channel: Channel, signed: Signed, owner: str) -> Channel:
    """Take the message as done, in the caller's transaction, with the channel's row locked.

    Raises `StaleAction` for a replay.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require_active(channel)
    _require_new(channel, signed)
    digest = sha256(account_of(owner) + signed.texts[-1]).hexdigest()
    try:
        with transaction.atomic():
            OwnerAction.objects.create(channel=channel, digest=digest)
    except IntegrityError:
        raise StaleAction("This message was used before, for another channel.") from None
    Channel.objects.filter(pk=channel.pk).update(last_owner_action_at=signed.timestamp)
    channel.last_owner_action_at = signed.timestamp
    return channel


def _name(owner: str) -> str:
    return f"owner {owner}"
