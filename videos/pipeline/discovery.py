"""Discovery: a channel's uploads are listed, and each video that we do not know yet gets a row and its place in the queue.

Known and unknown are compared by their ids, page by page, never by a date or a count: a listing need not be in order, and one video added
and one deleted leave the count as it was (faults.md C7). An empty listing says nothing about deletion (C8).
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum, Value
from django.db.models.functions import Now

from channels import grants
from channels.models import Channel
from videos import errors, outside, queue_order, quota, reactions, youtube_facts
from videos.leases import LEASE, LeaseLost, worker_name
from videos.models import Band, Video, VideoEvent
from videos.states import State
from ypp.models import Tier
from ytsynch.youtube import errors as youtube
from ytsynch.youtube.data_api import YouTubeVideo
from ytsynch.youtube.sign_in import Grant

log = structlog.get_logger(__name__)

BYTES_A_SECOND = 500_000
"""What a second of video is taken to weigh before anybody has measured it (about 1080p)."""


@transaction.atomic
def claim_channel() -> Channel | None:
    """Take the channel whose listing has been due for longest."""
    channel = (
        Channel.objects.due_for_discovery()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("creator")
        .first()
    )
    if channel is not None:
        channel.discovery_lease_token = uuid.uuid4()
        Channel.objects.filter(pk=channel.pk).update(
            discovery_lease_token=channel.discovery_lease_token, discovery_leased_until=Now() + Value(LEASE)
        )
    return channel


def discover(channel: Channel) -> int:
    """List the channel's uploads until a page brings nothing new (the first time: to the end). Returns how many videos are new.

    Each page is stored before the next is asked for, so a crash loses nothing: the next try finds the stored ones known.
    """
    found = 0
    interval = settings.CONFIG.sync.intervals.youtube_polling
    try:
        for page in _pages(channel):
            found += _store(channel, page)
    except youtube.PlaylistNotFound:
        # a channel without uploads has no playlist; that is no reason to think anything was deleted
        log.info("channel.no_uploads", channel=channel.youtube_id)
    except youtube.QuotaExceeded as error:
        if not isinstance(error, quota.ShareSpent):
            quota.note_exhausted()
        _finish(channel, next_at=quota.resumes_at())
        log.warning(
            "discovery.quota_spent", channel=channel.youtube_id, resumes=quota.resumes_at().isoformat()
        )
        return found
    except (youtube.GrantRevoked, youtube.GrantExpired) as error:
        if channel.creator is not None:
            grants.forget(channel.creator)
        _finish(channel, next_at=datetime.now(UTC))
        log.warning("discovery.grant_gone", channel=channel.youtube_id, text=str(error))
        return found
    except youtube.YouTubeError as error:
        delay = reactions.reaction_to(error).delay(error, 0) or timedelta(hours=1)
        _finish(channel, next_at=datetime.now(UTC) + delay)
        log.warning(
            "discovery.failed", channel=channel.youtube_id, reason=reactions.code_of(error), text=str(error)
        )
        return found
    _finish(channel, next_at=datetime.now(UTC) + timedelta(seconds=interval), complete=True)
    log.info("channel.discovered", channel=channel.youtube_id, new=found)
    return found


@dataclass(frozen=True)
class Page:
    """Ids of one page that we do not know yet, and what YouTube shows of them."""

    ids: tuple[str, ...]
    facts: dict[str, YouTubeVideo]


def _pages(channel: Channel) -> Iterator[Page]:
    api = outside.data_api(quota.Purpose.SYNC, _grant(channel))
    token: str | None = None
    while True:
        listing = api.uploads_page(channel.uploads_playlist_id, token)
        known = set(
            Video.objects.filter(youtube_id__in=listing.video_ids).values_list("youtube_id", flat=True)
        )
        new = tuple(dict.fromkeys(id for id in listing.video_ids if id not in known))
        if new:
            yield Page(ids=new, facts=api.videos(new))
        token = listing.next_page_token
        if token is None or (not new and channel.catalogue_complete):
            return


def _grant(channel: Channel) -> Grant | None:
    """The creator's permission: with it the listing also has what is not public, each with its reason. Without it the public part is read."""
    if channel.creator is None:
        return None
    try:
        return grants.usable(channel.creator, outside.google())
    except youtube.YouTubeError as error:
        log.warning("discovery.without_grant", channel=channel.youtube_id, text=str(error))
        return None


