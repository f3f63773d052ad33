"""Videos that were found without the Data API get the rest of their description: fifty of any channels for
one unit of quota.

Until then the download goes on without: it measures what matters, and refuses by itself what is refused here.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now

from videos import moves, outside, quota, youtube_facts
from videos.discovery.entering import verdict_on
from videos.models import Video
from videos.states import State
from ytsynch.youtube.data_api import PAGE, YouTubeVideo
from ytsynch.youtube.errors import QuotaExceeded, YouTubeError

log = structlog.get_logger(__name__)

HOLD = timedelta(minutes=5)
"""For so long a batch is left to the worker that took it."""


def describe_due() -> bool:
    """Describe the next batch. False when there was none, or YouTube cannot be asked now."""
    videos = _claim()
    if not videos:
        return False
    try:
        shown = outside.data_api(quota.Purpose.SYNC).videos([video.youtube_id for video in videos])
    except QuotaExceeded as error:
        quota.note(error)
        _look_again(videos, quota.until_reset())
        return False
    except YouTubeError as error:
        log.warning("descriptions.failed", reason=error.code, text=str(error))
        return False
    for video in videos:
        _describe(video, shown.get(video.youtube_id))
    return True


@transaction.atomic
def _claim() -> list[Video]:
    due = Video.objects.filter(needs_description=True, describe_at__lte=Now()).order_by("describe_at")
    videos = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("channel")[:PAGE])
    _look_again(videos, HOLD)
    return videos


def _look_again(videos: list[Video], after: timedelta) -> None:
    Video.objects.filter(pk__in=[video.pk for video in videos]).update(describe_at=Now() + Value(after))


@transaction.atomic
def _describe(video: Video, shown: YouTubeVideo | None) -> None:
    """Fill the row in; what was written on chain already stays as it is there.

    A verdict reaches a video that nobody works on.
    """
    mine = Video.objects.filter(pk=video.pk)
    if shown is None:  # the feed showed it, the API does not: the download finds out what it is
        mine.update(needs_description=False)
        return
    names = youtube_facts.fill(video, shown)
    mine.update(**{name: getattr(video, name) for name in names}, needs_description=False)
    verdict = verdict_on(shown)
    if verdict is None:
        return
    idle = Q(leased_until=None) | Q(leased_until__lt=Now())
    waiting = mine.filter(idle, state=State.NEW, reason="").select_for_update().first()
    if waiting is not None:
        moves.fail(waiting, verdict)
