"""A video's thumbnail as Atlas shows it: 16:9, 1280×720, WebP, without black bars.

YouTube keeps a picture in several sizes under fixed names. maxresdefault and mqdefault are 16:9; sddefault
and hqdefault are 4:3 with black bars above and below. Where a size is missing it answers 404, or a grey
120×90 stand-in.
"""

import io
import warnings
from collections.abc import Callable
from pathlib import Path

import av
import av.error
from PIL import Image, ImageOps

from ytsynch.youtube.errors import DamagedDownload

SIZE = (1280, 720)
NAMES = ("maxresdefault", "sddefault", "hqdefault", "mqdefault")
MAX_BYTES = 10 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_QUALITY = 80
_FORMATS = ("JPEG", "WEBP", "PNG")


def make_thumbnail(video_id: str, video: Path, target: Path, *, fetch: Callable[[str], bytes | None]) -> None:
    """Write the thumbnail to `target`: the largest picture that YouTube has, at last a frame of the video.

    `fetch` returns the body at an address, None where there is none. Raises DamagedDownload when even the
    video has no picture to show.
    """
    for name in NAMES:
        body = fetch(f"https://i.ytimg.com/vi/{video_id}/{name}.jpg")
        picture = read_picture(body) if body else None
        if picture is not None:
            break
    else:
        picture = frame_of(video)
    fill(picture).save(target, "WEBP", quality=_QUALITY, method=4)


def read_picture(body: bytes) -> Image.Image | None:
    """The picture in `body`; None when it is no picture, is a stand-in, or would take too much memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(body), formats=_FORMATS)
            if picture.width <= 120 or picture.height <= 90 or picture.width * picture.height > _MAX_PIXELS:
                return None
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # Pillow's ways of saying «not a picture»


def fill(picture: Image.Image) -> Image.Image:
    """The centre 16:9 of the picture at 1280×720: of a 4:3 picture that is what is between the bars.

    There a hundredth more is cut off, for JPEG smears the black of the bars into the rows beside them.
    """
    is_barred = abs(picture.width / picture.height - 4 / 3) < 0.02
    return ImageOps.fit(picture, SIZE, Image.Resampling.LANCZOS, bleed=0.01 if is_barred else 0.0)


def frame_of(video: Path) -> Image.Image:
    """A frame of the video at a fifth of its length, where titles are over; the first one of a short clip."""
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            if container.duration:
                container.seek(container.duration // 5, backward=True)
            frame = next(container.decode(stream), None)
            if frame is None:
                container.seek(0)
                frame = next(container.decode(stream))
            picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
            return picture.rotate(frame.rotation, expand=True)
    except (av.error.FFmpegError, IndexError, StopIteration) as error:
        raise DamagedDownload(f"no frame for a thumbnail: {error}") from error
