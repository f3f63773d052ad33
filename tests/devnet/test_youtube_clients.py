"""The service's own YouTube and Google clients against the simulated YouTube, over real sockets."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.devnet.youtube_support import (
    BEEKEEPING,
    EMAIL_SCOPE,
    ODD_SIGNALS,
    REDIRECT_URI,
    SLOW_RAIL,
    YOUTUBE_SCOPE,
    YouTube,
)
from ytsynch.youtube import errors
from ytsynch.youtube.data_api import DataApi
from ytsynch.youtube.downloader import Downloaded, Downloader, Limits, Progress
from ytsynch.youtube.sign_in import GoogleEndpoints, GoogleSignIn, Grant

pytest_plugins = ["tests.devnet.youtube_fixtures"]

LIMITS = Limits(max_bytes=1_000_000_000, max_seconds=3600)


@pytest.fixture
def downloader(youtube: YouTube, monkeypatch: pytest.MonkeyPatch) -> Downloader:
    monkeypatch.delenv("SSL_CERT_FILE")  # it must trust the certificates that it was given, by itself
    return Downloader(proxy=youtube.youtube, ca_file=youtube.ca_file, socket_timeout=2)


def download(
    downloader: Downloader, youtube: YouTube, slug: str, folder: Path, *, limits: Limits = LIMITS
) -> Downloaded:
    video_id = youtube.video(slug)["id"]
    return downloader.download(video_id, folder, limits=limits, on_progress=lambda progress: None)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# What arrives


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("plain", ("h264", 1920, 1080, "aac")),
        ("720p", ("h264", 1280, 720, "aac")),
        ("vp9", ("vp9", 1920, 1080, "aac")),
        ("short", ("h264", 1080, 1920, "aac")),
        ("4k", ("h264", 1920, 1080, "aac")),
        ("no-audio", ("h264", 1920, 1080, None)),
    ],
)
def test_a_video_arrives_in_full_hd_or_the_best_below_and_its_facts_are_true(
    youtube, downloader, tmp_path, slug, expected
):
    got = download(downloader, youtube, slug, tmp_path)
    facts = got.facts
    assert (facts.video_codec, facts.width, facts.height, facts.audio_codec) == expected
    assert (got.facts.container, got.facts.mime_type) == ("mp4", "video/mp4")
    assert got.facts.duration == youtube.video(slug)["seconds"]
    assert got.facts.size == got.path.stat().st_size
    assert got.source_has_audio == (facts.audio_codec is not None)
    assert got.is_short == (slug == "short")
    assert names(tmp_path) == {got.path.name, got.thumbnail_path.name}


@pytest.mark.parametrize("slug", ["plain", "no-maxres"])
def test_the_thumbnail_fills_sixteen_to_nine_without_bars(youtube, downloader, tmp_path, slug):
    got = download(downloader, youtube, slug, tmp_path)
    with Image.open(got.thumbnail_path) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1280, 720))
        edges = [picture.convert("L").crop((0, y, 1280, y + 4)).tobytes() for y in (0, 716)]
    assert all(max(edge) > 40 for edge in edges), "black at the upper or lower edge"


def test_subtitles_that_people_made_come_along_and_automatic_ones_do_not(youtube, downloader, tmp_path):
    got = download(downloader, youtube, "subtitles", tmp_path)
    assert [(each.language, each.mime_type, each.kind) for each in got.subtitles] == [
        ("de", "text/vtt", "subtitles"),
        ("en", "text/vtt", "subtitles"),
    ]
    assert all(each.path.read_text().startswith("WEBVTT") for each in got.subtitles)
    assert download(downloader, youtube, "captions", tmp_path).subtitles == ()


def test_progress_counts_the_bytes_of_all_streams(youtube, downloader, tmp_path):
    seen: list[Progress] = []
    video_id = youtube.video("plain")["id"]
    downloader.download(video_id, tmp_path, limits=LIMITS, on_progress=seen.append)
    phases = list(dict.fromkeys(progress.phase for progress in seen))
    assert phases == ["asking", "video", "audio", "merging", "checking", "thumbnail", "subtitles"]
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert seen[-1].done == seen[-1].total


def test_the_same_video_comes_out_in_the_same_bytes_when_fetched_again(youtube, downloader, tmp_path):
    once = download(downloader, youtube, "plain", tmp_path / "once")
    again = download(downloader, youtube, "plain", tmp_path / "again")
    assert once.path.read_bytes() == again.path.read_bytes()
    assert once.thumbnail_path.read_bytes() == again.thumbnail_path.read_bytes()


# What is refused


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("private", errors.VideoPrivate),
        ("unlisted", errors.VideoUnlisted),
        ("removed", errors.VideoDeleted),
        ("members-only", errors.MembersOnly),
        ("paid", errors.PaidOnly),
        ("age-restricted", errors.AgeRestricted),
        ("geo-blocked", errors.GeoBlocked),
        ("live", errors.LiveNow),
        ("upcoming-live", errors.LiveUpcoming),
        ("upcoming-premiere", errors.PremiereUpcoming),
        ("finishing", errors.RecordingNotReady),
        ("rate-limited", errors.AddressBlocked),
        ("bot-check", errors.AddressBlocked),
        ("empty", errors.EmptyDownload),
        ("too-long", errors.TooLong),
        ("processing", errors.StillProcessing),
    ],
)
def test_a_difficult_video_is_told_by_its_class_and_leaves_nothing_on_disk(
    youtube, downloader, tmp_path, slug, expected
):
    with pytest.raises(errors.YouTubeError) as caught:
        download(downloader, youtube, slug, tmp_path)
    assert type(caught.value) is expected
    assert caught.value.raw
    assert names(tmp_path) == set()


@pytest.mark.parametrize("slug", ["upcoming-live", "upcoming-premiere"])
def test_an_upcoming_video_tells_when_it_begins(youtube, downloader, tmp_path, slug):
    with pytest.raises(errors.LiveUpcoming) as caught:
        download(downloader, youtube, slug, tmp_path)
    assert caught.value.starts_at == datetime.fromisoformat(youtube.video(slug)["starts_at"])


@pytest.mark.parametrize("slug", ["rate-limited", "bot-check"])
def test_a_video_that_was_turned_away_arrives_at_a_later_visit(youtube, downloader, tmp_path, slug):
    for _ in range(10):
        try:
            got = download(downloader, youtube, slug, tmp_path)
        except errors.AddressBlocked:
            continue
        break
    assert got.facts.duration > 0


@pytest.mark.parametrize(
    "kind", ["bot_check", "rate_limited", "http_403", "http_429", "only_360p", "other_video"]
)
def test_a_blocked_address_is_blamed_itself_and_another_one_gets_the_video(
    youtube, downloader, tmp_path, kind
):
    youtube.control("block_proxy", kind=kind)
    with pytest.raises(errors.AddressBlocked):
        download(downloader, youtube, "plain", tmp_path)
    elsewhere = Downloader(proxy=youtube.proxies[1], ca_file=youtube.ca_file, socket_timeout=2)
    assert download(elsewhere, youtube, "plain", tmp_path).facts.height == 1080


def test_a_video_over_the_limit_is_refused_before_a_byte_is_fetched(youtube, downloader, tmp_path):
    seen: list[Progress] = []
    with pytest.raises(errors.TooLarge) as caught:
        downloader.download(
            youtube.video("plain")["id"],
            tmp_path,
            limits=dataclasses.replace(LIMITS, max_bytes=10_000),
            on_progress=seen.append,
        )
    assert caught.value.limit == 10_000 < caught.value.actual
    assert {progress.phase for progress in seen} == {"asking"}
    assert names(tmp_path) == set()


def test_a_file_shorter_than_declared_is_damaged_and_removed(youtube, downloader, tmp_path):
    youtube.control("edit_video", video="plain", traits={"declared_seconds": 60})
    with pytest.raises(errors.DamagedDownload, match="60 s declared") as caught:
        download(downloader, youtube, "plain", tmp_path)
    assert caught.value.formats == ("137", "140")
    assert names(tmp_path) == set()


def test_other_formats_are_taken_after_a_damaged_file(youtube, downloader, tmp_path):
    got = downloader.download(
        youtube.video("plain")["id"],
        tmp_path,
        limits=LIMITS,
        on_progress=lambda progress: None,
        avoid_formats=("137", "140"),
    )
    assert (got.facts.height, got.facts.audio_codec) == (720, "opus")


def test_the_recording_of_a_stream_is_marked_as_one(youtube, downloader, tmp_path):
    assert download(downloader, youtube, "recording", tmp_path).was_live


# What breaks on the way


def test_a_download_that_is_cut_again_and_again_goes_on_each_time_where_it_stopped(
    youtube, downloader, tmp_path
):
    youtube.control("media", kind="cut", after_bytes=9_000)
    attempts = 0
    while True:  # each attempt gets three answers of 9,000 bytes: only by going on can it ever end
        attempts += 1
        try:
            got = download(downloader, youtube, "plain", tmp_path)
        except errors.DownloadStalled:
            assert attempts < 50
            continue
        break
    assert attempts > 1
    assert got.facts.height == 1080


def test_a_download_that_falls_silent_has_stalled_and_its_part_stays(youtube, downloader, tmp_path):
    youtube.control("media", kind="stall", after_bytes=9_000)
    with pytest.raises(errors.DownloadStalled, match="Giving up"):
        download(downloader, youtube, "plain", tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]


def test_a_download_that_crawls_has_stalled(youtube, downloader, tmp_path):
    youtube.control("media", kind="slow", bytes_per_second=500)
    with pytest.raises(errors.DownloadStalled):
        download(downloader, youtube, "plain", tmp_path, limits=dataclasses.replace(LIMITS, stall_seconds=1))


def test_a_file_server_that_fails_is_a_stall_and_not_the_videos_fault(youtube, downloader, tmp_path):
    youtube.control("media", kind="refuse")
    with pytest.raises(errors.DownloadStalled):
        download(downloader, youtube, "plain", tmp_path)


def test_the_listener_can_stop_a_download_and_its_parts_stay(youtube, downloader, tmp_path):
    def stop(progress: Progress) -> None:
        if progress.phase == "audio":
            raise errors.DownloadCancelled("lease lost")

    with pytest.raises(errors.DownloadCancelled, match="lease lost"):
        downloader.download(youtube.video("plain")["id"], tmp_path, limits=LIMITS, on_progress=stop)
    assert names(tmp_path)
    assert download(downloader, youtube, "plain", tmp_path).facts.height == 1080


def test_a_download_ends_at_its_deadline(youtube, downloader, tmp_path):
    with pytest.raises(errors.DownloadTimedOut):
        download(
            downloader, youtube, "plain", tmp_path, limits=dataclasses.replace(LIMITS, deadline_seconds=0)
        )


def test_a_proxy_that_is_away_and_a_certificate_that_nobody_vouches_for_are_network_trouble(
    youtube, downloader, tmp_path
):
    away = Downloader(proxy="http://127.0.0.1:9", ca_file=youtube.ca_file, socket_timeout=2)
    with pytest.raises(errors.ProxyUnreachable):
        download(away, youtube, "plain", tmp_path)
    distrustful = Downloader(proxy=youtube.youtube, ca_file=None, socket_timeout=2)
    with pytest.raises(errors.YouTubeUnreachable, match=r"(?i)certificate"):
        download(distrustful, youtube, "plain", tmp_path)


# What a channel shows


def test_a_channels_page_lists_more_than_one_screen_of_videos(youtube, downloader):
    listed = downloader.list_channel(SLOW_RAIL.youtube_channel_id)
    assert [entry.id for entry in listed] == [v["id"] for v in youtube.videos(SLOW_RAIL.youtube_channel_id)]
    assert len(downloader.list_channel(SLOW_RAIL.handle, limit=5)) == 5
    assert listed[0].title
    assert listed[0].duration


def test_the_tabs_of_a_channel_are_told_apart(youtube, downloader):
    short = youtube.video("short")["id"]
    assert [entry.id for entry in downloader.list_channel(ODD_SIGNALS.handle, "shorts")] == [short]
    assert short not in {entry.id for entry in downloader.list_channel(ODD_SIGNALS.handle)}
    live = next(e for e in downloader.list_channel(ODD_SIGNALS.handle, "streams") if e.live_status)
    assert live.live_status == "is_live"
    assert downloader.list_channel(BEEKEEPING.handle, "shorts") == ()


def test_a_channel_that_is_not_there_is_told_from_an_empty_one(youtube, downloader):
    with pytest.raises(errors.ChannelNotFound):
        downloader.list_channel("@nobody-of-this-name")
    youtube.control("terminate_channel", channel=SLOW_RAIL.youtube_channel_id)
    with pytest.raises(errors.ChannelTerminated):
        downloader.list_channel(SLOW_RAIL.youtube_channel_id)


# The Data API and the sign-in


@pytest.fixture
def google_sign_in(youtube: YouTube) -> GoogleSignIn:
    endpoints = GoogleEndpoints(
        token=f"{youtube.google}/token",
        revoke=f"{youtube.google}/revoke",
        userinfo=f"{youtube.google}/oauth2/v3/userinfo",
    )
    world = youtube.world
    return GoogleSignIn(world.google_client_id, world.google_client_secret, endpoints=endpoints, timeout=5)


def grant_of(youtube: YouTube, google_sign_in: GoogleSignIn, user: str = SLOW_RAIL.google_user) -> Grant:
    code = youtube.ask_consent(user, f"{YOUTUBE_SCOPE} {EMAIL_SCOPE}")["code"]
    return google_sign_in.exchange_code(code, REDIRECT_URI + "?code=abc")


def public_api(youtube: YouTube) -> DataApi:
    return DataApi(endpoint=youtube.google, api_key=youtube.world.youtube_api_key, timeout=5)


def test_a_creator_signs_in_and_shows_their_channel(youtube, google_sign_in):
    grant = grant_of(youtube, google_sign_in)
    assert grant.email == SLOW_RAIL.google_user
    assert grant.refresh_token
    channel = DataApi(endpoint=youtube.google, credentials=grant, timeout=5).own_channel()
    assert channel is not None
    assert (channel.id, channel.handle) == (SLOW_RAIL.youtube_channel_id, SLOW_RAIL.handle)
    assert channel.subscribers


def test_a_code_works_once(youtube, google_sign_in):
    code = youtube.ask_consent(SLOW_RAIL.google_user, f"{YOUTUBE_SCOPE} {EMAIL_SCOPE}")["code"]
    google_sign_in.exchange_code(code, REDIRECT_URI)
    with pytest.raises(errors.WrongCode):
        google_sign_in.exchange_code(code, REDIRECT_URI)


def test_a_creator_who_ticks_only_the_address_is_told_of_insufficient_permission(youtube, google_sign_in):
    code = youtube.ask_consent(SLOW_RAIL.google_user, EMAIL_SCOPE)["code"]
    with pytest.raises(errors.ScopeMissing, match="Insufficient Permission"):
        google_sign_in.exchange_code(code, REDIRECT_URI)


def test_an_ended_token_is_refreshed_and_a_revoked_grant_is_noticed(youtube, google_sign_in):
    grant = grant_of(youtube, google_sign_in)
    youtube.control("expire_access_tokens", user=SLOW_RAIL.google_user)
    with pytest.raises(errors.GrantExpired):
        DataApi(endpoint=youtube.google, credentials=grant, timeout=5).own_channel()
    fresh = google_sign_in.refresh(grant)
    assert DataApi(endpoint=youtube.google, credentials=fresh, timeout=5).own_channel()
    google_sign_in.revoke(fresh.refresh_token)
    with pytest.raises(errors.GrantRevoked):
        google_sign_in.refresh(fresh)


def test_a_terminated_account_is_told_when_it_asks_for_its_channel(youtube, google_sign_in):
    grant = grant_of(youtube, google_sign_in)
    youtube.control("terminate_channel", channel=SLOW_RAIL.youtube_channel_id)
    with pytest.raises(errors.ChannelTerminated):
        DataApi(endpoint=youtube.google, credentials=grant, timeout=5).own_channel()


def test_all_uploads_are_listed_page_by_page_and_looked_up_fifty_a_call(youtube):
    api = public_api(youtube)
    channel = api.channels([SLOW_RAIL.youtube_channel_id])[SLOW_RAIL.youtube_channel_id]
    assert api.channel_by_handle(SLOW_RAIL.handle) == channel
    first = api.uploads_page(channel.uploads_playlist_id)
    second = api.uploads_page(channel.uploads_playlist_id, first.next_page_token)
    ids = first.video_ids + second.video_ids
    assert second.next_page_token is None
    assert len(ids) == first.total == len(youtube.videos(channel.id)) > 50
    videos = api.videos(ids[:50])
    assert set(videos) == set(ids[:50])
    assert all(video.channel_id == channel.id and video.duration == 2 for video in videos.values())


def test_the_facts_of_a_video_come_through_the_data_api(youtube):
    facts = {slug: youtube.video(slug) for slug in ("creative-commons", "subtitles", "upcoming-premiere")}
    videos = public_api(youtube).videos(video["id"] for video in facts.values())
    free, subtitled, coming = (videos[facts[slug]["id"]] for slug in facts)
    assert (free.license, free.category_id, free.privacy_status) == ("creativeCommon", "28", "public")
    assert (subtitled.license, subtitled.caption) == ("youtube", True)
    assert subtitled.title == facts["subtitles"]["title"]
    assert coming.live_broadcast_content == "upcoming"
    assert coming.scheduled_start_at is not None
    assert abs(coming.published_at - datetime.now(UTC)) < timedelta(days=2)


def test_a_spent_quota_is_told_apart_from_an_api_that_is_down(youtube):
    api = public_api(youtube)
    youtube.control("set_quota_left", units=0)
    with pytest.raises(errors.QuotaExceeded):
        api.channels([SLOW_RAIL.youtube_channel_id])
    youtube.control("api_down")
    with pytest.raises(errors.ApiUnavailable):
        api.channels([SLOW_RAIL.youtube_channel_id])


def test_an_unknown_playlist_is_not_found(youtube):
    with pytest.raises(errors.PlaylistNotFound):
        public_api(youtube).uploads_page("UUnobody")


def test_a_sign_in_that_is_down_is_google_unavailable(youtube, google_sign_in):
    youtube.control("oauth_down")
    with pytest.raises(errors.GoogleUnavailable):
        google_sign_in.exchange_code("code", REDIRECT_URI)
