"""The addresses that YouTube sees us by: each proxy of the configuration, or our own where there is none
(mission H12; faults.md Y11, Y19).

    trusted ──YouTube distrusts it──> cooling ──time is up, a canary lives──> trusted
                                         ^───────────the canary dies──┘

A video goes through one address for all its requests. Between two videos an address rests; the pause tunes
itself: it shrinks with each success and is at its longest after a block, so that an address is ramped up. A
cool-down doubles each time until the address has proved itself. Where none is free the stage waits.

Blame before verdict: what an address says of a video is only believed once the address has lately shown that
it is trusted, another address said the same, or the Data API agrees.
"""

import random
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from channels.models import Pause
from videos import outside, quota
from videos.errors import NoFreeAddress, VerdictInDoubt
from videos.leases import LEASE
from videos.models import ProxyAddress, Standing, Video
from videos.states import State
from ytsynch.youtube.data_api import YouTubeVideo
from ytsynch.youtube.downloader import Downloader
from ytsynch.youtube.errors import (
    AddressBlocked,
    AgeRestricted,
    ChannelTerminated,
    ProxyUnreachable,
    RecordingRefused,
    VideoDeleted,
    VideoPrivate,
    VideoRefused,
    VideoUnavailable,
    YouTubeError,
)

log = structlog.get_logger(__name__)

DIRECT = "direct"
"""The key of our own address."""

TRIAL = 5 * LEASE
"""For so long nobody else tries an address that is on trial, although its worker may have died of it."""

LONGEST_COOL_DOWN = timedelta(days=2)
UNREACHABLE = timedelta(minutes=1)
"""A proxy that cannot be reached is tried again much sooner than one that YouTube has blocked, and as soon each time:
an outage of our own network must not outlast itself.
"""

CANARIES = 3
RAMP = 0.8
PROVED = timedelta(hours=1)
"""For so long after a success an address is believed."""

ASKED_TWICE = 2
"""A verdict in doubt is asked for so many times more; then it stands, in doubt or not."""


def _configured() -> dict[str, str | None]:
    """Key → address of each proxy; just our own address where there is no proxy."""
    proxies = settings.CONFIG.youtube.proxies
    return {sha256(url.encode()).hexdigest(): url for url in proxies} if proxies else {DIRECT: None}


def url_of(address: ProxyAddress) -> str | None:
    """What the downloader is told: the proxy's URL, None for our own address."""
    return _configured()[address.key]


def any_free() -> bool:
    """Whether a download could begin now. Our rows are made when they are first asked for."""
    keys = _configured()
    known = ProxyAddress.objects.filter(key__in=keys)
    if known.count() < len(keys):
        ProxyAddress.objects.bulk_create(
            [ProxyAddress(key=key, name=_name(url)) for key, url in keys.items()], ignore_conflicts=True
        )
    return known.filter(next_use_at__lte=Now()).exists()


def _name(url: str | None) -> str:
    """Host and port: never the password."""
    return urlsplit(url).netloc.rpartition("@")[2] if url else "our own address"


@contextmanager
def borrowed(video: Video) -> Iterator[Downloader]:
    """A downloader through one address, for one video; what comes of it is held for or against the address.

    Raises `NoFreeAddress`, `AddressBlocked`, and `VerdictInDoubt` instead of a refusal that is not believed.
    """
    address = take(avoiding=video.answers)
    try_out(address)
    try:
        yield outside.downloader(url_of(address))
    except AddressBlocked as error:
        exclude(address, error)
        raise
    except VideoRefused as refusal:
        remember(video, refusal, address)
        if is_believed(video, refusal, address):
            raise
        raise VerdictInDoubt(str(refusal)) from refusal
    prove(address)


@transaction.atomic
def take(avoiding: Collection[str] = ()) -> ProxyAddress:
    """The address that has rested for longest; one of `avoiding` (keys) only where there is no other.

    Raises `NoFreeAddress`.
    """
    any_free()
    keys = set(_configured())
    wanted = keys - set(avoiding) or keys
    free = ProxyAddress.objects.filter(key__in=wanted, next_use_at__lte=Now()).order_by("next_use_at")
    address = free.select_for_update(skip_locked=True).first()
    if address is None:
        raise NoFreeAddress("every address rests or is excluded")
    rest = timedelta(seconds=address.pause) if address.standing == Standing.TRUSTED else TRIAL
    ProxyAddress.objects.filter(pk=address.pk).update(next_use_at=Now() + Value(rest), last_used_at=Now())
    return address


def try_out(address: ProxyAddress) -> None:
    """An address whose cool-down is over must show a video that is surely there. Raises `AddressBlocked`.

    Without such a video the next one is the canary: it loses nothing by it.
    """
    known = canaries() if address.standing == Standing.COOLING else []
    if not known:
        return
    block = _blocked_for(outside.downloader(url_of(address)), known)
    if block is not None:
        exclude(address, block)
        raise block
    prove(address)
    log.info("address.back", address=address.name)


