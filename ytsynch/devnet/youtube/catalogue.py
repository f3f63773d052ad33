"""The channels and videos of the simulated YouTube, as plain data.

Every trait that can make a video difficult is a named field, and every video says in `expected` how a
service that copies channels must end with it. Ids depend on the seed and the slug only; dates count back from
`epoch`.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

from ytsynch.devnet.world import Person, World
from ytsynch.devnet.youtube import formats

Privacy = Literal["public", "unlisted", "private"]
#: What keeps the public from a video that is listed as public.
Obstacle = Literal["none", "removed", "members_only", "paid", "age_restricted", "geo_blocked"]
#: `finishing` is a stream that has ended and is not a complete recording yet.
Live = Literal["no", "live", "upcoming_live", "upcoming_premiere", "finishing", "recording"]


@dataclass(frozen=True)
class Video:
    """A video as YouTube knows it.

    `slug` names it in tests; `seconds` is the length of the media, `declared_seconds` what YouTube says;
    `expected` is `published`, `skipped:<Reason>` or `waiting:<Reason>`.
    """

    id: str
    slug: str
    channel_id: str
    number: int
    title: str
    description: str
    published_at: datetime
    seconds: int = 4
    declared_seconds: int | None = None
    itags: tuple[int, ...] = formats.FULL
    is_vertical: bool = False
    is_short: bool = False
    has_audio: bool = True
    is_empty: bool = False
    has_large_thumbnail: bool = True
    privacy: Privacy = "public"
    obstacle: Obstacle = "none"
    #: A listing of uploads is served from a cache and may name a video that is gone.
    is_listed_although_gone: bool = False
    #: The Data API is served from a cache too: it may still show a video that no longer plays.
    is_shown_although_gone: bool = False
    live: Live = "no"
    starts_at: datetime | None = None
    upload_status: Literal["processed", "uploaded"] = "processed"
    #: So many visits are turned away before the video plays.
    rate_limited_visits: int = 0
    bot_checked_visits: int = 0
    subtitles: tuple[str, ...] = ()
    automatic_captions: str | None = None
    #: Languages into which its sound was dubbed; the original one is `language`.
    dubs: tuple[str, ...] = ()
    license: Literal["youtube", "creativeCommon"] = "youtube"
    category_id: str = "22"
    language: str | None = "en"
    made_for_kids: bool = False
    paid_promotion: bool = False
    blocked_countries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    view_count: int = 0
    like_count: int = 0
    comment_count: int = 0
    #: A file of the newcomer's own instead of a made picture.
    source: str | None = None
    source_size: tuple[int, int] | None = None
    expected: str = "published"

    @property
    def duration(self) -> int:
        """Seconds as YouTube declares them; 0 while nothing has been recorded."""
        if self.live in ("live", "upcoming_live", "upcoming_premiere"):
            return 0
        return self.seconds if self.declared_seconds is None else self.declared_seconds


@dataclass(frozen=True)
class Channel:
    """A YouTube channel of the Google user `google_user`."""

    id: str
    google_user: str
    handle: str
    title: str
    description: str
    published_at: datetime
    subscribers: int
    hides_subscribers: bool = False
    country: str | None = "CH"
    language: str | None = "en"
    status: Literal["public", "hidden", "terminated"] = "public"

    @property
    def uploads_playlist_id(self) -> str:
        return "UU" + self.id[2:]


@dataclass(frozen=True)
class Catalogue:
    channels: tuple[Channel, ...]
    videos: tuple[Video, ...]

    def video(self, slug: str) -> Video:
        """Raises KeyError for a slug that no video has."""
        for video in self.videos:
            if video.slug == slug:
                return video
        raise KeyError(slug)


@dataclass(frozen=True)
class Draft:
    """A video as the lists of this package write it: days before the epoch instead of a date."""

    slug: str
    title: str
    days: float
    traits: dict[str, object] = field(default_factory=dict)


def build_catalogue(world: World, *, epoch: datetime, is_small: bool = False) -> Catalogue:
    """Channels of the people of `world`. `is_small` leaves out most of the videos that are merely many."""
    from ytsynch.devnet.youtube.difficult import difficult_drafts

    channels, videos = [], []
    for place, person in enumerate(world.people):
        channels.append(_channel(person, place, epoch))
        if person.catalogue == "difficult":
            drafts = difficult_drafts(epoch)
        elif person.catalogue == "large":
            drafts = _many_drafts(8 if is_small else 56)
        elif person.catalogue == "below_requirements":
            drafts = _first_video()
        else:
            drafts = _plain_drafts(person, 2 if is_small else 4)
        videos += [
            make_video(world.seed, person.youtube_channel_id, number, draft, epoch)
            for number, draft in enumerate(drafts, start=place * 100 + 1)
        ]
    return Catalogue(tuple(channels), tuple(videos))


def make_video(seed: int, channel_id: str, number: int, draft: Draft, epoch: datetime) -> Video:
    """The video of `draft`; its counts are made up from its number."""
    slug = f"{channel_id}/{draft.slug}" if draft.slug.isdigit() else draft.slug
    plain = Video(
        id=video_id(seed, f"{channel_id}/{draft.slug}"),
        slug=slug,
        channel_id=channel_id,
        number=number,
        title=draft.title,
        description=f"{draft.title}\n\nPart {number} of a series. Filmed and cut by ourselves.",
        published_at=epoch - timedelta(days=draft.days),
        seconds=3 + number % 3,
        tags=("devnet", f"part {number}"),
        view_count=100 + number * 37 % 5000,
        like_count=10 + number * 7 % 300,
        comment_count=number * 3 % 40,
    )
    return replace(plain, **draft.traits)  # type: ignore[arg-type]


def video_id(seed: int, name: str) -> str:
    """Eleven characters of YouTube's alphabet, the same for the same seed and name."""
    digest = blake2b(f"video {seed} {name}".encode(), digest_size=8).digest()
    return base64.urlsafe_b64encode(digest).decode()[:11]


def _channel(person: Person, place: int, epoch: datetime) -> Channel:
    is_new = person.catalogue == "below_requirements"
    return Channel(
        id=person.youtube_channel_id,
        google_user=person.google_user,
        handle=person.handle,
        title=person.title,
        description=person.description,
        published_at=epoch - timedelta(days=7 if is_new else 400 + 130 * place, hours=place),
        subscribers=12 if is_new else (1_280, 24_300, 153_000, 52_800, 860, 7_400, 12, 3_100)[place % 8],
    )


def _plain_drafts(person: Person, count: int) -> list[Draft]:
    """Full-HD videos, the newest some days old, the oldest some months."""
    days = (3, 17, 75, 210)
    names = ("What we learned this week", "A closer look", "Starting over", "How it began")
    sizes = (formats.FULL, formats.FULL, formats.HD_ONLY, formats.FULL)
    return [
        Draft(str(i + 1), f"{person.title}: {names[i]}", days[i], {"itags": sizes[i], "category_id": "27"})
        for i in range(count)
    ]


def _many_drafts(count: int) -> list[Draft]:
    """More uploads than a page of 50 holds: short and light, since only their number matters."""
    traits: dict[str, object] = {"itags": formats.LIGHT, "seconds": 2, "category_id": "19"}
    return [
        Draft(str(i + 1), f"From the driver's window, stage {count - i}", 2 + i * 6.5, traits)
        for i in range(count)
    ]


def _first_video() -> list[Draft]:
    return [Draft("1", "My first chord", 5, {"itags": formats.HD_ONLY, "category_id": "10"})]
