"""The dashboard: what it shows, in how many queries, and what it says while there is nothing to show."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from channels import gateways, switches, sync
from channels.models import Channel, Pause, SuspensionReason, Switch, TierName
from tests.support.factories import make_channel, make_file, make_video
from tests.units.pages.people import flat
from videos.models import QuotaDay, StagePace
from videos.quota import quota_day
from videos.states import Stage, State
from videos.words import of_pause
from ypp import membership, suspension
from ypp.models import RefusedSignUp

pytestmark = pytest.mark.django_db


def address(channel: Channel, query: str = "") -> str:
    return f"/dashboard/{channel.youtube_id}/{query}"


def queries(client, path: str) -> int:
    gateways.support()  # kept for a while, by whoever asks first
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def every_state(channel: Channel, count: int) -> None:
    """Videos in all states, waiting and failed ones among them."""
    kinds: list[dict[str, Any]] = [
        {"state": State.NEW},
        {"state": State.NEW, "reason": "still_processing"},
        {"state": State.DOWNLOADED},
        {"state": State.CREATED, "progress": {"phase": "upload", "done": 5, "total": 10}},
        {"state": State.UPLOADED},
        {"state": State.PUBLISHED},
        {"state": State.SKIPPED, "reason": "members_only"},
        {"state": State.STUCK, "reason": "unexpected"},
        {"state": State.REMOVED},
    ]
    for number in range(count):
        video = make_video(channel, **kinds[number % len(kinds)])
        make_file(video)
        make_file(video)


@pytest.mark.parametrize("part", ["", "live/"])
def test_the_number_of_queries_does_not_grow_with_the_videos(visitor, channel, part):
    every_state(channel, 5)
    few = queries(visitor, address(channel, part))
    every_state(channel, 55)
    assert queries(visitor, address(channel, part)) == few
    assert few <= 22


def test_the_number_of_queries_of_the_overview_grows_by_one_a_channel(visitor, channel, creator):
    make_channel(creator=creator)
    two = queries(visitor, "/dashboard/")
    make_channel(creator=creator)
    make_channel(creator=creator)
    assert queries(visitor, "/dashboard/") == two + 2


def test_a_video_on_its_way_is_shown_with_its_progress_and_its_expected_time(visitor, channel):
    now = timezone.now()
    for stage in (Stage.DOWNLOAD, Stage.CREATION, Stage.UPLOAD, Stage.ACCEPTANCE):
        StagePace.objects.create(stage=stage, slot=now - timedelta(seconds=100), finished=1)
    make_video(
        channel,
        title="From bench to lathe",
        thumbnails={"medium": "https://i.ytimg.com/vi/x/mqdefault.jpg"},
        progress={"phase": "video", "done": 50, "total": 100},
        duration=245,
        lease_token="7f3f9d1e-6d0a-4c0e-9a68-0d6f0f6a0001",
        leased_until=now + timedelta(minutes=1),
    )
    page = flat(visitor.get(address(channel)).text)
    assert "From bench to lathe" in page
    assert '<span class="pill still">Downloading</span>' in page
    assert '<progress max="100" value="22"' in page
    assert "expected in about 7 minutes" in page
    assert 'src="https://i.ytimg.com/vi/x/mqdefault.jpg"' in page
    assert '<span class="length">4:05</span>' in page


def test_a_published_video_leads_to_joystream(visitor, channel, settings):
    video = make_video(channel, state=State.PUBLISHED, joystream_video_id=4711)
    make_file(video, object_id=99, uploaded_to="https://node.example/storage")
    assert 'href="https://node.example/storage/api/v1/files/99"' in visitor.get(address(channel)).text
    app = settings.CONFIG.joystream.app.model_copy(update={"video_page": "https://gleev.xyz/video/{id}"})
    joystream = settings.CONFIG.joystream.model_copy(update={"app": app})
    settings.CONFIG = settings.CONFIG.model_copy(update={"joystream": joystream})
    assert 'href="https://gleev.xyz/video/4711"' in visitor.get(address(channel)).text


def test_a_missing_video_says_why_who_must_act_and_when_it_is_tried_next(visitor, channel):
    at = datetime(2033, 5, 6, 7, 8, tzinfo=UTC)
    make_video(channel, reason="still_processing", reason_text="raw words of YouTube", next_attempt_at=at)
    make_video(channel, state=State.SKIPPED, reason="members_only")
    make_video(channel, state=State.STUCK, reason="unexpected", reason_text="Traceback")
    page = visitor.get(address(channel)).text
    assert "YouTube is still preparing the video." in page
    assert 'Next try: <time datetime="2033-05-06T07:08:00+00:00" data-local="moment">' in page
    assert "6 May 2033, 07:08 UTC</time>" in page
    for who in ("Nothing to do", "Up to you", "Up to us"):
        assert who in page
    assert "raw words" not in page
    assert "Traceback" not in page


def test_what_others_write_is_shown_as_text(visitor, channel):
    make_video(channel, title="<script>alert(1)</script>")
    Channel.objects.update(title='"><img src=x>')
    page = visitor.get(address(channel)).text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_the_ledger_explains_every_gap(visitor, channel):
    Channel.objects.update(public_videos=12)
    for _ in range(3):
        make_video(channel, state=State.PUBLISHED)
    for _ in range(2):
        make_video(channel, state=State.SKIPPED, reason="age_restricted")
    make_video(channel, state=State.STUCK, reason="found_elsewhere")
    make_video(channel)
    make_video(channel, state=State.SKIPPED, reason="video_private", privacy="private")
    page = visitor.get(address(channel)).text
    assert "<strong>12</strong> public on YouTube, <strong>3</strong> on Joystream" in page
    assert "Not counted: 1 that YouTube does not show" in page
    for count, words in (
        (2, "YouTube shows the video to signed-in adults only."),
        (1, "The same video is on another Joystream channel already."),
        (1, "They wait for their turn in the queue."),
        (5, "We have not come across them yet."),
    ):
        assert re.search(rf'"gap-count">{count}</span>\s*<p>{re.escape(words)}', page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?state=published", {"Arrived"}),
        ("?state=waiting", {"In line"}),
        ("?state=moving", {"On the road"}),
        ("?state=missing", {"For members"}),
        ("?state=stuck", {"Odd one"}),
        ("?reason=members_only", {"For members"}),
        ("?reason=waiting", {"In line"}),
        ("?q=ROAD", {"On the road"}),
        ("?q=%25", set()),
        ("?q=%00", {"Arrived", "In line", "On the road", "For members", "Odd one"}),
        ("?state=nonsense&page=nonsense", {"Arrived", "In line", "On the road", "For members", "Odd one"}),
        ("?state=published&q=line", set()),
    ],
)
def test_the_list_is_narrowed_and_searched(visitor, channel, query, shown):
    make_video(channel, title="Arrived", state=State.PUBLISHED)
    make_video(channel, title="In line")
    make_video(channel, title="On the road", state=State.UPLOADED)
    make_video(channel, title="For members", state=State.SKIPPED, reason="members_only")
    make_video(channel, title="Odd one", state=State.STUCK, reason="unexpected")
    for path in (address(channel, query), address(channel, "live/" + query)):
        page = visitor.get(path).text
        assert {
            title
            for title in ("Arrived", "In line", "On the road", "For members", "Odd one")
            if f"<h3>{title}</h3>" in page
        } == shown
        assert ("Nothing here" in page) == (not shown)


def test_a_long_list_has_pages_that_keep_what_it_was_narrowed_to(visitor, channel):
    for number in range(30):
        make_video(channel, title=f"Lathe {number}")
    first = visitor.get(address(channel, "?q=lathe&state=waiting")).text
    assert "Page 1 of 2" in first
    assert 'href="?q=lathe&amp;state=waiting&amp;page=2#videos"' in first
    second = visitor.get(address(channel, "?q=lathe&state=waiting&page=2")).text
    assert second.count('<li class="card video"') == 6
    assert "Page 2 of 2" in visitor.get(address(channel, "?q=lathe&page=99")).text


def test_the_live_part_is_a_part_and_kept_by_no_cache(visitor, channel):
    answer = visitor.get(address(channel, "live/"), headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    page = visitor.get(address(channel, "?state=waiting&q=a%26b")).text
    assert f'hx-get="{address(channel, "live/")}?state=waiting&amp;q=a%26b"' in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Looking for your videos"),
        ({"catalogue_complete": True}, "As soon as you publish one, it appears here."),
        (
            {"pause": Pause.BY_CREATOR, "wants_sync": False},
            "We look for them when the sync is no longer paused.",
        ),
    ],
    ids=["new", "empty", "paused"],
)
def test_a_channel_without_videos_says_what_comes_next(visitor, channel, fields, says):
    Channel.objects.update(**fields)
    assert says in visitor.get(address(channel)).text


def test_a_creator_without_channels_is_shown_the_way(visitor):
    assert "No channel yet" in visitor.get("/dashboard/").text


@pytest.mark.parametrize(
    "pause", [pause for pause in Pause if pause not in (Pause.NONE, Pause.LEFT, Pause.SUSPENDED)]
)
def test_every_pause_is_explained(visitor, channel, pause):
    sync.pause(channel, pause, by="test")
    page = visitor.get(address(channel)).text
    assert escape(of_pause(pause).happened) in page
    assert escape(of_pause(pause).next) in page


def test_the_standing_is_shown_with_tier_and_reason(visitor, channel):
    assert "Waiting to be verified" in visitor.get(address(channel)).text
    membership.verify(channel, by="test", tier=TierName.GOLD)
    assert '<span class="tier gold">Gold</span>' in visitor.get(address(channel)).text
    suspension.suspend(channel, SuspensionReason.UNSUPPORTED_TOPIC, by="test", note="a note for staff")
    page = visitor.get(address(channel)).text
    assert "Suspended: unsupported topic" in page
    assert "a note for staff" not in page


def test_a_pause_for_everybody_stands_above_everything_else(visitor, client, channel):
    switches.turn_off(Switch.SYNC, reason="Joystream is being upgraded.", by="test")
    for path in (address(channel), address(channel, "live/"), "/dashboard/", "/"):
        page = visitor.get(path).text
        assert "Sync is paused for everybody: Joystream is being upgraded." in page or path == "/dashboard/"


def test_a_spent_quota_is_told_with_the_time_of_its_end(visitor, channel):
    QuotaDay.objects.create(day=quota_day(), exhausted_at=timezone.now())
    page = visitor.get(address(channel)).text
    assert "share of questions to YouTube is used up." in page
    assert "Expected: <time" in page


def test_a_refused_sign_up_is_shown_until_it_passes(visitor, creator, channel):
    row = RefusedSignUp.objects.create(
        creator=creator,
        app=channel.app,
        youtube_id="UC" + "r" * 22,
        title="Second Bench",
        unmet=[
            {"code": "X", "message": "It has 12 subscribers; it needs 50.", "measured": 12, "required": 50}
        ],
        checked_at=timezone.now(),
        next_check_at=timezone.now() + timedelta(days=7),
    )
    page = visitor.get("/dashboard/").text
    assert "It has 12 subscribers; it needs 50." in page
    RefusedSignUp.objects.filter(pk=row.pk).update(passed_at=timezone.now(), next_check_at=None, unmet=[])
    assert "Can join now" in visitor.get("/dashboard/").text


@pytest.mark.parametrize("path", ["/dashboard/", "/account/", "/sign-up/", "/account/delete/"])
def test_personal_pages_are_for_the_creator_alone(client, db, path):
    assert client.get(path)["Location"] == f"/sign-in/?next={path.replace('/', '%2F')}"
