"""What a video's own page says of it: for videos that nobody asked the Data API about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ytsynch.youtube.formats import published


@dataclass(frozen=True)
class Described:
    """`license` is youtube or creativeCommon, as in the Data API; None and '' stand for what is not said."""

    title: str
    description: str
    published_at: datetime | None
    license: str
    views: int | None
    likes: int | None


def read_described(info: dict[str, Any]) -> Described:
    """From yt-dlp's facts of a video."""
    return Described(
        title=str(info.get("title") or ""),
        description=str(info.get("description") or ""),
        published_at=published(info),
        license="creativeCommon" if "Creative Commons" in str(info.get("license")) else "youtube",
        views=info.get("view_count"),
        likes=info.get("like_count"),
    )
