"""The real yt-dlp extractor, reached by a proxy setting alone, finds here what the real YouTube shows it."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import av
import pytest
from yt_dlp.utils import DownloadError

from tests.devnet.youtube_support import ODD_SIGNALS, SLOW_RAIL, YouTube, extract

pytest_plugins = ["tests.devnet.youtube_fixtures"]


def _streams(path: Path) -> tuple[tuple[str, int, int], str | None]:
    """Codec, width and height of the picture, and the codec of the sound."""
    with av.open(str(path)) as file:
        picture = file.streams.video[0]
        sound = file.streams.audio[0].codec_context.name if file.streams.audio else None
        return (picture.codec_context.name, picture.width, picture.height), sound


@pytest.mark.parametrize(
    ("slug", "picture", "sound"),
    [
        ("plain", ("h264", 1920, 1080), "aac"),
        ("720p", ("h264", 1280, 720), "aac"),
        ("vp9", ("vp9", 1920, 1080), "aac"),
        ("short", ("h264", 1080, 1920), "aac"),
        ("4k", ("h264", 1920, 1080), "aac"),
        ("no-audio", ("h264", 1920, 1080), None),
    ],
)
def test_a_video_arrives_in_its_best_size_up_to_full_hd(youtube, tmp_path, slug, picture, sound):
    video = youtube.video(slug)
    facts = extract(youtube, video["id"], folder=tmp_path)
    (file,) = tmp_path.iterdir()
    assert _streams(file) == (picture, sound)
    assert facts["title"] == video["title"]
    assert facts["description"] == video["description"]
    assert (facts["live_status"], facts["availability"]) == ("not_live", "public")
    assert facts["media_type"] == ("short" if slug == "short" else "video")
    with av.open(str(file)) as media:
        assert media.duration == pytest.approx(facts["duration"] * 1_000_000, rel=0.02)


def test_four_thousand_pixels_are_there_for_who_wants_them(youtube):
    facts = extract(youtube, youtube.video("4k")["id"], format="bv", format_sort=["res"])
    assert (facts["width"], facts["height"], facts["vcodec"]) == (3840, 2160, "vp9")


def test_two_videos_never_have_the_same_bytes(youtube, tmp_path):
    ids = [video["id"] for video in youtube.videos(SLOW_RAIL.youtube_channel_id)[:5]]
    for video_id in ids:
        extract(youtube, video_id, folder=tmp_path)
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == len(ids)


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("private", "Private video. Sign in if you've been granted access to this video"),
        ("removed", "Video unavailable. This video has been removed by the uploader"),
        ("removed-lately", "Video unavailable. This video has been removed by the uploader"),
        ("members-only", "Join this channel to get access to members-only content"),
        ("paid", "This video requires payment to watch"),
        ("age-restricted", "Sign in to confirm your age. This video may be inappropriate"),
        ("geo-blocked", "The uploader has not made this video available in your country"),
        ("upcoming-live", "This live event will begin in"),
        ("upcoming-premiere", "Premieres in 6 hours"),
        ("rate-limited", "This content isn't available, try again later"),
        ("bot-check", "Sign in to confirm you’re not a bot"),
        ("empty", "Did not get any data blocks"),
    ],
)
def test_a_difficult_video_is_refused_in_youtubes_own_words(youtube, tmp_path, slug, text):
    with pytest.raises(DownloadError, match=re.escape(text)):
        extract(youtube, youtube.video(slug)["id"], folder=tmp_path)


def test_a_video_that_never_was_is_unavailable(youtube):
    with pytest.raises(DownloadError, match=r"Video unavailable$"):
        extract(youtube, "AAAAAAAAAAA")


@pytest.mark.parametrize("slug", ["rate-limited", "bot-check"])
def test_a_video_that_turns_visitors_away_plays_after_the_second(youtube, slug):
    video_id = youtube.video(slug)["id"]
    for _ in range(2):
        with pytest.raises(DownloadError):
            extract(youtube, video_id)
    assert extract(youtube, video_id)["height"] == 1080


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("live", {"live_status": "is_live", "availability": "public", "protocol": "m3u8_native"}),
        ("finishing", {"live_status": "post_live"}),
        ("recording", {"live_status": "was_live", "height": 1080}),
        ("unlisted", {"live_status": "not_live", "availability": "unlisted"}),
        ("processing", {"live_status": "not_live", "height": 360, "format_id": "18"}),
        ("too-long", {"duration": 144_000}),
        ("creative-commons", {"license": "Creative Commons Attribution license (reuse allowed)"}),
        ("scripts", {"channel_id": ODD_SIGNALS.youtube_channel_id, "uploader_id": ODD_SIGNALS.handle}),
    ],
)
def test_the_extractor_sees_what_kind_of_video_it_is(youtube, slug, expected):
    facts = extract(youtube, youtube.video(slug)["id"])
    assert {name: facts[name] for name in expected} == expected


def test_a_live_stream_can_be_watched(youtube):
    facts = extract(youtube, youtube.video("live")["id"])
    with av.open(
        facts["url"], options={"http_proxy": youtube.youtube, "tls_verify": "0"}, timeout=10
    ) as stream:
        picture = next(stream.decode(video=0))
        assert (picture.width, picture.height) == (640, 360)


def test_a_stream_that_ends_becomes_a_recording(youtube):
    video_id = youtube.video("live")["id"]
    youtube.control("set_live_ended", video="live", is_complete=False)
    assert extract(youtube, video_id)["live_status"] == "post_live"
    youtube.control("set_live_ended", video="live")
    assert extract(youtube, video_id)["live_status"] == "was_live"


def test_an_upload_that_is_processed_gets_its_full_size(youtube):
    youtube.control("finish_processing", video="processing")
    assert extract(youtube, youtube.video("processing")["id"])["height"] == 1080


def test_written_subtitles_come_and_automatic_ones_are_kept_apart(youtube, tmp_path):
    video_id = youtube.video("subtitles")["id"]
    options: dict[str, Any] = {"writesubtitles": True, "subtitleslangs": ["all"], "subtitlesformat": "vtt"}
    facts = extract(youtube, video_id, folder=tmp_path, **options)
    assert set(facts["subtitles"]) == {"en", "de"}
    assert list(facts["automatic_captions"]) == ["de"]
    assert "Teil 1 dessen, was gesagt wird – äöü" in (tmp_path / f"{video_id}.de.vtt").read_text()
    assert (tmp_path / f"{video_id}.en.vtt").read_text().startswith("WEBVTT")
    assert extract(youtube, youtube.video("captions")["id"])["subtitles"] == {}


@pytest.mark.parametrize("fmt", ["srt", "ttml", "srv1", "srv2", "srv3", "json3"])
def test_subtitles_come_in_every_format(youtube, tmp_path, fmt):
    video_id = youtube.video("subtitles")["id"]
    options: dict[str, Any] = {"writesubtitles": True, "subtitleslangs": ["en"], "subtitlesformat": fmt}
    extract(youtube, video_id, folder=tmp_path, format="140", **options)
    assert "Part 1 of what is said" in (tmp_path / f"{video_id}.en.{fmt}").read_text()


def test_a_large_channel_is_listed_through_its_continuations(youtube):
    listing = extract(
        youtube, f"https://www.youtube.com/channel/{SLOW_RAIL.youtube_channel_id}/videos", extract_flat=True
    )
    entries = list(listing["entries"])
    expected = youtube.videos(SLOW_RAIL.youtube_channel_id)
    assert [each["id"] for each in entries] == [each["id"] for each in expected]
    assert entries[0]["duration"] == expected[0]["seconds"]
    assert (listing["channel"], listing["channel_id"]) == (SLOW_RAIL.title, SLOW_RAIL.youtube_channel_id)


@pytest.mark.parametrize(
    ("tab", "slugs"),
    [
        ("shorts", ["short"]),
        ("streams", ["live", "finishing", "upcoming-live", "recording"]),
    ],
)
def test_shorts_and_streams_have_tabs_of_their_own(youtube, tab, slugs):
    listing = extract(youtube, f"https://www.youtube.com/{ODD_SIGNALS.handle}/{tab}", extract_flat=True)
    assert [each["id"] for each in listing["entries"]] == [youtube.video(slug)["id"] for slug in slugs]


def test_the_videos_tab_shows_nothing_private_and_marks_what_is_special(youtube):
    listing = extract(youtube, f"https://www.youtube.com/{ODD_SIGNALS.handle}/videos", extract_flat=True)
    entries = {each["id"]: each for each in listing["entries"]}
    assert not {youtube.video(slug)["id"] for slug in ("private", "unlisted", "removed")} & set(entries)
    members = entries[youtube.video("members-only")["id"]]
    assert members["availability"] == "subscriber_only"
    assert entries[youtube.video("upcoming-premiere")["id"]]["live_status"] == "is_upcoming"


def test_a_tab_that_a_channel_lacks_is_said_to_be_missing(youtube):
    with pytest.raises(DownloadError, match="does not have a shorts tab"):
        extract(youtube, f"https://www.youtube.com/{SLOW_RAIL.handle}/shorts", extract_flat=True)


def test_a_terminated_channel_takes_its_videos_with_it(youtube):
    youtube.control("terminate_channel", channel=ODD_SIGNALS.handle)
    with pytest.raises(DownloadError, match="account associated with this video has been terminated"):
        extract(youtube, youtube.video("plain")["id"])
    with pytest.raises(DownloadError, match="account has been terminated"):
        extract(youtube, f"https://www.youtube.com/{ODD_SIGNALS.handle}/videos", extract_flat=True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("bot_check", "not a bot"),
        ("rate_limited", "try again later"),
        ("http_403", "HTTP Error 403"),
        ("http_429", "Failed to extract any player response"),
        ("other_video", "Your IP is likely being blocked"),
    ],
)
def test_a_blocked_address_fails_while_another_works(youtube, tmp_path, kind, text):
    video_id = youtube.video("plain")["id"]
    youtube.control("block_proxy", proxy=1, kind=kind)
    with pytest.raises(DownloadError, match=text):
        extract(youtube, video_id, folder=tmp_path, proxy=youtube.proxies[1])
    for works in (youtube.proxies[0], youtube.proxies[2]):
        assert extract(youtube, video_id, proxy=works)["height"] == 1080
    youtube.control("unblock_proxy", proxy=1)
    assert extract(youtube, video_id, proxy=youtube.proxies[1])["height"] == 1080


def test_a_distrusted_address_may_get_360_lines_only(youtube):
    youtube.control("block_proxy", proxy=2, kind="only_360p")
    video_id = youtube.video("plain")["id"]
    assert extract(youtube, video_id, proxy=youtube.proxies[2])["height"] == 360
    assert extract(youtube, video_id)["height"] == 1080


def _download(youtube: YouTube, folder: Path, **options: Any) -> Path:
    video_id = youtube.video("plain")["id"]
    extract(youtube, video_id, folder=folder, format="137", **options)
    return folder / f"{video_id}.mp4"


def test_a_cut_download_is_resumed_where_it_broke(youtube, tmp_path):
    whole = _download(youtube, tmp_path / "whole")
    youtube.control("media", kind="cut", after_bytes=10_000, times=1)
    with pytest.raises(DownloadError):
        _download(youtube, tmp_path / "cut")
    (part,) = (tmp_path / "cut").glob("*.part")
    assert 0 < part.stat().st_size <= 10_000
    resumed = _download(youtube, tmp_path / "cut")
    assert resumed.read_bytes() == whole.read_bytes()


def test_a_stalled_download_times_out(youtube, tmp_path):
    youtube.control("media", kind="stall", after_bytes=5_000)
    with pytest.raises(DownloadError, match="timed out"):
        _download(youtube, tmp_path, socket_timeout=0.5)


def test_a_slow_download_takes_its_time(youtube, tmp_path):
    size = _download(youtube, tmp_path / "fast").stat().st_size
    youtube.control("media", kind="slow", after_bytes=size - 4_000, bytes_per_second=10_000)
    began = time.monotonic()
    _download(youtube, tmp_path / "slow")
    assert time.monotonic() - began > 0.3
