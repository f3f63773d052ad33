"""The Data API under Google's own client library."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.devnet.youtube_support import (
    BEEKEEPING,
    EMAIL_SCOPE,
    ODD_SIGNALS,
    SLOW_RAIL,
    YouTube,
)
from ytsynch.devnet.youtube.site import USER_WITHOUT_CHANNEL

pytest_plugins = ["tests.devnet.youtube_fixtures"]

VIDEO_PARTS = "snippet,contentDetails,statistics,status,liveStreamingDetails,localizations"
CHANNEL_PARTS = "snippet,contentDetails,statistics,status,brandingSettings"


def _public(youtube: YouTube, key: str | None = None) -> Any:
    return build(
        "youtube",
        "v3",
        developerKey=key or youtube.world.youtube_api_key,
        static_discovery=True,
        client_options={"api_endpoint": youtube.google},
    )


def _owner(youtube: YouTube, google_user: str, tokens: dict[str, Any] | None = None) -> Any:
    tokens = tokens or youtube.sign_in(google_user)
    credentials = Credentials(
        token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
        token_uri=f"{youtube.google}/token",
        client_id=youtube.world.google_client_id,
        client_secret=youtube.world.google_client_secret,
    )
    return build(
        "youtube",
        "v3",
        credentials=credentials,
        static_discovery=True,
        client_options={"api_endpoint": youtube.google},
    )


def _uploads(api: Any, channel_id: str) -> list[list[str]]:
    """Pages of video ids."""
    pages = []
    request = api.playlistItems().list(part="contentDetails", playlistId="UU" + channel_id[2:], maxResults=50)
    while request is not None:
        answer = request.execute()
        pages.append([item["contentDetails"]["videoId"] for item in answer.get("items", [])])
        request = api.playlistItems().list_next(request, answer)
    return pages


def _all_uploads(api: Any, channel_id: str) -> set[str]:
    return {video_id for page in _uploads(api, channel_id) for video_id in page}


def _facts(api: Any, *ids: str) -> dict[str, dict[str, Any]]:
    answer = api.videos().list(part=VIDEO_PARTS, id=",".join(ids)).execute()
    return {item["id"]: item for item in answer.get("items", [])}


def test_the_owner_finds_their_own_channel_with_everything_a_sign_up_needs(youtube):
    answer = _owner(youtube, BEEKEEPING.google_user).channels().list(part=CHANNEL_PARTS, mine=True).execute()
    (channel,) = answer["items"]
    assert channel["id"] == BEEKEEPING.youtube_channel_id
    assert channel["snippet"]["customUrl"] == BEEKEEPING.handle
    assert channel["snippet"]["title"] == BEEKEEPING.title
    assert channel["snippet"]["publishedAt"].endswith("Z")
    assert channel["statistics"]["subscriberCount"] == "1280"
    assert channel["statistics"]["videoCount"] == "4"
    assert channel["contentDetails"]["relatedPlaylists"]["uploads"] == "UU" + channel["id"][2:]
    for address in (
        channel["snippet"]["thumbnails"]["high"]["url"],
        channel["brandingSettings"]["image"]["bannerExternalUrl"],
    ):
        assert requests.get(address, timeout=10).headers["Content-Type"] == "image/jpeg"


def test_a_user_without_a_channel_gets_no_items_at_all(youtube):
    answer = _owner(youtube, USER_WITHOUT_CHANNEL).channels().list(part="id", mine=True).execute()
    assert "items" not in answer


def test_channels_are_found_by_handle_and_missing_ones_left_out(youtube):
    api = _public(youtube)
    by_handle = api.channels().list(part="id", forHandle=ODD_SIGNALS.handle.upper()).execute()
    assert by_handle["items"][0]["id"] == ODD_SIGNALS.youtube_channel_id
    ids = f"{ODD_SIGNALS.youtube_channel_id},UCnone,{SLOW_RAIL.youtube_channel_id}"
    found = api.channels().list(part="id", id=ids).execute()["items"]
    assert [each["id"] for each in found] == [ODD_SIGNALS.youtube_channel_id, SLOW_RAIL.youtube_channel_id]


def test_more_uploads_than_a_page_holds_are_paged_newest_first(youtube):
    first, second = _uploads(_public(youtube), SLOW_RAIL.youtube_channel_id)
    listed = youtube.videos(SLOW_RAIL.youtube_channel_id)
    assert (len(first), len(second)) == (50, 6)
    assert first + second == [each["id"] for each in listed]


def test_only_the_owner_sees_what_is_not_public(youtube):
    private, unlisted = youtube.video("private")["id"], youtube.video("unlisted")["id"]
    public, owner = _public(youtube), _owner(youtube, ODD_SIGNALS.google_user)
    stranger = _owner(youtube, BEEKEEPING.google_user)
    for api in (public, stranger):
        assert not {private, unlisted} & _all_uploads(api, ODD_SIGNALS.youtube_channel_id)
        assert set(_facts(api, private, unlisted)) == {unlisted}
    assert {private, unlisted} <= _all_uploads(owner, ODD_SIGNALS.youtube_channel_id)
    assert _facts(owner, private)[private]["status"]["privacyStatus"] == "private"


def test_a_removed_video_may_still_be_listed_though_its_facts_are_gone(youtube):
    removed = youtube.video("removed")["id"]
    api = _public(youtube)
    assert removed in _all_uploads(api, ODD_SIGNALS.youtube_channel_id)
    assert _facts(api, removed) == {}


def test_the_facts_tell_difficult_videos_apart(youtube):
    slugs = [
        *("live", "upcoming-premiere", "recording", "age-restricted", "creative-commons", "subtitles"),
        *("processing", "too-long", "geo-blocked", "long-description", "scripts", "plain"),
    ]
    ids = {slug: youtube.video(slug)["id"] for slug in slugs}
    found = _facts(_public(youtube), *ids.values())
    facts = {slug: found[ids[slug]] for slug in slugs}
    assert facts["live"]["snippet"]["liveBroadcastContent"] == "live"
    assert facts["upcoming-premiere"]["snippet"]["liveBroadcastContent"] == "upcoming"
    assert "actualStartTime" not in facts["upcoming-premiere"]["liveStreamingDetails"]
    assert "actualEndTime" in facts["recording"]["liveStreamingDetails"]
    assert facts["age-restricted"]["contentDetails"]["contentRating"] == {"ytRating": "ytAgeRestricted"}
    assert facts["creative-commons"]["status"]["license"] == "creativeCommon"
    assert facts["creative-commons"]["status"]["madeForKids"] is True
    assert facts["subtitles"]["contentDetails"]["caption"] == "true"
    assert facts["subtitles"]["snippet"]["defaultAudioLanguage"] == "de"
    assert facts["processing"]["status"]["uploadStatus"] == "uploaded"
    assert facts["too-long"]["contentDetails"]["duration"] == "P1DT16H"
    assert "CH" in facts["geo-blocked"]["contentDetails"]["regionRestriction"]["blocked"]
    assert len(facts["long-description"]["snippet"]["description"]) == 5000
    assert "受信機" in facts["scripts"]["snippet"]["title"]
    assert "liveStreamingDetails" not in facts["plain"]


def _reason(request: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as caught:
        request.execute()
    return caught.value.status_code, caught.value.error_details[0]["reason"]


def test_wrong_parameters_are_refused_as_google_refuses_them(youtube):
    api = _public(youtube)
    many = ",".join(f"video{number:06d}" for number in range(51))
    playlist = "UU" + SLOW_RAIL.youtube_channel_id[2:]
    items = api.playlistItems()
    assert _reason(api.videos().list(part="id", id=many)) == (400, "invalidFilters")
    assert _reason(api.videos().list(part="nonsense", id="x")) == (400, "unknownPart")
    assert _reason(items.list(part="id", playlistId="UUnope")) == (404, "playlistNotFound")
    assert _reason(items.list(part="id", playlistId=playlist, pageToken="x")) == (400, "invalidPageToken")
    assert _reason(api.channels().list(part="id")) == (400, "missingRequiredParameter")
    assert _reason(api.channels().list(part="id", mine=True)) == (401, "authorizationRequired")
    assert _reason(_public(youtube, "wrong").videos().list(part="id", id="x")) == (400, "API_KEY_INVALID")


def test_every_call_costs_one_unit_until_the_days_quota_is_spent(youtube):
    api = _public(youtube)
    youtube.control("set_quota_left", units=3)
    api.videos().list(part="id", id="x").execute()
    assert _reason(api.playlistItems().list(part="id", playlistId="UUnope")) == (404, "playlistNotFound")
    api.channels().list(part="id", id="x").execute()
    with pytest.raises(HttpError) as caught:
        api.videos().list(part="id", id="x").execute()
    assert caught.value.status_code == 403
    assert caught.value.error_details[0]["reason"] == "quotaExceeded"
    assert "<a href" in caught.value.reason
    spent = requests.get(f"{youtube.google}/_control", timeout=10).json()["quota"]
    assert spent["spent"] == spent["limit"] == 10_000


def test_an_expired_access_token_is_refreshed_by_the_library(youtube):
    api = _owner(youtube, BEEKEEPING.google_user)
    youtube.control("expire_access_tokens", user=BEEKEEPING.google_user)
    assert api.channels().list(part="id", mine=True).execute()["items"]


def test_a_revoked_grant_shows_as_invalid_grant(youtube):
    api = _owner(youtube, BEEKEEPING.google_user)
    youtube.control("revoke_grant", user=BEEKEEPING.google_user)
    with pytest.raises(RefreshError) as caught:
        api.channels().list(part="id", mine=True).execute()
    assert caught.value.args[1]["error"] == "invalid_grant"


def test_a_token_without_the_youtube_scope_is_not_enough(youtube):
    tokens = youtube.sign_in(BEEKEEPING.google_user, EMAIL_SCOPE)
    api = _owner(youtube, BEEKEEPING.google_user, tokens)
    with pytest.raises(HttpError) as caught:
        api.channels().list(part="id", mine=True).execute()
    assert caught.value.status_code == 403
    assert "insufficient authentication scopes" in caught.value.reason


def test_the_api_can_be_down(youtube):
    youtube.control("api_down")
    assert _reason(_public(youtube).videos().list(part="id", id="x")) == (503, "backendError")


def test_a_terminated_channel_is_gone_for_all_and_an_error_for_its_owner(youtube):
    owner = _owner(youtube, BEEKEEPING.google_user)
    youtube.control("terminate_channel", channel=BEEKEEPING.handle)
    api = _public(youtube)
    assert "items" not in api.channels().list(part="id", id=BEEKEEPING.youtube_channel_id).execute()
    playlist = "UU" + BEEKEEPING.youtube_channel_id[2:]
    assert _reason(api.playlistItems().list(part="id", playlistId=playlist)) == (404, "playlistNotFound")
    with pytest.raises(HttpError) as caught:
        owner.channels().list(part="id", mine=True).execute()
    assert caught.value.error_details[0]["reason"] == "authenticatedUserAccountSuspended"


def test_changes_of_the_world_show(youtube):
    channel = BEEKEEPING.youtube_channel_id
    youtube.control("set_subscribers", channel=channel, subscribers=12_345)
    youtube.control("rename_channel", channel=channel, title="Valley Beekeeping", handle="@valleybees")
    added = youtube.control("add_video", channel=channel, title="Swarm", traits={"license": "creativeCommon"})
    api = _public(youtube)
    (found,) = api.channels().list(part=CHANNEL_PARTS, forHandle="@valleybees").execute()["items"]
    assert found["statistics"]["subscriberCount"] == "12300"  # three digits, as YouTube shows
    assert found["snippet"]["title"] == "Valley Beekeeping"
    assert _uploads(api, channel)[0][0] == added["id"]
    assert _facts(api, added["id"])[added["id"]]["status"]["license"] == "creativeCommon"
    youtube.control("delete_video", video=added["id"])
    assert added["id"] not in _uploads(api, channel)[0]
    youtube.control("hide_channel", channel=channel)
    assert "items" not in api.channels().list(part="id", id=channel).execute()


@pytest.mark.parametrize(
    ("asked", "part_of_answer"),
    [
        ({"action": "nonsense"}, "no action 'nonsense'"),
        ({"action": "add_video", "channel": "UCnone", "title": "x"}, "no channel 'UCnone'"),
        ({"action": "set_quota_left", "units": -1}, "units"),
        ({"action": "set_privacy", "video": "plain", "privacy": "secret"}, "privacy"),
        ({"action": "edit_video", "video": "plain", "traits": {"colour": "red"}}, "no trait 'colour'"),
        ({"action": "edit_video", "video": "plain", "traits": {"seconds": "long"}}, "seconds"),
        ({"action": "block_proxy", "kind": "bot_check", "proxy": 9}, "3 proxies"),
        (["reset"], "a JSON object is expected"),
    ],
)
def test_the_control_port_says_what_is_wrong_with_a_request(youtube, asked, part_of_answer):
    answer = requests.post(f"{youtube.google}/_control", json=asked, timeout=10)
    assert answer.status_code == 400
    assert part_of_answer in answer.json()["error"]
