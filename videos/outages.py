"""What a worker does when the database goes away in the middle of its work: it waits, and begins anew
(faults.md O2).
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from videos import moves
from videos.leases import LEASE
from videos.models import Video
from ytsynch.clusters import stopping

log = structlog.get_logger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)

LOOK_EVERY = 1.0
"""Seconds between two looks whether the database is there again."""


@contextmanager
def surviving(videos: Sequence[Video]) -> Iterator[None]:
    """Work on the videos of one claim. If the database goes away meanwhile, their leases are given back once
    it answers again.

    So nobody takes it for a crash of a worker, which three times over would set the video aside. Raises the
    database's error when a lease's time has gone by without it.
    """
    token = videos[0].lease_token
    try:
        yield
    except DATABASE_AWAY as error:
        log.warning("database.away", videos=[video.youtube_id for video in videos], error=str(error))
        _give_back(token)
        log.info("database.back")


def _give_back(token: UUID | None) -> None:
    deadline = time.monotonic() + LEASE.total_seconds()
    while True:
        connection.close()
        try:
            moves.release_claim(token)
            return
        except DATABASE_AWAY:
            if stopping.requested() or time.monotonic() > deadline:
                raise
        time.sleep(LOOK_EVERY)
