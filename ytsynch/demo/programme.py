"""Staff at work in the demo: what they decide about its creators, so that the admin shows a living programme.

Everything is ordered by the domain's functions, as the admin orders it. What is decided about a channel that
publishes leaves it publishing: `begin` touches no sync of those, and `go_on` waits until everything is published.
"""

from typing import Any

from channels.models import Channel, Status, SuspensionReason, TierName
from ypp import membership, suspension, tiers
from ypp.appeals import hearing
from ytsynch.demo import creators

STAFF = "staff admin"
APPEAL = "The two videos that you name use music from a free library; I have put the licence into their descriptions."
NOTE = "Two videos with music that a library says is its own; links in the chat of 4 May."


def begin(web: str, devnet: dict[str, Any], signed_up: list[dict[str, Any]], leaver: dict[str, Any]) -> None:
    """Some channels are verified, one against its subscribers; one more creator came and left again."""
    channels = [Channel.objects.of_joystream_channel(one["joystream_channel_id"]) for one in signed_up]
    first, second, *_ = [channel for channel in channels if channel]
    if first.status == Status.UNVERIFIED:
        membership.verify(first, by=STAFF)
        tiers.override(first, TierName.GOLD, reason="a partner since the first days", by=STAFF)
    if second.status == Status.UNVERIFIED:
        membership.verify(second, by=STAFF)
    if not creators.is_signed_up(web, leaver):
        creators.sign_up(web, devnet, leaver, category_id=devnet["categories"][0]["id"], syncs=False)
        left = Channel.objects.of_joystream_channel(leaver["joystream_channel_id"])
        if left is not None:
            membership.opt_out(left, by="its creator")


def go_on(person: dict[str, Any]) -> None:
    """Once everything is published: a suspension, and the creator's appeal, which waits for an answer."""
    channel = Channel.objects.of_joystream_channel(person["joystream_channel_id"])
    if channel is None or channel.status != Status.UNVERIFIED or channel.appeals.exists():
        return
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, note=NOTE, by=STAFF)
    hearing.appeal(channel, APPEAL, by="its creator")
