"""New videos of a channel get their rows: what YouTube shows of them, its verdict, their places in the
queue.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum, Value
from django.db.models.functions import Now

from channels.models import Channel
from videos import errors, moves, queue_order, reactions, youtube_facts
from videos.discovery import announcements
from videos.discovery.models import FoundBy
from videos.leases import LEASE, LeaseLost, worker_name
from videos.models import Band, Video, VideoEvent
from videos.states import State
from ypp.models import Tier
from ytsynch.failpoints import failpoint
from ytsynch.youtube import errors as youtube
from ytsynch.youtube.data_api import YouTubeVideo
from ytsynch.youtube.feeds import Entry
from ytsynch.youtube.listing import ChannelEntry

BYTES_A_SECOND = 500_000
"""What a second of video is taken to weigh before anybody has measured it (about 1080p)."""

Shown = YouTubeVideo | Entry | ChannelEntry
"""What a source shows of a video: everything, what a feed has, or what a channel's page has."""


@dataclass(frozen=True)
class Page:
    """Videos that we do not know yet, newest first, and what is shown of them (None: listed, not shown)."""

    found_by: FoundBy
    videos: dict[str, Shown | None]


def hold(channel: Channel, lease: timedelta) -> None:
    """Keep the channel for a listing that takes a while. Raises `LeaseLost` if another worker has it now."""
    mine = Channel.objects.filter(pk=channel.pk, discovery_lease_token=channel.discovery_lease_token)
    if not mine.update(discovery_leased_until=Now() + Value(lease)):
        raise LeaseLost(channel.youtube_id)


def unknown(ids: list[str] | tuple[str, ...]) -> list[str]:
    """Those of the ids that have no row, in their order."""
    known = set(Video.objects.filter(youtube_id__in=ids).values_list("youtube_id", flat=True))
    return list(dict.fromkeys(id for id in ids if id not in known))


@transaction.atomic
def store(channel: Channel, page: Page) -> int:
    """Save the page's videos with their places in the queue. Returns how many are new.

    Raises `LeaseLost` if another worker has the channel now.
    """
    locked = Channel.objects.select_for_update().filter(
        pk=channel.pk, discovery_lease_token=channel.discovery_lease_token
    )
    fresh_channel = locked.first()
    if fresh_channel is None:
        raise LeaseLost(channel.youtube_id)
    locked.update(discovery_leased_until=Now() + Value(LEASE))
    announced = announcements.announced_of(fresh_channel, page.videos)
    videos = [
        _row(fresh_channel, id, shown, FoundBy.PUSH if id in announced else page.found_by)
        for id, shown in page.videos.items()
    ]
    verdicts = {video.youtube_id: verdict_on(page.videos[video.youtube_id]) for video in videos}
    _apply_caps(fresh_channel, videos, verdicts)
    for video in videos:
        _apply(video, verdicts[video.youtube_id])
    queue_order.enter(
        fresh_channel,
        [video for video in videos if video.state == State.NEW],
        weight=tier_of(fresh_channel).weight,
        now=datetime.now(UTC),
        fresh=fresh_channel.catalogue_complete,
    )
    Video.objects.bulk_create(videos)
    VideoEvent.objects.bulk_create(_discovered(video) for video in videos)
    announcements.settle(fresh_channel, page.videos)
    if fresh_channel.catalogue_complete:
        announcements.measure(fresh_channel, (video for video in videos if video.privacy == "public"))
    failpoint("discovery.page_written")
    return len(videos)


def _row(channel: Channel, youtube_id: str, shown: Shown | None, found_by: FoundBy) -> Video:
    """A row of what YouTube shows.

    What it lists but does not show (private, deleted) gets a bare row: the download says which of the two it
    is.
    """
    video = Video(
        channel=channel,
        youtube_id=youtube_id,
        published_at=datetime.now(UTC),
        duration=0,
        found_by=found_by,
    )
    if isinstance(shown, YouTubeVideo):
        youtube_facts.fill(video, shown)
    elif shown is not None:
        _fill_sparsely(video, shown)
    return video


