"""Wakes a stage up: `ring("download")`."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from ytsynch.failpoints import failpoint

log = structlog.get_logger(__name__)

# More unheard bells than that wake nobody: each worker looks until it finds nothing to do.
MOST_UNHEARD = 8


def ring(stage: str, count: int = 1) -> None:
    """Wake up to `count` workers of a stage when the current transaction is committed; at once outside of
    one.

    Bells do not pile up: no more than MOST_UNHEARD of a stage wait for a worker.
    """
    if stage not in settings.STAGES:
        raise LookupError(f"no such stage: {stage}")
    transaction.on_commit(
        lambda: _ring(stage, count), robust=True
    )  # the rows are committed: a bell may be lost


def unheard(stage: str) -> int:
    """Bells of a stage that no worker has taken yet. A taken one has its `lock` in the future."""
    count: int = OrmQ.objects.filter(key=stage, lock__lte=timezone.now()).count()
    return count


def _ring(stage: str, count: int) -> None:
    for _ in range(min(count, MOST_UNHEARD - unheard(stage))):
        failpoint("bell.ringing")
        async_task(settings.STAGE_TASKS[stage], stage, cluster=stage)
