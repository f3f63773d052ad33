"""Streams and thumbnails as files: made in the background or when first asked for, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from ytsynch.devnet.youtube import media, own_media, pictures
from ytsynch.devnet.youtube.catalogue import Video
from ytsynch.devnet.youtube.formats import BY_ITAG, Format

#: Raise it when the same video is to get other bytes: older caches are then left alone.
MEDIA_VERSION = 1


class MediaStore:
    """Files of every video below `folder`. Encoders run in threads: they let go of Python while they work."""

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        self._folder = folder / f"v{MEDIA_VERSION}"
        self._workers = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="media")
        self._being_made: dict[Path, asyncio.Future[None]] = {}

    async def stream(self, video: Video, itag: int) -> Path:
        """The file of one stream. Raises UnusableFileError when the newcomer's file has become unreadable."""
        return await self._stream(video, BY_ITAG[itag])

    async def live_segment(self, video: Video) -> Path:
        return await self._stream(video, media.LIVE_SEGMENT)

    async def thumbnail(self, video: Video, name: str, suffix: Literal["jpg", "webp"]) -> Path | None:
        """The file of a thumbnail, or None where YouTube has none of this name."""
        if name not in pictures.THUMBNAIL_SIZES:
            return None
        if name in pictures.LARGE_THUMBNAILS and not video.has_large_thumbnail:
            return None
        path = self._folder_of(video) / f"{name}.{suffix}"
        return await self._made(path, lambda: _write_thumbnail(video, name, suffix, path))

    async def make_all(self, videos: Iterable[Video], report: Callable[[str], None]) -> None:
        """Make the streams of all `videos` in order, as many at a time as there are threads."""
        waiting = [(video, itag) for video in videos for itag in video.itags]
        waiting.reverse()

        async def work() -> None:
            while waiting:
                video, itag = waiting.pop()
                try:
                    await self.stream(video, itag)
                except own_media.UnusableFileError as error:
                    report(f"{video.source}: no stream {itag} of it: {error}")

        await asyncio.gather(*(work() for _ in range(self._workers)))

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def _stream(self, video: Video, fmt: Format) -> Path:
        path = self._folder_of(video) / f"{fmt.itag}.{fmt.container}"
        make = own_media.make_own_stream if video.source else media.make_stream
        return await self._made(path, lambda: make(video, fmt, path))

    def _folder_of(self, video: Video) -> Path:
        """A file of the newcomer's that was replaced by another of the same name is made anew."""
        folder = self._folder / video.id
        if video.source:
            found = Path(video.source).stat()
            folder /= f"{found.st_size}-{found.st_mtime_ns}"
        return folder

    async def _made(self, path: Path, make: Callable[[], None]) -> Path:
        """`path`, made once however many ask for it at the same time."""
        if path.exists():
            return path
        running = self._being_made.get(path)
        if running is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            running = asyncio.get_running_loop().run_in_executor(self._threads, make)
            self._being_made[path] = running
            running.add_done_callback(lambda _: self._being_made.pop(path, None))
        await asyncio.shield(running)
        return path


def _write_thumbnail(video: Video, name: str, suffix: Literal["jpg", "webp"], path: Path) -> None:
    if video.source:
        still = own_media.first_picture(Path(video.source))
    else:
        still = pictures.frame(video, *((1080, 1920) if video.is_vertical else (1280, 720)))
    part = path.with_name(path.name + ".part")
    part.write_bytes(
        pictures.encoded(pictures.thumbnail(still, name), "WEBP" if suffix == "webp" else "JPEG")
    )
    part.replace(path)