def _fill_sparsely(video: Video, shown: Entry | ChannelEntry) -> None:
    """The rest is asked for later: see `descriptions`."""
    video.needs_description = True
    video.title = shown.title
    video.published_at = shown.published_at or video.published_at
    if isinstance(shown, Entry):
        video.description, video.views = shown.description, shown.views or 0
    else:
        video.duration = shown.duration or 0


def verdict_on(shown: Shown | None) -> Exception | None:
    """What the source alone tells about whether the video can be brought over now."""
    if shown is None or isinstance(shown, Entry):
        return None
    longest = settings.CONFIG.sync.limits.max_video_duration
    if isinstance(shown, ChannelEntry):
        duration = shown.duration or 0
        return youtube.TooLong(duration, longest) if duration > longest else None
    return _verdict_of_data_api(shown, longest)


def _verdict_of_data_api(facts: YouTubeVideo, longest: int) -> Exception | None:
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
    return youtube.TooLong(facts.duration, longest) if facts.duration > longest else None


def tier_of(channel: Channel) -> Tier:
    """The channel's tier, or the one that its subscribers propose, or the lowest."""
    if channel.tier:
        return Tier.objects.get(name=channel.tier)
    lowest = Tier.objects.order_by("min_subscribers")[0]
    return Tier.objects.for_subscribers(channel.subscribers) or lowest


def has_room_for(channel: Channel, video: Video) -> bool:
    """Whether the tier's caps for the back catalogue allow one more video of the channel."""
    tier = tier_of(channel)
    most = min(tier.max_old_videos, channel.catalogue_limit or tier.max_old_videos)
    count, seconds = _held(channel)
    return count < most and (seconds + video.duration) * BYTES_A_SECOND <= tier.max_old_bytes


def _held(channel: Channel) -> tuple[int, int]:
    """Videos of the channel that are brought over or will be, and their seconds."""
    held = channel.videos.exclude(state=State.SKIPPED).aggregate(count=Count("id"), seconds=Sum("duration"))
    return held["count"], held["seconds"] or 0


def _apply_caps(channel: Channel, videos: list[Video], verdicts: dict[str, Exception | None]) -> None:
    """Leave out what exceeds the tier's caps for the back catalogue. New uploads are not counted."""
    if channel.catalogue_complete:
        return
    tier = tier_of(channel)
    most = min(tier.max_old_videos, channel.catalogue_limit or tier.max_old_videos)
    count, seconds = _held(channel)
    size = seconds * BYTES_A_SECOND
    for video in videos:
        verdict = verdicts[video.youtube_id]
        if verdict is not None and reactions.reaction_to(verdict) is reactions.SKIP:
            continue
        count, size = count + 1, size + video.duration * BYTES_A_SECOND
        if count > most or size > tier.max_old_bytes:
            verdicts[video.youtube_id] = errors.BeyondTierCap(
                f"tier {tier}: {most} videos, {tier.max_old_bytes:,} bytes"
            )


@transaction.atomic
def let_in_what_fits(channel: Channel, *, by: str) -> int:
    """Bring over older videos that a cap left out and that fit by now: the limit of whoever added the channel
    is gone, for instance. Returns how many.
    """
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    left_out = channel.videos.filter(state=State.SKIPPED, reason=errors.BeyondTierCap.code)
    videos = list(left_out.select_for_update().order_by("-published_at", "-id"))
    verdicts: dict[str, Exception | None] = {video.youtube_id: None for video in videos}
    _apply_caps(channel, videos, verdicts)
    fitting = [video for video in videos if verdicts[video.youtube_id] is None]
    queue_order.enter(channel, fitting, weight=tier_of(channel).weight, now=datetime.now(UTC), fresh=False)
    for video in fitting:
        moves.move(video, State.NEW, event="retried", by=by, band=video.band, tag=video.tag)
    return len(fitting)


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
        detail=detail | {"found_by": video.found_by},
        by=worker_name(),
    )
