"""Creators as people with an account here: welcomed when they sign in with Google."""

import structlog
from django.db import transaction

from channels import grants
from channels.models import Creator
from ytsynch.youtube.sign_in import Grant

log = structlog.get_logger(__name__)


@transaction.atomic
def welcome(grant: Grant) -> Creator:
    """The creator behind the permission, new or known, with the permission stored."""
    Creator.objects.bulk_create([Creator(subject=grant.subject, email=grant.email)], ignore_conflicts=True)
    creator = Creator.objects.select_for_update().get(subject=grant.subject)
    creator.email = grant.email
    creator.grant = grants.to_json(grant, kept=creator.grant)
    creator.grant_revoked_at = None
    creator.save(update_fields=["email", "grant", "grant_revoked_at"])
    log.info("creator.signed_in", creator=creator.pk)
    return creator


def name_of(creator: Creator) -> str:
    """How the history names what the creator did."""
    return f"creator {creator.subject}"
