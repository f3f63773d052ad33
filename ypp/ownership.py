"""Who owns a Joystream channel: proved by a signature of its owner's key over a text that we made up for this
one proof.

The text is a single line, so that it survives every wallet's input field, and it says what the signature is
for: one that was given for one YouTube channel, one Joystream channel and one hour is of no use for another.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.errors import AlreadyRegistered, Refused, StaleAction, WrongSignature
from channels.models import App, Channel
from ypp import requirements
from ypp.models import Requirement
from ypp.requirements import MayPublish
from ytsynch.joystream.query_node import QnChannel, QueryNode
from ytsynch.joystream.signatures import is_signed_by

GOOD_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Challenge:
    """What the owner is asked to sign."""

    text: str
    joystream_channel_id: int
    made_at: datetime


def challenge(youtube_id: str, joystream_channel_id: int, *, site: str) -> Challenge:
    """A text that was never asked for before. `site` is our public address: a wallet shows who asks."""
    now = datetime.now(UTC)
    text = (
        f"I connect YouTube channel {youtube_id} with Joystream channel {joystream_channel_id} on {site}, "
        f"{now:%Y-%m-%d %H:%M} UTC, {secrets.token_hex(8)}"
    )
    return Challenge(text, joystream_channel_id, now)


def find(joystream_channel_id: int, query_node: QueryNode) -> QnChannel:
    """The Joystream channel. Raises `Refused`, also for one without a member as its owner;
    `QueryNodeUnavailable`.
    """
    found = query_node.channel(joystream_channel_id)
    if found is None:
        raise Refused(f"Joystream channel {joystream_channel_id} does not exist.")
    if found.owner_account is None:
        raise Refused("A curator group owns this Joystream channel, so nobody can sign for it.")
    return found


def require_unheld(joystream_channel_id: int, *, by: Channel) -> None:
    """Raises `AlreadyRegistered` when another YouTube channel has the Joystream channel. The last word has
    the database's constraint.
    """
    holders = Channel.objects.participating().filter(joystream_channel_id=joystream_channel_id)
    if holders.exclude(pk=by.pk).exists():
        raise AlreadyRegistered(joystream_channel_id)


def require_fit(found: QnChannel, *, app: App, may_publish: MayPublish) -> None:
    """Raises `RequirementsUnmet` when the Joystream channel lacks what the app asks for; `NodeUnavailable`."""
    rule = Requirement.objects.of_app(app)
    requirements.require(
        requirements.evaluate_joystream_channel(rule, found, app=app, may_publish=may_publish)
    )


def prove(asked: Challenge, signature: str, *, query_node: QueryNode) -> None:
    """Raises `StaleAction` for a challenge that is too old, `WrongSignature` for another key's signature; and
    as `find`.
    """
    if datetime.now(UTC) - asked.made_at > GOOD_FOR:
        raise StaleAction("The text to sign is too old. Sign the new one.")
    owner = find(asked.joystream_channel_id, query_node).owner_account
    if owner is None or not is_signed_by(owner, asked.text.encode(), signature):
        raise WrongSignature(
            "This signature is not that of the channel's owner over this text. Sign the whole text, "
            "unchanged, with the account that controls the channel."
        )
