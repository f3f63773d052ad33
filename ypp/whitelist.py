"""Handles that may join whatever they measure."""

from collections.abc import Iterable

import structlog
from django.db import transaction

from channels.errors import NotFound
from ypp.models import WhitelistedHandle

log = structlog.get_logger(__name__)


def normal(handle: str) -> str:
    """A handle as it is kept: YouTube's are the same in capitals and small letters."""
    return handle.lower()


@transaction.atomic
def add(handles: Iterable[str], *, by: str) -> None:
    """Exempt the handles from the requirements; those that are exempt already stay so."""
    rows = [WhitelistedHandle(handle=normal(handle), added_by=by) for handle in handles]
    WhitelistedHandle.objects.bulk_create(rows, ignore_conflicts=True)
    log.info("whitelist.added", handles=[row.handle for row in rows], by=by)


def remove(handle: str, *, by: str) -> None:
    """Raises `NotFound` when the handle was not on the list."""
    removed, _ = WhitelistedHandle.objects.filter(handle=normal(handle)).delete()
    if not removed:
        raise NotFound(f"{handle} is not on the whitelist.")
    log.info("whitelist.removed", handle=normal(handle), by=by)


def holds(handle: str) -> bool:
    return bool(handle) and WhitelistedHandle.objects.filter(handle=normal(handle)).exists()
