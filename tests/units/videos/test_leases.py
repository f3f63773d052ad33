"""Who is at work on a video: real connections, real threads, the database's clock."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels import sync
from channels.models import Pause
from tests.support.factories import draft_video, make_channel, make_video, reload
from videos import leases, moves, tasks
from videos.errors import Poison
from videos.models import Band, Video, VideoEvent
from videos.states import SOURCE, Stage, State

pytestmark = pytest.mark.django_db

T = TypeVar("T")


def at_once(count: int, act: Callable[[], T]) -> list[T]:
    """`act` in so many threads at the same moment, each with a connection of its own."""
    start = Barrier(count)

    def run(_: int) -> T:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def until_end(video: Video) -> timedelta:
    """Of its lease."""
    assert video.leased_until is not None
    return video.leased_until - timezone.now()


def end_leases() -> None:
    """As if a minute had passed without a word of the workers."""
    Video.objects.exclude(lease_token=None).update(leased_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_instant_never_take_the_same_video():
    channel = make_channel()
    Video.objects.bulk_create(draft_video(channel) for _ in range(60))

    def take_until_nothing_is_left() -> list[Video]:
        taken: list[Video] = []
        while videos := leases.claim(Stage.DOWNLOAD, limit=3):
            taken += videos
        return taken

    taken = Counter(video.pk for videos in at_once(6, take_until_nothing_is_left) for video in videos)
    assert len(taken) == 60
    assert set(taken.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_wait_for_a_video_that_another_is_just_taking():
    first, second = make_video(tag=1.0), make_video(tag=2.0)
    with transaction.atomic():
        assert leases.claim(Stage.DOWNLOAD) == [first]
        assert at_once(1, lambda: leases.claim(Stage.DOWNLOAD)) == [[second]]


def test_a_claim_stamps_who_and_until_when():
    make_video()
    (video,) = leases.claim(Stage.DOWNLOAD)
    row = reload(video)
    assert row.lease_token == video.lease_token
    assert row.leased_by == leases.worker_name()
    assert timedelta() < until_end(row) <= leases.LEASE


@pytest.mark.parametrize("stage", SOURCE)
def test_a_stage_takes_only_videos_of_its_state(stage):
    videos = {state: make_video(state=state) for state in State}
    assert leases.claim(stage, limit=100) == [videos[SOURCE[stage]]]


def test_videos_are_taken_by_band_then_tag_then_age():
    channel = make_channel()
    order = [
        (Band.CATALOGUE, 1.0),
        (Band.FIRST, 9.0),
        (Band.CATALOGUE, 1.0),
        (Band.BOOST, 9.0),
        (Band.FRESH, 5.0),
    ]
    made = [make_video(channel, band=band, tag=tag) for band, tag in order]
    assert leases.claim(Stage.DOWNLOAD, limit=9) == [made[i] for i in (3, 1, 4, 0, 2)]


def test_what_is_leased_or_not_due_or_held_is_left_alone():
    make_video(next_attempt_at=timezone.now() + timedelta(seconds=5))
    make_video(make_channel(pause=Pause.BY_CREATOR))
    make_video()
    assert len(leases.claim(Stage.DOWNLOAD)) == 1
    assert leases.claim(Stage.DOWNLOAD) == []


def test_what_is_on_chain_is_finished_although_its_channel_is_paused():
    video = make_video(make_channel(pause=Pause.BY_CREATOR), state=State.CREATED)
    assert leases.claim(Stage.UPLOAD) == [video]


def test_a_lease_that_ended_is_taken_over_and_counted_as_a_crash():
    make_video()
    (mine,) = leases.claim(Stage.DOWNLOAD)
    end_leases()
    (theirs,) = leases.claim(Stage.DOWNLOAD)
    assert theirs.pk == mine.pk
    assert theirs.lease_token != mine.lease_token
    assert reload(theirs).crashes == 1


def test_a_lease_that_was_given_back_is_no_crash():
    make_video()
    for _ in range(5):
        (video,) = leases.claim(Stage.DOWNLOAD)
        moves.release(video)
    assert reload(video).crashes == 0


def test_a_video_whose_workers_died_three_times_is_set_aside_for_a_human():
    poison, other = make_video(tag=1.0), make_video(tag=2.0)
    for _ in range(leases.POISON_AFTER):
        assert leases.claim(Stage.DOWNLOAD) == [poison]
        end_leases()
    assert leases.claim(Stage.DOWNLOAD) == [other]  # nobody dies of it a fourth time
    end_leases()
    tasks._set_poison_aside(Stage.DOWNLOAD)
    row = reload(poison)
    assert (row.state, row.reason) == (State.STUCK, Poison.code)
    assert reload(other).state == State.NEW


def test_a_video_is_not_poison_while_its_worker_may_be_alive():
    make_video(crashes=leases.POISON_AFTER - 1)
    assert leases.poisoned(Stage.DOWNLOAD) == []
    leases.claim(Stage.DOWNLOAD)
    assert leases.poisoned(Stage.DOWNLOAD) == []


def test_a_worker_that_got_done_clears_the_name_of_the_video():
    make_video()
    for _ in range(2):
        leases.claim(Stage.DOWNLOAD)
        end_leases()
    (video,) = leases.claim(Stage.DOWNLOAD)
    moves.move(video, State.DOWNLOADED, event="downloaded")
    assert reload(video).crashes == 0


# --- the keeper, whose thread has a connection of its own


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.05)


def wait_for(question: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_lost(keeper: leases.Keeper) -> bool:
    try:
        keeper.check()
    except leases.LeaseLost:
        return True
    return False


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_its_worker_lives_even_if_it_is_silent(often):
    make_video()
    (video,) = leases.claim(Stage.DOWNLOAD)
    with leases.keeping(video) as keeper:
        Video.objects.update(leased_until=F("leased_until") - timedelta(seconds=50))
        wait_for(lambda: until_end(reload(video)) > timedelta(seconds=40))
        assert not is_lost(keeper)
    end_leases()
    time.sleep(0.2)
    assert until_end(reload(video)) < timedelta()  # nobody renews it any more


@pytest.mark.django_db(transaction=True)
def test_a_worker_notices_that_its_channel_was_paused(often):
    video = make_video()
    leases.claim(Stage.DOWNLOAD)
    video = reload(video)
    with leases.keeping(video) as keeper:
        sync.pause(video.channel, Pause.BY_CREATOR, by="ada")
        wait_for(lambda: is_lost(keeper))


@pytest.mark.django_db(transaction=True)
def test_a_worker_notices_that_another_has_the_video(often):
    make_video()
    (video,) = leases.claim(Stage.DOWNLOAD)
    with leases.keeping(video) as keeper:
        with transaction.atomic():
            end_leases()
            (theirs,) = leases.claim(Stage.DOWNLOAD)
        wait_for(lambda: is_lost(keeper))
    assert reload(video).lease_token == theirs.lease_token


@pytest.mark.django_db(transaction=True)
def test_progress_is_stored_at_once_and_then_once_a_second_at_most():
    make_video()
    (video,) = leases.claim(Stage.DOWNLOAD)
    with leases.keeping(video) as keeper:
        for done in range(100):
            keeper.report({"phase": "video", "done": done, "total": 100})
    assert reload(video).progress == {"phase": "video", "done": 0, "total": 100}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_asked_to_stop_ends_at_its_next_report(monkeypatch):
    make_video()
    (video,) = leases.claim(Stage.DOWNLOAD)
    monkeypatch.setattr("ytsynch.clusters.stopping._requested", True)
    with leases.keeping(video) as keeper, pytest.raises(leases.LeaseLost):
        keeper.report({})


# --- the query that carries the load


def plan_of(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_claim_of_every_stage_walks_along_the_index_of_the_queue():
    channels = [make_channel() for _ in range(40)]
    states = [State.PUBLISHED, State.PUBLISHED, State.SKIPPED, *SOURCE.values()]
    Video.objects.bulk_create(
        draft_video(channels[number % 40], state=states[number % 7], tag=float(number * 7919 % 10_007))
        for number in range(4_200)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video; ANALYZE channels_channel")
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
    for stage in SOURCE:
        with CaptureQueriesContext(connection) as queries:
            assert leases.claim(stage)
        (select,) = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
        plan = plan_of(select)
        assert "using video_queue" in plan
        assert "Seq Scan on videos_video" not in plan
        assert "Sort" not in plan


def test_a_claim_costs_the_same_few_queries_however_many_videos_it_takes(django_assert_max_num_queries):
    channel = make_channel()
    Video.objects.bulk_create(draft_video(channel) for _ in range(50))
    with django_assert_max_num_queries(4):  # two of them the savepoint
        assert len(leases.claim(Stage.DOWNLOAD, limit=50)) == 50
    assert not VideoEvent.objects.exists()
