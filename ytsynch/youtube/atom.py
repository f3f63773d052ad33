"""YouTube's Atom: the entries of a channel's feed and of the hub's notices, read without trust.

Sources: RFC 4287 (Atom), RFC 6721 (deleted entries), and
https://developers.google.com/youtube/v3/guides/push_notifications.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "yt": "http://www.youtube.com/xml/schemas/2015",
    "media": "http://search.yahoo.com/mrss/",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_DELETED = re.compile(r"yt:video:([A-Za-z0-9_-]{11})")


class NotAtom(ValueError):
    """The text is not an Atom feed, or plays tricks that no honest feed does (entities, a DTD)."""


@dataclass(frozen=True)
class Entry:
    """A video as an entry shows it. A notice of the hub has no description and no views: '' and None."""

    id: str
    channel_id: str
    title: str
    description: str
    published_at: datetime
    updated_at: datetime
    views: int | None


@dataclass(frozen=True)
class Document:
    """What a feed or a notice holds: videos, and ids of videos that are said to be gone."""

    entries: tuple[Entry, ...]
    deleted: tuple[str, ...]


def read(text: bytes) -> Document:
    """Entries that name no video, no channel or no date are left out. Raises NotAtom."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise NotAtom(f"{type(error).__name__}: {error}") from error
    if root.tag != f"{{{_NAMES['a']}}}feed":
        raise NotAtom(f"the root is {root.tag[:80]}")
    entries = (_entry(element) for element in root.findall("a:entry", _NAMES))
    gone = (_DELETED.fullmatch(each.get("ref", "")) for each in root.findall("at:deleted-entry", _NAMES))
    return Document(
        entries=tuple(entry for entry in entries if entry is not None),
        deleted=tuple(match[1] for match in gone if match is not None),
    )


def _entry(element: Element) -> Entry | None:
    id, channel_id = _text(element, "yt:videoId"), _text(element, "yt:channelId")
    published_at = _time(_text(element, "a:published"))
    if not _VIDEO_ID.fullmatch(id) or not channel_id or published_at is None:
        return None
    statistics = element.find("media:group/media:community/media:statistics", _NAMES)
    views = statistics.get("views", "") if statistics is not None else ""
    return Entry(
        id=id,
        channel_id=channel_id,
        title=_text(element, "a:title"),
        description=_text(element, "media:group/media:description"),
        published_at=published_at,
        updated_at=_time(_text(element, "a:updated")) or published_at,
        views=int(views) if views.isascii() and views.isdigit() else None,
    )


def _text(element: Element, path: str) -> str:
    return (element.findtext(path, "", _NAMES) or "").strip()


def _time(text: str) -> datetime | None:
    """RFC 3339; YouTube writes nanoseconds, of which Python keeps the first six digits."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
