"""The people and things of the devnet: plain data, the same in every run with the same seed.

Nothing here knows how a chain encodes or how YouTube answers. The chain's genesis, the query node's first
rows, the simulated YouTube (which serves the channels named by `PEOPLE`) and the tests all read these facts.
Every person, channel and address is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Literal

#: What a person's YouTube channel holds; `ytsynch.devnet.youtube.catalogue` gives each kind its videos.
Catalogue = Literal["small", "difficult", "large", "below_requirements"]

HAPI_PER_JOY = 10**10

#: The moment of block 0 (2026-01-01, milliseconds): part of the chain's identity, so always the same.
GENESIS_TIMESTAMP_MS = 1_767_225_600_000


@dataclass(frozen=True)
class Person:
    """A creator: a Google user with one YouTube channel and one Joystream member."""

    google_user: str
    youtube_channel_id: str
    handle: str
    title: str
    description: str
    catalogue: Catalogue
    joystream_member_id: int
    joystream_channel_id: int
    suri: str


PEOPLE: tuple[Person, ...] = (
    Person(
        google_user="alpine-beekeeping@example.com",
        youtube_channel_id="UCTUjCW6SCY-Txb2vBLyxv_Q",
        handle="@alpinebeekeeping",
        title="Alpine Beekeeping",
        description="Hives above the tree line: a season in short films.",
        catalogue="small",
        joystream_member_id=1,
        joystream_channel_id=1,
        suri="//AlpineBeekeeping",
    ),
    Person(
        google_user="clockwork-restoration@example.com",
        youtube_channel_id="UC4cJBw_5wTPUaLNZViGXolg",
        handle="@clockworkrestoration",
        title="Clockwork Restoration",
        description="Old clocks taken apart, cleaned, and made to strike again.",
        catalogue="small",
        joystream_member_id=2,
        joystream_channel_id=2,
        suri="//ClockworkRestoration",
    ),
    Person(
        google_user="odd-signals@example.com",
        youtube_channel_id="UCibiG3P7E9MKPj3wbZC_Z-g",
        handle="@oddsignals",
        title="Odd Signals",
        description="Broadcast experiments. Some of them are not meant to be received.",
        catalogue="difficult",
        joystream_member_id=3,
        joystream_channel_id=3,
        suri="//OddSignals",
    ),
    Person(
        google_user="slow-rail-journeys@example.com",
        youtube_channel_id="UCZzFdVAKobxxgeUsqkijnCw",
        handle="@slowrailjourneys",
        title="Slow Rail Journeys",
        description="From the driver's window, at the speed of the train.",
        catalogue="large",
        joystream_member_id=4,
        joystream_channel_id=4,
        suri="//SlowRailJourneys",
    ),
    Person(  # this Joystream channel has no collaborator
        google_user="night-kitchen-physics@example.com",
        youtube_channel_id="UC_reO4ldmNuyi36g20eEQwQ",
        handle="@nightkitchenphysics",
        title="Night Kitchen Physics",
        description="Experiments with what is in the cupboard after midnight.",
        catalogue="small",
        joystream_member_id=5,
        joystream_channel_id=5,
        suri="//NightKitchenPhysics",
    ),
    Person(  # this Joystream channel has no cover and no description
        google_user="paper-boats-daily@example.com",
        youtube_channel_id="UCCSqadIm1wnF0P82wnj_oMQ",
        handle="@paperboatsdaily",
        title="Paper Boats Daily",
        description="One fold a day keeps the harbour full.",
        catalogue="small",
        joystream_member_id=6,
        joystream_channel_id=6,
        suri="//PaperBoatsDaily",
    ),
    Person(
        google_user="brand-new-ukulele@example.com",
        youtube_channel_id="UC6_MGA3oGoX47LVlCNKjphA",
        handle="@brandnewukulele",
        title="Brand New Ukulele",
        description="Learning four strings in public, since last week.",
        catalogue="below_requirements",
        joystream_member_id=7,
        joystream_channel_id=7,
        suri="//BrandNewUkulele",
    ),
    Person(  # this member owns two Joystream channels: 8 and 9
        google_user="two-roads-cycling@example.com",
        youtube_channel_id="UC0qI2cAERa3wFNHY7dvJhFw",
        handle="@tworoadscycling",
        title="Two Roads Cycling",
        description="Gravel on one road, tarmac on the other.",
        catalogue="small",
        joystream_member_id=8,
        joystream_channel_id=8,
        suri="//TwoRoadsCycling",
    ),
)


@dataclass(frozen=True)
class Member:
    """A Joystream membership whose root and controller account is the account of `suri`."""

    id: int
    handle: str
    suri: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class Asset:
    """A picture of a Joystream channel: a data object that storage has accepted at genesis."""

    id: int
    content: bytes


@dataclass(frozen=True)
class JoystreamChannel:
    id: int
    owner_member: int
    title: str
    description: str | None
    avatar: Asset | None
    cover: Asset | None
    has_collaborator: bool
    language: str = "en"

    @property
    def assets(self) -> tuple[Asset, ...]:
        return tuple(asset for asset in (self.avatar, self.cover) if asset)


@dataclass(frozen=True)
class Category:
    id: str
    name: str


@dataclass(frozen=True)
class Bucket:
    """A storage bucket and the operator account of its node. Limits: bytes and objects over all its bags."""

    id: int
    operator_suri: str
    size_limit: int = 2 * 10**12
    objects_limit: int = 1_000_000


@dataclass(frozen=True)
class App:
    """A gateway app; `account_seed` is the string whose blake2b-256 is the seed of its ed25519 key."""

    id: str
    name: str
    account_seed: str
    owner_member: int


#: The collaborator's account pays for every video the service creates.
COLLABORATOR = Member(10, "devnet-gateway-sync", "//Collaborator", "Devnet Gateway's publisher")
#: Pays creators what they earned.
PAYER = Member(11, "devnet-treasury", "//Payer", "Devnet Treasury")
APP_OWNER = Member(9, "devnet-gateway", "//Gateway", "Devnet Gateway")

#: Night Kitchen Physics never added the collaborator; Paper Boats Daily left its channel half empty.
CHANNEL_WITHOUT_COLLABORATOR = 5
CHANNEL_WITHOUT_COVER = 6

COLLABORATOR_PERMISSIONS = ("UpdateVideoMetadata", "AddVideo", "ManageVideoAssets")

FAUCET_SURI = "//Faucet"
#: Leads the storage and the content working groups: buckets, prices, bonds.
LEAD_SURI = "//Lead"

BUCKETS = (
    Bucket(0, "//StorageOperator0"),
    Bucket(1, "//StorageOperator1"),
    Bucket(2, "//StorageOperator2"),
)
#: Every channel of the genesis lies in these two; the third stands by for a channel whose space is taken.
CHANNEL_BUCKETS = (0, 1)
SPARE_BUCKET = 2

CATEGORIES = (
    Category("1", "Education"),
    Category("2", "Science and Technology"),
    Category("3", "Travel and Nature"),
    Category("4", "Howto and Style"),
    Category("5", "Music"),
    Category("6", "Gaming"),
    Category("7", "Food"),
    Category("8", "Sports"),
    Category("9", "Entertainment"),
    Category("10", "News and Society"),
)

_MEMBERS = (
    *(
        Member(person.joystream_member_id, person.handle.removeprefix("@"), person.suri, person.title)
        for person in PEOPLE
    ),
    APP_OWNER,
    COLLABORATOR,
    PAYER,
)

#: HAPI on each account at genesis.
BALANCES = {
    **{person.suri: 1_000 * HAPI_PER_JOY for person in PEOPLE},
    APP_OWNER.suri: 10_000 * HAPI_PER_JOY,
    COLLABORATOR.suri: 10_000_000 * HAPI_PER_JOY,
    PAYER.suri: 1_000_000 * HAPI_PER_JOY,
    FAUCET_SURI: 1_000_000 * HAPI_PER_JOY,
    LEAD_SURI: 10_000 * HAPI_PER_JOY,
    **{bucket.operator_suri: 10_000 * HAPI_PER_JOY for bucket in BUCKETS},
}


@dataclass(frozen=True)
class World:
    """Everything that exists before the first block and the first request."""

    seed: int
    people: tuple[Person, ...]
    members: tuple[Member, ...]
    channels: tuple[JoystreamChannel, ...]
    categories: tuple[Category, ...]
    buckets: tuple[Bucket, ...]
    app: App
    faucet_key: str
    youtube_api_key: str
    google_client_id: str
    google_client_secret: str


def build_world(seed: int = 1) -> World:
    """The world of `seed`: the same people always, keys and secrets that depend on the seed."""
    return World(
        seed=seed,
        people=PEOPLE,
        members=_MEMBERS,
        channels=_joystream_channels(),
        categories=CATEGORIES,
        buckets=BUCKETS,
        app=App("1", "devnet-gateway", _secret(seed, "app"), APP_OWNER.id),
        faucet_key=_secret(seed, "faucet"),
        youtube_api_key=_secret(seed, "youtube api key"),
        google_client_id=f"{_secret(seed, 'google client id')[:16]}.apps.googleusercontent.example",
        google_client_secret=_secret(seed, "google client secret"),
    )


def _secret(seed: int, purpose: str) -> str:
    return blake2b(f"ytsynch devnet {seed} {purpose}".encode(), digest_size=16).hexdigest()


def _joystream_channels() -> tuple[JoystreamChannel, ...]:
    asset_ids = count(1)  # the chain numbers the assets of its genesis in the order of the channels
    two_roads = PEOPLE[7]
    return (
        *(_joystream_channel(person, person.joystream_channel_id, asset_ids) for person in PEOPLE),
        _joystream_channel(two_roads, 9, asset_ids, title=f"{two_roads.title}: Second Road"),
    )


def _joystream_channel(
    person: Person, channel_id: int, asset_ids: Iterator[int], title: str | None = None
) -> JoystreamChannel:
    title = title or person.title
    is_bare = channel_id == CHANNEL_WITHOUT_COVER
    avatar = Asset(next(asset_ids), _picture(title[0], 256, 256, channel_id))
    return JoystreamChannel(
        id=channel_id,
        owner_member=person.joystream_member_id,
        title=title,
        description=None if is_bare else person.description,
        avatar=avatar,
        cover=None if is_bare else Asset(next(asset_ids), _picture(title, 1920, 480, channel_id)),
        has_collaborator=channel_id != CHANNEL_WITHOUT_COLLABORATOR,
    )


def _picture(text: str, width: int, height: int, hue_step: int) -> bytes:
    """An SVG with `text` on a plain ground: bytes that are the same on every machine."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="100%" height="100%" fill="hsl({hue_step * 40 % 360},45%,35%)"/>'
        f'<text x="50%" y="50%" dy="0.35em" text-anchor="middle" font-size="{height // 3}" '
        f'font-family="sans-serif" fill="white">{text}</text></svg>'
    ).encode()
