"""The order of the queue: fair by construction, whatever comes in whatever order.

The properties are those of self-clocked fair queueing (Golestani 1994); channels and videos need no rows for
them, only the queue's clock is one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.models import Channel
from tests.support.factories import make_channel, make_video
from videos import leases, queue_order
from videos.models import Band, QueueClock, Video
from videos.queue_order import LONGEST, SHORTEST, cost
from videos.states import Stage

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, tzinfo=UTC)

many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
durations = st.integers(SHORTEST, 3600)
weights = st.integers(1, 4)
catalogues = st.lists(durations, min_size=1, max_size=12)


class Queue:
    """Channels that enter and videos that are worked on, one after the other, as the stages do it."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._moments = (NOW + timedelta(seconds=second) for second in count())
        self.waiting: list[tuple[int, float, int, str, Video]] = []
        self.channels: dict[str, tuple[Channel, int]] = {}

    def enter(
        self, lengths: list[int], *, weight: int = 1, name: str | None = None, fresh: bool = False
    ) -> str:
        """More videos of a channel: of a new one, unless it is known by its name."""
        name = name or f"channel {len(self.channels) + 1}"
        channel, weight = self.channels.setdefault(name, (Channel(youtube_id=name), weight))
        videos = [
            Video(duration=length, published_at=NOW - timedelta(days=1), views=100) for length in lengths
        ]
        queue_order.enter(channel, videos, weight=weight, now=next(self._moments), fresh=fresh)
        self.waiting += [(video.band, video.tag, next(self._ids), name, video) for video in videos]
        return name

    def work(self) -> tuple[str, Video]:
        """Take the next video in the order of the claim."""
        entry = min(self.waiting, key=lambda entry: entry[:3])
        self.waiting.remove(entry)
        queue_order.served(entry[-1])
        return entry[-2], entry[-1]

    def is_backlogged(self, name: str) -> bool:
        return any(entry[-2] == name for entry in self.waiting)


@contextmanager
def fresh_queue() -> Iterator[Queue]:
    """A queue whose clock is at zero, and is so again afterwards."""
    with transaction.atomic():
        QueueClock.objects.update(time=0.0)
        yield Queue()
        transaction.set_rollback(True)


@many
@given(st.lists(st.tuples(weights, catalogues), min_size=2, max_size=5))
def test_backlogged_channels_are_served_in_proportion_to_their_weights(channels):
    """However far apart two channels are, it is less than one video of each, by their weights."""
    with fresh_queue() as queue:
        given_weights = {queue.enter(lengths, weight=weight): weight for weight, lengths in channels}
        served = dict.fromkeys(given_weights, 0.0)
        largest = {name: max(lengths) for name, (_, lengths) in zip(given_weights, channels, strict=True)}
        for _ in channels:  # the first video of each goes ahead, and is counted
            name, video = queue.work()
            served[name] += cost(video) / given_weights[name]
        while all(queue.is_backlogged(name) for name in given_weights):
            name, video = queue.work()
            served[name] += cost(video) / given_weights[name]
            slack = sum(
                sorted((largest[each] / given_weights[each] for each in given_weights), reverse=True)[:2]
            )
            assert max(served.values()) - min(served.values()) <= slack + 1e-6


@many
@given(st.integers(5, 30), st.integers(1, 20))
def test_a_channel_that_comes_late_neither_catches_up_nor_is_left_behind(backlog, served_before):
    """From its arrival on it takes turns with who was there, whatever was done before."""
    with fresh_queue() as queue:
        old = queue.enter([600] * (backlog + served_before + 1))
        for _ in range(served_before + 1):
            queue.work()
        new = queue.enter([600] * backlog)
        assert queue.work()[0] == new  # its first video
        turns = [queue.work()[0] for _ in range(backlog)]
        assert abs(turns.count(old) - turns.count(new)) <= 2
        for four in zip(turns, turns[1:], turns[2:], turns[3:], strict=False):
            assert set(four) == {old, new}


@many
@given(st.integers(2, 10), st.lists(st.tuples(weights, durations), min_size=60, max_size=60))
def test_no_channel_starves_while_new_ones_keep_coming(backlog, newcomers):
    """A new channel with two videos after every third that is done: there is room for no more."""
    with fresh_queue() as queue:
        old = queue.enter([600] * backlog)
        done = 0
        for weight, length in newcomers:
            queue.enter([length, length], weight=weight)
            done += sum(queue.work()[0] == old for _ in range(3))
            if done == backlog:
                return
        pytest.fail(f"{done} of {backlog} after {3 * len(newcomers)} turns")


