"""What API and pages show of videos, gathered with the same few queries however many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.models import Pause
from videos import pace, wire, words
from videos.models import MediaFile, Role, Video, VideoQuerySet
from videos.states import IN_PIPELINE
from videos.words import Words


@dataclass(frozen=True)
class VideoFacts:
    """A video with what follows from it: its state in Atlas' words, when it is expected, why it is not there
    yet.
    """

    video: Video
    state: str
    place: int | None
    expected_at: datetime | None
    code: str
    words: Words | None
    object_ids: tuple[int, ...]
    address: str | None

    @property
    def duration(self) -> int:
        """Seconds: as measured, or as YouTube says."""
        media: dict[str, Any] = self.video.media or {}
        return int(media.get("duration") or self.video.duration)


def of_videos(videos: VideoQuerySet) -> list[VideoFacts]:
    """The facts in the order of the query."""
    return of_rows(list(videos.select_related("channel").prefetch_related("files")))


def of_rows(rows: Sequence[Video]) -> list[VideoFacts]:
    """The facts of videos that were read with their channels and files."""
    expected = pace.expect_all(rows)
    return [_facts(video, expected[video.pk]) for video in rows]


def _facts(video: Video, expectation: pace.Expectation) -> VideoFacts:
    files = {Role(file.role): file for file in video.files.all() if file.role != Role.SUBTITLE}
    code, explanation = reason_of(video)
    return VideoFacts(
        video=video,
        state=wire.state_of(video),
        place=expectation.place,
        expected_at=expectation.at,
        code=code,
        words=explanation,
        object_ids=_object_ids(files.values()),
        address=address_of(files.get(Role.MEDIA)),
    )


def reason_of(video: Video) -> tuple[str, Words | None]:
    """Why it waits or is not brought over: its channel's pause comes before a reason of its own."""
    if video.held and video.state in IN_PIPELINE:
        return f"channel_paused_{video.held}", words.of_pause(Pause(video.held))
    return video.reason, words.of(video.reason) if video.reason else None


def _object_ids(files: Iterable[MediaFile]) -> tuple[int, ...]:
    """Media first, thumbnail second: the order of the assets on chain."""
    known = sorted(files, key=lambda file: file.position)
    return tuple(file.object_id for file in known if file.object_id is not None)


def address_of(media: MediaFile | None) -> str | None:
    """Where the storage node that took the file serves it."""
    if media is None or media.object_id is None or not media.uploaded_to:
        return None
    return f"{media.uploaded_to.rstrip('/')}/api/v1/files/{media.object_id}"
