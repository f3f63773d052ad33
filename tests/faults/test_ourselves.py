"""Faults of our own processes and of what they stand on, by the rows of the list of faults (O1–O10)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from channels import sync
from channels.models import Pause
from tests.faults.world import World, history, until_it_waits, until_published
from tests.support.devnet import ROOT, wait_until
from tests.support.factories import reload
from tests.support.service import work
from videos import leases, moves
from videos.models import Video
from videos.states import Stage, State
from ypp import letters
from ypp.letters.models import Letter

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


def test_o2_a_database_that_goes_away_in_the_middle_of_a_download_is_no_crash_of_the_video(world):
    video = world.uploaded_to_youtube(**SLOW_VIDEO)
    world.do("youtube/media", video=video.youtube_id, **SLOWLY)
    with in_the_background(Stage.DOWNLOAD):
        wait_until(lambda: (reload(video).progress or {}).get("done"), what="the first bytes")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        world.do("youtube/media", kind="ok")
    until_published(video)
    row = reload(video)
    assert (row.crashes, row.attempts) == (0, 0)
    world.is_published_exactly_once(video)


def test_o3_a_queue_that_lost_all_its_bells_loses_no_video(world):
    video = world.uploaded_to_youtube()  # a row, and no bell
    OrmQ.objects.all().delete()
    with cluster(world, Stage.DOWNLOAD):
        wait_until(lambda: reload(video).state == State.DOWNLOADED, seconds=60, what="the download")


def test_o4_while_the_disk_is_full_downloads_wait_and_uploads_go_on_and_free_it(world):
    there = world.created()
    world.set("sync.limits.storage", 0.000_001)
    waiting = world.uploaded_to_youtube()
    until_it_waits(waiting, "media_store_full", Stage.DOWNLOAD)
    assert reload(waiting).attempts == 0
    until_published(there)
    assert reload(there).reserved_bytes == 0
    world.set("sync.limits.storage", 2)
    until_published(waiting)


@pytest.mark.parametrize("error", [-86_400, 86_400])
def test_o5_a_host_whose_clock_is_wrong_takes_nothing_that_another_holds(world, monkeypatch, error):
    video = world.uploaded_to_youtube()
    (mine,) = leases.claim(Stage.DOWNLOAD)
    true_time = time.time
    monkeypatch.setattr(time, "time", lambda: true_time() + error)
    wrong = timezone.now() + timedelta(seconds=error)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    assert leases.claim(Stage.DOWNLOAD) == []
    monkeypatch.undo()
    left = reload(video).leased_until - timezone.now()  # type: ignore[operator]
    assert timedelta(0) < left <= leases.LEASE
    moves.release(mine)


def test_o7_a_wrong_setting_is_refused_at_the_start_and_named(world):
    wrong = environment(world) | {"YT_SYNCH__SYNC__LIMITS__STORAGE": "plenty"}
    started = subprocess.run(
        [sys.executable, "manage.py", "cluster", "download"],
        cwd=ROOT, env=wrong, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert "sync.limits.storage" in started.stderr


def test_o10_a_letter_is_kept_while_the_mail_server_is_away_and_sent_once_it_is_back(world, settings):
    where = urlsplit(world.devnet.mailbox["smtp"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = where.hostname, where.port
    world.do("mailbox/clear")
    world.do("mailbox/unavailable")
    channel = world.channel(email="keeper@example.com")
    sync.record(channel, "signed_up", by="a test")
    letters.write_due()
    letters.deliver_due()
    assert Letter.objects.get().sent_at is None
    world.do("mailbox/unavailable", on=False)
    for _ in range(2):
        Letter.objects.update(next_attempt_at=timezone.now())
        letters.deliver_due()
    assert Letter.objects.get().sent_at is not None
    assert world.devnet.state()["mailbox"]["mails"] == 1
