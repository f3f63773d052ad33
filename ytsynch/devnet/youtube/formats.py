"""The streams YouTube offers of a video, by the numbers ("itag") under which its players know them.

Source of the numbers and their codecs: the format lists that YouTube's player returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Format:
    """`lines` is the short side of the picture in pixels (0: sound only); `bitrate` is nominal, in bit/s."""

    itag: int
    content: Literal["video", "audio", "both"]
    mime_type: str
    codecs: str
    lines: int
    quality: str
    bitrate: int

    @property
    def container(self) -> str:
        """`mp4` or `webm`."""
        return self.mime_type.partition("/")[2]

    def size(self, *, is_vertical: bool) -> tuple[int, int]:
        """Width and height in pixels of a 16:9 (or 9:16) picture; both even, as the codecs want."""
        long_side = round(self.lines * 16 / 9 / 2) * 2
        return (self.lines, long_side) if is_vertical else (long_side, self.lines)


_FORMATS = (
    Format(18, "both", "video/mp4", "avc1.42001E, mp4a.40.2", 360, "medium", 500_000),
    Format(134, "video", "video/mp4", "avc1.4d401e", 360, "medium", 400_000),
    Format(135, "video", "video/mp4", "avc1.4d401f", 480, "large", 800_000),
    Format(136, "video", "video/mp4", "avc1.64001f", 720, "hd720", 1_500_000),
    Format(137, "video", "video/mp4", "avc1.640028", 1080, "hd1080", 3_000_000),
    Format(264, "video", "video/mp4", "avc1.640032", 1440, "hd1440", 6_000_000),
    Format(266, "video", "video/mp4", "avc1.640033", 2160, "hd2160", 12_000_000),
    Format(243, "video", "video/webm", "vp9", 360, "medium", 300_000),
    Format(244, "video", "video/webm", "vp9", 480, "large", 600_000),
    Format(247, "video", "video/webm", "vp9", 720, "hd720", 1_200_000),
    Format(248, "video", "video/webm", "vp9", 1080, "hd1080", 2_500_000),
    Format(271, "video", "video/webm", "vp9", 1440, "hd1440", 5_000_000),
    Format(313, "video", "video/webm", "vp9", 2160, "hd2160", 10_000_000),
    Format(140, "audio", "audio/mp4", "mp4a.40.2", 0, "tiny", 128_000),
    Format(251, "audio", "audio/webm", "opus", 0, "tiny", 120_000),
)

BY_ITAG = {format.itag: format for format in _FORMATS}

#: What YouTube still gives while a video is being processed, and to addresses it distrusts.
LOW = (18,)
SOUND = (140, 251)
FULL = (137, 136, 135, *SOUND)
HD_ONLY = (136, 135, *SOUND)
VP9_FULL_HD = (248, 136, *SOUND)
ULTRA_HD = (313, 137, 136, *SOUND)
LIGHT = (136, 140)
