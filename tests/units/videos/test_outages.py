"""The database goes away while a worker is at work (faults.md O2): the worker waits and begins anew; no video
is blamed.
"""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from tests.support.factories import make_channel, make_video, reload
from videos import leases, moves, outages, tasks
from videos.models import Video
from videos.states import Stage, State

pytestmark = pytest.mark.django_db(transaction=True)


def lose_the_database(*_: object) -> None:
    """As PostgreSQL's restart does to whoever is connected."""
    connection.connection.close()
    Video.objects.count()


def end_leases() -> None:
    Video.objects.update(leased_until=Now() - timedelta(seconds=1))


def test_o2_a_worker_that_loses_the_database_gives_its_videos_back_and_they_count_no_crash():
    for _ in range(2):
        make_video()
    videos = leases.claim(Stage.DOWNLOAD, limit=2)
    with outages.surviving(videos):
        lose_the_database()
    for video in videos:
        row = reload(video)
        assert (row.lease_token, row.leased_by, row.crashes, row.attempts) == (None, "", 0, 0)


def test_o2_a_video_is_not_blamed_however_often_the_database_goes_away_under_it():
    video = make_video()
    for _ in range(leases.POISON_AFTER + 1):
        (mine,) = leases.claim(Stage.DOWNLOAD)
        with outages.surviving([mine]):
            tasks.attempt(mine, lose_the_database)
    row = reload(video)
    assert (row.state, row.attempts, row.crashes, row.reason) == (State.NEW, 0, 0, "")
    assert not row.events.exists()


def test_o2_what_a_lost_transaction_had_moved_is_given_back_too():
    video = make_video(state=State.DOWNLOADED)
    videos = leases.claim(Stage.CREATION)
    with outages.surviving(videos), transaction.atomic():
        moves.move(videos[0], State.CREATING, event="signed")
        lose_the_database()
    row = reload(video)
    assert (row.state, row.lease_token) == (State.DOWNLOADED, None)


def test_o2_what_another_worker_has_taken_meanwhile_stays_his():
    make_video()
    mine = leases.claim(Stage.DOWNLOAD)
    end_leases()
    (theirs,) = leases.claim(Stage.DOWNLOAD)
    with outages.surviving(mine):
        lose_the_database()
    assert reload(theirs).lease_token == theirs.lease_token


def test_o2_a_database_that_stays_away_ends_the_work_after_a_lease(monkeypatch):
    make_video()
    videos = leases.claim(Stage.DOWNLOAD)
    looks = []

    def away(_: object) -> None:
        looks.append(time.monotonic())
        raise OperationalError("the database system is starting up")

    monkeypatch.setattr(moves, "release_claim", away)
    monkeypatch.setattr(outages, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(outages, "LOOK_EVERY", 0.1)
    with pytest.raises(OperationalError, match="starting up"), outages.surviving(videos):
        lose_the_database()
    assert len(looks) > 2


def creation_dies() -> list[int]:
    """A worker takes videos for creation and is killed."""
    claimed = leases.claim(Stage.CREATION, limit=100)
    end_leases()
    return [video.pk for video in claimed]


def test_o8_bystanders_of_a_crash_are_told_from_poison():
    channel = make_channel()
    videos = [make_video(channel, state=State.DOWNLOADED, tag=float(n)) for n in range(30)]
    ids = [video.pk for video in videos]
    assert creation_dies() == ids
    assert creation_dies() == ids[:10]  # after one crash the square root of what is usual
    assert creation_dies() == ids[:1]  # after two, one alone
    tasks._set_poison_aside(Stage.CREATION)
    stuck = Video.objects.filter(state=State.STUCK).values_list("pk", flat=True)
    assert list(stuck) == ids[:1]
    (next_one,) = leases.claim(Stage.CREATION, limit=100)
    assert next_one.pk == ids[1]