@transaction.atomic
def _store(channel: Channel, page: Page) -> int:
    """Save the page's videos with their places in the queue. Raises `LeaseLost` if another worker has the channel now."""
    locked = Channel.objects.select_for_update().filter(
        pk=channel.pk, discovery_lease_token=channel.discovery_lease_token
    )
    fresh_channel = locked.first()
    if fresh_channel is None:
        raise LeaseLost(channel.youtube_id)
    locked.update(discovery_leased_until=Now() + Value(LEASE))
    videos = [_row(fresh_channel, youtube_id, page.facts.get(youtube_id)) for youtube_id in page.ids]
    verdicts = {video.youtube_id: _verdict(page.facts.get(video.youtube_id)) for video in videos}
    _apply_caps(fresh_channel, videos, verdicts)
    for video in videos:
        _apply(video, verdicts[video.youtube_id])
    queued = [video for video in videos if video.state == State.NEW]
    queue_order.enter(
        fresh_channel,
        queued,
        weight=_tier(fresh_channel).weight,
        now=datetime.now(UTC),
        fresh=fresh_channel.catalogue_complete,
    )
    Video.objects.bulk_create(videos)
    VideoEvent.objects.bulk_create(_discovered(video) for video in videos)
    return len(videos)


def _row(channel: Channel, youtube_id: str, facts: YouTubeVideo | None) -> Video:
    """A row of what YouTube shows.

    What it lists but does not show (private, deleted) gets a bare row: the download says which of the two it is.
    """
    video = Video(channel=channel, youtube_id=youtube_id, published_at=datetime.now(UTC), duration=0)
    if facts is not None:
        youtube_facts.fill(video, facts)
    return video


def _verdict(facts: YouTubeVideo | None) -> Exception | None:
    """What the Data API alone tells about whether the video can be brought over now."""
    if facts is None:
        return None
    checks: tuple[tuple[bool, type[Exception], str], ...] = (
        (facts.privacy_status == "private", youtube.VideoPrivate, "the Data API says that it is private"),
        (facts.privacy_status == "unlisted", youtube.VideoUnlisted, "the Data API says that it is unlisted"),
        (facts.upload_status == "deleted", youtube.VideoDeleted, "the Data API says that it was deleted"),
        (
            facts.upload_status in ("failed", "rejected"),
            errors.UploadFailedOnYouTube,
            facts.upload_status or "",
        ),
        (facts.age_restricted, youtube.AgeRestricted, "the Data API says that it is age-restricted"),
        (facts.live_broadcast_content == "live", youtube.LiveNow, "it is being broadcast"),
        (facts.upload_status == "uploaded", youtube.StillProcessing, "YouTube is still processing it"),
    )
    for applies, kind, text in checks:
        if applies:
            return kind(text)
    if facts.live_broadcast_content == "upcoming":
        return youtube.LiveUpcoming("it has not begun", starts_at=facts.scheduled_start_at)
    longest = settings.CONFIG.sync.limits.max_video_duration
    return youtube.TooLong(facts.duration, longest) if facts.duration > longest else None


def _tier(channel: Channel) -> Tier:
    """The channel's tier, or the one that its subscribers propose, or the lowest."""
    if channel.tier:
        return Tier.objects.get(name=channel.tier)
    lowest = Tier.objects.order_by("min_subscribers")[0]
    return Tier.objects.for_subscribers(channel.subscribers) or lowest


def _apply_caps(channel: Channel, videos: list[Video], verdicts: dict[str, Exception | None]) -> None:
    """Leave out what exceeds the tier's caps for the back catalogue. New uploads are not counted."""
    if channel.catalogue_complete:
        return
    tier = _tier(channel)
    held = channel.videos.exclude(state=State.SKIPPED).aggregate(count=Count("id"), seconds=Sum("duration"))
    count, size = held["count"], (held["seconds"] or 0) * BYTES_A_SECOND
    for video in videos:
        verdict = verdicts[video.youtube_id]
        if verdict is not None and reactions.reaction_to(verdict) is reactions.SKIP:
            continue
        count, size = count + 1, size + video.duration * BYTES_A_SECOND
        if count > tier.max_old_videos or size > tier.max_old_bytes:
            verdicts[video.youtube_id] = errors.BeyondTierCap(
                f"tier {tier}: {tier.max_old_videos} videos, {tier.max_old_bytes:,} bytes"
            )


def _apply(video: Video, verdict: Exception | None) -> None:
    """A verdict on a row that is not saved yet: it begins as skipped, or waits for its first try."""
    if verdict is None:
        return
    video.reason, video.reason_text = reactions.code_of(verdict), str(verdict)
    delay = reactions.reaction_to(verdict).delay(verdict, 0)
    if delay is None:
        video.state = State.SKIPPED
    else:
        video.next_attempt_at = datetime.now(UTC) + delay


def _discovered(video: Video) -> VideoEvent:
    detail = {"band": Band(video.band).label} if video.state == State.NEW else {"text": video.reason_text}
    return VideoEvent(
        video=video,
        event="discovered",
        to_state=video.state,
        reason=video.reason,
        detail=detail,
        by=worker_name(),
    )


def _finish(channel: Channel, *, next_at: datetime, complete: bool = False) -> None:
    fields = {"catalogue_complete": True} if complete else {}
    Channel.objects.filter(pk=channel.pk, discovery_lease_token=channel.discovery_lease_token).update(
        next_discovery_at=next_at, discovery_lease_token=None, discovery_leased_until=None, **fields
    )
