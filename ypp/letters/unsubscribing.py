"""Who wants no letters. A link in each letter says whose wish it is; it needs no password and never ends (RFC
8058).
"""

from hashlib import sha256

import structlog
from django.core.signing import BadSignature, Signer

from ypp.letters.models import Unsubscribed

log = structlog.get_logger(__name__)


class WrongLink(Exception):
    """The link is not one of ours, or was changed on the way."""


def token_of(address: str) -> str:
    """What the link names the address by, without telling it."""
    return _signer().sign(_hash(address))


def check(token: str) -> None:
    """Raises `WrongLink`."""
    _read(token)


def unsubscribe(token: str) -> None:
    """Send no more letters but those about the account. Raises `WrongLink`."""
    Unsubscribed.objects.bulk_create([Unsubscribed(address_hash=_read(token))], ignore_conflicts=True)
    log.info("letters.unsubscribed")


def subscribe(token: str) -> None:
    """Take `unsubscribe` back. Raises `WrongLink`."""
    Unsubscribed.objects.filter(address_hash=_read(token)).delete()
    log.info("letters.subscribed")


def is_unsubscribed(address: str) -> bool:
    return Unsubscribed.objects.filter(address_hash=_hash(address)).exists()


def _read(token: str) -> str:
    try:
        return _signer().unsign(token)
    except BadSignature:
        raise WrongLink from None


def _signer() -> Signer:
    return Signer(salt="letters.unsubscribe")


def _hash(address: str) -> str:
    return sha256(address.lower().encode()).hexdigest()
