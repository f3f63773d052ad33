"""Where files lie between download and acceptance, and how much of them there may be.

The budget is counted in the database (`Video.reserved_bytes`), before a byte is written, so that parallel
downloads on any number of hosts stay within it together.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Now

from videos.errors import FileLost, MediaStoreFull
from videos.models import Video
from videos.states import IN_PIPELINE, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.content_id import ContentHasher

CHUNK = 1 << 20
GIGABYTE = 10**9
NEED_FILES = (*IN_PIPELINE, State.STUCK)
_BUDGET_LOCK = 0x6D656469  # «medi»: an advisory lock number of our own


@dataclass(frozen=True)
class Stored:
    key: str
    size: int
    content_id: str


class MediaStore:
    """A folder. Keys are `<YouTube id>/<file name>`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def take(self, path: Path, key: str) -> Stored:
        """Move the file in, hashing it in one pass. An older file of the same key is replaced in one step."""
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
        return Stored(key=key, size=size, content_id=hasher.digest())

    def local_path(self, key: str, *, size: int) -> Path:
        """A path from which the file can be read. Raises `FileLost` when it is gone or was cut."""
        path = self._path(key)
        if not path.is_file() or path.stat().st_size != size:
            raise FileLost(f"{key} is no longer in the media store")
        return path

    def remove(self, youtube_id: str) -> None:
        """Delete everything of the video; nothing there is fine."""
        shutil.rmtree(self.root / youtube_id, ignore_errors=True)

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"{key!r} leads out of the media store")
        return path


def media_store() -> MediaStore:
    return MediaStore(Path(settings.CONFIG.sync.media_dir))


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
    clean-up. Returns how many folders.
    """
    swept = 0
    for root, keeping in (
        (Path(settings.CONFIG.sync.media_dir), NEED_FILES),
        (Path(settings.CONFIG.sync.downloads_dir), (State.NEW, State.CREATED)),
    ):
        names = [folder.name for folder in root.iterdir() if folder.is_dir()] if root.is_dir() else []
        needed = set(
            Video.objects.filter(youtube_id__in=names)
            .filter(Q(state__in=keeping) | Q(leased_until__gte=Now()))
            .values_list("youtube_id", flat=True)
        )
        for name in set(names) - needed:
            failpoint("media_store.sweeping")
            shutil.rmtree(root / name, ignore_errors=True)
            swept += 1
    return swept
