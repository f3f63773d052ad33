"""Files between download and acceptance: the budget in the database, and where they lie: a folder or a bucket."""

import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from tests.support.factories import make_video, reload
from tests.support.s3 import KEY_ID, REGION, SECRET, bucket_at, running_s3
from videos import media_s3, media_store
from videos.errors import FileLost, MediaStoreAway, MediaStoreFull
from videos.media_s3 import PART, S3Store
from videos.media_store import FolderStore, MediaStore
from videos.models import Video
from videos.states import State
from ytsynch.config import Config
from ytsynch.devnet.content_id import content_id
from ytsynch.joystream.content_id import ContentHasher

BUDGET = 1_000_000


@pytest.fixture
def _budget(settings):
    settings.CONFIG = Config.model_validate({"sync": {"limits": {"storage": BUDGET / 10**9}}})


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with running_s3() as address:
        yield address


@pytest.fixture(params=["folder", "bucket", "bucket/with/prefix"])
def store(request, tmp_path) -> MediaStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "media")
    bucket, _, prefix = request.param.partition("/")
    return bucket_at(request.getfixturevalue("s3"), f"{bucket}-{uuid4()}", prefix)


@pytest.fixture(params=["folder", "bucket"])
def stores(request, tmp_path) -> dict[str, Any]:
    """A configuration that says where media lie."""
    if request.param == "folder":
        return {"sync": {"mediaDir": str(tmp_path / "media")}}
    address, bucket = request.getfixturevalue("s3"), f"sweep-{uuid4()}"
    bucket_at(address, bucket)
    credentials = {"accessKeyId": KEY_ID, "secretAccessKey": SECRET}
    return {
        "sync": {"mediaBucket": bucket},
        "aws": {"endpoint": address, "region": REGION, "credentials": credentials},
    }


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "download.mp4"
    path.write_bytes(
        b"".join(sha256(bytes([number])).digest() for number in range(200)) * 400
    )  # over two chunks
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_budget")
def test_downloads_at_the_same_instant_stay_within_the_budget_together():
    videos = [make_video() for _ in range(8)]

    def try_to_reserve(video: Video) -> bool:
        try:
            media_store.reserve(video, BUDGET // 3)
        except MediaStoreFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_reserve, videos)) == 3
    assert Video.objects.aggregate(sum=Sum("reserved_bytes"))["sum"] == BUDGET // 3 * 3


