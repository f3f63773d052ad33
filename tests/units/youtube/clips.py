"""Makes short clips with real pictures and sound."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy


def make_clip(
    path: Path,
    *,
    width: int = 640,
    height: int = 360,
    seconds: int = 2,
    video: str | None = "libx264",
    audio: str | None = "aac",
    shade: int = 200,
) -> Path:
    """A plain picture of one shade and a 440 Hz tone.

    `video` and `audio` are encoders; None leaves the stream out.
    """
    with av.open(str(path), "w") as container:
        picture = cast("av.VideoStream", container.add_stream(video, rate=10)) if video else None
        sound = (
            cast("av.AudioStream", container.add_stream(audio, rate=48000, layout="mono")) if audio else None
        )
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
            pixels = numpy.full((height, width, 3), shade, numpy.uint8)
            for number in range(seconds * 10):
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                container.mux(picture.encode(frame))
            container.mux(picture.encode())
        if sound is not None:
            wave = numpy.sin(2 * numpy.pi * 440 * numpy.arange(48000 * seconds) / 48000)
            samples = (wave * 8000).astype(numpy.int16)
            for start in range(0, len(samples), 960):
                block = av.AudioFrame.from_ndarray(
                    samples[start : start + 960].reshape(1, -1), format="s16", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = 48000, start, Fraction(1, 48000)
                container.mux(sound.encode(block))
            container.mux(sound.encode())
    return path
