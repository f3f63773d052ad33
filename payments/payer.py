"""Who pays: the member of the configuration, and the lane that its extrinsics go through."""

from django.conf import settings

from channels.models import Lane, LanePurpose
from payments.errors import NoPayer
from ytsynch.joystream.keys import Signer


def signer() -> Signer:
    """The key of the payer's controller account. Raises `NoPayer` where none is configured."""
    payer = settings.CONFIG.payments.payer
    if payer.member_id is None or payer.account is None:
        raise NoPayer("The configuration names nobody who pays (payments.payer).")
    return Signer.from_account(**payer.account.arguments())


def lane() -> Lane:
    """The lane of payments, made when it is first needed.

    Raises `NoPayer` where the payer is not configured, or is the collaborator: two kinds of extrinsics of one
    account would be in each other's way.
    """
    address = signer().address
    member_id = settings.CONFIG.payments.payer.member_id
    assert member_id is not None  # there is a signer
    found, _ = Lane.objects.get_or_create(
        member_id=member_id, defaults={"address": address, "purpose": LanePurpose.PAYMENTS}
    )
    if found.purpose != LanePurpose.PAYMENTS:
        raise NoPayer("The payer must be another member than the collaborator (payments.payer.memberId).")
    if found.address != address:
        found.address = address
        found.save(update_fields=["address"])
    return found
