"""Places in the queue are exact whatever happens to it, and cost the same however long it is."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels import sync
from channels.models import Channel, Pause
from tests.support.factories import draft_video, make_channel, make_video
from tests.support.many import make_many_channels, make_many_videos, settle
from videos import interventions, leases, pace, places
from videos.models import Band, QueueCount, Video
from videos.places import Ends
from videos.states import SOURCE, STAGE_OF, Stage, State

pytestmark = pytest.mark.django_db

many = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def counted_one_by_one() -> dict[int, int]:
    """The places as anybody would count them."""
    queued = Video.objects.filter(held="", state__in=SOURCE.values()).in_queue_order()
    found: dict[int, int] = {}
    ahead = dict.fromkeys(SOURCE.values(), 0)
    for video in queued:
        ahead[State(video.state)] += 1
        found[video.pk] = ahead[State(video.state)]
    return found


def all_places() -> dict[int, int]:
    return places.places(Video.objects.values_list("pk", flat=True))


class Town:
    """Channels whose videos enter the queue and move on in it. Each public method is something that may
    happen.
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._channels = [make_channel() for _ in range(3)]

    def some_videos_enter(self) -> None:
        now = timezone.now().timestamp()
        for _ in range(self._dice.randint(1, 12)):
            band = self._dice.choice(list(Band))
            far = self._dice.choice([10, 1_000, 100_000, 10_000_000])
            tag = self._dice.random() * far + (0 if band is Band.CATALOGUE else now)
            draft_video(self._channel(), band=band, tag=round(tag, self._dice.randint(0, 3))).save()

    def many_videos_enter_at_once(self) -> None:
        drafts = [draft_video(self._channel(), tag=self._dice.random() * 70_000) for _ in range(30)]
        Video.objects.bulk_create(drafts)

    def some_move_on(self) -> None:
        for video in self._some():
            fields = {"joystream_video_id": 100_000 + video.pk} if video.state != State.NEW else {}
            following = {
                State.NEW: State.DOWNLOADED,
                State.DOWNLOADED: State.CREATED,
                State.CREATED: State.UPLOADED,
            }
            to = following.get(State(video.state), State.PUBLISHED)
            Video.objects.filter(pk=video.pk).update(state=to, **fields)

    def one_is_boosted(self) -> None:
        for video in self._some()[:1]:
            if interventions.why_not_boost(video) is None:
                interventions.boost(video, by="staff")

    def a_channel_is_paused(self) -> None:
        channel = self._channel()
        if not channel.pause:
            sync.pause(channel, Pause.BY_CREATOR, by="creator")

    def a_channel_goes_on(self) -> None:
        channel = self._channel()
        if channel.pause:
            sync.resume(channel, by="creator")

    def some_are_deleted(self) -> None:
        Video.objects.filter(pk__in=[video.pk for video in self._some()[:2]]).delete()

    def someone_works(self) -> None:
        leases.claim(Stage.DOWNLOAD, limit=5)

    def counts_are_folded(self) -> None:
        places.fold()

    def _channel(self) -> Channel:
        return Channel.objects.get(pk=self._dice.choice(self._channels).pk)

    def _some(self) -> list[Video]:
        known = list(Video.objects.filter(state__in=STAGE_OF).select_related("channel").order_by("id"))
        return self._dice.sample(known, min(len(known), 5))


EVENTS: list[Callable[[Town], None]] = [
    event for name, event in vars(Town).items() if callable(event) and not name.startswith("_")
]


@many
@given(st.lists(st.sampled_from(EVENTS), min_size=5, max_size=25), st.randoms(use_true_random=False))
def test_places_are_those_of_the_order_whatever_happens(events, dice):
    with transaction.atomic():
        town = Town(dice)
        for event in events:
            event(town)
        expected = counted_one_by_one()
        assert all_places() == expected
        while places.fold():
            pass
        assert all_places() == expected
        assert sum(pace.outlook(timezone.now()).waiting.values()) == len(expected)
        assert not QueueCount.objects.filter(videos__lte=0).exists(), "an empty bucket takes no room"
        transaction.set_rollback(True)


