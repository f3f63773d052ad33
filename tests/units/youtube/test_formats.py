from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yt_dlp

from ytsynch.youtube import errors, formats

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def picture(number: str, width: int, height: int, codec: str = "avc1.640028", **more: Any) -> dict[str, Any]:
    return stream(number, vcodec=codec, width=width, height=height, **more)


def sound(number: str, codec: str = "mp4a.40.2", **more: Any) -> dict[str, Any]:
    return stream(number, acodec=codec, **more)


def stream(number: str, **more: Any) -> dict[str, Any]:
    plain = {"format_id": number, "url": f"http://127.0.0.1/{number}", "ext": "mp4", "protocol": "https"}
    return {**plain, "vcodec": "none", "acodec": "none", "tbr": 1000, **more}


def chosen(*streams: dict[str, Any], avoid: tuple[str, ...] = ()) -> str:
    """What yt-dlp itself chooses with our settings."""
    settings = {
        "quiet": True,
        "format": formats.format_choice(avoid),
        "format_sort": list(formats.FORMAT_ORDER),
        "check_formats": False,
    }
    page = {"id": "x", "title": "x", "extractor": "x", "extractor_key": "X", "webpage_url": "http://x/"}
    with yt_dlp.YoutubeDL(settings) as ydl:
        return str(ydl.process_ie_result({**page, "formats": list(streams)}, download=False)["format_id"])


FULL_HD, HD, SD = picture("137", 1920, 1080), picture("136", 1280, 720), picture("135", 854, 480)
AAC, OPUS = sound("140"), sound("251", "opus", ext="webm")


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ((FULL_HD, HD, picture("313", 3840, 2160, "vp9"), AAC, OPUS), "137+140"),
        (
            (picture("399", 1920, 1080, "av01.0.08M.08"), picture("248", 1920, 1080, "vp9"), HD, AAC),
            "248+140",
        ),
        ((HD, SD, AAC, OPUS), "136+140"),
        ((picture("v", 1080, 1920), picture("w", 720, 1280), AAC), "v+140"),
        ((FULL_HD, OPUS), "137+251"),
        ((FULL_HD, HD), "137"),
        ((stream("18", vcodec="avc1", acodec="mp4a", width=640, height=360),), "18"),
    ],
    ids=["4K too", "no H.264", "HD at most", "vertical", "opus only", "silent", "one stream"],
)
def test_full_hd_or_the_best_below_is_chosen_always_with_its_sound(offered, expected):
    assert chosen(*offered) == expected


def test_of_several_tracks_the_original_sound_is_chosen_whatever_its_codec():
    dubbed = sound("140-0", language="de", language_preference=-1)
    described = sound("140-1", language="en", language_preference=-10)
    original = sound("251-2", "opus", language="ja", language_preference=10, ext="webm")
    assert chosen(FULL_HD, dubbed, described, original) == "137+251-2"


def test_formats_that_made_a_bad_file_are_avoided_as_long_as_there_are_others():
    assert chosen(FULL_HD, HD, AAC, OPUS, avoid=("137", "140")) == "136+251"
    assert chosen(FULL_HD, HD, AAC, avoid=("137", "140")) == "136+140"
    assert chosen(FULL_HD, AAC, avoid=("137", "140")) == "137+140"


def test_an_answer_about_another_video_blames_the_address():
    formats.refuse_other_video({"id": "aaaaaaaaaaa"}, "aaaaaaaaaaa")
    with pytest.raises(errors.AddressBlocked, match="asked for aaaaaaaaaaa, got 'bbbbbbbbbbb'"):
        formats.refuse_other_video({"id": "bbbbbbbbbbb"}, "aaaaaaaaaaa")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("is_live", errors.LiveNow),
        ("is_upcoming", errors.LiveUpcoming),
        ("post_live", errors.RecordingNotReady),
    ],
)
def test_streams_that_are_no_recordings_yet_are_refused(state, expected):
    with pytest.raises(expected):
        formats.refuse_live({"live_status": state})


@pytest.mark.parametrize("state", ["was_live", "not_live", None])
def test_recordings_and_uploads_are_not_refused_as_streams(state):
    formats.refuse_live({"live_status": state})


