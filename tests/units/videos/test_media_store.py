"""Files between download and acceptance: the budget in the database, and the folder."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from django.db import connection
from django.db.models import Sum

from tests.support.factories import make_video, reload
from videos import media_store
from videos.errors import FileLost, MediaStoreFull
from videos.media_store import MediaStore
from videos.models import Video
from ytsynch.config import Config
from ytsynch.devnet.content_id import content_id

BUDGET = 1_000_000


@pytest.fixture
def _budget(settings):
    settings.CONFIG = Config.model_validate({"sync": {"limits": {"storage": BUDGET / 10**9}}})


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


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


def test_a_file_is_moved_in_and_hashed_as_joystream_names_it(store, file):
    content = file.read_bytes()
    stored = store.take(file, "abc/0.mp4")
    assert not file.exists()
    assert store.local_path(stored.key, size=stored.size).read_bytes() == content
    assert stored.size == len(content)
    assert stored.content_id == content_id(content)  # the devnet's own code


def test_a_file_of_the_same_key_is_replaced(store, file, tmp_path):
    store.take(file, "abc/0.mp4")
    newer = tmp_path / "again.mp4"
    newer.write_bytes(b"newer")
    stored = store.take(newer, "abc/0.mp4")
    assert store.local_path("abc/0.mp4", size=stored.size).read_bytes() == b"newer"


def test_a_lost_or_cut_file_is_noticed(store, file):
    stored = store.take(file, "abc/0.mp4")
    path = store.local_path(stored.key, size=stored.size)
    with path.open("r+b") as content:
        content.truncate(stored.size - 1)
    with pytest.raises(FileLost, match=r"abc/0\.mp4"):
        store.local_path(stored.key, size=stored.size)
    path.unlink()
    with pytest.raises(FileLost):
        store.local_path(stored.key, size=stored.size)


@pytest.mark.parametrize("key", ["../secret", "abc/../../secret", "/etc/passwd"])
def test_no_key_leads_out_of_the_folder(store, file, key):
    with pytest.raises(ValueError, match="out of the media store"):
        store.take(file, key)
    with pytest.raises(ValueError, match="out of the media store"):
        store.local_path(key, size=1)
    assert file.exists()


def test_removing_takes_all_files_of_one_video_and_nothing_else(store, file, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"other")
    stored, kept = store.take(file, "abc/0.mp4"), store.take(other, "abd/0.mp4")
    store.remove("abc")
    store.remove("abc")
    with pytest.raises(FileLost):
        store.local_path(stored.key, size=stored.size)
    assert store.local_path(kept.key, size=kept.size)
