"""Faults of single videos on YouTube, by the rows of the list of faults (Y2–Y10, Y13–Y15, Y17–Y19, Y21, Y22).

Y1 is in `test_afterwards`; Y11, Y12, Y16, Y20 and Y23 are in `test_youtube`.
"""

from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from tests.faults.world import history, media_file, until, until_it_waits
from tests.support.factories import reload
from tests.support.service import work
from videos import words
from videos.models import Role, Video
from videos.states import Stage, State

TITLE = """query Title($id: String!) { videos(where: {id_eq: $id}) { title description } }"""


def left_out(world, video: Video, reason: str) -> Video:
    """Not brought over, with that reason in words, and nothing of it left on the disk."""
    until(video, State.SKIPPED, Stage.DOWNLOAD)
    row = reload(video)
    assert row.reason == reason
    assert words.of(reason) is not words.UNEXPECTED
    assert row.reserved_bytes == 0
    assert not list((world.var / "downloads").glob(f"{video.youtube_id}/*"))
    return row


def thumbnail_of(video: Video) -> Image.Image:
    file = video.files.get(role=Role.THUMBNAIL)
    return Image.open(settings.CONFIG.sync.media_dir / file.key)


def test_y2_a_deleted_video_is_left_out(world):
    left_out(world, world.uploaded_to_youtube(obstacle="removed"), "video_deleted")


def test_y3_a_video_that_is_unavailable_without_more_is_tried_three_times_more(world):
    video = world.uploaded_to_youtube("@slowrailjourneys")
    world.do("youtube/hide_channel", channel="@slowrailjourneys")
    try:
        row = left_out(world, video, "video_unavailable")
    finally:
        world.do("youtube/hide_channel", channel="@slowrailjourneys", hidden=False)
    assert history(row).count("failed") == 3
    assert row.next_look_at > timezone.now(), "no verdict is for ever"


@pytest.mark.parametrize(("obstacle", "reason"), [("members_only", "members_only"), ("paid", "paid_only")])
def test_y4_a_video_for_members_or_money_is_left_out(world, obstacle, reason):
    left_out(world, world.uploaded_to_youtube(obstacle=obstacle), reason)


def test_y5_an_age_restricted_video_is_left_out(world):
    left_out(world, world.uploaded_to_youtube(obstacle="age_restricted"), "age_restricted")


def test_y6_a_live_stream_is_waited_for_and_its_recording_left_out_by_default(world):
    world.set("sync.intervals.youtubePolling", 0.2)
    began = (timezone.now() - timedelta(hours=1)).isoformat()
    video = world.uploaded_to_youtube(live="live", starts_at=began)
    until_it_waits(video, "live_now", Stage.DOWNLOAD)
    assert reload(video).attempts == 0
    world.do("youtube/set_live_ended", video=video.youtube_id)
    left_out(world, video, "recording_refused")


@pytest.mark.parametrize(
    ("live", "reason"), [("upcoming_live", "live_upcoming"), ("upcoming_premiere", "premiere_upcoming")]
)
def test_y7_what_has_not_begun_is_looked_at_an_hour_after_its_start(world, live, reason):
    starts_at = timezone.now().replace(microsecond=0) + timedelta(hours=6)
    video = world.uploaded_to_youtube(live=live, starts_at=starts_at.isoformat())
    until_it_waits(video, reason, Stage.DOWNLOAD)
    wait = reload(video).next_attempt_at - starts_at
    assert timedelta(minutes=59) < wait < timedelta(minutes=61)


def test_y8_a_fresh_upload_that_youtube_still_processes_is_waited_for(world):
    world.set("sync.intervals.youtubePolling", 0.2)
    video = world.uploaded_to_youtube(upload_status="uploaded", itags=[18])
    until_it_waits(video, "still_processing", Stage.DOWNLOAD)
    world.do("youtube/finish_processing", video=video.youtube_id)
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    assert (reload(video).media or {})["height"] == 1080


def test_y9_an_unlisted_video_is_left_out(world):
    left_out(world, world.uploaded_to_youtube(privacy="unlisted"), "video_unlisted")


def test_y10_a_geo_blocked_video_is_left_out_once_a_second_try_saw_the_same(world):
    video = world.uploaded_to_youtube(obstacle="geo_blocked", blocked_countries=["CH"])
    assert "failed" in history(left_out(world, video, "geo_blocked"))


