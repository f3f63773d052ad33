"""A creator's permission at Google: kept in the creator's row, encrypted, and given back when they go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from channels.models import Creator
from ytsynch.youtube.errors import GrantRevoked
from ytsynch.youtube.sign_in import GoogleSignIn, Grant

log = structlog.get_logger(__name__)

ABOUT_TO_END = timedelta(minutes=2)


def to_json(grant: Grant, *, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """The grant as it is stored. `kept`: the one before, whose refresh token lives on where Google gave no new one."""
    return {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token or (kept or {}).get("refresh_token"),
        "expires_at": grant.expires_at.isoformat(),
        "scopes": sorted(grant.scopes),
        "subject": grant.subject,
        "email": grant.email,
    }


def from_json(stored: dict[str, Any]) -> Grant:
    return Grant(
        access_token=stored["access_token"],
        refresh_token=stored["refresh_token"],
        expires_at=datetime.fromisoformat(stored["expires_at"]),
        scopes=frozenset(stored["scopes"]),
        subject=stored["subject"],
        email=stored["email"],
    )


def usable(creator: Creator, google: GoogleSignIn) -> Grant | None:
    """The creator's permission, refreshed if it is about to end; None where there is none, or no longer (faults.md C2).

    A permission that Google calls revoked is erased here: what is public goes on being read without it.
    """
    if not creator.grant:
        return None
    grant = from_json(creator.grant)
    if grant.expires_at > datetime.now(UTC) + ABOUT_TO_END:
        return grant
    try:
        fresh = google.refresh(grant)
    except GrantRevoked:
        forget(creator)
        return None
    Creator.objects.filter(pk=creator.pk).update(grant=to_json(fresh, kept=creator.grant))
    return fresh


def forget(creator: Creator) -> None:
    """Erase a permission that Google no longer honours."""
    creator.grant, creator.grant_revoked_at = None, datetime.now(UTC)
    Creator.objects.filter(pk=creator.pk).update(grant=None, grant_revoked_at=creator.grant_revoked_at)
    log.warning("creator.grant_revoked", creator=creator.pk)


def give_back(creator: Creator, google: GoogleSignIn) -> None:
    """Tell Google that the permission is no longer wanted. Raises `GoogleUnavailable` when it cannot be told now."""
    if creator.grant:
        google.revoke(creator.grant["refresh_token"] or creator.grant["access_token"])
