"""What a creator reads when something is not done: what happened, and what to do now. One page shows them
all.
"""

import math
from dataclasses import dataclass

import structlog
from django.urls import reverse
from social_core.exceptions import SocialAuthBaseException

from channels.errors import (
    AlreadyRegistered,
    ChannelSuspended,
    Closed,
    NoYouTubeChannel,
    Refused,
    TooOften,
    WrongProof,
)
from videos import quota, words
from ypp.requirements import RequirementsUnmet
from ytsynch.joystream.errors import JoystreamError, QueryNodeUnavailable
from ytsynch.youtube.errors import QuotaExceeded, YouTubeError

log = structlog.get_logger(__name__)

AGAIN = ("Sign in again", "pages:sign_in")
TRY_AGAIN = ("Try again", "pages:sign_up")
HOME = ("To the first page", "pages:landing")
DASHBOARD = ("To your channels", "pages:overview")


@dataclass(frozen=True)
class Refusal:
    """`action` is a button: its label, and the name of its address."""

    title: str
    text: str
    todo: str
    action: tuple[str, str] = TRY_AGAIN
    status: int = 400

    @property
    def address(self) -> str:
        """Where the button leads. Signing in again is for those who are signed in too."""
        return reverse(self.action[1]) + ("?again" if self.action == AGAIN else "")


Expected = Refused | YouTubeError | JoystreamError | SocialAuthBaseException
"""What may be raised where somebody waits for a page, and is told in words."""

EXPECTED = (Refused, YouTubeError, JoystreamError, SocialAuthBaseException)

LATER = "It is not your fault, and nothing is lost. Try again in a few minutes."


def ends_sign_up(error: Refused) -> bool:
    """Whether nothing that the creator writes into the form would help."""
    return isinstance(error, AlreadyRegistered | ChannelSuspended | Closed | WrongProof)


def of(error: Expected) -> Refusal:
    """The words for the error."""
    match error:
        case SocialAuthBaseException():
            return _of_sign_in(error)
        case YouTubeError():
            return _of_youtube(error)
        case JoystreamError():
            return _of_joystream(error)
        case _:
            return _of_ours(error)


def _of_sign_in(error: SocialAuthBaseException) -> Refusal:
    """By social-auth's stable codes. What Google said itself stays in the log."""
    log.info("sign_in.refused", reason=error.code, stage=error.stage, text=error.detail)
    if error.code == "authorization_declined":
        return Refusal(
            "You did not give us access",
            "Google says that you cancelled. Without your permission we cannot know that it is your channel.",
            "Sign in again if you want to go on. We can only look; we can change nothing on YouTube.",
            AGAIN,
        )
    if error.source in ("session", "request"):
        return Refusal(
            "This sign-in is over",
            "It took longer than half an hour, was used before, or was begun in another browser.",
            "Begin anew, and finish it in this window.",
            AGAIN,
        )
    if getattr(error, "claim", None) == "email_verified":
        return _of_words("email_not_verified", "Your e-mail address is not verified", AGAIN)
    if error.recovery in ("restart_login", "reauthenticate"):
        return _of_words("wrong_code", "Google did not accept the sign-in", AGAIN)
    if error.source == "configuration":
        return _of_ours(Closed("Signing in is not set up here yet."))
    return Refusal(
        "Google does not answer", "Google's sign-in did not answer as it should.", LATER, AGAIN, 503
    )


def _of_youtube(error: YouTubeError) -> Refusal:
    log.warning("page.youtube_refused", reason=error.code, text=str(error))
    if isinstance(error, QuotaExceeded):
        if not isinstance(error, quota.ShareSpent):
            quota.note_exhausted()
        return Refusal(
            "Too many sign-ups today",
            "YouTube answers only so many questions a day, and today's share for sign-ups is used up.",
            f"It goes on at midnight in California ({quota.resumes_at():%H:%M} UTC). Your sign-in is kept.",
            HOME,
            503,
        )
    match error.code:
        case "scope_missing":
            return _of_words(error.code, "A permission is missing", AGAIN)
        case "grant_revoked" | "grant_expired":
            return _of_words(error.code, "Our permission at Google has ended", AGAIN)
        case "channel_terminated":
            return _of_words(error.code, "YouTube has closed this account", HOME)
        case _:
            known = words.of(error.code)
            return Refusal("YouTube does not answer", known.happened, LATER, TRY_AGAIN, 503)


def _of_joystream(error: JoystreamError) -> Refusal:
    log.warning("page.joystream_refused", reason=error.code, text=str(error))
    is_index = isinstance(error, QueryNodeUnavailable)
    text = "Joystream's index does not answer." if is_index else "The Joystream network does not answer."
    return Refusal("Joystream does not answer", text, LATER, TRY_AGAIN, 503)


def _of_ours(error: Refused) -> Refusal:  # noqa: PLR0911 (one for each reason)
    match error:
        case Closed():
            return Refusal("Sign-ups are closed", error.message, "Come back another day.", HOME, 503)
        case NoYouTubeChannel():
            return Refusal(
                "No YouTube channel found",
                error.message,
                "Sign in with the account that your channel belongs to; Google lets you choose among them.",
                AGAIN,
            )
        case AlreadyRegistered():
            return Refusal(
                "This channel takes part already",
                f"It is connected with Joystream channel {error.result}, by another Google account or "
                "another YouTube channel.",
                "Sign in with that account. If you do not know of it, write to us: one channel can be "
                "connected only once.",
                AGAIN,
            )
        case ChannelSuspended():
            return Refusal(
                "This channel is suspended",
                "The operators have suspended it from the programme, so it cannot sign up.",
                "The letter about the suspension says why, and what you can do.",
                HOME,
                403,
            )
        case WrongProof():
            return Refusal(
                "This sign-up is over",
                "It was finished, or begun anew elsewhere.",
                "Look at your channels, or begin anew.",
                TRY_AGAIN,
            )
        case TooOften():
            return Refusal(
                "Too many tries",
                "More sign-ups have begun in your network lately than one network may begin.",
                f"Try again in {math.ceil(error.result / 60)} minutes.",
                HOME,
                429,
            )
        case RequirementsUnmet():
            return Refusal("Something is missing", error.message, "Come back when it is there.")
        case _:
            return Refusal("That did not work", error.message, "Go back and try something else.", DASHBOARD)


def _of_words(code: str, title: str, action: tuple[str, str]) -> Refusal:
    known = words.of(code)
    return Refusal(title, known.happened, known.next, action)
