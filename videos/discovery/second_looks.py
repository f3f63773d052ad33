"""Second looks at videos that are at rest: fifty for one unit of quota, those that have waited longest first,
and only from what is left of the day's share.

* One that was not brought over: is what was said of it still so? No verdict is for ever (head of faults.md).
* One that is published: was it edited (mission H7), or taken off YouTube (H8), or off Joystream (C13)?

The looks become rarer with the age of the video. A notice of a hub about a video brings the next one forward.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now

from channels.models import Channel, Status
from videos import changes, outside, quota
from videos.discovery import departures, edits, reconsidering
from videos.discovery.rhythm import spread
from videos.models import Video
from videos.pipeline import removals
from videos.states import State
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.query_node import QnVideo
from ytsynch.youtube.data_api import PAGE, YouTubeVideo
from ytsynch.youtube.errors import QuotaExceeded, YouTubeError

log = structlog.get_logger(__name__)

HOLD = timedelta(minutes=30)
"""For so long a batch is left to the worker that took it."""

LONGEST = timedelta(days=90)
DAILY = timedelta(days=1)
TENTH = 10
"""A published video is looked at again after a tenth of its age."""

AT_REST = (State.PUBLISHED, State.SKIPPED)


def look_due() -> bool:
    """Look at the next videos that are due. False when none was, or YouTube cannot be asked now."""
    if not Video.objects.filter(state__in=AT_REST, next_look_at__lte=Now()).exists():
        return False
    if not quota.forecast(quota.Purpose.SYNC).lasts:
        return False
    videos = _claim()
    if not videos:
        return False
    try:
        shown = outside.data_api(quota.Purpose.SYNC).videos([video.youtube_id for video in videos])
    except QuotaExceeded as error:
        quota.note(error)
        return False
    except YouTubeError as error:
        log.warning("second_look.failed", reason=error.code, text=str(error))
        return False
    there = _on_joystream(videos)
    for video in videos:
        _look(video, shown.get(video.youtube_id), there)
    return True


@transaction.atomic
def _claim() -> list[Video]:
    due = Video.objects.filter(state__in=AT_REST, next_look_at__lte=Now()).order_by("next_look_at")
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("channel__app")
    videos = list(rows[:PAGE])
    Video.objects.filter(pk__in=[video.pk for video in videos]).update(next_look_at=Now() + Value(HOLD))
    return videos


def _on_joystream(videos: Sequence[Video]) -> dict[int, QnVideo] | None:
    """What the query node shows of those that are published; None while it does not answer."""
    ids = [video.joystream_video_id for video in videos if video.state == State.PUBLISHED]
    try:
        return outside.query_node().videos([id for id in ids if id is not None])
    except JoystreamError as error:
        log.info("second_look.without_joystream", reason=error.code)
        return None


def _look(video: Video, shown: YouTubeVideo | None, there: dict[int, QnVideo] | None) -> None:
    next_look = interval(video)
    if not _takes_part(video.channel):
        next_look = LONGEST
    elif video.state == State.SKIPPED:
        reconsidering.reconsider(video, shown)
    elif there is not None:
        try:
            next_look = _published(video, shown, there.get(video.joystream_video_id or 0)) or next_look
        except (JoystreamError, YouTubeError) as error:
            log.info("second_look.unfinished", video=video.youtube_id, reason=error.code, text=str(error))
            next_look = min(next_look, timedelta(hours=1))
    mine = Video.objects.filter(pk=video.pk, state__in=AT_REST)
    mine.update(next_look_at=Now() + Value(spread(next_look)))


def _takes_part(channel: Channel) -> bool:
    """One that left, or whose Joystream channel is gone, is left alone."""
    return channel.status not in (Status.OPTED_OUT, Status.SUSPENDED) and channel.missing_since is None


def _published(video: Video, shown: YouTubeVideo | None, there: QnVideo | None) -> timedelta | None:
    """When to look again, where that is sooner than usual."""
    if there is None:
        if removals.is_removed(video):
            removals.note(video)
        return None
    reason = departures.reason_of(video, shown)
    if reason is not None:
        return departures.gone(video, reason, there)
    if shown is not None and shown.privacy_status == "public":
        departures.back(video, there)
        edits.carry_over(video, shown, there)
    return None


def interval(video: Video) -> timedelta:
    """Time until the next look, without its spread."""
    now = datetime.now(UTC)
    if video.state == State.SKIPPED:
        shortest = timedelta(seconds=settings.CONFIG.sync.intervals.second_look)
        return min(max(now - video.discovered_at, shortest), max(LONGEST, shortest))
    shortest = min(timedelta(seconds=settings.CONFIG.sync.intervals.refresh), DAILY)
    return min(max((now - video.published_at) / TENTH, shortest), LONGEST)


def wish_changed(channel: Channel) -> None:
    """The creator has chosen anew what becomes of videos that are gone: these are looked at soon."""
    Video.objects.filter(channel=channel, state=State.PUBLISHED).filter(
        Q(gone_since__isnull=False) | Q(changes__why=changes.GONE)
    ).update(next_look_at=Now())
