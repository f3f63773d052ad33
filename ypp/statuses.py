"""The one table of a channel's standing in the programme: which moves there are, and what is refused in each
status.

    unverified ──verify──> verified ──suspend──> suspended ──lift──> (as before)
         └────────opt out────────┴──> opted out ──rejoin──> (as before)

A suspended channel cannot leave, and so cannot come back with a clean record; whoever left cannot be judged
until they come back.
"""

from enum import StrEnum

from channels.errors import ChannelSuspended, Refused
from channels.models import Channel, Status


class Move(StrEnum):
    VERIFY = "verify"
    SUSPEND = "suspend"
    LIFT = "lift"
    OPT_OUT = "opt_out"
    REJOIN = "rejoin"


FROM: dict[Move, frozenset[Status]] = {
    # again from verified: another tier; from suspended: the suspension is lifted with it
    Move.VERIFY: frozenset({Status.UNVERIFIED, Status.VERIFIED, Status.SUSPENDED}),
    # again from suspended: for another reason
    Move.SUSPEND: frozenset({Status.UNVERIFIED, Status.VERIFIED, Status.SUSPENDED}),
    Move.LIFT: frozenset({Status.SUSPENDED}),
    Move.OPT_OUT: frozenset({Status.UNVERIFIED, Status.VERIFIED}),
    Move.REJOIN: frozenset({Status.OPTED_OUT}),
}
"""The statuses from which each move is allowed."""


class LeftProgramme(Refused):
    """The channel's owner has left the programme."""


def require(move: Move, channel: Channel) -> None:
    """Raises `ChannelSuspended`, `LeftProgramme` or `Refused` when the channel's status does not allow the
    move.
    """
    status = Status(channel.status)
    if status in FROM[move]:
        return
    if status is Status.SUSPENDED:
        raise ChannelSuspended(channel.joystream_channel_id)
    if status is Status.OPTED_OUT:
        raise LeftProgramme(f"Channel {channel.joystream_channel_id} has left the programme.")
    what = move.replace("_", " ")
    raise Refused(f"Channel {channel.joystream_channel_id} is {status.label.lower()}: nothing to {what}.")


def require_active(channel: Channel) -> None:
    """Raises `ChannelSuspended` or `LeftProgramme`: such a channel takes no orders from its owner."""
    require(Move.OPT_OUT, channel)