@pytest.mark.django_db
@pytest.mark.usefixtures("_budget")
def test_a_new_reservation_takes_the_place_of_the_videos_old_one():
    video, other = make_video(), make_video()
    media_store.reserve(video, BUDGET * 9 // 10)
    media_store.reserve(video, BUDGET)
    with pytest.raises(MediaStoreFull):
        media_store.reserve(other, 1)
    media_store.reserve(video, BUDGET - 1)
    media_store.reserve(other, 1)
    assert (reload(video).reserved_bytes, reload(other).reserved_bytes) == (BUDGET - 1, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("_budget")
def test_a_refused_reservation_leaves_the_old_one_and_says_the_numbers():
    video, other = make_video(), make_video(reserved_bytes=600_000)
    media_store.reserve(video, 1_000)
    with pytest.raises(MediaStoreFull, match="600,000 of 1,000,000"):
        media_store.reserve(video, 500_000)
    assert (reload(video).reserved_bytes, reload(other).reserved_bytes) == (1_000, 600_000)


def content_of(store: MediaStore, key: str, size: int) -> bytes:
    with store.open(key, size=size) as file:
        return file.read(-1)


def test_a_file_is_moved_in_and_hashed_as_joystream_names_it(store, file):
    content = file.read_bytes()
    assert store.take(file, "abc/0.mp4") == (len(content), content_id(content))  # the devnet's own code
    assert not file.exists()
    assert content_of(store, "abc/0.mp4", len(content)) == content


def test_a_file_of_the_same_key_is_replaced(store, file, tmp_path):
    store.take(file, "abc/0.mp4")
    newer = tmp_path / "again.mp4"
    newer.write_bytes(b"newer")
    store.take(newer, "abc/0.mp4")
    assert content_of(store, "abc/0.mp4", 5) == b"newer"


def test_a_lost_or_cut_file_is_noticed(store, file):
    size, _ = store.take(file, "abc/0.mp4")
    store.check("abc/0.mp4", size=size)
    with pytest.raises(FileLost, match=r"abc/0\.mp4"):
        store.check("abc/0.mp4", size=size - 1)
    store.discard("abc/0.mp4")
    with pytest.raises(FileLost), store.open("abc/0.mp4", size=size):
        pass


@pytest.mark.parametrize("key", ["../secret", "abc/../../secret", "/etc/passwd"])
def test_no_key_leads_out_of_the_store(store, file, key):
    with pytest.raises(ValueError, match="out of the media store"):
        store.take(file, key)
    with pytest.raises(ValueError, match="out of the media store"):
        store.check(key, size=1)
    assert file.exists()


def test_removing_takes_all_files_of_one_video_and_nothing_else(store, file, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"other")
    size, _ = store.take(file, "abc/0.mp4")
    store.take(other, "abd/0.mp4")
    assert sorted(store.youtube_ids()) == ["abc", "abd"]
    store.remove("abc")
    store.remove("abc")
    with pytest.raises(FileLost):
        store.check("abc/0.mp4", size=size)
    assert content_of(store, "abd/0.mp4", 5) == b"other"
    assert store.youtube_ids() == ["abd"]


def test_a_large_file_goes_in_and_out_of_a_bucket_in_little_memory(s3, tmp_path):
    store = bucket_at(s3, "large")
    path, size = tmp_path / "large.mp4", 7 * PART + 12_345
    with path.open("wb") as large:
        for number in range(7):
            large.write(bytes([number]) * PART)
        large.write(b"z" * 12_345)
    expected = content_id(path.read_bytes())
    tracemalloc.start()
    try:
        assert store.take(path, "abc/0.mp4") == (size, expected)
        hasher = ContentHasher()
        with store.open("abc/0.mp4", size=size) as file:
            while chunk := file.read(media_store.CHUNK):
                hasher.update(chunk)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert hasher.digest() == expected
    assert most < 3 * PART, f"{most:,} bytes of {size:,}"


class Killed(BaseException):
    """The process dies in the middle."""


def test_what_a_crash_leaves_of_an_upload_in_parts_is_never_seen_and_is_ended_in_time(
    s3, tmp_path, monkeypatch
):
    store = bucket_at(s3, "crashes")
    path = tmp_path / "large.mp4"
    path.write_bytes(b"x" * (2 * PART))

    def dies(name: str) -> None:
        raise Killed

    with monkeypatch.context() as process:
        process.setattr(media_s3, "failpoint", dies)
        process.setattr(S3Store, "_end", lambda *_: None)  # the dead clear nothing away
        with pytest.raises(Killed):
            store.take(path, "abc/0.mp4")
    assert store.youtube_ids() == []
    # moto's uploads all begin in 2010
    assert store.end_unfinished(older_than=timedelta(days=30_000)) == 0, "somebody may be at work on it"
    assert store.end_unfinished(older_than=timedelta(0)) == 1
    assert store.end_unfinished(older_than=timedelta(0)) == 0
    store.take(path, "abc/0.mp4")
    store.check("abc/0.mp4", size=2 * PART)


def test_an_upload_in_parts_that_fails_is_ended_at_once_and_the_file_stays_here(s3, tmp_path, monkeypatch):
    store = bucket_at(s3, "failures")
    path = tmp_path / "large.mp4"
    path.write_bytes(b"x" * (2 * PART))

    def fails(name: str) -> None:
        raise MediaStoreAway("gone")

    with monkeypatch.context() as process:
        process.setattr(media_s3, "failpoint", fails)
        with pytest.raises(MediaStoreAway):
            store.take(path, "abc/0.mp4")
    assert store.end_unfinished(older_than=timedelta(0)) == 0
    assert path.exists()


def test_a_bucket_that_is_away_or_refuses_is_no_fault_of_the_video(s3, file):
    refused = S3Store(media_s3.client(s3, REGION, KEY_ID, SECRET), "nobodys")
    away = S3Store(media_s3.client("http://127.0.0.1:9", REGION, KEY_ID, SECRET), "any")
    for store in (refused, away):
        for ask in (
            lambda store=store: store.take(file, "abc/0.mp4"),
            lambda store=store: store.remove("abc"),
            store.youtube_ids,
            store.reach,
        ):
            with pytest.raises(MediaStoreAway):
                ask()
    with pytest.raises(MediaStoreAway):
        away.check("abc/0.mp4", size=1)
    assert file.exists()


@pytest.mark.django_db
def test_the_sweep_leaves_only_what_is_needed(stores, tmp_path, settings):
    settings.CONFIG = Config.model_validate(
        stores | {"sync": {**stores["sync"], "downloadsDir": str(tmp_path / "d")}}
    )
    store = media_store.media_store()
    needed, done = make_video(state=State.DOWNLOADED), make_video(state=State.PUBLISHED)
    leased = make_video(
        state=State.SKIPPED, lease_token=uuid4(), leased_until=timezone.now() + timedelta(minutes=1)
    )
    for youtube_id in (needed.youtube_id, done.youtube_id, leased.youtube_id, "nobodys"):
        draft = tmp_path / "draft"
        draft.write_bytes(b"bytes")
        store.take(draft, f"{youtube_id}/0.mp4")
        media_store.work_folder(Video(youtube_id=youtube_id))
    media_store.sweep()
    assert sorted(store.youtube_ids()) == sorted([needed.youtube_id, leased.youtube_id])
    assert [folder.name for folder in (tmp_path / "d").iterdir()] == [leased.youtube_id]
