"""What a channel's page lists: for channels that are followed without their owner's sign-in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TABS = ("videos", "shorts", "streams")
_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
_ID_ADDRESS = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/channel/UC[A-Za-z0-9_-]{22}")
_ADDRESS = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/((?:channel/|c/|user/|@)[^/?#\s]+)")


@dataclass(frozen=True)
class ChannelEntry:
    """A video as its channel's page lists it; what the page does not say is None. The date is about right."""

    id: str
    title: str
    duration: int | None
    live_status: str | None
    published_at: datetime | None


def channel_id_in(channel: str) -> str | None:
    """The id that `channel` is or whose address it is; None where YouTube must be asked whose it is."""
    match = _CHANNEL_ID.fullmatch(channel) or _ID_ADDRESS.match(channel)
    return match[0][-24:] if match else None


def channel_tab(channel: str, tab: str) -> str:
    """Address of a tab of a channel, given by id, by handle with its @, or by address. ValueError for
    others.
    """
    if tab not in TABS:
        raise ValueError(f"not a tab: {tab!r}; one of {', '.join(TABS)}")
    if _CHANNEL_ID.fullmatch(channel):
        path = f"channel/{channel}"
    elif re.fullmatch(r"@[^/?#\s]+", channel):
        path = channel
    elif match := _ADDRESS.match(channel):
        path = match[1]
    else:
        raise ValueError(f"not a YouTube channel: {channel[:80]!r}")
    return f"https://www.youtube.com/{path}/{tab}"


def read_entries(info: dict[str, Any]) -> tuple[ChannelEntry, ...]:
    """The entries of yt-dlp's flat listing; what is not a video is left out."""
    return tuple(_entry(entry) for entry in info.get("entries") or () if entry and entry.get("id"))


def _entry(entry: dict[str, Any]) -> ChannelEntry:
    duration, moment = entry.get("duration"), entry.get("timestamp")
    return ChannelEntry(
        id=str(entry["id"]),
        title=str(entry.get("title") or ""),
        duration=int(duration) if isinstance(duration, int | float) else None,
        live_status=entry.get("live_status"),
        published_at=datetime.fromtimestamp(moment, UTC) if isinstance(moment, int | float) else None,
    )