def test_y13_an_empty_file_is_fetched_once_more_and_then_left_out(world):
    video = left_out(world, world.uploaded_to_youtube(is_empty=True), "empty_download")
    assert history(video).count("failed") == 1
    assert video.avoid_formats, "the second try took other formats where there were any"


def test_y13_a_file_of_another_length_is_never_published(world):
    left_out(world, world.uploaded_to_youtube(declared_seconds=60), "damaged_download")


def test_y14_a_video_over_a_limit_is_left_out_with_the_numbers_before_it_is_fetched(world):
    video = left_out(world, world.uploaded_to_youtube(declared_seconds=144_000), "too_long")
    assert "144000 seconds, at most 10800 allowed" in video.reason_text


def test_y14_a_video_whose_length_is_only_known_afterwards_leaves_nothing_on_the_disk(world):
    world.set("sync.limits.maxVideoDuration", 3)
    video = left_out(world, world.uploaded_to_youtube(declared_seconds=3), "too_long")
    assert "4 seconds, at most 3 allowed" in video.reason_text


def test_y15_picture_and_sound_that_cannot_be_put_together_are_tried_again_and_shown_to_a_human(
    world, monkeypatch, tmp_path
):
    video = world.uploaded_to_youtube(itags=[137, 140])
    broken = tmp_path / "ffmpeg"
    real = imageio_ffmpeg.get_ffmpeg_exe()
    broken.write_text(
        f'#!/bin/sh\ncase "$*" in *-bsfs*|*-version*) exec {real} "$@";; esac\necho "Conversion failed!" >&2\nexit 1\n'
    )
    broken.chmod(0o755)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lambda: str(broken))
    until(video, State.STUCK, Stage.DOWNLOAD)
    assert reload(video).reason == "postprocessing_failed"
    assert history(video).count("failed") == 1


def test_y17_without_its_large_thumbnail_the_next_size_is_taken(world):
    video = world.uploaded_to_youtube(has_large_thumbnail=False)
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    assert thumbnail_of(video).size == (1280, 720)


def test_y22_youtubes_grey_stand_in_is_never_taken_for_a_thumbnail(world):
    """It comes in the place of the large one, which this video does not have."""
    video = world.uploaded_to_youtube(has_large_thumbnail=False)
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    red, green, blue = thumbnail_of(video).convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert max(red, green, blue) - min(red, green, blue) > 20, "it has colours"


@pytest.mark.parametrize("title", ["", "\u200b \u3164", "🐝" * 400, "a\u0085b\u2028c", "ⒷⒺⒺ e\u0301 \u202e"])
def test_y18_odd_titles_are_brought_within_limits_and_that_is_noted(world, title):
    video = world.downloaded()
    Video.objects.filter(pk=video.pk).update(title=title, description="x" * 30_000)
    until(video, State.CREATED, Stage.CREATION)
    row = reload(video)
    world.devnet.wait_for_blocks(4)
    (shown,) = world.devnet.ask(TITLE, id=str(row.joystream_video_id))["videos"]
    assert shown["title"].strip()
    assert len(shown["title"].encode()) <= 400
    assert len(shown["description"].encode()) <= 20_000
    signed = row.events.get(event="signed")
    assert "the description was cut to 20000 bytes" in signed.detail["notes"]


@pytest.mark.parametrize("block", ["other_video", "only_360p"])
def test_y19_an_answer_about_another_video_or_of_360p_is_the_addresss_fault(world, block):
    video = world.uploaded_to_youtube(itags=[137, 136, 140], published_at="2026-01-01T00:00:00Z")
    Video.objects.filter(pk=video.pk).update(is_hd=True)
    world.do("youtube/block_proxy", kind=block)
    until_it_waits(video, "address_blocked", Stage.DOWNLOAD)
    assert (reload(video).attempts, reload(video).answers) == (0, {})
    world.do("youtube/unblock_proxy")
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)


def test_y21_of_several_sounds_the_original_one_is_taken(world):
    video = world.uploaded_to_youtube(itags=[136, 140], language="ja", dubs=["en", "de"])
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    assert reload(video).language == "ja"


def test_what_is_left_out_is_never_downloaded_by_itself(world):
    video = left_out(world, world.uploaded_to_youtube(obstacle="removed"), "video_deleted")
    before = history(video)
    work()
    assert history(video) == before
    assert not Path(world.var / "media" / video.youtube_id).exists()
    assert not video.files.exists()
    with pytest.raises(video.files.model.DoesNotExist):
        media_file(video)
