"""What a media file truly holds, read from the file itself with PyAV (FFmpeg's libraries)."""

from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from ytsynch.youtube.errors import DamagedDownload, EmptyDownload

_WEBM_CODECS = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})


@dataclass(frozen=True)
class MediaFacts:
    """Facts of one video file, as players and the chain's metadata name them.

    `duration` in whole seconds (at least 1), `exact_duration` in seconds, `width` and `height` in pixels as
    shown (rotation applied), `size` in bytes. Codecs by FFmpeg's names: h264, vp9, av1, aac, opus.
    `container` is mp4, webm, mkv or FFmpeg's own name.
    """

    duration: int
    exact_duration: float
    width: int
    height: int
    size: int
    video_codec: str
    audio_codec: str | None
    container: str
    mime_type: str


def probe(path: Path) -> MediaFacts:
    """Read the facts of the file at `path`; decodes one picture, so that a damaged head is noticed.

    Raises EmptyDownload, or DamagedDownload when the file is no media, has no picture, or has no length.
    """
    size = path.stat().st_size if path.exists() else 0
    if not size:
        raise EmptyDownload("no bytes on disk")
    try:
        with av.open(str(path)) as container:
            return _facts(container, size)
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        raise DamagedDownload(f"not readable as media: {error}") from error


def is_readable(path: Path) -> bool:
    """Whether the file opens as media with any stream."""
    try:
        with av.open(str(path)) as container:
            return bool(container.streams)
    except (av.error.FFmpegError, UnicodeDecodeError):
        return False


def _facts(container: av.container.InputContainer, size: int) -> MediaFacts:
    if not container.streams.video:
        raise DamagedDownload("no video stream")
    video = container.streams.video[0]
    audio = container.streams.audio[0] if container.streams.audio else None
    seconds = _seconds(container, video)
    if seconds <= 0:
        raise DamagedDownload("no duration")
    picture = next(container.decode(video), None)
    if picture is None:
        raise DamagedDownload("no picture in the video stream")
    width, height = picture.width, picture.height
    if picture.rotation % 180:
        width, height = height, width
    video_codec = video.codec_context.codec.canonical_name
    audio_codec = audio.codec_context.codec.canonical_name if audio else None
    name, mime_type = _container(container.format.name, {video_codec, audio_codec} - {None})
    return MediaFacts(
        duration=max(1, round(seconds)),
        exact_duration=seconds,
        width=width,
        height=height,
        size=size,
        video_codec=video_codec,
        audio_codec=audio_codec,
        container=name,
        mime_type=mime_type,
    )


def _seconds(container: av.container.InputContainer, video: av.VideoStream) -> float:
    """Length of the whole file; of the picture alone where the file does not say."""
    if container.duration:
        return container.duration / 1_000_000
    if video.duration and video.time_base:
        return float(video.duration * video.time_base)
    return 0.0


def _container(format_name: str, codecs: set[str | None]) -> tuple[str, str]:
    """FFmpeg names a family of containers («mov,mp4,m4a,3gp,3g2,mj2»): the plain name and the MIME type."""
    family = format_name.split(",")
    if "mp4" in family:
        return "mp4", "video/mp4"
    if "webm" in family:
        return ("webm", "video/webm") if codecs <= _WEBM_CODECS else ("mkv", "video/x-matroska")
    return family[0], f"video/{family[0]}"
