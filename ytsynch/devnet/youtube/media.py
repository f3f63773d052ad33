"""Makes the streams of a video: a moving picture and a tone, a hundred of them in half a minute.

The same video gives the same bytes every time (one encoder thread, no random ids in the containers).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from ytsynch.devnet.youtube import pictures
from ytsynch.devnet.youtube.catalogue import Video
from ytsynch.devnet.youtube.formats import Format

FRAMES_PER_SECOND = 6
SAMPLE_RATE = 48_000

_VIDEO_CODECS: dict[str, tuple[str, dict[str, str]]] = {
    "mp4": ("libx264", {"preset": "ultrafast", "crf": "30", "g": "12"}),
    "webm": (
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "8", "crf": "42", "b": "0", "lag-in-frames": "0"},
    ),
    "mpegts": ("libx264", {"preset": "ultrafast", "crf": "30", "g": "12"}),
}
_AUDIO_CODECS = {"mp4": ("aac", 1024), "webm": ("libopus", 960), "mpegts": ("aac", 1024)}

#: A piece of a live stream, as HLS serves it.
LIVE_SEGMENT = Format(95, "both", "video/mp2t", "avc1.4d401f, mp4a.40.2", 360, "medium", 500_000)
LIVE_SEGMENT_SECONDS = 2


def make_stream(video: Video, fmt: Format, path: Path) -> None:
    """Write the stream `fmt` of `video` to `path`, which appears only when it is complete."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    container_format = "mpegts" if fmt is LIVE_SEGMENT else fmt.container
    with av.open(
        str(part), "w", format=container_format, container_options=_options(container_format)
    ) as target:
        # every stream must be known before the first packet makes the container write its header
        picture = None if fmt.content == "audio" else _picture_stream(target, container_format, video, fmt)
        has_sound = fmt.content == "audio" or (fmt.content == "both" and video.has_audio)
        sound = _sound_stream(target, container_format) if has_sound else None
        if picture:
            _write_picture(target, picture, video)
        if sound:
            _write_sound(target, sound, video, frame_size=_AUDIO_CODECS[container_format][1])
    os.replace(part, path)


def _options(container_format: str) -> dict[str, str]:
    return {"fflags": "+bitexact", **({"movflags": "faststart"} if container_format == "mp4" else {})}


def _picture_stream(target: OutputContainer, container_format: str, video: Video, fmt: Format) -> VideoStream:
    codec, options = _VIDEO_CODECS[container_format]
    stream = cast(VideoStream, target.add_stream(codec, rate=FRAMES_PER_SECOND, options=options))
    stream.width, stream.height = fmt.size(is_vertical=video.is_vertical)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = 1
    return stream


def _sound_stream(target: OutputContainer, container_format: str) -> AudioStream:
    stream = cast(AudioStream, target.add_stream(_AUDIO_CODECS[container_format][0], rate=SAMPLE_RATE))
    stream.layout = "mono"
    return stream


def _write_picture(target: OutputContainer, stream: VideoStream, video: Video) -> None:
    for number, image in enumerate(_moving(video, stream.width, stream.height)):
        image.pts, image.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        target.mux(stream.encode(image))
    target.mux(stream.encode())


def _moving(video: Video, width: int, height: int) -> Iterator[av.VideoFrame]:
    """The still picture with a bright square that crosses it, in planes of shape (height·3/2, width)."""
    still = av.VideoFrame.from_ndarray(np.asarray(pictures.frame(video, width, height)), format="rgb24")
    planes = still.reformat(format="yuv420p").to_ndarray()
    side, count = height // 10, video.seconds * FRAMES_PER_SECOND
    top = height // 12
    for number in range(count):
        moved = planes.copy()
        left = round(number * (width - side) / count)
        moved[top : top + side, left : left + side] = 235
        yield av.VideoFrame.from_ndarray(moved, format="yuv420p")


def _write_sound(target: OutputContainer, stream: AudioStream, video: Video, *, frame_size: int) -> None:
    """A tone whose pitch depends on the video, in whole encoder frames so that no padding lengthens it."""
    pitch = 220 + video.number % 40 * 11
    for start in range(0, video.seconds * SAMPLE_RATE // frame_size * frame_size, frame_size):
        angle = 2 * np.pi * pitch * np.arange(start, start + frame_size) / SAMPLE_RATE
        samples = (np.sin(angle) * 6000).astype(np.int16).reshape(1, -1)
        sound = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        sound.sample_rate, sound.pts, sound.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        target.mux(stream.encode(sound))
    target.mux(stream.encode())