@many
@given(st.lists(catalogues, min_size=1, max_size=6))
def test_the_first_video_of_each_new_channel_goes_before_all_back_catalogues(channels):
    with fresh_queue() as queue:
        queue.enter([600] * 50)
        queue.work()
        newcomers = [queue.enter(lengths) for lengths in channels]
        assert [queue.work()[0] for _ in newcomers] == newcomers, "in the order in which they came"


@many
@given(st.lists(st.tuples(st.integers(0, 3), catalogues, st.booleans()), min_size=1, max_size=8))
def test_whoever_enters_later_changes_no_place_among_those_before(entries):
    with fresh_queue() as queue:
        for number, lengths, fresh in entries:
            before = [entry[:3] for entry in queue.waiting]
            queue.enter(lengths, name=f"channel {number}", fresh=fresh)
            assert [entry[:3] for entry in queue.waiting[: len(before)]] == before


@many
@given(st.lists(st.tuples(st.integers(0, 2), catalogues), min_size=1, max_size=6))
def test_a_channels_later_videos_never_overtake_its_earlier_ones(entries):
    with fresh_queue() as queue:
        for number, lengths in entries:
            name, before = f"channel {number}", len(queue.waiting)
            earlier = tags_of(name, queue.waiting)
            queue.enter(lengths, name=name)
            later = tags_of(name, queue.waiting[before:])
            assert max(earlier, default=0.0) < min(later, default=float("inf"))


def tags_of(name: str, entries: list[tuple[int, float, int, str, Video]]) -> list[float]:
    return [tag for band, tag, _, owner, _ in entries if owner == name and band == Band.CATALOGUE]


@many
@given(st.lists(durations, min_size=2, max_size=30))
def test_the_clock_never_goes_back(lengths):
    with fresh_queue() as queue:
        queue.enter(lengths)
        queue.enter(lengths, weight=3)
        times = []
        while queue.waiting:
            queue.work()
            times.append(QueueClock.objects.get().time)
        assert times == sorted(times)


def test_what_staff_boosted_goes_first_then_first_videos_then_new_uploads_then_catalogues():
    channel = make_channel()
    bands = [Band.CATALOGUE, Band.FRESH, Band.FIRST, Band.BOOST]
    videos = [make_video(channel, band=band) for band in bands]
    assert leases.claim(Stage.DOWNLOAD, limit=4) == videos[::-1]


def test_new_uploads_of_a_known_channel_are_served_in_the_order_in_which_they_came():
    with fresh_queue() as queue:
        queue.enter([600] * 10, name="old")
        queue.work()
        queue.enter([3600], name="old", fresh=True)
        queue.enter([60], name="new")
        queue.enter([60], name="old", fresh=True)
        taken = [queue.work() for _ in range(3)]
        assert [(name, video.duration) for name, video in taken] == [("new", 60), ("old", 3600), ("old", 60)]


def test_a_channel_whose_first_page_has_nothing_to_queue_still_gets_its_first_video_soon():
    with fresh_queue() as queue:
        queue.enter([], name="late")
        queue.enter([600, 600], name="late")
        assert sorted(band for band, *_ in queue.waiting) == [Band.FIRST, Band.CATALOGUE]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"published_at": NOW - timedelta(days=2)}, {"published_at": NOW - timedelta(days=900)}),
        ({"views": 50_000}, {"views": 12}),
        ({"duration": 300}, {"duration": 9_000}),
    ],
    ids=["recent", "popular", "short"],
)
def test_of_a_channels_own_videos_the_more_appealing_goes_first(better, worse):
    plain = {"published_at": NOW - timedelta(days=30), "views": 1_000, "duration": 900}
    first, last = (Video(**{**plain, **fields}) for fields in (better, worse))
    with transaction.atomic():
        queue_order.enter(Channel(), [last, first], weight=1, now=NOW, fresh=False)
    assert (first.band, last.band) == (Band.FIRST, Band.CATALOGUE)


@pytest.mark.parametrize(("duration", "seconds"), [(0, SHORTEST), (900, 900), (10**6, LONGEST)])
def test_no_video_is_free_and_none_costs_more_than_four_hours(duration, seconds):
    assert cost(Video(duration=duration)) == seconds


def test_places_are_saved_with_the_channels_finish():
    channel = make_channel()
    videos = [Video(duration=600, published_at=NOW) for _ in range(3)]
    queue_order.enter(channel, videos, weight=2, now=NOW, fresh=False)
    assert Channel.objects.get().queue_finish == channel.queue_finish == 900.0
