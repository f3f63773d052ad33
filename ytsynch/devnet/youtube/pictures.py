"""Pictures of the simulated YouTube: frames of videos, thumbnails, avatars and banners, drawn with Pillow."""

from __future__ import annotations

import colorsys
import io
import textwrap
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from ytsynch.devnet.youtube.catalogue import Channel, Video

#: Name of a thumbnail → its size. The 4:3 ones hold a 16:9 picture between black bars.
THUMBNAIL_SIZES = {
    "default": (120, 90),
    "mqdefault": (320, 180),
    "hqdefault": (480, 360),
    "sddefault": (640, 480),
    "hq720": (1280, 720),
    "maxresdefault": (1280, 720),
}
#: Those that a video with a small picture does not have.
LARGE_THUMBNAILS = ("maxresdefault", "hq720")

ImageFormat = Literal["JPEG", "WEBP"]


def frame(video: Video, width: int, height: int) -> Image.Image:
    """The still part of every frame: a coloured ground, the number large, the title and slug below."""
    image = _ground(video.number, width, height)
    draw = ImageDraw.Draw(image)
    unit = min(width, height)
    draw.text((width / 2, height * 0.42), str(video.number), font=_font(unit // 3), fill="white", anchor="mm")
    title = video.title.encode("ascii", "replace").decode()  # Pillow's own font has Latin letters only
    lines = textwrap.fill(f"{title}\n{video.slug}", width=max(12, int(width / unit * 26)), max_lines=4)
    draw.multiline_text(
        (width / 2, height * 0.75), lines, font=_font(unit // 20), fill="white", anchor="mm", align="center"
    )
    return image


def thumbnail(still: Image.Image, name: str) -> Image.Image:
    """The thumbnail called `name` of a picture; black bars fill what 16:9 leaves of 4:3, or 9:16 of 16:9."""
    width, height = THUMBNAIL_SIZES[name]
    inner_height = round(width * 9 / 16)
    canvas = Image.new("RGB", (width, height))
    inner = still.copy()
    inner.thumbnail((width, inner_height), Image.Resampling.LANCZOS)
    if still.width * 9 == still.height * 16:
        inner = still.resize((width, inner_height), Image.Resampling.LANCZOS)
    canvas.paste(inner, ((width - inner.width) // 2, (height - inner.height) // 2))
    return canvas


def grey_default() -> bytes:
    """The JPEG that YouTube sends, with status 404, for a thumbnail that does not exist."""
    image = Image.new("RGB", (120, 90), "#e5e5e5")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((35, 27, 85, 63), radius=8, fill="#b9b9b9")
    draw.polygon(((53, 36), (53, 54), (69, 45)), fill="#e5e5e5")
    return encoded(image, "JPEG")


def avatar(channel: Channel) -> bytes:
    """A JPEG of 800×800."""
    image = _ground(_hue_of(channel), 800, 800)
    ImageDraw.Draw(image).text((400, 400), channel.title[:1], font=_font(440), fill="white", anchor="mm")
    return encoded(image, "JPEG")


def banner(channel: Channel) -> bytes:
    """A JPEG of 2048×1152."""
    image = _ground(_hue_of(channel), 2048, 1152)
    ImageDraw.Draw(image).text((1024, 576), channel.title, font=_font(110), fill="white", anchor="mm")
    return encoded(image, "JPEG")


def encoded(image: Image.Image, image_format: ImageFormat) -> bytes:
    target = io.BytesIO()
    image.save(target, image_format, quality=85)
    return target.getvalue()


def _hue_of(channel: Channel) -> int:
    return sum(channel.id.encode())


def _ground(number: int, width: int, height: int) -> Image.Image:
    """A diagonal gradient whose colour depends on `number`; never black at an edge, so that bars are seen."""
    dark, light = (_colour(number * 0.137, value) for value in (0.35, 0.75))
    small = Image.new("RGB", (2, 2))
    small.putdata([dark, light, light, dark])
    return small.resize((width, height), Image.Resampling.BILINEAR)


def _colour(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, 0.6, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=max(size, 8))