def _blocked_for(downloader: Downloader, canaries: list[str]) -> AddressBlocked | None:
    """None as soon as one of the canaries lives. That all are refused at once is no accident."""
    block = AddressBlocked("no canary lives")
    for canary in canaries:
        try:
            downloader.ask(canary)
        except AddressBlocked as error:
            return error
        except YouTubeError as error:
            block = AddressBlocked(f"the canary {canary} died: {error}")
        else:
            return None
    return block


def canaries() -> list[str]:
    """YouTube ids of public videos that we brought over, the newest ones."""
    videos = Video.objects.filter(state=State.PUBLISHED, privacy="public", channel__missing_since=None)
    there = videos.exclude(channel__pause=Pause.YOUTUBE_CHANNEL_GONE)
    return list(there.order_by("-id").values_list("youtube_id", flat=True)[:CANARIES])


def exclude(address: ProxyAddress, error: AddressBlocked) -> None:
    """YouTube distrusts the address: it cools down, longer each time. Or it cannot be reached: not for long, then."""
    youtube = settings.CONFIG.youtube
    first = timedelta(seconds=youtube.address_cool_down)
    is_blocked = not isinstance(error, ProxyUnreachable)
    cool_down = (
        min(first * 2 ** min(address.blocks, 20), max(LONGEST_COOL_DOWN, first))
        if is_blocked
        else min(UNREACHABLE, first)
    )
    spread = random.uniform(1.0, 1.2)  # noqa: S311 (not a secret)
    ProxyAddress.objects.filter(pk=address.pk).update(
        standing=Standing.COOLING,
        blocks=F("blocks") + int(is_blocked),
        pause=youtube.longest_pause,
        next_use_at=Now() + Value(cool_down * spread),
        last_error=str(error)[:500],
    )
    log.warning(
        "address.excluded", address=address.name, seconds=round(cool_down.total_seconds()), text=str(error)
    )
    if not ProxyAddress.objects.filter(key__in=_configured(), standing=Standing.TRUSTED).exists():
        log.error("address.none_left", addresses=len(_configured()))


def prove(address: ProxyAddress) -> None:
    """The address works: it is trusted, and its pause shrinks. At the shortest its blocks are forgotten."""
    youtube = settings.CONFIG.youtube
    pause = address.pause * RAMP
    is_ramped_up = pause <= youtube.shortest_pause + 0.1
    ProxyAddress.objects.filter(pk=address.pk).update(
        standing=Standing.TRUSTED,
        pause=youtube.shortest_pause if is_ramped_up else pause,
        successes=F("successes") + 1,
        last_success_at=Now(),
        **({"blocks": 0} if is_ramped_up else {}),
        **({"next_use_at": Now()} if address.standing == Standing.COOLING else {}),
    )


def try_now(address: ProxyAddress, *, by: str) -> None:
    """Let the next video take the address at once; one that cools down must show first that it is trusted."""
    ProxyAddress.objects.filter(pk=address.pk).update(next_use_at=Now())
    log.info("address.tried_by_staff", address=address.name, by=by)


def set_aside(address: ProxyAddress, *, hours: int, reason: str, by: str) -> None:
    """Do not use the address for so long."""
    ProxyAddress.objects.filter(pk=address.pk).update(
        standing=Standing.COOLING,
        next_use_at=Now() + Value(timedelta(hours=hours)),
        last_error=f"Set aside by staff: {reason}"[:500],
    )
    log.warning("address.set_aside", address=address.name, hours=hours, by=by, reason=reason)


def is_configured(address: ProxyAddress) -> bool:
    """Whether the configuration still has it."""
    return address.key in _configured()


# --- Blame before verdict -----------------------------------------------------------------------------------


def is_believed(video: Video, refusal: VideoRefused, address: ProxyAddress) -> bool:
    """Whether what the address said of the video may be taken for the truth about the video."""
    if video.attempts >= ASKED_TWICE or isinstance(refusal, RecordingRefused):  # the latter is a rule of ours
        return True
    others = {key: code for key, code in video.answers.items() if key != address.key}
    if refusal.code in others.values():
        return True
    lately = Q(last_success_at__gt=Now() - Value(PROVED))
    if ProxyAddress.objects.filter(lately, pk=address.pk, standing=Standing.TRUSTED).exists():
        return True
    return _api_agrees(video, refusal)


def _api_agrees(video: Video, refusal: VideoRefused) -> bool:
    try:
        shown = outside.data_api(quota.Purpose.SYNC).videos([video.youtube_id]).get(video.youtube_id)
    except YouTubeError as error:
        log.info("verdict.not_confirmed", video=video.youtube_id, reason=error.code)
        return False
    return _says_the_same(shown, refusal)


def _says_the_same(shown: YouTubeVideo | None, refusal: VideoRefused) -> bool:
    if isinstance(refusal, VideoPrivate | VideoDeleted | VideoUnavailable | ChannelTerminated):
        return shown is None or shown.privacy_status != "public" or shown.upload_status == "deleted"
    return isinstance(refusal, AgeRestricted) and shown is not None and shown.age_restricted


def remember(video: Video, refusal: VideoRefused, address: ProxyAddress) -> None:
    """What this address said of the video: the next try takes another one."""
    video.answers = {**video.answers, address.key: refusal.code}
    Video.objects.filter(pk=video.pk).update(answers=video.answers)
