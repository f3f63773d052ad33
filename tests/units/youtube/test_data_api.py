from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.units.youtube.conftest import Google
from ytsynch.youtube import errors
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.resources import read_channel, read_video, seconds
from ytsynch.youtube.sign_in import Grant

CHANNEL: dict[str, Any] = {
    "id": "UCaaaaaaaaaaaaaaaaaaaaaa",
    "snippet": {
        "title": "A channel",
        "description": "About it",
        "customUrl": "@achannel",
        "publishedAt": "2020-01-02T03:04:05.678Z",
        "country": "NL",
        "thumbnails": {"default": {"url": "https://x/d.jpg"}, "odd": "not an object"},
    },
    "contentDetails": {"relatedPlaylists": {"uploads": "UUaaaaaaaaaaaaaaaaaaaaaa"}},
    "statistics": {"subscriberCount": "1500", "videoCount": "12", "viewCount": "99"},
    "status": {"privacyStatus": "public"},
    "brandingSettings": {"channel": {"defaultLanguage": "nl"}, "image": {"bannerExternalUrl": "https://x/b"}},
}
VIDEO: dict[str, Any] = {
    "id": "aaaaaaaaaaa",
    "snippet": {
        "channelId": CHANNEL["id"],
        "title": "A video",
        "publishedAt": "2024-05-06T07:08:09Z",
        "categoryId": "22",
        "liveBroadcastContent": "none",
        "thumbnails": {"maxres": {"url": "https://x/m.jpg"}},
    },
    "contentDetails": {
        "duration": "PT1M3S",
        "definition": "hd",
        "caption": "true",
        "contentRating": {"ytRating": "ytAgeRestricted"},
    },
    "statistics": {"viewCount": "7"},
    "status": {"uploadStatus": "processed", "privacyStatus": "public", "license": "creativeCommon"},
}


@pytest.fixture
def api(google: Google) -> DataApi:
    return DataApi(endpoint=google.url, api_key="key", timeout=5)


def grant(*, ends_in: timedelta = timedelta(hours=1)) -> Grant:
    return Grant("access", "refresh", datetime.now(UTC) + ends_in, frozenset(), "1", "a@example.com")


def test_a_channel_is_read_field_by_field():
    channel = read_channel(CHANNEL)
    assert channel.handle == "@achannel"
    assert channel.published_at == datetime(2020, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert (channel.subscribers, channel.videos, channel.views) == (1500, 12, 99)
    assert channel.uploads_playlist_id == "UUaaaaaaaaaaaaaaaaaaaaaa"
    assert channel.default_language == "nl"
    assert channel.banner_url == "https://x/b"
    assert channel.thumbnails == {"default": "https://x/d.jpg"}


def test_hidden_subscribers_are_none_and_not_zero():
    statistics = {"hiddenSubscriberCount": True, "subscriberCount": "0"}
    assert read_channel({**CHANNEL, "statistics": statistics}).subscribers is None


def test_a_video_is_read_field_by_field():
    video = read_video(VIDEO)
    assert video.duration == 63
    assert video.license == "creativeCommon"
    assert video.age_restricted
    assert video.caption
    assert video.definition == "hd"
    assert (video.view_count, video.like_count) == (7, None)
    assert video.thumbnails == {"maxres": "https://x/m.jpg"}


def test_an_upcoming_video_has_its_start_and_no_duration():
    video = read_video(
        {
            "id": VIDEO["id"],
            "snippet": {**VIDEO["snippet"], "liveBroadcastContent": "upcoming"},
            "liveStreamingDetails": {"scheduledStartTime": "2030-01-01T00:00:00Z"},
        }
    )
    assert video.live_broadcast_content == "upcoming"
    assert video.scheduled_start_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert video.duration == 0


def test_fields_of_a_wrong_kind_take_their_defaults():
    video = read_video({**VIDEO, "contentDetails": [], "status": "?", "statistics": {"viewCount": "many"}})
    assert video.duration == 0
    assert video.view_count is None
    assert video.privacy_status == ""


@pytest.mark.parametrize("missing", ["channelId", "publishedAt"])
def test_a_video_without_its_channel_or_date_is_an_invalid_answer(missing):
    snippet = {name: value for name, value in VIDEO["snippet"].items() if name != missing}
    with pytest.raises(errors.ApiAnswerInvalid, match=missing):
        read_video({**VIDEO, "snippet": snippet})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("PT1H2M3S", 3723), ("P0D", 0), ("", 0), ("P1DT2S", 86402), ("PT45S", 45), ("P1W", 604800)],
)
def test_durations_become_seconds(text, expected):
    assert seconds(text) == expected


def test_a_duration_that_is_none_is_an_invalid_answer():
    with pytest.raises(errors.ApiAnswerInvalid):
        seconds("an hour")


