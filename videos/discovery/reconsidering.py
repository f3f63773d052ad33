"""Final verdicts are looked at again, and undone where they no longer hold (head of faults.md; Y1, Y4).

What the Data API can tell is asked there. What only the video's page tells is asked there, through an address as
for a download. What neither tells (a bad file, a limit) is tried again by a new download.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from channels.models import Channel
from videos import errors, moves, outside, queue_order, reactions, youtube_facts
from videos.discovery.entering import has_room_for, tier_of, verdict_on
from videos.models import Video
from videos.pipeline import addresses
from videos.states import Stage, State
from ytsynch.clusters.bell import ring
from ytsynch.youtube import errors as youtube
from ytsynch.youtube.data_api import YouTubeVideo

log = structlog.get_logger(__name__)

BY = "second look"

FOR_GOOD = frozenset({errors.SkippedByStaff.code, errors.UploadedByHand.code, errors.GoneOnJoystream.code})
"""Reasons that no look at YouTube can change."""

ON_ITS_PAGE = frozenset(
    kind.code
    for kind in (
        youtube.VideoRefused,
        youtube.VideoUnavailable,
        youtube.VideoDeleted,
        youtube.ChannelTerminated,
        youtube.MembersOnly,
        youtube.PaidOnly,
        youtube.GeoBlocked,
        youtube.DrmProtected,
        youtube.UnknownRefusal,
    )
)

FRESH = timedelta(days=7)
"""An upload that is no older takes its place among the new ones."""


def reconsider(video: Video, shown: YouTubeVideo | None) -> bool:
    """Whether the video gets a second chance: it is in the queue then."""
    if shown is None or video.reason in FOR_GOOD:
        return False
    verdict = verdict_on(shown)
    if verdict is not None and reactions.reaction_to(verdict) is reactions.SKIP:
        _restate(video, verdict)
        return False
    if video.reason == youtube.RecordingRefused.code and not settings.CONFIG.sync.limits.recordings:
        return False
    if video.reason in ON_ITS_PAGE and not _its_page_shows_it(video):
        return False
    return _admit(video, shown)


def _restate(video: Video, verdict: Exception) -> None:
    """It is still not to be brought over, perhaps for another reason."""
    code = reactions.code_of(verdict)
    if video.reason not in (code, errors.BeyondTierCap.code):
        Video.objects.filter(pk=video.pk, state=State.SKIPPED).update(reason=code, reason_text=str(verdict))
        log.info("video.other_reason", video=video.youtube_id, was=video.reason, reason=code)


def _its_page_shows_it(video: Video) -> bool:
    try:
        address = addresses.take(avoiding=video.answers)
    except errors.NoFreeAddress:
        return False
    try:
        outside.downloader(addresses.url_of(address)).ask(video.youtube_id)
    except youtube.AddressBlocked as block:
        addresses.exclude(address, block)
        return False
    except youtube.YouTubeError:
        return False
    return True


@transaction.atomic
def _admit(video: Video, shown: YouTubeVideo) -> bool:
    """Give the video a place in the queue, as it is now on YouTube."""
    channel = Channel.objects.select_for_update().get(pk=video.channel_id)
    names = youtube_facts.fill(video, shown)
    if video.reason == errors.BeyondTierCap.code and not has_room_for(channel, video):
        return False
    now = datetime.now(UTC)
    is_fresh = channel.catalogue_complete and now - video.published_at < FRESH
    queue_order.enter(channel, [video], weight=tier_of(channel).weight, now=now, fresh=is_fresh)
    was = video.reason
    moves.move(
        video,
        State.NEW,
        event="second_chance",
        by=BY,
        detail={"was": was},
        band=video.band,
        tag=video.tag,
        answers={},
        held=channel.pause,
        **{name: getattr(video, name) for name in names},
    )
    ring(Stage.DOWNLOAD)
    return True
