"""Deleting a creator's account: nothing personal is kept.

What is on Joystream belongs to its channel and stays.
"""

from django.db import transaction

from channels import grants, sync
from channels.models import Creator, Status
from ypp import letters, membership
from ypp.appeals import hearing
from ypp.letters.models import Kind
from ytsynch.youtube.sign_in import GoogleSignIn


def delete_account(creator: Creator, *, google: GoogleSignIn, by: str) -> None:
    """Give the permission back to Google, take the creator's channels out of the programme, erase the
    creator.

    A suspended channel stays suspended, so that nobody sheds a suspension by deleting an account. Raises
    `GoogleUnavailable` when the permission cannot be given back now: then nothing has changed.
    """
    grants.give_back(creator, google)
    _erase(creator, by=by)


@transaction.atomic
def _erase(creator: Creator, *, by: str) -> None:
    for channel in creator.channels.select_for_update().order_by("id"):
        if channel.joystream_channel_id and channel.status in (Status.UNVERIFIED, Status.VERIFIED):
            channel = membership.opt_out(channel, by=by)  # noqa: PLW2901 (the row as it is now)
            letters.send(Kind.LEFT, channel, event=f"account {creator.pk} deleted, channel {channel.pk}")
        channel.email = ""
        channel.save(update_fields=["email"])
        sync.record(channel, "account_deleted", by=by)
    letters.forget(creator)
    hearing.forget(creator)
    creator.delete()
