"""Binding a YouTube channel to another Joystream channel: for whoever chose the wrong one, or lost it
(mission H14).

What is published already stays where it is and is not brought over a second time; everything else goes to the
new channel. A video that is being created or uploaded at this moment belongs to the old one, so the creator
pauses first and such videos are finished before.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from channels import sync
from channels.errors import AlreadyRegistered, Refused
from channels.models import Channel, Pause
from videos import on_request
from videos.models import Video
from videos.states import State
from ypp import ownership
from ypp.statuses import require_active
from ytsynch.clusters.bell import ring
from ytsynch.joystream.query_node import QueryNode

BELONGS_TO_THE_OLD = Q(state__in=[State.CREATING, State.CREATED, State.UPLOADED]) | Q(
    state=State.DOWNLOADED, leased_until__gt=Now()
)
"""On its way into a Joystream channel that is fixed already, or about to be."""

OF_THE_OLD = (Pause.COLLABORATOR_MISSING, Pause.STORAGE_FULL, Pause.MODERATED, Pause.JOYSTREAM_CHANNEL_GONE)
"""Pauses that the old Joystream channel caused: whether the new one gives cause is seen when it is used."""


class StillMoving(Refused):
    """Videos are on their way to the old Joystream channel; `result` says how many."""


def rebind(channel: Channel, joystream_channel_id: int, *, query_node: QueryNode, by: str) -> None:
    """Bring the channel's further videos to another Joystream channel. That it is the creator's has been
    proved.

    Raises `Refused`, `RequirementsUnmet`, `StillMoving`, `AlreadyRegistered`, `ChannelSuspended`,
    `LeftProgramme`, `QueryNodeUnavailable`, `NodeUnavailable`.
    """
    found = ownership.find(joystream_channel_id, query_node)
    ownership.require_fit(found, app=channel.app, may_publish=on_request.may_publish)
    try:
        _rebind(channel, joystream_channel_id, by=by)
    except IntegrityError:
        raise AlreadyRegistered(joystream_channel_id) from None


def require_possible(channel: Channel, joystream_channel_id: int) -> None:
    """Raises `ChannelSuspended`, `LeftProgramme`, `Refused` or `StillMoving` while the channel cannot be
    bound to another one.
    """
    require_active(channel)
    if channel.joystream_channel_id == joystream_channel_id:
        raise Refused("This is the Joystream channel that it is bound to already.")
    if channel.pause == Pause.NONE:
        raise Refused("Pause the sync first, so that nothing is on its way to the old channel.")
    require_nothing_moves(channel)


def require_nothing_moves(channel: Channel) -> None:
    """Raises `StillMoving` while videos of the channel are on their way to its Joystream channel."""
    moving = Video.objects.filter(BELONGS_TO_THE_OLD, channel=channel).count()
    if moving:
        what = "1 video is" if moving == 1 else f"{moving} videos are"
        raise StillMoving(
            f"{what} on the way to the old channel. Try again when that is over.", result=moving
        )


@transaction.atomic
def _rebind(channel: Channel, joystream_channel_id: int, *, by: str) -> None:
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    require_possible(channel, joystream_channel_id)
    detail = {"from": channel.joystream_channel_id, "to": joystream_channel_id}
    channel.joystream_channel_id = joystream_channel_id
    if channel.referrer_channel_id == joystream_channel_id:  # nobody refers themselves
        channel.referrer_channel_id = None
    channel.save(update_fields=["joystream_channel_id", "referrer_channel_id"])
    sync.record(channel, "bound_to_another_channel", by=by, detail=detail)
    if channel.pause in OF_THE_OLD:
        sync.resume(channel, by=by)
        ring("discovery")