@pytest.mark.parametrize(
    ("availability", "expected"),
    [
        ("private", errors.VideoPrivate),
        ("unlisted", errors.VideoUnlisted),
        ("subscriber_only", errors.MembersOnly),
        ("premium_only", errors.PaidOnly),
    ],
)
def test_what_is_not_public_is_refused(availability, expected):
    formats.refuse_hidden({"availability": "public"})
    formats.refuse_hidden({})
    with pytest.raises(expected):
        formats.refuse_hidden({"availability": availability})


def offer(*streams: dict[str, Any], age: timedelta = timedelta(days=100)) -> dict[str, Any]:
    return {"formats": list(streams), "timestamp": (NOW - age).timestamp()}


def test_an_old_video_of_few_pixels_is_taken_as_it_is():
    small = picture("134", 640, 360)
    formats.refuse_poor_quality(offer(small, AAC), expect_hd=None, now=NOW)
    formats.refuse_poor_quality(offer(small, AAC), expect_hd=False, now=NOW)


def test_few_pixels_blame_the_address_when_there_are_more():
    with pytest.raises(errors.AddressBlocked, match="nothing above 360p"):
        formats.refuse_poor_quality(offer(picture("134", 640, 360), AAC), expect_hd=True, now=NOW)


def test_nothing_but_format_18_blames_the_address():
    combined = stream("18", vcodec="avc1", acodec="mp4a", width=640, height=360)
    with pytest.raises(errors.AddressBlocked):
        formats.refuse_poor_quality(offer(combined), expect_hd=None, now=NOW)


def test_a_fresh_upload_below_hd_is_still_being_processed_and_an_hd_one_is_not():
    fresh = timedelta(hours=1)
    with pytest.raises(errors.StillProcessing, match="best picture 480p"):
        formats.refuse_poor_quality(offer(SD, AAC, age=fresh), expect_hd=None, now=NOW)
    formats.refuse_poor_quality(offer(HD, AAC, age=fresh), expect_hd=None, now=NOW)
    formats.refuse_poor_quality(offer(SD, AAC, age=timedelta(hours=7)), expect_hd=None, now=NOW)


def test_a_vertical_video_is_measured_by_its_shorter_side():
    assert formats.best_height({"formats": [picture("v", 1080, 1920)]}) == 1080
    assert formats.best_height({"formats": [AAC]}) == 0


def limited(info: dict[str, Any]) -> None:
    formats.refuse_over_limits(info, max_seconds=3600, max_bytes=1000)


def test_videos_over_the_limits_are_refused_with_the_numbers():
    limited({"duration": 3600, "requested_formats": [{"filesize": 600}, {"filesize": 400}]})
    with pytest.raises(errors.TooLong) as long:
        limited({"duration": 3601})
    assert (long.value.actual, long.value.limit) == (3601, 3600)
    with pytest.raises(errors.TooLarge) as large:
        limited({"requested_formats": [{"filesize": 600}, {"filesize": 401}]})
    assert (large.value.actual, large.value.limit) == (1001, 1000)


def test_an_estimated_size_only_counts_when_it_is_far_over():
    limited({"requested_formats": [{"filesize_approx": 1100}]})
    with pytest.raises(errors.TooLarge):
        limited({"requested_formats": [{"filesize_approx": 1300}]})


def test_the_sum_of_bytes_is_unknown_when_one_stream_hides_its_size():
    assert formats.expected_bytes({"requested_formats": [{"filesize": 5}, {"filesize_approx": 6}]}) == 11
    assert formats.expected_bytes({"requested_formats": [{"filesize": 5}, {}]}) is None


@pytest.mark.parametrize(
    ("width", "height", "duration", "published", "expected"),
    [
        (1080, 1920, 180, datetime(2025, 1, 1, tzinfo=UTC), True),
        (1080, 1080, 30, None, True),
        (1080, 1920, 181, None, False),
        (1920, 1080, 30, None, False),
        (1080, 1920, 90, datetime(2024, 1, 1, tzinfo=UTC), False),
        (1080, 1920, 60, datetime(2024, 1, 1, tzinfo=UTC), True),
    ],
)
def test_shorts_are_upright_and_short_by_the_rule_of_their_day(width, height, duration, published, expected):
    assert formats.is_short(width=width, height=height, duration=duration, published=published) is expected


def test_the_day_of_publication_is_used_where_the_moment_is_missing():
    assert formats.published({"upload_date": "20240506"}) == datetime(2024, 5, 6, tzinfo=UTC)
    assert formats.published({}) is None
