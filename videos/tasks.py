"""What django-q2 wakes up. A bell that is lost, doubled or late changes nothing: what is to be done is in the
rows.
"""

import time
from collections.abc import Callable

import structlog
from django.conf import settings

from channels import lanes as channel_lanes
from channels.models import Lane, LanePurpose
from videos import brakes, leases, media_store, moves, outages, pace
from videos.errors import ChannelTrouble, MediaStoreAway, Poison, VideoError
from videos.models import Video
from videos.pipeline import (
    acceptance,
    addresses,
    creation,
    discovery,
    download,
    lanes,
    refusals,
    tool,
    upload,
)
from videos.states import NEXT, SOURCE, Stage, State
from videos.workers import Pulse
from ytsynch.clusters import stopping
from ytsynch.clusters.bell import ring
from ytsynch.failpoints import failpoint
from ytsynch.joystream.errors import JoystreamError, RuntimeChanged
from ytsynch.youtube.errors import YouTubeError

log = structlog.get_logger(__name__)

SHIFT = 600.0
"""Seconds after which a task ends even if there is more to do, so that a deploy or a new setting reaches
every worker.
"""


SWEEP_EVERY = 60.0
"""Seconds between two looks for files that nobody needs any more."""

_swept_at = float("-inf")


def run_stage(name: str) -> int:
    """Work on what the stage may claim until there is nothing left, or the shift is over. Returns how many
    steps were made.

    What falls due later is found by the bell that an idle cluster rings for itself every few seconds.
    """
    stage = Stage(name)
    step = _STEPS[stage]
    pulse = Pulse(stage)
    ends = time.monotonic() + SHIFT
    steps = 0
    pulse.beat()
    while time.monotonic() < ends and _may_go_on(stage) and step():
        steps += 1
        pulse.beat()
        failpoint("stage.stepped")
        if stage in NEXT:
            ring(NEXT[stage])
            failpoint("stage.rung")
    if stage in SOURCE:
        pace.idle(stage)
        _set_poison_aside(stage)
    if stage is Stage.ACCEPTANCE:
        _sweep()
    return steps


def _may_go_on(stage: Stage) -> bool:
    if not settings.CONFIG.sync.enable or stopping.requested():
        return False
    # creation asks for itself: what it has sent is followed to its end, whatever is switched off
    return stage is Stage.CREATION or not brakes.begins_nothing(stage)


def _sweep() -> None:
    """Delete files that nobody needs any more, now and then."""
    global _swept_at  # noqa: PLW0603 (a matter of this process)
    if time.monotonic() - _swept_at > SWEEP_EVERY:
        _swept_at = time.monotonic()
        try:
            if videos := media_store.sweep():
                log.info("media_store.swept", videos=videos)
        except MediaStoreAway as error:
            log.warning("media_store.not_swept", error=str(error))


def _set_poison_aside(stage: Stage) -> None:
    for video in leases.poisoned(stage):
        moves.fail(video, Poison("the workers that took it died, three in a row"))


def _one_by_one(stage: Stage, work: Callable[[Video], None]) -> Callable[[], bool]:
    def step() -> bool:
        videos = leases.claim(stage)
        for video in videos:
            with outages.surviving([video]):
                attempt(video, work)
        return bool(videos)

    return step


def _download() -> bool:
    """Nothing is taken up while YouTube would not see us by any address, or our tool does not understand it:
    the videos keep their places.
    """
    return addresses.any_free() and tool.may_begin() and _download_next()


def attempt(video: Video, work: Callable[[Video], None]) -> None:
    """Work on a claimed video; whatever goes wrong becomes a reaction, so that it never stops the others."""
    try:
        work(video)
    except (VideoError, YouTubeError, JoystreamError) as error:
        _failed(video, error)
    except outages.DATABASE_AWAY:  # says nothing about the video
        raise
    except Exception as error:
        log.exception("video.unexpected", video=video.youtube_id, stage=video.state)
        _failed(video, error)


def _failed(video: Video, error: Exception) -> None:
    """What the video left on the disk stays for the next try, and goes when there is none."""
    if isinstance(error, ChannelTrouble):
        refusals.pause_channel(video.channel, error)
    try:
        moves.fail(video, error)
    except leases.LeaseLost:
        log.info("video.lease_lost", video=video.youtube_id)
        return
    if video.state == State.SKIPPED:
        media_store.clear_work_folder(video)
        media_store.forget(video)


def _creation() -> bool:
    """Drive the lanes that are free until nothing is under way in them."""
    lane = lanes.claim(LanePurpose.VIDEOS)
    if lane is None:
        return False
    failpoint("creation.lane_claimed")
    busy = False
    pulse = Pulse(Stage.CREATION)  # a lane that always has something under way is driven for minutes
    try:
        while not stopping.requested() and lanes.renew(lane) and _advance(lane):
            busy = True
            pulse.beat()
            ring(Stage.UPLOAD)
            time.sleep(settings.CONFIG.sync.intervals.chain)
    except RuntimeChanged as error:
        channel_lanes.pause(lane, f"Needs a human: {error}", by="creation")
    except JoystreamError as error:
        log.warning("creation.waits", lane=lane.member_id, reason=error.code, text=str(error))
        time.sleep(settings.CONFIG.sync.intervals.chain)
    finally:
        lanes.release(lane)
    return busy


def _advance(lane: Lane) -> bool:
    """A step of the lane; while it is closed or creation is switched off, only of what was sent before."""
    is_closed = brakes.begins_nothing(Stage.CREATION) or not lanes.is_open(lane)
    return creation.settle(lane) if is_closed else creation.advance(lane)


def _acceptance() -> bool:
    videos = leases.claim(Stage.ACCEPTANCE, limit=100)
    if not videos:
        return False
    with outages.surviving(videos):
        try:
            acceptance.check(videos)
        except JoystreamError as error:
            for video in videos:
                if video.state == State.UPLOADED:
                    _failed(video, error)
    return True


_download_next = _one_by_one(Stage.DOWNLOAD, download.download)

_STEPS: dict[Stage, Callable[[], bool]] = {
    Stage.DISCOVERY: discovery.advance,
    Stage.DOWNLOAD: _download,
    Stage.CREATION: _creation,
    Stage.UPLOAD: _one_by_one(Stage.UPLOAD, upload.upload),
    Stage.ACCEPTANCE: _acceptance,
}