def test_the_ends_of_channels_in_each_state():
    one, other, empty = make_channel(), make_channel(), make_channel()
    for tag, channel in enumerate([one, other, other, one, one, other]):
        make_video(channel, tag=float(tag))
    make_video(one, state=State.CREATED)
    make_video(one, state=State.PUBLISHED)
    found = places.of_channels([one.pk, other.pk, empty.pk])
    assert sorted(found[one.pk], key=lambda ends: ends.state) == [
        Ends(State.CREATED, 1, 1),
        Ends(State.NEW, 1, 5),
    ]
    assert found[other.pk] == [Ends(State.NEW, 2, 6)]
    assert empty.pk not in found


def test_a_lease_and_its_renewals_write_nothing_down():
    video = make_video()
    before = QueueCount.objects.count()
    leases.claim(Stage.DOWNLOAD)
    Video.objects.filter(pk=video.pk).update(progress={"done": 1})
    assert QueueCount.objects.count() == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_who_move_the_same_buckets_at_once_never_wait_for_each_other_and_lose_no_count():
    channel = make_channel()
    ids = [make_video(channel, tag=float(number % 7)).pk for number in range(120)]

    def mover(mine: list[int]) -> None:
        """Each transaction moves some of its own videos, in an order of its own, while others do."""
        try:
            for start in range(0, len(mine), 5):
                with transaction.atomic():
                    for pk in mine[start : start + 5]:
                        Video.objects.filter(pk=pk).update(state=State.DOWNLOADED)
                places.fold()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mover, [random.Random(n).sample(ids[n::4], 30) for n in range(4)]))
    while places.fold():
        pass
    waiting = pace.outlook(timezone.now()).waiting
    assert (waiting[Stage.DOWNLOAD], waiting[Stage.CREATION]) == (0, 120)
    assert all_places() == counted_one_by_one()


def plan_of(sql: str, parameters: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS) {sql}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def rows_read(plan: str) -> int:
    """By all the scans of the plan, in all their loops."""
    total = 0.0
    for line in plan.splitlines():
        if "Scan" in line and "actual rows=" in line:
            rows, _, loops = line.partition("actual rows=")[2].rstrip(")").partition(" loops=")
            total += float(rows) * int(loops)
    return round(total)


@pytest.fixture
def long_queue() -> list[int]:
    """Twenty thousand videos of two hundred channels, as fair queueing spreads them."""
    channels = make_many_channels(200)
    make_many_videos(channels, 20_000)
    settle()
    return channels


def test_a_place_is_read_from_sums_along_indexes_and_not_from_the_rows_ahead(long_queue):
    last = Video.objects.in_queue_order().reverse()[0]
    middle = Video.objects.in_queue_order()[10_000]
    assert places.places([last.pk, middle.pk]) == {last.pk: 20_000, middle.pk: 10_001}
    plan = plan_of(places.PLACES, [[middle.pk]])
    assert "queue_count" in plan
    assert "video_queue" in plan
    assert "Seq Scan" not in plan
    assert rows_read(plan) < 700, f"at most three times 256 sums, and one bucket:\n{plan}"


def test_the_ends_of_a_channel_are_read_along_its_own_index(long_queue):
    plan = plan_of(places.ENDS, [long_queue[:5], sorted(SOURCE.values())])
    assert "video_of_channel_in_order" in plan
    assert "Seq Scan" not in plan
    assert rows_read(plan) < 10 * 300, plan


def test_expected_times_of_a_page_and_of_channels_take_a_few_queries(long_queue, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(places.of_channels(long_queue)) == 200
    page = list(Video.objects.values_list("pk", flat=True)[:50])
    with django_assert_num_queries(1):
        assert len(places.places(page)) == 50
