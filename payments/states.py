"""The one table of a payout round's states and the moves between them.

    computed <──> reviewed ──> approved ──> paying ──> paid ──> settled
        ↑___________________________│
    (computed, reviewed, approved) ──> cancelled

`computed`: who would be paid what. `reviewed`: somebody has looked at each line. `approved`: it may be paid.
`paying`: extrinsics are under way. `paid`: final blocks hold every payment. `settled`: the query node shows
them all, and the creators have been written to.
"""

from django.db import models


class RoundState(models.TextChoices):
    COMPUTED = "computed", "Computed"
    REVIEWED = "reviewed", "Reviewed"
    APPROVED = "approved", "Approved"
    PAYING = "paying", "Being paid"
    PAID = "paid", "Paid"
    SETTLED = "settled", "Settled"
    CANCELLED = "cancelled", "Cancelled"


MOVES: dict[RoundState, frozenset[RoundState]] = {
    RoundState.COMPUTED: frozenset({RoundState.REVIEWED, RoundState.CANCELLED}),
    RoundState.REVIEWED: frozenset({RoundState.COMPUTED, RoundState.APPROVED, RoundState.CANCELLED}),
    RoundState.APPROVED: frozenset({RoundState.COMPUTED, RoundState.PAYING, RoundState.CANCELLED}),
    RoundState.PAYING: frozenset({RoundState.PAID}),
    RoundState.PAID: frozenset({RoundState.SETTLED}),
    RoundState.SETTLED: frozenset(),
    RoundState.CANCELLED: frozenset(),
}
"""To which states each may move."""


class LineState(models.TextChoices):
    """Where a line stands.

    `open` waits to be paid; `sent` is in an extrinsic whose fate is not known; `failed` was refused and waits
    for staff; `set_aside` was left out, and what it was for is free for the next round; `nothing` is a line
    of which nothing is left to be paid.
    """

    OPEN = "open", "Open"
    SENT = "sent", "Sent"
    PAID = "paid", "Paid"
    FAILED = "failed", "Failed"
    SET_ASIDE = "set_aside", "Set aside"
    NOTHING = "nothing", "Nothing to pay"


UNDONE = frozenset({LineState.OPEN, LineState.SENT, LineState.FAILED})
"""Lines with which a round is not paid yet."""
