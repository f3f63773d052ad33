"""The one challenge that a session has open: which text is to be signed, for which two channels."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from ypp.ownership import Challenge, challenge

KEY = "challenge"


def pose(request: HttpRequest, youtube_id: str, joystream_channel_id: int) -> Challenge:
    """A new challenge takes the place of any other."""
    made = challenge(youtube_id, joystream_channel_id, site=settings.BASE_URL.partition("://")[2])
    request.session[KEY] = {
        "youtube": youtube_id,
        "joystream": joystream_channel_id,
        "text": made.text,
        "made_at": made.made_at.isoformat(),
    }
    return made


def posed(request: HttpRequest, youtube_id: str) -> Challenge | None:
    """The open challenge, if it is about this YouTube channel."""
    kept = request.session.get(KEY)
    if kept is None or kept["youtube"] != youtube_id:
        return None
    return Challenge(kept["text"], kept["joystream"], datetime.fromisoformat(kept["made_at"]))


def close(request: HttpRequest) -> None:
    """It has been answered: the same signature is worth nothing any more."""
    request.session.pop(KEY, None)
