"""Does our tool still understand YouTube? A circuit breaker for each version of yt-dlp that workers run
(faults.md Y16, Y23).

    on trial ──a canary, or else a video, lives──> trusted ──N different videos not understood──> broken
                                                      ^──────────a probe lives───────────────────────┘

The same error for many videos, with no success in between, is not the videos' fault: downloads by that version
pause, one probe an hour is let through, and staff are told. When the tool works again the videos that were
blamed meanwhile are pardoned. A version that is new here is tried on a canary before it may fetch anything else,
so that a bad release stops by itself; workers that still run the old one go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Now

from channels.errors import Refused
from videos import errors, interventions, outside
from videos.models import ToolStanding, ToolVersion, Video
from videos.pipeline import addresses
from videos.states import State
from ytsynch.youtube import extraction
from ytsynch.youtube.errors import AddressBlocked, ToolBroken, UnknownRefusal, YouTubeError

log = structlog.get_logger(__name__)

NOT_UNDERSTOOD = (ToolBroken, UnknownRefusal)
"""What no table of sentences knows: the video, or the tool."""

CODES = tuple(kind.code for kind in NOT_UNDERSTOOD)
BY = "circuit breaker"
SEEN_EVERY = timedelta(minutes=1)
IN_USE = timedelta(days=1)
"""A version that no worker has begun a download with for so long is history."""

ANOTHER_ADDRESS = timedelta(minutes=1)
"""When the address is to blame for a probe's end, the next probe need not wait for an hour."""


def may_begin() -> bool:
    """Whether a download may begin with the version that runs here: always while it is trusted, else as a
    probe.
    """
    row = this_version()
    if row.standing == ToolStanding.TRUSTED:
        return True
    wait = timedelta(seconds=settings.CONFIG.youtube.probe_interval)
    mine = ToolVersion.objects.filter(pk=row.pk, next_probe_at__lte=Now())
    if not mine.update(next_probe_at=Now() + Value(wait)):
        return False
    log.info("tool.probed", version=row.version)
    return _canary_lives(row)


def this_version() -> ToolVersion:
    """The row of the version that runs here. The first one ever is trusted: there is nothing to prefer."""
    version = extraction.version()
    row = ToolVersion.objects.filter(version=version).first()
    if row is None:
        is_first = not ToolVersion.objects.exists()
        standing = ToolStanding.TRUSTED if is_first else ToolStanding.ON_TRIAL
        ToolVersion.objects.bulk_create(
            [ToolVersion(version=version, standing=standing)], ignore_conflicts=True
        )
        row = ToolVersion.objects.get(version=version)
        log.info("tool.new_version", version=version, standing=row.standing)
    ToolVersion.objects.filter(pk=row.pk, seen_at__lt=Now() - Value(SEEN_EVERY)).update(seen_at=Now())
    return row


def _canary_lives(row: ToolVersion) -> bool:
    """Ask for videos that are surely there. Without any, the next video is the canary: it loses nothing by it."""
    canaries = addresses.canaries()
    if not canaries:
        return True
    try:
        address = addresses.take()
    except errors.NoFreeAddress:
        return _probe_again(row, ANOTHER_ADDRESS)
    downloader = outside.downloader(addresses.url_of(address))
    for canary in canaries:
        try:
            downloader.ask(canary)
        except AddressBlocked as block:
            addresses.exclude(address, block)
            return _probe_again(row, ANOTHER_ADDRESS)
        except NOT_UNDERSTOOD as error:
            _not_understood(row, canary, error)
            return False
        except YouTubeError as error:  # of this one video
            log.info("tool.canary_died", version=row.version, video=canary, text=str(error))
        else:
            if row.standing == ToolStanding.ON_TRIAL:
                _works(row)
            return True
    return False


def _probe_again(row: ToolVersion, after: timedelta) -> bool:
    ToolVersion.objects.filter(pk=row.pk).update(next_probe_at=Now() + Value(after))
    return False


