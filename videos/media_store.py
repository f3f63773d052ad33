"""Where files lie between download and acceptance, and how much of them there may be.

The budget is counted in the database (`Video.reserved_bytes`), before a byte is written, so that parallel
downloads on any number of hosts stay within it together.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Now

from videos.errors import FileLost, MediaStoreAway, MediaStoreFull
from videos.models import Video
from videos.states import IN_PIPELINE, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.content_id import ContentHasher

log = structlog.get_logger(__name__)

CHUNK = 1 << 20
GIGABYTE = 10**9
NEED_FILES = (*IN_PIPELINE, State.STUCK)
_BUDGET_LOCK = 0x6D656469  # «medi»: an advisory lock number of our own


UNFINISHED_AFTER = timedelta(hours=3)
"""A download may take no longer, so nobody is at work on an upload in parts that is older."""


class MediaStore(Protocol):
    """Where files lie. Keys are `<YouTube id>/<file name>`."""

    def take(self, path: Path, key: str) -> tuple[int, str]:
        """Move the file in, hashing it in one pass; its size and content id. It is there whole or not at all, and
        an older one of the same key is replaced.
        """

    def check(self, key: str, *, size: int) -> None:
        """Raises `FileLost` when the file is gone or is not of that size."""

    def open(self, key: str, *, size: int) -> AbstractContextManager[BinaryIO]:
        """The file, to be read once. Raises `FileLost` like `check`."""

    def discard(self, key: str) -> None:
        """Delete one file."""

    def remove(self, youtube_id: str) -> None:
        """Delete everything of the video; nothing there is fine."""

    def youtube_ids(self) -> list[str]:
        """Of the videos that have anything here."""

    def end_unfinished(self, *, older_than: timedelta) -> int:
        """Clear away what crashes left of files on their way in. Returns how many."""

    def reach(self) -> None:
        """Raises `MediaStoreAway` when it cannot be used."""


class FolderStore:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def take(self, path: Path, key: str) -> tuple[int, str]:
        hasher = ContentHasher()
        size = 0
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                hasher.update(chunk)
                size += len(chunk)
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        failpoint("media_store.taking")
        shutil.move(path, target)
        return size, hasher.digest()

    def check(self, key: str, *, size: int) -> None:
        path = self._path(key)
        if not path.is_file() or path.stat().st_size != size:
            raise FileLost(f"{key} is no longer in the media store")

    @contextmanager
    def open(self, key: str, *, size: int) -> Iterator[BinaryIO]:
        self.check(key, size=size)
        with self._path(key).open("rb") as file:
            yield file

    def discard(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def remove(self, youtube_id: str) -> None:
        shutil.rmtree(self.root / youtube_id, ignore_errors=True)

    def youtube_ids(self) -> list[str]:
        return _folders(self.root)

    def end_unfinished(self, *, older_than: timedelta) -> int:
        return (
            0  # a move is one step, and what it left half copied to another disk is of a video that is swept
        )

    def reach(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MediaStoreAway(f"{self.root}: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"{key!r} leads out of the media store")
        return path


def media_store() -> MediaStore:
    """The bucket that the configuration names, or else its folder."""
    sync, aws = settings.CONFIG.sync, settings.CONFIG.aws
    if sync.media_bucket is None:
        return FolderStore(Path(sync.media_dir))
    from videos import media_s3  # boto3 is slow to import, and most commands need none of it

    bucket, _, prefix = sync.media_bucket.partition("/")
    return media_s3.S3Store(
        media_s3.client(aws.endpoint, aws.region, *aws.credentials.revealed()), bucket, prefix
    )


def forget(video: Video) -> None:
    """Delete the files of a video that needs none any more. Where that fails now, the sweep does it."""
    try:
        media_store().remove(video.youtube_id)
    except MediaStoreAway as error:
        log.warning("media_store.not_removed", video=video.youtube_id, error=str(error))


def _folders(root: Path) -> list[str]:
    return [folder.name for folder in root.iterdir() if folder.is_dir()] if root.is_dir() else []


def work_folder(video: Video) -> Path:
    """Where the download of the video keeps its part files; a later try goes on from them."""
    folder = Path(settings.CONFIG.sync.downloads_dir) / video.youtube_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_work_folder(video: Video) -> None:
    shutil.rmtree(Path(settings.CONFIG.sync.downloads_dir) / video.youtube_id, ignore_errors=True)


@transaction.atomic
def reserve(video: Video, size: int) -> None:
    """Set aside `size` bytes of the budget for the video, instead of what it had. Raises `MediaStoreFull`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_BUDGET_LOCK])
    others = (
        Video.objects.filter(reserved_bytes__gt=0)
        .exclude(pk=video.pk)
        .aggregate(sum=Sum("reserved_bytes"))["sum"]
    )
    budget = int(settings.CONFIG.sync.limits.storage * GIGABYTE)
    if (others or 0) + size > budget:
        raise MediaStoreFull(f"{size:,} bytes do not fit: {others or 0:,} of {budget:,} are taken")
    Video.objects.filter(pk=video.pk).update(reserved_bytes=size)
    video.reserved_bytes = size


def set_reserved(video: Video, size: int) -> None:
    """The download is on disk: it holds what it really takes."""
    Video.objects.filter(pk=video.pk).update(reserved_bytes=size)
    video.reserved_bytes = size


def sweep() -> int:
    """Delete the files of videos that need none any more: what a crash left between a verdict and its
    clean-up. Returns of how many videos.
    """
    store = media_store()
    needless = _without_need(store.youtube_ids(), NEED_FILES)
    for youtube_id in needless:
        failpoint("media_store.sweeping")
        store.remove(youtube_id)
    store.end_unfinished(older_than=UNFINISHED_AFTER)
    drafts = Path(settings.CONFIG.sync.downloads_dir)
    undrafted = _without_need(_folders(drafts), (State.NEW, State.CREATED))
    for youtube_id in undrafted:
        failpoint("media_store.sweeping")
        shutil.rmtree(drafts / youtube_id, ignore_errors=True)
    return len(needless) + len(undrafted)


def _without_need(youtube_ids: list[str], keeping: Sequence[State]) -> set[str]:
    """Those whose videos are in none of the states and that nobody is at work on."""
    needed = Video.objects.filter(youtube_id__in=youtube_ids).filter(
        Q(state__in=keeping) | Q(leased_until__gte=Now())
    )
    return set(youtube_ids) - set(needed.values_list("youtube_id", flat=True))
