"""Videos, one video with its history, and what goes on at this moment."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from channels.models import Pause
from tests.support.factories import make_channel, make_file, make_video
from videos import moves
from videos.errors import SkippedByStaff
from videos.models import StagePace, VideoEvent
from videos.states import Stage, State

pytestmark = pytest.mark.django_db

PUBLISHED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MEDIA = {
    "size": 48_211_532,
    "duration": 212,
    "width": 1920,
    "height": 1080,
    "video_codec": "h264",
    "audio_codec": "aac",
    "container": "mp4",
    "mime_type": "video/mp4",
}


def leased(**fields):
    return {"lease_token": uuid4(), "leased_until": timezone.now() + timedelta(minutes=1), **fields}


def test_a_published_video(api):
    channel = make_channel(title="Bees", joystream_channel_id=42)
    video = make_video(
        channel,
        youtube_id="dQw4w9WgXcQ",
        title="How it began",
        description="The first hive.",
        published_at=PUBLISHED,
        duration=210,
        language="en",
        is_short=False,
        views=1234,
        thumbnails={"default": "http://p/1"},
        media=MEDIA,
        state=State.PUBLISHED,
        state_since=PUBLISHED,
        discovered_at=PUBLISHED,
        joystream_video_id=812,
        created_in_block=7_120_338,
        published_on_joystream_at=PUBLISHED,
    )
    make_file(video, object_id=2011, uploaded_to="http://storage/", size=48_211_532)
    make_file(video, object_id=2012, uploaded_to="http://storage/")
    (shown,) = api.found("videos/")["results"]
    assert shown == {
        "youtube_id": "dQw4w9WgXcQ",
        "youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "channel": {"youtube_id": channel.youtube_id, "joystream_channel_id": 42, "title": "Bees"},
        "title": "How it began",
        "description": "The first hive.",
        "published_at": "2026-01-02T03:04:05Z",
        "duration": 212,
        "language": "en",
        "license": "youtube",
        "is_short": False,
        "views": 1234,
        "thumbnails": {"default": "http://p/1"},
        "state": "published",
        "state_since": "2026-01-02T03:04:05Z",
        "media": {name: value for name, value in MEDIA.items() if name not in ("duration", "mime_type")},
        "joystream": {
            "video_id": 812,
            "object_ids": [2011, 2012],
            "url": "http://storage/api/v1/files/2011",
            "created_in_block": 7_120_338,
            "published_at": "2026-01-02T03:04:05Z",
            "was_there_before": False,
        },
        "discovered_at": "2026-01-02T03:04:05Z",
        "reason": None,
        "place": None,
        "expected_at": None,
        "progress": None,
    }
    assert api.found("videos/dQw4w9WgXcQ/") == shown | {"history": []}


def test_a_video_that_waits_has_its_place_and_its_expected_time(api):
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=timezone.now() - timedelta(seconds=60), finished=6)
    first, second = make_video(tag=1.0), make_video(tag=2.0)
    shown = api.found(f"videos/{second.youtube_id}/")
    assert (shown["state"], shown["place"], shown["joystream"], shown["media"]) == ("new", 2, None, None)
    expected = datetime.fromisoformat(shown["expected_at"]) - timezone.now()
    assert timedelta(seconds=10) < expected < timedelta(seconds=25)
    assert api.found(f"videos/{first.youtube_id}/")["place"] == 1


def test_a_video_that_is_not_brought_over_says_why(api):
    video = make_video(state=State.SKIPPED, reason="too_long", reason_text="12345 s > 10800 s")
    assert api.found(f"videos/{video.youtube_id}/")["reason"] == {
        "code": "too_long",
        "happened": "The video is longer than this service takes.",
        "actor": "nobody",
        "next": "It is not brought over.",
    }


def test_the_history_tells_what_happened_in_words_for_everybody(api):
    video = make_video()
    VideoEvent.objects.create(video=video, event="discovered", to_state=State.NEW, by="worker@host-7")
    VideoEvent.objects.create(video=video, event="boosted", by="ada@example.com")
    moves.fail(video, ConnectionError("the raw words of a socket"), by="worker@host-7")
    history = api.found(f"videos/{video.youtube_id}/")["history"]
    assert [(one["event"], one["text"], one["state"]) for one in history] == [
        ("discovered", "Found on YouTube.", "new"),
        ("failed", "A try failed.", "new"),
    ]
    assert history[1]["reason"] == {
        "code": "unexpected",
        "happened": "Something went wrong that nobody foresaw.",
        "actor": "operator",
        "next": "The operators look at it; you need not do anything.",
    }


def test_the_history_leads_to_the_chain(api):
    video = make_video(state=State.DOWNLOADED)
    moves.move(video, State.CREATING, event="signed", detail={"extrinsic": "0xabc"})
    moves.move(
        video,
        State.CREATED,
        event="created",
        detail={"joystream_video": 812, "block": 7},
        joystream_video_id=812,
    )
    history = api.found(f"videos/{video.youtube_id}/")["history"]
    assert [(one["extrinsic"], one["block"]) for one in history] == [("0xabc", None), (None, 7)]


def test_of_a_long_history_the_end_is_shown(api):
    video = make_video()
    VideoEvent.objects.bulk_create(
        VideoEvent(video=video, event="failed", reason="network_trouble", detail={"block": n}, by="worker")
        for n in range(120)
    )
    history = api.found(f"videos/{video.youtube_id}/")["history"]
    assert [one["block"] for one in history] == list(range(20, 120))


@pytest.mark.parametrize("reason", ["", "video_private", "video_deleted"])
def test_what_youtube_does_not_show_is_not_shown(api, reason):
    privacy = "public" if reason else "private"
    hidden = make_video(title="Nobody's business", privacy=privacy, reason=reason)
    for path in ("videos/", f"channels/{hidden.channel.youtube_id}/videos/"):
        assert api.ids(path) == []
    assert api.get(f"videos/{hidden.youtube_id}/")[0] == 404


def test_what_is_on_joystream_is_shown_even_if_it_went_private_on_youtube(api):
    video = make_video(state=State.PUBLISHED, privacy="private")
    assert api.ids("videos/") == [video.youtube_id]


def test_lists_are_narrowed_by_channel_state_and_date(api):
    mine = make_channel(joystream_channel_id=42)
    old = make_video(mine, state=State.PUBLISHED, published_at=PUBLISHED)
    new = make_video(mine, published_at=PUBLISHED + timedelta(days=2))
    other = make_video(state=State.SKIPPED, published_at=PUBLISHED + timedelta(days=1))
    everything = [other.youtube_id, new.youtube_id, old.youtube_id]
    assert api.ids("videos/") == everything
    assert api.ids("videos/", channel="42") == api.ids("videos/", channel=mine.youtube_id) == everything[1:]
    assert api.ids("videos/", channel="43") == []
    assert api.ids("videos/", state="published") == [old.youtube_id]
    assert api.ids("videos/", state=["published", "skipped"]) == [other.youtube_id, old.youtube_id]
    after = (PUBLISHED + timedelta(days=1)).isoformat()
    assert api.ids("videos/", published_after=after) == [other.youtube_id, new.youtube_id]
    assert api.ids("videos/", published_before=after) == [old.youtube_id]
    assert api.ids("videos/", ordering="published_at") == [old.youtube_id, other.youtube_id, new.youtube_id]


def test_the_videos_of_a_channel_are_its_past_and_ongoing_replications(api):
    mine = make_channel(joystream_channel_id=42)
    old = make_video(mine, state=State.PUBLISHED, published_at=PUBLISHED)
    new = make_video(mine, published_at=PUBLISHED + timedelta(days=2))
    make_video()
    assert api.ids("channels/42/videos/") == [new.youtube_id, old.youtube_id]
    assert api.ids("channels/42/videos/", ordering="published_at") == [old.youtube_id, new.youtube_id]
    assert api.ids("channels/42/videos/", state="new") == [new.youtube_id]
    assert api.get("channels/43/videos/")[0] == 404


def test_replications_are_what_goes_on_at_this_moment(api):
    channel = make_channel()
    make_video(channel)
    make_video(channel, state=State.PUBLISHED)
    make_video(channel, **leased(leased_until=timezone.now() - timedelta(seconds=1)))
    progress = {"phase": "video", "done": 10, "total": 100}
    downloading = make_video(channel, **leased(progress=progress))
    creating = make_video(channel, state=State.CREATING)
    waiting = make_video(channel, state=State.CREATED, reason="STORAGE_UNAVAILABLE")
    rows = api.found("replications/")["results"]
    assert [(row["youtube_id"], row["stage"], row["is_worked_on"], row["progress"]) for row in rows] == [
        (waiting.youtube_id, "upload", False, None),
        (creating.youtube_id, "creation", True, None),
        (downloading.youtube_id, "download", True, progress),
    ]
    assert rows[0]["reason"]["code"] == "STORAGE_UNAVAILABLE"
    assert api.ids("replications/", state="creating") == [creating.youtube_id]
    assert api.ids("replications/", channel=channel.youtube_id, ordering="discovered_at")[0] == (
        downloading.youtube_id
    )


def test_a_paused_channels_videos_say_so(api):
    channel = make_channel(pause=Pause.STORAGE_FULL)
    video = make_video(channel, held=Pause.STORAGE_FULL)
    assert api.found(f"videos/{video.youtube_id}/")["reason"]["code"] == "channel_paused_storage"


def test_a_video_that_staff_left_out_does_not_say_what_they_thought(api):
    video = make_video()
    moves.skip(video, SkippedByStaff("this person is a nuisance"), by="ada@example.com")
    status, shown = api.get(f"videos/{video.youtube_id}/")
    assert status == 200
    assert "nuisance" not in str(shown)
    assert shown["reason"]["happened"] == "The operators decided not to bring the video over."


@pytest.mark.parametrize("path", ["videos/", "replications/", "channels/42/videos/"])
def test_the_number_of_queries_does_not_depend_on_how_many_there_are(
    api, path, django_assert_max_num_queries
):
    mine = make_channel(joystream_channel_id=42)
    for _ in range(20):
        make_file(make_video(mine, state=State.CREATED))
        make_file(make_video(state=State.CREATED))
    with django_assert_max_num_queries(6):
        assert len(api.ids(path)) >= 20


def test_the_number_of_queries_for_a_video_does_not_depend_on_its_history(api, django_assert_max_num_queries):
    video = make_video()
    for _ in range(30):
        VideoEvent.objects.create(video=video, event="failed", by="worker")
    with django_assert_max_num_queries(6):
        api.found(f"videos/{video.youtube_id}/")
