"""Keys of the operator API: made, recognised, revoked.

A key is shown once, when it is made; afterwards only its hash is known.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

import structlog
from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Now

from channels.models import OperatorKey

log = structlog.get_logger(__name__)

CONFIGURED = "configuration"
"""The name, in the history, of the key that `httpApi.ownerKey` sets."""

PRECISION = timedelta(minutes=1)
"""How exactly the last use of a key is remembered, so that a busy key does not write with every call."""


def create(name: str) -> str:
    """A new key with a name of its own; what is returned is the only time that it can be read."""
    key = secrets.token_urlsafe(32)
    OperatorKey.objects.create(name=name, key_hash=_hash(key))
    log.info("operator_key.created", name=name)
    return key


def revoke(key: OperatorKey) -> None:
    """The key opens nothing from now on."""
    if OperatorKey.objects.valid().filter(pk=key.pk).update(revoked_at=Now()):
        log.info("operator_key.revoked", name=key.name)


def name_of(key: str) -> str | None:
    """The name of a valid key, None for any other. Takes as long for a wrong key as for a right one."""
    digest = _hash(key)
    configured = settings.CONFIG.http_api.owner_key
    is_configured = configured is not None and hmac.compare_digest(
        _hash(configured.get_secret_value()), digest
    )
    # The database compares hashes: how long that takes says nothing of the key.
    row = OperatorKey.objects.valid().filter(key_hash=digest).first()
    if row is not None:
        _note_use(row)
    if is_configured:
        return CONFIGURED
    return row.name if row else None


def _note_use(row: OperatorKey) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - Value(PRECISION))
    OperatorKey.objects.filter(stale, pk=row.pk).update(last_used_at=Now())


def _hash(key: str) -> str:
    return sha256(key.encode(errors="surrogatepass")).hexdigest()
