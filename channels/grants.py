"""A creator's permission at Google: kept in the creator's row, encrypted, and given back when they go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from channels import sync
from channels.models import Creator
from ytsynch.clusters import stopping
from ytsynch.youtube.errors import GrantExpired, GrantRevoked, YouTubeError
from ytsynch.youtube.sign_in import GoogleSignIn, Grant

log = structlog.get_logger(__name__)

ABOUT_TO_END = timedelta(minutes=2)
CHECK_EVERY = timedelta(days=1)
AFTER_TROUBLE = timedelta(hours=1)


def to_json(grant: Grant, *, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """The grant as it is stored.

    `kept`: the one before, whose refresh token lives on where Google gave no new one.
    """
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
    """The creator's permission, refreshed if it is about to end; None where there is none, or no longer
    (faults.md C2).

    A permission that Google no longer honours is erased here: what is public goes on being read without it.
    """
    if not creator.grant:
        return None
    grant = from_json(creator.grant)
    if grant.expires_at > datetime.now(UTC) + ABOUT_TO_END:
        return grant
    return _refresh(creator, grant, google)


def check_due(google: GoogleSignIn) -> int:
    """Ask Google about each permission that nobody has used for a day, so that one that was taken back is
    noticed although the channel is paused. Returns how many were asked about.
    """
    checked = 0
    while not stopping.requested() and (creator := _take_unchecked()):
        try:
            _refresh(creator, from_json(creator.grant), google)
        except YouTubeError as error:
            again = Now() - Value(CHECK_EVERY - AFTER_TROUBLE)
            Creator.objects.filter(pk=creator.pk).update(grant_checked_at=again)
            log.warning("creator.grant_unchecked", creator=creator.pk, reason=error.code, text=str(error))
            break
        checked += 1
    return checked


@transaction.atomic
def forget(creator: Creator) -> None:
    """Erase a permission that Google no longer honours, and say so in the history of the creator's channels.

    One that was renewed meanwhile stays: `creator` is as it was when Google was asked.
    """
    stored = Creator.objects.select_for_update().get(pk=creator.pk).grant
    if not stored or not creator.grant or stored["access_token"] != creator.grant["access_token"]:
        return
    creator.grant, creator.grant_revoked_at = None, datetime.now(UTC)
    Creator.objects.filter(pk=creator.pk).update(grant=None, grant_revoked_at=creator.grant_revoked_at)
    for channel in creator.channels.participating():
        sync.record(channel, "permission_revoked", by="Google")
    log.warning("creator.grant_revoked", creator=creator.pk)


def _refresh(creator: Creator, grant: Grant, google: GoogleSignIn) -> Grant | None:
    """Raises what `GoogleSignIn.refresh` raises, but for the end of the permission."""
    try:
        fresh = google.refresh(grant)
    except (GrantRevoked, GrantExpired):
        forget(creator)
        return None
    with transaction.atomic():
        stored = Creator.objects.select_for_update().get(pk=creator.pk).grant
        if stored and stored["access_token"] == creator.grant["access_token"]:  # else there is a newer one
            creator.grant = to_json(fresh, kept=creator.grant)
            Creator.objects.filter(pk=creator.pk).update(grant=creator.grant, grant_checked_at=Now())
    return fresh


@transaction.atomic
def _take_unchecked() -> Creator | None:
    """The creator whose permission has gone unchecked for longest. A worker that dies with it costs a day."""
    long_ago = Now() - Value(CHECK_EVERY)
    due = Creator.objects.filter(grant__isnull=False, grant_checked_at__lt=long_ago)
    creator = due.order_by("grant_checked_at").select_for_update(skip_locked=True).first()
    if creator is not None:
        Creator.objects.filter(pk=creator.pk).update(grant_checked_at=Now())
    return creator


def give_back(creator: Creator, google: GoogleSignIn) -> None:
    """Tell Google that the permission is no longer wanted.

    Raises `GoogleUnavailable` when it cannot be told now.
    """
    if creator.grant:
        google.revoke(creator.grant["refresh_token"] or creator.grant["access_token"])