def test_fifty_ids_are_one_call_and_those_not_shown_are_left_out(google, api):
    google.will_answer(200, {"items": [VIDEO]})
    assert list(api.videos(["aaaaaaaaaaa", "bbbbbbbbbbb", "aaaaaaaaaaa"])) == ["aaaaaaaaaaa"]
    assert google.asked[0].query["id"] == "aaaaaaaaaaa,bbbbbbbbbbb"
    assert google.asked[0].query["key"] == "key"
    assert len(google.asked) == 1


def test_more_than_fifty_ids_are_our_own_mistake(api):
    with pytest.raises(ValueError, match="51 ids"):
        api.videos(str(number) for number in range(51))


def test_no_ids_cost_no_call(google, api):
    assert api.videos([]) == {}
    assert api.channels([]) == {}
    assert google.asked == []


def test_an_answer_without_items_is_an_empty_one(google, api):
    google.will_answer(200, {"pageInfo": {"totalResults": 0}})
    assert api.channels(["UCaaaaaaaaaaaaaaaaaaaaaa"]) == {}


def test_a_page_of_uploads_tells_ids_the_next_page_and_the_total(google, api):
    google.will_answer(
        200,
        {
            "items": [{"contentDetails": {"videoId": "aaaaaaaaaaa"}}],
            "nextPageToken": "NEXT",
            "pageInfo": {"totalResults": 51},
        },
    )
    page = api.uploads_page("UUaaaaaaaaaaaaaaaaaaaaaa", "HERE")
    assert (page.video_ids, page.next_page_token, page.total) == (("aaaaaaaaaaa",), "NEXT", 51)
    assert google.asked[0].query["pageToken"] == "HERE"
    assert google.asked[0].query["maxResults"] == "50"


def test_own_channel_goes_with_the_creators_token(google):
    google.will_answer(200, {"items": [CHANNEL]})
    channel = DataApi(endpoint=google.url, credentials=grant()).own_channel()
    assert channel is not None
    assert channel.title == "A channel"
    assert google.asked[0].headers["authorization"] == "Bearer access"
    assert "key" not in google.asked[0].query


def test_a_google_account_without_a_channel_has_none(google):
    api = DataApi(endpoint=google.url, credentials=grant())
    google.will_answer(200, {"pageInfo": {}})
    assert api.own_channel() is None
    google.will_refuse(401, "youtubeSignupRequired")
    assert api.own_channel() is None


def test_an_ended_token_is_told_apart_from_a_revoked_one_and_costs_no_call(google):
    api = DataApi(endpoint=google.url, credentials=grant(ends_in=timedelta(hours=-1)))
    with pytest.raises(errors.GrantExpired):
        api.own_channel()
    assert google.asked == []


def test_the_hook_runs_before_every_call_and_can_forbid_it(google):
    calls = []

    def reserve() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise errors.QuotaExceeded("reserved")

    api = DataApi(endpoint=google.url, api_key="key", before_call=reserve)
    google.will_answer(200, {"items": []})
    api.videos(["aaaaaaaaaaa"])
    with pytest.raises(errors.QuotaExceeded):
        api.videos(["aaaaaaaaaaa"])
    assert len(google.asked) == 1


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (403, "quotaExceeded", errors.QuotaExceeded),
        (403, "rateLimitExceeded", errors.ApiUnavailable),
        (403, "insufficientPermissions", errors.ScopeMissing),
        (403, "accessNotConfigured", errors.ApiKeyRefused),
        (400, "keyInvalid", errors.ApiKeyRefused),
        (404, "playlistNotFound", errors.PlaylistNotFound),
        (403, "youtube.channel.authenticatedUserAccountSuspended", errors.ChannelTerminated),
        (400, "invalidParameter", errors.ApiRefused),
        (503, "backendError", errors.ApiUnavailable),
        (500, "anything", errors.ApiUnavailable),
        (429, "anything", errors.ApiUnavailable),
    ],
)
def test_googles_reasons_become_errors_and_are_kept(google, api, status, reason, expected):
    google.will_refuse(status, reason)
    with pytest.raises(errors.YouTubeError) as caught:
        api.uploads_page("UUaaaaaaaaaaaaaaaaaaaaaa")
    assert type(caught.value) is expected
    assert reason in caught.value.raw


@pytest.mark.parametrize("body", [b"<html>502</html>", b"[]", b'{"items": "none"}', b'{"items": [{}]}'])
def test_an_answer_that_is_not_the_documented_one_is_said_to_be_invalid(google, api, body):
    google.will_answer(200, body)
    with pytest.raises(errors.ApiAnswerInvalid):
        api.videos(["aaaaaaaaaaa"])


def test_an_html_page_with_an_error_status_is_a_failure_of_google(google, api):
    google.will_answer(502, b"<html>Bad Gateway</html>")
    with pytest.raises(errors.ApiUnavailable):
        api.videos(["aaaaaaaaaaa"])


def test_nobody_listening_is_a_failure_of_google():
    api = DataApi(endpoint="http://127.0.0.1:9", api_key="key", timeout=2)
    with pytest.raises(errors.ApiUnavailable):
        api.videos(["aaaaaaaaaaa"])
