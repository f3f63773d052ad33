from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ytsynch.joystream.languages import iso_639_1
from ytsynch.joystream.metadata import Subtitle, VideoFacts, text_notes, video_metadata
from ytsynch.joystream.proto.metadata_pb2 import ContentMetadata

FACTS = VideoFacts(
    title="Hives above the tree line",
    title_fallback="dQw4w9WgXcQ",
    description="A season.\nIn short films.",
    duration=321,
    width=1920,
    height=1080,
    mime_type="video/mp4",
    container="mp4",
    codec="h264",
    licence="creativeCommon",
    licence_attribution="Alpine Beekeeping",
    language="de-AT",
    category_id="7",
    published_at=datetime(2024, 5, 6, 9, 8, 7, tzinfo=timezone(timedelta(hours=2))),
    is_short=False,
    is_explicit=True,
    subtitles=(Subtitle("en-US", "text/vtt", 2), Subtitle("fr", "text/vtt", 3)),
)


def read(facts):
    return ContentMetadata.FromString(video_metadata(facts)).video_metadata


def test_everything_that_joystream_shows_of_a_video_is_in_its_metadata():
    video = read(FACTS)
    assert (video.title, video.description) == (FACTS.title, FACTS.description)
    assert (video.video, video.thumbnail_photo) == (0, 1)
    assert video.duration == 321
    assert (video.media_pixel_width, video.media_pixel_height) == (1920, 1080)
    media = video.media_type
    assert (media.codec_name, media.container, media.mime_media_type) == ("h264", "mp4", "video/mp4")
    assert video.language == "de"
    assert (video.license.code, video.license.attribution) == (1002, "Alpine Beekeeping")
    published = video.published_before_joystream
    assert (published.is_published, published.date) == (True, "2024-05-06T07:08:07Z")
    assert (video.has_marketing, video.is_public, video.is_explicit, video.is_short) == (
        False,
        True,
        True,
        False,
    )
    assert video.category == "7"
    assert [(s.type, s.new_asset, s.language, s.mimeType) for s in video.subtitles] == [
        ("subtitles", 2, "en", "text/vtt"),
        ("subtitles", 3, "fr", "text/vtt"),
    ]


def test_flags_and_indexes_that_are_false_or_zero_are_written_all_the_same():
    video = read(replace(FACTS, is_explicit=False))
    assert all(
        video.HasField(name) for name in ("video", "has_marketing", "is_explicit", "is_short", "is_public")
    )


def test_what_is_not_known_is_left_out_rather_than_written_empty():
    video = read(replace(FACTS, language="tlh", category_id=None, licence_attribution=None))
    assert not video.HasField("language")
    assert not video.HasField("category")
    assert not video.license.HasField("attribution")


def test_the_standard_licence_has_its_code():
    assert read(replace(FACTS, licence="youtube")).license.code == 1009


def test_a_subtitle_whose_language_joystream_cannot_name_is_left_out():
    facts = replace(FACTS, subtitles=(Subtitle("tlh", "text/vtt", 2), Subtitle("fr", "text/vtt", 3)))
    assert [subtitle.new_asset for subtitle in read(facts).subtitles] == [3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"licence": "unheard of"}, "unknown licence"),
        ({"published_at": datetime(2024, 5, 6)}, "time zone"),  # noqa: DTZ001
        ({"subtitles": (Subtitle("fr", "text/vtt", 1),)}, "cannot be asset 1"),
    ],
)
def test_facts_that_cannot_be_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        video_metadata(replace(FACTS, **change))


def test_the_same_facts_always_give_the_same_bytes():
    assert video_metadata(FACTS) == video_metadata(
        replace(FACTS, published_at=FACTS.published_at.astimezone(UTC))
    )


def test_what_had_to_be_changed_in_the_texts_is_noted():
    assert text_notes(FACTS) == ()
    notes = text_notes(replace(FACTS, title="", description="x" * 30_000))
    assert notes == (
        "the title was empty: the fallback took its place",
        "the description was cut to 20000 bytes",
    )


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN_us", "en"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("fil", "tl"),
        ("zxx", None),
        ("und", None),
        ("tlh", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags_become_iso_639_1_or_nothing(tag, code):
    assert iso_639_1(tag) == code
