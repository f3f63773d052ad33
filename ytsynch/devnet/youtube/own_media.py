"""The newcomer's own files as one channel's videos, taken apart into streams as YouTube serves them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image

from ytsynch.devnet.youtube.catalogue import Draft, Video, make_video
from ytsynch.devnet.youtube.formats import BY_ITAG, Format

SUFFIXES = (
    ".mp4",
    ".mkv",
    ".webm",
    ".mov",
    ".m4v",
    ".avi",
    ".ogv",
    ".mpg",
    ".mpeg",
    ".ts",
    ".flv",
    ".wmv",
    ".3gp",
)

_ENCODE_PICTURE = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "23", "-pix_fmt", "yuv420p")
_ENCODE_SOUND = ("-c:a", "aac", "-b:a", "128k")


class UnusableFileError(Exception):
    """The file is not a video that can be read; the message says why."""


@dataclass(frozen=True)
class FileFacts:
    """Width and height in pixels as shown (after rotation); `audio_codec` is None for a silent film."""

    seconds: int
    width: int
    height: int
    video_codec: str
    audio_codec: str | None


def own_videos(
    folder: Path, *, seed: int, channel_id: str, epoch: datetime
) -> tuple[list[Video], list[tuple[Path, str]]]:
    """Videos of the files in `folder`, newest name last, and the files left out with the reason of each."""
    videos: list[Video] = []
    left_out: list[tuple[Path, str]] = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        if path.suffix.lower() not in SUFFIXES:
            left_out.append((path, "not a video file by its name"))
            continue
        try:
            facts = look_at(path)
        except UnusableFileError as error:
            left_out.append((path, str(error)))
            continue
        videos.append(_video(path, facts, len(videos), seed=seed, channel_id=channel_id, epoch=epoch))
    return videos, left_out


def look_at(path: Path) -> FileFacts:
    """Read the file's streams and decode its first picture. Raises UnusableFileError."""
    try:
        with av.open(str(path)) as source:
            if not source.streams.video:
                raise UnusableFileError("it holds no picture")
            picture = next(source.decode(source.streams.video[0]), None)
            if picture is None or not source.duration:
                raise UnusableFileError("no picture in it can be decoded")
            size = (picture.width, picture.height)
            width, height = reversed(size) if picture.rotation % 180 else size
            sound = source.streams.audio[0] if source.streams.audio else None
            return FileFacts(
                seconds=max(1, round(source.duration / av.time_base)),
                width=width,
                height=height,
                video_codec=source.streams.video[0].codec_context.name,
                audio_codec=sound.codec_context.name if sound else None,
            )
    except (av.FFmpegError, OSError) as error:
        raise UnusableFileError(f"it cannot be read ({error})") from error


def first_picture(path: Path) -> Image.Image:
    """A picture from a tenth of the way through, upright."""
    with av.open(str(path)) as source:
        source.seek((source.duration or 0) // 10)
        picture = next(source.decode(source.streams.video[0]))
        image = Image.fromarray(picture.to_ndarray(format="rgb24"))
        return image.rotate(picture.rotation, expand=True)


def make_own_stream(video: Video, fmt: Format, path: Path) -> None:
    """Write the stream `fmt` of the file to `path`: copied where its codec fits, else encoded anew."""
    if video.source is None:
        raise ValueError(f"video {video.id} has no file")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    facts = look_at(Path(video.source))
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-y",
        "-i",
        video.source,
        "-map_metadata",
        "-1",
    ]
    if fmt.content != "audio":
        command += ["-map", "0:v:0", *_picture_options(facts, fmt)]
    if fmt.content != "video" and facts.audio_codec:
        command += ["-map", "0:a:0", *_sound_options(facts, fmt)]
    command += ["-movflags", "faststart"] if fmt.container == "mp4" else []
    done = subprocess.run(
        [*command, "-f", fmt.container, str(part)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        part.unlink(missing_ok=True)
        raise UnusableFileError(
            done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "ffmpeg failed"
        )
    os.replace(part, path)


def _picture_options(facts: FileFacts, fmt: Format) -> tuple[str, ...]:
    if _picture_format(facts) is fmt and _is_kept(facts):
        return ("-c:v", "copy")
    scale = (
        f"scale=-2:'min({fmt.lines},ih)'"
        if facts.width >= facts.height
        else f"scale='min({fmt.lines},iw)':-2"
    )
    return ("-vf", scale, *_ENCODE_PICTURE)


def _sound_options(facts: FileFacts, fmt: Format) -> tuple[str, ...]:
    kept = "opus" if fmt.container == "webm" else "aac"
    return ("-c:a", "copy") if facts.audio_codec == kept else _ENCODE_SOUND


def _is_kept(facts: FileFacts) -> bool:
    return facts.video_codec in ("h264", "vp9")


def _picture_format(facts: FileFacts) -> Format:
    """The number under which YouTube would offer this picture: nearest by its short side."""
    container = "webm" if facts.video_codec == "vp9" else "mp4"
    limit = 2160 if _is_kept(facts) else 1080  # encoding a larger picture anew would take too long
    lines = min(facts.width, facts.height, limit)
    choice = [fmt for fmt in BY_ITAG.values() if fmt.content == "video" and fmt.container == container]
    return min(choice, key=lambda fmt: abs(fmt.lines - lines))


def _video(path: Path, facts: FileFacts, place: int, *, seed: int, channel_id: str, epoch: datetime) -> Video:
    sound = {None: (), "opus": (251,)}.get(facts.audio_codec, (140,))
    is_vertical = facts.height > facts.width
    traits: dict[str, object] = {
        "description": f"From the file {path.name}.",
        "itags": (_picture_format(facts).itag, *sound),
        "seconds": facts.seconds,
        "has_audio": facts.audio_codec is not None,
        "is_vertical": is_vertical,
        "is_short": is_vertical and facts.seconds <= 180,
        "source": str(path.resolve()),
        "source_size": (facts.width, facts.height),
        "language": None,
    }
    title = path.stem.replace("_", " ").strip()[:100]
    return make_video(
        seed, channel_id, 9000 + place, Draft(f"own-{path.name}", title, 1 + place / 24, traits), epoch
    )
