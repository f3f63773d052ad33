"""Each kind of letter: its subject, the button in it, and the facts that its text needs, by the example of a
sample.

The texts are `templates/letters/<kind>.txt`.
"""

from dataclasses import dataclass
from typing import Any

from channels.models import Pause, SuspensionReason
from ypp.letters.models import Kind

ACCOUNT_MATTERS = frozenset(
    {
        Kind.PERMISSION_REVOKED,
        Kind.SUSPENDED,
        Kind.SUSPENSION_LIFTED,
        Kind.APPEAL_RECEIVED,
        Kind.APPEAL_ACCEPTED,
        Kind.APPEAL_REJECTED,
        Kind.LEFT,
        Kind.CHANNEL_GONE,
    }
)
"""Letters that a creator must get whatever they think of letters: nobody unsubscribes from these."""


@dataclass(frozen=True)
class About:
    """`subject` may name facts and the channel's `title`; `sample` has every fact of the letter, with a
    likely value.
    """

    subject: str
    sample: dict[str, Any]
    action: str = "See your channel"
    page: str = ""
    """Name of the address that the button leads to; the channel's own page where none is given."""


ABOUT: dict[Kind, About] = {
    Kind.WELCOME: About(
        "Welcome to Joystream, {title}",
        {"joystream_channel_id": 7, "wants_sync": True, "comes_back": False},
    ),
    Kind.VERIFIED: About("{title} is in the {tier} tier", {"tier": "Silver", "was": ""}),
    Kind.REQUIREMENTS_UNMET: About(
        "{title} cannot join yet",
        {
            "title": "Alpine Beekeeping",
            "unmet": [
                "The YouTube channel has 31 subscribers; it needs 50.",
                "The YouTube channel has 4 videos older than 1 month; it needs 10.",
            ],
            "is_tried_again": True,
        },
        action="Try again",
        page="pages:sign_in",
    ),
    Kind.REQUIREMENTS_MET: About(
        "{title} can join now",
        {"title": "Alpine Beekeeping"},
        action="Sign in with Google",
        page="pages:sign_in",
    ),
    Kind.PERMISSION_REVOKED: About(
        "Google no longer lets us read {title}", {}, action="Renew the permission", page="pages:account"
    ),
    Kind.SYNC_PAUSED: About("{title} is paused", {"why": Pause.COLLABORATOR_MISSING.value}),
    Kind.SYNC_RESUMED: About("{title} is syncing again", {"was": Pause.COLLABORATOR_MISSING.value}),
    Kind.SPACE_FULL: About("The Joystream channel of {title} is full", {"joystream_channel_id": 7}),
    Kind.SUSPENDED: About("{title} is suspended", {"reason": SuspensionReason.COPYRIGHT_BREACH.value}),
    Kind.SUSPENSION_LIFTED: About("{title} is no longer suspended", {}),
    Kind.APPEAL_RECEIVED: About("We have your appeal for {title}", {"due": "4 May 2026"}),
    Kind.APPEAL_ACCEPTED: About(
        "{title} is no longer suspended", {"answer": "You showed us the licence of the music. Thank you."}
    ),
    Kind.APPEAL_REJECTED: About(
        "{title} stays suspended", {"answer": "Two of the videos are still those of another channel."}
    ),
    Kind.LEFT: About("{title} has left the programme", {}, action="Come back", page="pages:sign_in"),
    Kind.CHANNEL_GONE: About(
        "{title} is no longer in the programme",
        {"why": "terminated_on_youtube", "joystream_channel_id": 7},
        action="Sign up again",
        page="pages:sign_in",
    ),
    Kind.PAYOUT: About(
        "{title} was paid {joy} JOY",
        {
            "joy": "125.5",
            "items": ["3 videos in the week of 4 May: 100.5 JOY", "1 referral: 25 JOY"],
            "joystream_channel_id": 7,
            "block": 9_876_543,
        },
    ),
}
