"""What creators order on our own pages for a channel of theirs. That it is theirs, their sign-in with Google
has proved.

The same orders as those of `ypp.owner_actions`, by the same rules: a suspended channel takes none, nor does
one that left.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from channels import switches, sync
from channels.errors import AlreadyRegistered, Refused
from channels.models import Channel
from ypp import membership
from ypp.sign_up import require_category
from ypp.statuses import require_active
from ytsynch.clusters.bell import ring
from ytsynch.joystream.query_node import QueryNode


@contextmanager
def _taking_orders(channel: Channel) -> Iterator[Channel]:
    """The row, locked in a transaction of its own. Raises `ChannelSuspended` or `LeftProgramme`."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel.pk)
        require_active(channel)
        yield channel


def pause(channel: Channel, *, by: str) -> None:
    """Bring nothing over until the creator resumes. What is on chain already is still finished."""
    with _taking_orders(channel) as mine:
        switches.set_wish(mine, wants_sync=False, by=by)


def resume(channel: Channel, *, by: str) -> None:
    """Go on where the sync stopped. Raises `Refused` while the channel has no category for its videos."""
    with _taking_orders(channel) as mine:
        if not mine.category_id:
            raise Refused("Choose a category for your videos first.")
        switches.set_wish(mine, wants_sync=True, by=by)


def set_category(channel: Channel, category_id: str, *, query_node: QueryNode, by: str) -> None:
    """Choose the category of the videos to come. Raises `Refused`, `QueryNodeUnavailable`."""
    require_category(category_id, query_node, app=channel.app)
    with _taking_orders(channel) as mine:
        switches.set_category(mine, category_id, by=by)


def set_email(channel: Channel, email: str, *, by: str) -> None:
    """Send the channel's letters to another address. The history does not keep addresses."""
    with _taking_orders(channel) as mine:
        if mine.email != email:
            mine.email = email
            mine.save(update_fields=["email"])
            sync.record(mine, "email_changed", by=by)


def leave(channel: Channel, *, by: str) -> None:
    """Leave the programme; what is on Joystream stays there."""
    membership.opt_out(channel, by=by)


def come_back(channel: Channel, *, by: str) -> None:
    """Undo leaving: the same Joystream channel, the former status, and the sync goes on.

    Raises `AlreadyRegistered` when another YouTube channel has taken the Joystream channel meanwhile.
    """
    try:
        _come_back(channel, by=by)
    except IntegrityError:
        raise AlreadyRegistered(channel.joystream_channel_id) from None


@transaction.atomic
def _come_back(channel: Channel, *, by: str) -> None:
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    membership.restore_status(channel)
    channel.wants_sync = bool(channel.category_id)
    channel.next_discovery_at = Now()
    channel.save(update_fields=["status", "status_before_leaving", "wants_sync", "next_discovery_at"])
    detail = {"joystream_channel": channel.joystream_channel_id}
    sync.record(channel, "came_back", by=by, detail=detail)
    sync.follow_decisions(channel, by=by)
    ring("discovery")
