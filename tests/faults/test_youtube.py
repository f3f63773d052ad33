"""Faults of YouTube, its API and the creator's permission, by the list of faults (Y11, Y12, C1, C2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels import grants
from channels.models import Channel, Creator
from tests.faults.world import history, matters_of_staff, until, until_it_waits, until_published
from tests.support.factories import reload
from tests.support.service import facts_of, work, work_until
from videos import halts, outside, quota, words
from videos.models import QuotaDay, ToolStanding, ToolVersion, Video
from videos.pipeline import tool
from videos.quota import Purpose, ShareSpent
from videos.states import Stage, State
from ytsynch.demo.creators import REDIRECT, authorization_code


@pytest.mark.parametrize("block", ["bot_check", "rate_limited", "http_429", "only_360p", "other_video"])
def test_y11_a_blocked_address_is_not_held_against_the_video(world, block):
    video = world.uploaded_to_youtube(itags=[137, 136, 140], published_at="2026-01-01T00:00:00Z")
    world.do("youtube/block_proxy", kind=block)
    until_it_waits(video, "address_blocked", Stage.DOWNLOAD)
    world.do("youtube/unblock_proxy")
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    assert (reload(video).media or {})["height"] == 1080


def test_y12_a_download_that_was_cut_goes_on_from_the_part_that_it_has(world):
    video = world.uploaded_to_youtube(itags=[137, 140])
    world.do("youtube/media", kind="cut", after_bytes=20_000, video=video.youtube_id)
    until_it_waits(video, "download_stalled", Stage.DOWNLOAD)
    assert reload(video).attempts >= 1
    parts = list((world.var / "downloads" / video.youtube_id).rglob("*.part"))
    assert sum(part.stat().st_size for part in parts) >= 20_000
    world.do("youtube/media", kind="ok")
    until_published(video)
    world.is_published_exactly_once(video)
    assert not (world.var / "downloads" / video.youtube_id).exists()


def catalogue_of(channel: Channel) -> int:
    return Video.objects.filter(channel=channel).count()


def due(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(next_discovery_at=timezone.now())


def goes_on_at_midnight_in_california(channel: Channel) -> bool:
    at = Channel.objects.get(pk=channel.pk).next_discovery_at
    return abs(at - quota.resumes_at()) < timedelta(minutes=1)


def test_c1_when_our_own_share_is_spent_discovery_stops_until_pacific_midnight(world):
    channel = world.channel()
    QuotaDay.objects.create(day=quota.quota_day(), sync_used=quota.limit_of(Purpose.SYNC))
    work(Stage.DISCOVERY)
    assert catalogue_of(channel) == 0
    assert goes_on_at_midnight_in_california(channel)
    quota.reserve(Purpose.SIGN_UP)  # its share is its own
    QuotaDay.objects.all().delete()  # midnight
    due(channel)
    work(Stage.DISCOVERY)
    assert catalogue_of(channel) > 0


def test_c1_when_google_says_that_the_quota_is_spent_it_is_not_asked_again_today(world):
    channel = world.channel()
    world.do("youtube/set_quota_left", units=0)
    work(Stage.DISCOVERY)
    assert goes_on_at_midnight_in_california(channel)
    with pytest.raises(ShareSpent):
        quota.reserve(Purpose.SIGN_UP)
    world.do("youtube/set_quota_left", units=10_000)
    QuotaDay.objects.all().delete()
    due(channel)
    work(Stage.DISCOVERY)
    assert catalogue_of(channel) > 0


def test_c1_what_was_listed_before_the_quota_ran_out_is_kept(world):
    channel = world.channel("@oddsignals")
    QuotaDay.objects.create(day=quota.quota_day(), sync_used=quota.limit_of(Purpose.SYNC) - 2)
    work(Stage.DISCOVERY)  # a page of the listing, and its facts
    QuotaDay.objects.all().delete()
    listed = catalogue_of(channel)
    due(channel)
    work(Stage.DISCOVERY)
    assert 0 < listed <= catalogue_of(channel)
    assert all(history(video).count("discovered") == 1 for video in Video.objects.all())


@pytest.fixture
def signed_in(world):
    """A channel whose creator gave their permission at Google."""
    person = world.devnet.person("@clockworkrestoration")
    code = authorization_code(facts_of(world.devnet), person.google_user)
    grant = outside.google().exchange_code(code, REDIRECT)
    creator = Creator.objects.create(subject=grant.subject, email=grant.email, grant=grants.to_json(grant))
    return world.channel(person.handle, creator=creator)


def test_c2_a_permission_that_was_taken_back_is_erased_and_what_is_public_goes_on(world, signed_in):
    world.do("youtube/revoke_grant", user=signed_in.creator.email)
    work_until(lambda: catalogue_of(signed_in) > 0, Stage.DISCOVERY)
    creator = Creator.objects.get()
    assert creator.grant is None
    assert creator.grant_revoked_at is not None
    assert Channel.objects.get().pause == ""


def test_c2_an_access_token_that_ended_early_does_not_cost_the_permission(world, signed_in):
    world.do("youtube/expire_access_tokens", user=signed_in.creator.email)
    work_until(lambda: catalogue_of(signed_in) > 0, Stage.DISCOVERY)
    assert Creator.objects.get().grant is not None


# --- The tool (Y16, Y23) ------------------------------------------------------------------------------------


def broken(world, count: int = 2) -> list[Video]:
    """YouTube has changed, and so many different videos were not understood."""
    world.set("youtube.breakerThreshold", count)
    videos = [world.uploaded_to_youtube() for _ in range(count)]
    world.do("youtube/change_player")
    work_until(lambda: the_tool().standing == ToolStanding.BROKEN, Stage.DOWNLOAD)
    return videos


def the_tool() -> ToolVersion:
    return tool.this_version()


def an_hour_passes() -> None:
    ToolVersion.objects.update(next_probe_at=timezone.now())
    Video.objects.update(next_attempt_at=timezone.now())


def test_y16_when_many_videos_are_not_understood_downloads_pause_and_one_is_tried_an_hour(world):
    videos = broken(world)
    another = world.uploaded_to_youtube()
    work(Stage.DOWNLOAD)
    assert history(another) == [], "nothing more is taken up"
    assert the_tool().next_probe_at > timezone.now() + timedelta(minutes=50)
    assert any("does not understand YouTube" in text for text in matters_of_staff())
    assert words.of("tool_paused") in [halt.words for halt in halts.for_everybody()]

    an_hour_passes()
    work(Stage.DOWNLOAD)
    tried = [video for video in (*videos, another) if "waits" in history(video)]
    assert len(tried) == 2, "the one that opened the breaker, and the probe"
    assert the_tool().next_probe_at > timezone.now() + timedelta(minutes=50)
    assert not Video.objects.filter(state=State.STUCK).exists()

    world.do("youtube/change_player", changed=False)
    an_hour_passes()
    work_until(lambda: all(reload(video).state == State.DOWNLOADED for video in videos), Stage.DOWNLOAD)
    assert the_tool().standing == ToolStanding.TRUSTED
    assert halts.for_everybody() == []


def test_y16_a_single_video_that_is_not_understood_pauses_nothing(world):
    world.set("youtube.breakerThreshold", 3)
    odd, plain = world.uploaded_to_youtube(), world.uploaded_to_youtube()
    Video.objects.filter(pk=plain.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    world.do("youtube/change_player")
    work_until(lambda: reload(odd).state == State.STUCK, Stage.DOWNLOAD)
    assert reload(odd).reason == "tool_broken"
    assert the_tool().standing == ToolStanding.TRUSTED
    world.do("youtube/change_player", changed=False)
    Video.objects.filter(pk=plain.pk).update(next_attempt_at=timezone.now())
    until(plain, State.DOWNLOADED, Stage.DOWNLOAD)
    assert the_tool().suspects == []


def test_y16_videos_that_were_blamed_for_the_tool_are_pardoned(world):
    world.set("youtube.breakerThreshold", 2)
    first = world.uploaded_to_youtube()
    world.do("youtube/change_player")
    until(first, State.STUCK, Stage.DOWNLOAD)
    second = world.uploaded_to_youtube()
    work_until(lambda: the_tool().standing == ToolStanding.BROKEN, Stage.DOWNLOAD)
    world.do("youtube/change_player", changed=False)
    an_hour_passes()
    work_until(lambda: reload(first).state == reload(second).state == State.DOWNLOADED, Stage.DOWNLOAD)
    assert "retried" in history(first)


@pytest.fixture
def published(world):
    """A video that was brought over before: the canary."""
    video = world.uploaded_to_youtube()
    until_published(video)
    return video


def test_y23_a_new_version_is_tried_on_a_canary_before_anything_else(world, published):
    ToolVersion.objects.update(version="2020.01.01")
    video = world.uploaded_to_youtube()
    world.do("youtube/change_player")
    work(Stage.DOWNLOAD)
    assert the_tool().standing == ToolStanding.BROKEN
    assert history(video) == [], "no other video met the bad release"
    assert ToolVersion.objects.get(version="2020.01.01").standing == ToolStanding.TRUSTED
    world.do("youtube/change_player", changed=False)
    an_hour_passes()
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    assert the_tool().standing == ToolStanding.TRUSTED


def test_y23_a_new_version_whose_canary_lives_is_trusted_at_once(world, published):
    ToolVersion.objects.update(version="2020.01.01")
    videos = [world.uploaded_to_youtube(), world.uploaded_to_youtube()]
    work_until(lambda: all(reload(video).state == State.DOWNLOADED for video in videos), Stage.DOWNLOAD)
    assert the_tool().standing == ToolStanding.TRUSTED


def test_y23_an_old_version_is_shown_to_staff_with_its_age(world, caplog):
    ToolVersion.objects.create(version="2020.01.01", standing=ToolStanding.TRUSTED)
    assert any(text.startswith("yt-dlp 2020.01.01 is") for text in matters_of_staff())
    tool.warn_if_old()
    tool.warn_if_old()
    warnings = [record for record in caplog.records if "tool.old" in str(record.msg)]
    assert len(warnings) == 1, "once a day"


# --- Recordings (Y20) ---------------------------------------------------------------------------------------


@pytest.fixture
def stream(world):
    """A stream that has just ended; recordings are brought over."""
    world.set("sync.limits.recordings", True)
    world.set("sync.intervals.youtubePolling", 0.2)
    began = timezone.now() - timedelta(minutes=5)
    video = world.uploaded_to_youtube(live="recording", starts_at=began.isoformat(), declared_seconds=2)
    Video.objects.filter(pk=video.pk).update(scheduled_start_at=began)
    return video


def an_hour_of_the_same(video: Video) -> None:
    known = {**reload(video).recording, "since": (timezone.now() - timedelta(minutes=61)).isoformat()}
    Video.objects.filter(pk=video.pk).update(recording=known, next_attempt_at=timezone.now())


def test_y20_a_recording_is_taken_once_its_length_has_been_the_same_for_an_hour(world, stream):
    until_it_waits(stream, "recording_not_ready", Stage.DOWNLOAD)
    assert reload(stream).recording["duration"] == 2, "a stub of seconds"
    world.do("youtube/edit_video", video=stream.youtube_id, traits={"declared_seconds": None})
    an_hour_of_the_same(stream)
    work(Stage.DOWNLOAD)
    assert (reload(stream).state, reload(stream).recording["duration"]) == (State.NEW, 4)
    work(Stage.DOWNLOAD)
    assert reload(stream).state == State.NEW, "it has only just grown"
    an_hour_of_the_same(stream)
    until_published(stream)


def test_y20_a_file_that_is_cut_is_not_taken_for_the_recording(world, stream):
    world.do("youtube/edit_video", video=stream.youtube_id, traits={"declared_seconds": 60})
    until_it_waits(stream, "recording_not_ready", Stage.DOWNLOAD)
    work(Stage.DOWNLOAD)
    an_hour_of_the_same(stream)
    work(Stage.DOWNLOAD)
    row = reload(stream)
    assert (row.state, row.reason, row.attempts) == (State.NEW, "recording_not_ready", 0)


def test_y20_a_recording_that_youtube_still_makes_is_waited_for(world, stream):
    world.do("youtube/edit_video", video=stream.youtube_id, traits={"live": "finishing"})
    work(Stage.DOWNLOAD)
    an_hour_of_the_same(stream)
    work(Stage.DOWNLOAD)
    assert (reload(stream).state, reload(stream).reason) == (State.NEW, "recording_not_ready")
