"""What happened to channels and to a channel's videos within a stretch of time, for reports."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from channels.errors import NotFound
from channels.models import Channel
from videos.models import MediaFile, Video, VideoEvent
from videos.states import IN_PIPELINE, State

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Stretch:
    """From a moment on and until before another one."""

    since: datetime
    until: datetime

    def of(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})


@dataclass(frozen=True)
class ChannelNumbers:
    """A channel: `found`, `published`, `left_out`, `stuck` and `failed_tries` are of the stretch, `backlog` and
    the standing are of now. `seconds` is the length of what was published.
    """

    youtube_id: str
    handle: str
    title: str
    joystream_channel_id: int | None
    status: str
    tier: str
    paused: str
    subscribers: int
    signed_up: datetime
    found: int
    published: int
    seconds: int
    left_out: int
    stuck: int
    failed_tries: int
    backlog: int


def of_channels(stretch: Stretch) -> list[ChannelNumbers]:
    """The channels that signed up in the stretch, or whose videos something happened to, those with most
    published first. Five queries, however many they are.
    """
    events = Counter(_events(stretch))
    found = _counts(Video.objects.filter(stretch.of("discovered_at")))
    published = Video.objects.filter(stretch.of("published_on_joystream_at"))
    sums = {row["channel"]: row for row in _grouped(published, seconds=Sum("duration"))}
    backlog = _counts(Video.objects.filter(state__in=sorted(IN_PIPELINE)))
    touched = {channel for channel, _ in events} | set(found) | set(sums)
    rows = Channel.objects.registered().filter(stretch.of("created_at") | Q(pk__in=touched))
    numbers = [
        ChannelNumbers(
            youtube_id=channel.youtube_id,
            handle=channel.handle,
            title=channel.title,
            joystream_channel_id=channel.joystream_channel_id,
            status=channel.status,
            tier=channel.tier,
            paused=channel.pause,
            subscribers=channel.subscribers,
            signed_up=channel.created_at,
            found=found.get(channel.pk, 0),
            published=sums.get(channel.pk, {}).get("count", 0),
            seconds=sums.get(channel.pk, {}).get("seconds") or 0,
            left_out=events[channel.pk, "skipped"],
            stuck=events[channel.pk, "stuck"],
            failed_tries=events[channel.pk, "failed"],
            backlog=backlog.get(channel.pk, 0),
        )
        for channel in rows.defer("description", "thumbnails")
    ]
    return sorted(numbers, key=lambda one: (-one.published, -one.found, one.youtube_id))


def _events(stretch: Stretch) -> dict[tuple[int, str], int]:
    told = VideoEvent.objects.filter(stretch.of("at"), event__in=["skipped", "stuck", "failed"])
    rows = told.order_by().values_list("video__channel", "event").annotate(Count("pk"))
    return {(channel, event): count for channel, event, count in rows}


def _grouped(videos: QuerySet[Video], **sums: Any) -> QuerySet[Any, Any]:
    return videos.order_by().values("channel").annotate(count=Count("pk"), **sums)


def _counts(videos: QuerySet[Video]) -> dict[int, int]:
    return {row["channel"]: row["count"] for row in _grouped(videos)}


@dataclass(frozen=True)
class VideoNumbers:
    """A video: how it stands, and how long it took from being found to being published."""

    youtube_id: str
    title: str
    published_on_youtube: datetime
    seconds: int
    state: str
    reason: str
    attempts: int
    found: datetime
    published_on_joystream: datetime | None
    took_seconds: int | None
    joystream_video_id: int | None
    bytes: int | None


def of_videos(channel: Channel, stretch: Stretch) -> Iterator[VideoNumbers]:
    """The channel's videos that were found or published in the stretch, those newest on YouTube first."""
    videos = Video.objects.filter(channel=channel).filter(
        stretch.of("discovered_at") | stretch.of("published_on_joystream_at")
    )
    files = MediaFile.objects.filter(video__in=videos, role="media").order_by()
    sizes = dict(files.values_list("video").annotate(Max("size")))
    for video in videos.defer("description", "thumbnails").order_by("-published_at", "-id").iterator():
        there = video.published_on_joystream_at
        yield VideoNumbers(
            youtube_id=video.youtube_id,
            title=video.title,
            published_on_youtube=video.published_at,
            seconds=video.duration,
            state=video.state,
            reason=video.reason,
            attempts=video.attempts,
            found=video.discovered_at,
            published_on_joystream=there,
            took_seconds=round((there - video.discovered_at).total_seconds()) if there else None,
            joystream_video_id=video.joystream_video_id,
            bytes=sizes.get(video.pk),
        )


def find_channel(name: str) -> Channel:
    """The channel of a YouTube id, a @handle or a Joystream channel's number. Raises `NotFound`."""
    if name.isdecimal() and int(name) <= LARGEST_ID:
        channel = Channel.objects.of_joystream_channel(int(name))
    elif name.startswith("@"):
        channel = Channel.objects.filter(handle__iexact=name).first()
    else:
        channel = Channel.objects.filter(youtube_id=name).first()
    if channel is None:
        raise NotFound(f"There is no channel {name}.")
    return channel


@dataclass(frozen=True)
class Waiting:
    """What a stage has before it: `held` belongs to paused channels, `failing` waits after failed tries."""

    state: str
    waiting: int
    failing: int
    held: int
    oldest: datetime | None


def of_queue() -> list[Waiting]:
    """The states in which videos wait, and how many; stuck ones at the end. A few queries along an index."""
    states = [state for state in State if state in IN_PIPELINE or state is State.STUCK]
    rows = Video.objects.filter(state__in=states).order_by().values("state")
    counted = {
        row["state"]: row
        for row in rows.annotate(
            all=Count("pk"),
            kept=Count("pk", filter=~Q(held="")),
            failing=Count("pk", filter=Q(held="", attempts__gt=0)),
        )
    }
    nothing = {"all": 0, "kept": 0, "failing": 0}
    found = []
    for state in states:
        row = counted.get(state.value, nothing)
        oldest = (
            Video.objects.filter(state=state).order_by("state_since").values_list("state_since", flat=True)
        )
        found.append(
            Waiting(state.value, row["all"] - row["kept"], row["failing"], row["kept"], oldest.first())
        )
    return found
