"""What processes check and prepare before they work. What is missing is said in one line, exit status 2."""

import shutil
from collections.abc import Mapping
from functools import partial
from importlib import import_module

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from ytsynch import config
from ytsynch.processes import CANNOT_START, Child, Heart

# Keys without a default that a part of the service cannot do without.
REQUIRED = {
    "web": ("youtube.clientId", "youtube.clientSecret"),
    "discovery": ("youtube.apiKey",),
    "creation": (
        "joystream.app.name",
        "joystream.app.accountSeed",
        "joystream.channelCollaborator.memberId",
        "joystream.channelCollaborator.account",
    ),
}
LEAST_SPACE = 200 * 10**6  # bytes


def require_for(*parts: str) -> None:
    """Refuse to start a part (`web` or a stage) whose configuration is incomplete."""
    for part in parts:
        config.require(*REQUIRED.get(part, ()), needed_by=part)


def check_space() -> None:
    """Refuse to start where the next file would fail."""
    sync = settings.CONFIG.sync
    for folder in (sync.downloads_dir, *([] if sync.media_bucket else [sync.media_dir])):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise CommandError(
                f"{folder} cannot be used: {error.strerror}", returncode=CANNOT_START
            ) from None
        if free < LEAST_SPACE:
            raise CommandError(
                f"no disk space: {free // 10**6} MB left for {folder}, {LEAST_SPACE // 10**6} MB needed",
                returncode=CANNOT_START,
            )


def reach_database() -> None:
    """Refuse to start without the database."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"the database cannot be reached: {reason}", returncode=CANNOT_START) from None


def clusters(counts: Mapping[str, int]) -> list[Child]:
    """Children for a supervisor: so many clusters of each stage.

    The tasks are imported here, before the fork: once for all, and a broken one shows at once.
    """
    for stage in counts:
        import_module(settings.STAGE_TASKS[stage].rpartition(".")[0])
    return [_cluster(stage, number) for stage, count in counts.items() for number in range(1, count + 1)]


def _cluster(stage: str, number: int) -> Child:
    from ytsynch.clusters import sentinel

    heart = Heart()
    return Child(f"{stage}-{number}", partial(sentinel.run, stage, heart), heart)
