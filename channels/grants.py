"""A creator's permission at Google: kept in the creator's row, encrypted, and given back when they go."""

from datetime import datetime
from typing import Any

from channels.models import Creator
from ytsynch.youtube.sign_in import Grant, GoogleSignIn


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


def give_back(creator: Creator, google: GoogleSignIn) -> None:
    """Tell Google that the permission is no longer wanted. Raises `GoogleUnavailable` when it cannot be told now."""
    if creator.grant:
        google.revoke(creator.grant["refresh_token"] or creator.grant["access_token"])
