"""The order of the queue: fair by construction, written once when a video enters.

The band decides first: what staff boosted, the first video of a new channel, new uploads, back catalogues.
Within the back catalogue each channel's videos carry virtual finish times, as in weighted fair queueing: a
channel's next video begins where its last one ends, or at the queue's clock if that is later, and takes its
duration divided by the weight of the channel's tier. So channels take turns in proportion to their weights
however long their backlogs are, and nothing ever has to be sorted again. (Golestani, «A self-clocked fair
queueing scheme», INFOCOM 1994.)
"""

import math
from collections.abc import Iterable
from datetime import datetime

from channels.models import Channel
from videos.models import Band, QueueClock, Video

SHORTEST, LONGEST = 60, 4 * 3600
"""Seconds: what a video costs its channel at least and at most."""


def appeal(video: Video, now: datetime) -> float:
    """What a channel's own videos are sorted by when they enter together: recent, popular and short ones
    first.
    """
    age_in_days = max((now - video.published_at).total_seconds() / 86400, 0)
    return math.log10(video.views + 10) - math.log10(age_in_days + 10) - math.log10(cost(video)) / 2


def cost(video: Video) -> int:
    return min(max(video.duration, SHORTEST), LONGEST)


def enter(channel: Channel, videos: Iterable[Video], *, weight: int, now: datetime, fresh: bool) -> None:
    """Give the videos their places. `fresh`: they are new uploads of a channel whose back catalogue is known.

    The caller saves the videos, and holds the channel's row locked until it has.
    """
    queue = sorted(videos, key=lambda video: appeal(video, now), reverse=True)
    if not queue:
        return
    if fresh:
        for video in queue:
            video.band, video.tag = Band.FRESH, now.timestamp()
        return
    if channel.queue_finish == 0:
        queue[0].band, queue[0].tag = Band.FIRST, now.timestamp()
    finish = max(channel.queue_finish, _clock())
    for video in queue:
        finish += cost(video) / weight
        if video.band != Band.FIRST:
            video.band, video.tag = Band.CATALOGUE, finish
    channel.queue_finish = finish
    Channel.objects.filter(pk=channel.pk).update(queue_finish=finish)


def served(video: Video) -> None:
    """The queue's clock follows the video that is being worked on: a channel that comes later begins there."""
    if video.band == Band.CATALOGUE:
        QueueClock.objects.filter(pk=1, time__lt=video.tag).update(time=video.tag)


def _clock() -> float:
    return QueueClock.objects.values_list("time", flat=True).get(pk=1)