@contextmanager
def watched(video: Video) -> Iterator[None]:
    """What comes of the video is held for or against the tool. While it is broken the video is innocent:
    `ToolPaused` is raised in the place of the error.
    """
    try:
        yield
    except NOT_UNDERSTOOD as error:
        row = _not_understood(this_version(), video.youtube_id, error)
        if row.standing != ToolStanding.TRUSTED:
            raise errors.ToolPaused(str(error)) from error
        raise
    row = this_version()
    if row.standing != ToolStanding.TRUSTED or row.suspects:
        _works(row)


@transaction.atomic
def _not_understood(row: ToolVersion, youtube_id: str, error: YouTubeError) -> ToolVersion:
    row = ToolVersion.objects.select_for_update().get(pk=row.pk)
    if youtube_id not in row.suspects:
        row.suspects = [*row.suspects, youtube_id]
    is_enough = len(row.suspects) >= settings.CONFIG.youtube.breaker_threshold
    is_broken = is_enough or row.standing != ToolStanding.TRUSTED
    ToolVersion.objects.filter(pk=row.pk).update(suspects=row.suspects, last_error=str(error)[:500])
    if is_broken and row.standing != ToolStanding.BROKEN:
        wait = timedelta(seconds=settings.CONFIG.youtube.probe_interval)
        ToolVersion.objects.filter(pk=row.pk).update(
            standing=ToolStanding.BROKEN,
            broken_since=Coalesce("broken_since", Now()),
            next_probe_at=Now() + Value(wait),
        )
        row.standing = ToolStanding.BROKEN
        log.error("tool.broken", version=row.version, videos=row.suspects, text=str(error))
    return row


def _works(row: ToolVersion) -> None:
    with transaction.atomic():
        row = ToolVersion.objects.select_for_update().get(pk=row.pk)
        was_broken, suspects = row.standing == ToolStanding.BROKEN, row.suspects
        ToolVersion.objects.filter(pk=row.pk).update(
            standing=ToolStanding.TRUSTED, suspects=[], broken_since=None, last_error=""
        )
    if was_broken:
        log.info("tool.works", version=row.version)
        _pardon(suspects)


def _pardon(youtube_ids: list[str]) -> None:
    """Videos that were blamed for the tool begin anew."""
    blamed = Video.objects.filter(youtube_id__in=youtube_ids, state__in=[State.NEW, State.STUCK])
    for video in blamed.filter(reason__in=(*CODES, errors.ToolPaused.code, errors.VerdictInDoubt.code)):
        try:
            interventions.retry(video, by=BY)
        except Refused as refusal:
            log.info("tool.not_pardoned", video=video.youtube_id, text=refusal.message)


# --- For staff ----------------------------------------------------------------------------------------------


def in_use() -> list[ToolVersion]:
    """The versions that workers run, the newest first."""
    return list(ToolVersion.objects.filter(seen_at__gt=Now() - Value(IN_USE)).order_by("-version"))


def age_of(version: str) -> timedelta | None:
    """How old a version is: yt-dlp's versions are dates (2026.08.19, 2026.08.19.1). None for another kind."""
    try:
        year, month, day = map(int, version.split(".")[:3])
        return datetime.now(UTC).date() - date(year, month, day)
    except ValueError:
        return None


def is_old(version: str) -> bool:
    """Whether the version is so old that YouTube may well have changed since."""
    age = age_of(version)
    return age is not None and age > timedelta(days=settings.CONFIG.youtube.tool_age_days)


WARN_EVERY = timedelta(days=1)


def warn_if_old() -> bool:
    """Once a day, a warning in the log of each version in use that is too old. Always False: it is a duty that
    is done at once.
    """
    for row in in_use():
        due = ToolVersion.objects.filter(pk=row.pk).filter(next_warning_at__lte=Now())
        if is_old(row.version) and due.update(next_warning_at=Now() + Value(WARN_EVERY)):
            age = age_of(row.version)
            log.warning("tool.old", version=row.version, days=age.days if age else None)
    return False
