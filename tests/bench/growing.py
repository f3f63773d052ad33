"""What may not depend on how long the queue is."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_test_environment

from channels.models import Channel, Creator
from tests.support.factories import draft_video
from tests.support.many import make_many_channels, make_many_videos, settle
from videos import leases, pace, queue_order, sync_status
from videos.models import Video, VideoEvent
from videos.states import Stage

CATALOGUE = 50
"""Videos of a page of a catalogue that enters."""


class Town:
    """A queue that grows: twenty videos a channel, and one creator of a channel in the midst of it."""

    def __init__(self) -> None:
        setup_test_environment()
        self.size = 0
        self._dice = random.Random(1)
        self.channels: list[int] = []
        self.creator = Creator.objects.create(subject="bench", email="maker@example.com")
        self.visitor, self.staff = Client(), Client()
        session = self.visitor.session
        session["creator"] = self.creator.pk
        session.save()
        self.staff.force_login(
            User.objects.create_superuser("boss", "boss@example.com", "a password of twelve")
        )

    def grow_to(self, size: int) -> None:
        more = size - self.size
        channels = make_many_channels(max(more // 20, 1))
        make_many_videos(channels, more)
        self.channels += channels
        self.size = size
        self.mine = Channel.objects.get(pk=channels[len(channels) // 2])
        Channel.objects.filter(creator=self.creator).update(creator=None)
        Channel.objects.filter(pk=self.mine.pk).update(creator=self.creator)
        settle()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM videos_video, videos_queuecount, channels_channel")
            cursor.execute("CHECKPOINT")

    def some_videos(self, count: int) -> list[Video]:
        ids = [self._dice.randrange(self.size) for _ in range(count)]
        first = Video.objects.order_by("id").values_list("pk", flat=True)[0]
        return list(Video.objects.filter(pk__in=[first + id for id in ids]))

    def some_channel(self) -> Channel:
        return Channel.objects.get(pk=self._dice.choice(self.channels))


RUNS = 5


def pages(deed: Callable[[], object]) -> int:
    """How many pages of 8 kB the database looks at for the deed, with what it reads of its own catalogue."""
    before = _pages_so_far()
    for _ in range(RUNS):
        deed()
    return round((_pages_so_far() - before) / RUNS)


def _pages_so_far() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def claim(town: Town) -> None:
    with transaction.atomic():
        assert leases.claim(Stage.DOWNLOAD)
        transaction.set_rollback(True)


def place_of_a_video(town: Town) -> None:
    pace.expect_all(town.some_videos(1))


def places_of_a_page(town: Town) -> None:
    pace.expect_all(town.some_videos(50))


def place_of_a_channel(town: Town) -> None:
    sync_status.of_channels([town.some_channel()])


def entry_of_a_catalogue(town: Town) -> None:
    with transaction.atomic():
        channel = town.some_channel()
        videos = [draft_video(channel, youtube_id=f"e{number:010d}") for number in range(CATALOGUE)]
        queue_order.enter(channel, videos, weight=1, now=datetime.now(UTC), fresh=False)
        Video.objects.bulk_create(videos)
        VideoEvent.objects.bulk_create(
            VideoEvent(video=video, event="discovered", by="bench") for video in videos
        )
        transaction.set_rollback(True)


def dashboard_of_a_creator(town: Town) -> None:
    assert town.visitor.get(f"/dashboard/{town.mine.youtube_id}/").status_code == 200


def dashboard_of_staff(town: Town) -> None:
    cache.clear()
    assert town.staff.get("/admin/").status_code == 200


def list_of_videos(town: Town) -> None:
    assert town.staff.get("/admin/videos/video/").status_code == 200


def metrics(town: Town) -> None:
    cache.clear()
    assert Client().get("/api/v1/metrics/").status_code == 200


MEASURES: tuple[tuple[str, str, Callable[[Town], None]], ...] = (
    ("claim of the next video", "the head of a partial index, with its lease", claim),
    ("place and expected time of a video", "sums of buckets, and one bucket's rows", place_of_a_video),
    ("places and expected times of fifty videos", "one query", places_of_a_page),
    ("place and expected end of a channel", "its first and last video", place_of_a_channel),
    (f"entry of {CATALOGUE} videos of a catalogue", "rows, places, history, counts", entry_of_a_catalogue),
    ("a creator's dashboard", "the whole page", dashboard_of_a_creator),
    ("the staff's dashboard", "the whole page; its counts stop at 20,000", dashboard_of_staff),
    ("the staff's list of videos", "the whole page", list_of_videos),
    ("the public metrics", "estimated from a sample", metrics),
)
