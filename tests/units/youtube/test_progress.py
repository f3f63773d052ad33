from typing import Any

import pytest

from ytsynch.youtube import errors
from ytsynch.youtube.progress import Limits, Progress, Watch

VIDEO, AUDIO = {"vcodec": "avc1"}, {"vcodec": "none"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen() -> list[Progress]:
    return []


@pytest.fixture
def watch(clock: Clock, seen: list[Progress]) -> Watch:
    limits = Limits(max_bytes=1_000_000, max_seconds=60, deadline_seconds=1000)
    return Watch(limits, seen.append, clock=clock)


def block(name: str, done: int, kind: dict[str, Any] = VIDEO, **more: Any) -> dict[str, Any]:
    return {
        "status": "downloading",
        "filename": name,
        "downloaded_bytes": done,
        "info_dict": kind,
        **more,
    }


def test_bytes_are_counted_over_all_streams(watch, seen, clock):
    watch.expected = 700
    watch.on_bytes(block("v", 500))
    clock.now = 1
    watch.on_bytes(block("a", 150, AUDIO))
    assert seen == [Progress("video", 500, 700), Progress("audio", 650, 700)]


def test_a_phase_is_reported_at_once_and_then_twice_a_second_at_most(watch, seen, clock):
    for tick in range(101):
        clock.now = tick / 100
        watch.on_bytes(block("v", tick * 1000))
    assert [progress.done for progress in seen] == [0, 50_000, 100_000]


def test_the_end_of_a_stream_is_always_reported(watch, seen):
    watch.on_bytes(block("v", 10))
    watch.on_bytes(block("v", 20, status="finished"))
    assert seen[-1].done == 20


def test_a_stream_that_an_earlier_attempt_finished_counts_too(watch, seen):
    finished = {"status": "finished", "filename": "v", "total_bytes": 500, "info_dict": VIDEO}
    watch.on_bytes(finished)
    watch.on_bytes(block("a", 100, AUDIO))
    assert [progress.done for progress in seen] == [500, 600]


def test_too_many_bytes_end_the_download_as_soon_as_the_server_declares_them(watch):
    watch.on_bytes(block("v", 10, total_bytes=600_000))
    watch.on_bytes(block("v", 600_000, total_bytes=600_000))
    with pytest.raises(errors.TooLarge) as caught:
        watch.on_bytes(block("a", 10, AUDIO, total_bytes=500_000))
    assert caught.value.actual == 1_100_000


def test_a_download_without_declared_size_ends_when_it_has_too_many_bytes(watch):
    with pytest.raises(errors.TooLarge):
        watch.on_bytes(block("v", 1_000_001, total_bytes=None))


def test_less_than_a_kilobyte_a_second_over_a_minute_is_a_stall(watch, clock):
    watch.on_bytes(block("v", 500_000))  # of an earlier attempt: not fetched now
    clock.now = 59
    watch.on_bytes(block("v", 500_100))
    clock.now = 61
    with pytest.raises(errors.DownloadStalled, match="200 bytes in 61 s"):
        watch.on_bytes(block("v", 500_200))


def test_a_slow_download_that_moves_goes_on(watch, clock):
    for minute in range(10):
        clock.now = minute * 60
        watch.on_bytes(block("v", minute * 70_000))


def test_a_second_stream_starts_its_own_minute(watch, clock):
    watch.on_bytes(block("v", 100_000))
    clock.now = 59
    watch.on_bytes(block("v", 200_000))
    clock.now = 70
    watch.on_bytes(block("a", 0, AUDIO))
    clock.now = 100
    watch.on_bytes(block("a", 10, AUDIO))


def test_the_deadline_ends_whatever_is_done(watch, clock):
    clock.now = 1001
    with pytest.raises(errors.DownloadTimedOut, match="1001 s, at most 1000 s"):
        watch.on_bytes(block("v", 1))
    with pytest.raises(errors.DownloadTimedOut):
        watch.enter("thumbnail")


def test_what_the_listener_raises_goes_through(clock):
    def stop(progress: Progress) -> None:
        raise errors.DownloadCancelled("paused")

    watch = Watch(Limits(max_bytes=10, max_seconds=10), stop, clock=clock)
    with pytest.raises(errors.DownloadCancelled):
        watch.enter("asking")


def test_only_the_merging_of_streams_is_a_phase_of_its_own(watch, seen):
    watch.on_postprocessing({"status": "started", "postprocessor": "MoveFiles"})
    watch.on_postprocessing({"status": "started", "postprocessor": "Merger"})
    watch.on_postprocessing({"status": "finished", "postprocessor": "Merger"})
    assert [progress.phase for progress in seen] == ["merging"]
