"""Faults of our own processes, by the rows of the list of faults (O1, O6, O8, O9)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

import psutil
from django.db import connection, transaction
from django.utils import timezone

from channels import sync
from channels.models import Pause
from tests.faults.world import World, history, until_published
from tests.support.devnet import ROOT, wait_until
from tests.support.factories import reload
from tests.support.service import work
from videos import leases, moves
from videos.models import Video
from videos.states import Stage, State

SLOWLY = {"kind": "slow", "after_bytes": 50_000, "bytes_per_second": 15_000}
SLOW_VIDEO = {"itags": [137, 140]}


def environment(world: World) -> dict[str, str]:
    """Of another process of the service: the same configuration, the test's database."""
    where = connection.get_connection_params()
    options = urlencode({name: where[name] for name in ("host", "port", "password") if where.get(name)})
    database = f"postgres://{where['user']}@/{where['dbname']}?{options}"
    return {
        **os.environ,
        "CONFIG_PATH": str(world.var / "config.yml"),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "ytsynch.settings",
    }


@contextmanager
def cluster(world: World, stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    """The workers of a stage, as in production; killed with all they started when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "cluster", stage.value],
        cwd=ROOT,
        env=environment(world),
        stdout=(world.var / "cluster.log").open("ab"),
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """As when a host loses its power: nobody says goodbye."""
    if process.poll() is not None:
        return
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        member.kill()
    process.wait()
    psutil.wait_procs(family, timeout=10)


def a_minute_passes() -> None:
    Video.objects.exclude(lease_token=None).update(leased_until=timezone.now())


def test_o1_after_a_kill_in_the_middle_of_a_download_another_worker_goes_on(world):
    video = world.uploaded_to_youtube(**SLOW_VIDEO)
    world.do("youtube/media", video=video.youtube_id, **SLOWLY)
    with cluster(world, Stage.DOWNLOAD) as process:
        wait_until(lambda: (reload(video).progress or {}).get("done"), what="the first bytes")
        kill_all(process)
    world.do("youtube/media", kind="ok")
    work(Stage.DOWNLOAD)
    assert reload(video).state == State.NEW, "the dead one's lease still holds"
    a_minute_passes()
    until_published(video)
    world.is_published_exactly_once(video)
    assert history(video).count("downloaded") == 1


def test_o6_a_worker_that_lost_its_lease_while_downloading_changes_nothing(world):
    video = world.uploaded_to_youtube(**SLOW_VIDEO)
    world.do("youtube/media", video=video.youtube_id, **SLOWLY)
    with in_the_background(Stage.DOWNLOAD):
        wait_until(lambda: (reload(video).progress or {}).get("done"), what="the first bytes")
        with transaction.atomic():
            a_minute_passes()
            (theirs,) = leases.claim(Stage.DOWNLOAD)
        world.do("youtube/media", kind="ok")
    row = reload(video)
    assert (row.state, row.lease_token) == (State.NEW, theirs.lease_token)
    assert history(video) == []
    moves.release(theirs)
    until_published(video)
    world.is_published_exactly_once(video)


def test_o9_a_pause_in_the_middle_of_a_download_is_noticed_within_seconds(world):
    video = world.uploaded_to_youtube(**SLOW_VIDEO)
    world.do("youtube/media", video=video.youtube_id, **SLOWLY)
    with in_the_background(Stage.DOWNLOAD):
        wait_until(lambda: (reload(video).progress or {}).get("done"), what="the first bytes")
        sync.pause(video.channel, Pause.BY_CREATOR, by="creator")
        paused_at = time.monotonic()
    assert time.monotonic() - paused_at < 10
    row = reload(video)
    assert (row.state, row.lease_token, row.attempts, row.crashes) == (State.NEW, None, 0, 0)
    world.do("youtube/media", kind="ok")
    sync.resume(video.channel, by="creator")
    until_published(video)


@contextmanager
def in_the_background(stage: Stage) -> Iterator[None]:
    """A shift of the stage in a thread; the block ends with it."""

    def shift() -> None:
        try:
            work(stage)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(shift)
        yield
        done.result(60)


THREE_DYING_WORKERS = """
import django, os, signal
django.setup()
from django.db import connection
from django.utils import timezone
from videos.leases import claim
from videos.models import Video
for _ in range(3):
    worker = os.fork()
    if worker == 0:
        claim("download")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(worker, 0)
    assert Video.objects.exclude(lease_token=None).update(leased_until=timezone.now()) == 1  # a minute passes
    connection.close()
"""


def test_o8_a_video_that_kills_every_worker_is_set_aside_and_the_others_go_on(world):
    poison, other = world.uploaded_to_youtube(), world.uploaded_to_youtube()
    Video.objects.filter(pk=poison.pk).update(tag=other.tag - 1)
    workers = [sys.executable, "-c", THREE_DYING_WORKERS]
    subprocess.run(workers, cwd=ROOT, env=environment(world), check=True, timeout=60)
    assert reload(poison).lease_token is not None
    until_published(other)
    world.is_published_exactly_once(other)
    row = reload(poison)
    assert (row.state, row.reason) == (State.STUCK, "poison")
