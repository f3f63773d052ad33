from datetime import UTC, datetime

import pytest

from ytsynch.youtube.listing import ChannelEntry, channel_tab, read_entries

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (CHANNEL, f"https://www.youtube.com/channel/{CHANNEL}/videos"),
        ("@ada", "https://www.youtube.com/@ada/videos"),
        ("https://www.youtube.com/@ada/featured?x=1", "https://www.youtube.com/@ada/videos"),
        (f"https://m.youtube.com/channel/{CHANNEL}", f"https://www.youtube.com/channel/{CHANNEL}/videos"),
    ],
)
def test_a_channel_is_named_by_id_handle_or_address(channel, expected):
    assert channel_tab(channel, "videos") == expected


@pytest.mark.parametrize("channel", ["", "ada", "https://example.com/@ada", "@a/../b", "UCshort"])
def test_what_names_no_channel_is_refused(channel):
    with pytest.raises(ValueError, match="not a YouTube channel"):
        channel_tab(channel, "videos")


def test_only_the_tabs_of_videos_can_be_listed():
    with pytest.raises(ValueError, match="not a tab"):
        channel_tab("@ada", "community")


def test_entries_tell_what_the_page_shows():
    entries = read_entries(
        {
            "entries": [
                {"id": "aaaaaaaaaaa", "title": "One", "duration": 61.0, "timestamp": 0},
                None,
                {"title": "no id"},
                {"id": "bbbbbbbbbbb", "live_status": "is_live"},
            ]
        }
    )
    assert entries == (
        ChannelEntry("aaaaaaaaaaa", "One", 61, None, datetime(1970, 1, 1, tzinfo=UTC)),
        ChannelEntry("bbbbbbbbbbb", "", None, "is_live", None),
    )
    assert read_entries({}) == ()
