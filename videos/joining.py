"""The last step of a sign-up, for both doors, with what only the videos know: whether a channel that was
connected before may be connected with another Joystream channel now.

That is so for one that comes back, and for one that staff had added and that its owner takes over. What is
published stays where it is, and is not brought over a second time.
"""

from django.db import transaction

from channels import switches, sync
from channels.creators import name_of
from channels.models import App, Channel, Creator
from videos import on_request
from videos.rebinding import OF_THE_OLD, StillMoving, require_nothing_moves
from ypp import sign_up
from ypp.sign_up import Joining
from ytsynch.joystream.query_node import QueryNode
from ytsynch.youtube.feeds import Feeds


def join(user_id: str, code: str, wish: Joining, *, app: App, query_node: QueryNode, feeds: Feeds) -> Channel:
    """`ypp.sign_up.join`. Raises `StillMoving` too: then nothing new is begun for the channel, so that it is
    soon free.
    """
    try:
        return sign_up.join(
            user_id,
            code,
            wish,
            app=app,
            query_node=query_node,
            feeds=feeds,
            may_publish=on_request.may_publish,
            leaving=_leave,
        )
    except StillMoving:
        _hold(Creator.objects.get(subject=user_id))
        raise


def _leave(channel: Channel) -> None:
    """The channel leaves its Joystream channel, and with it what kept its videos there."""
    require_nothing_moves(channel)
    if channel.pause in OF_THE_OLD:
        sync.resume(channel, by="sign-up")


@transaction.atomic
def _hold(creator: Creator) -> None:
    channel = Channel.objects.select_for_update().get(pk=creator.signed_in_channel_id or 0)
    if channel.waits_for_its_owner:
        switches.set_wish(channel, wants_sync=False, by=name_of(creator))
