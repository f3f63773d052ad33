"""Joystream memberships for people who sign up, without a captcha, a few for each Google account."""

from django.db.models import F

from channels.errors import Refused
from channels.models import Creator
from ytsynch.joystream.errors import FaucetRefused, FaucetUnavailable
from ytsynch.joystream.faucet import Faucet, Membership

MOST = 2


class AlreadyCreated(Refused):
    """The Google account has had its memberships.

    Atlas knows the refusal by the beginning of its text, spelled so.
    """

    def __init__(self) -> None:
        super().__init__(f"Already created Joysteam memberships: {MOST} is the most for one Google account.")


def create(
    creator: Creator,
    *,
    faucet: Faucet,
    account: str,
    handle: str,
    avatar: str | None = None,
    about: str | None = None,
    name: str | None = None,
) -> Membership:
    """A new member for the creator. Raises `AlreadyCreated`, `FaucetRefused`, `FaucetUnavailable`."""
    mine = Creator.objects.filter(pk=creator.pk)
    # counted before the faucet is asked: two requests at once cannot both be the last
    if not mine.filter(memberships_created__lt=MOST).update(memberships_created=F("memberships_created") + 1):
        raise AlreadyCreated
    try:
        return faucet.create_membership(account, handle, avatar=avatar, about=about, name=name)
    except (FaucetRefused, FaucetUnavailable):
        mine.update(memberships_created=F("memberships_created") - 1)
        raise
