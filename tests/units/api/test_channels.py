"""Channels, and one channel with its ledger."""

from datetime import UTC, datetime

import pytest

from channels.models import Pause, Status, SuspensionReason, TierName
from tests.support.factories import make_app, make_channel, make_video
from videos.states import State

pytestmark = pytest.mark.django_db

YOUTUBE_ID = "UCTUjCW6SCY-Txb2vBLyxv_Q"
OPENED = datetime(2019, 3, 4, 10, 11, 12, tzinfo=UTC)
CREATED = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)


def make_beekeeping(**fields):
    return make_channel(
        **{
            "youtube_id": YOUTUBE_ID,
            "joystream_channel_id": 42,
            "handle": "@alpinebeekeeping",
            "title": "Über Bienen ✓",
            "description": "Two\nlines",
            "language": "en",
            "country": "AT",
            "thumbnails": {"default": "http://p/1"},
            "banner_url": "http://p/banner",
            "subscribers": 1280,
            "public_videos": 12,
            "published_at": OPENED,
            "app": make_app(name="gleev"),
            "category_id": "3",
            "status": Status.VERIFIED,
            "tier": TierName.SILVER,
            "referrer_channel_id": 7,
            "created_at": CREATED,
            **fields,
        }
    )


SHOWN = {
    "youtube_id": YOUTUBE_ID,
    "youtube_url": f"https://www.youtube.com/channel/{YOUTUBE_ID}",
    "joystream_channel_id": 42,
    "handle": "@alpinebeekeeping",
    "title": "Über Bienen ✓",
    "description": "Two\nlines",
    "language": "en",
    "country": "AT",
    "thumbnails": {"default": "http://p/1"},
    "banner_url": "http://p/banner",
    "subscribers": 1280,
    "public_videos": 12,
    "opened_at": "2019-03-04T10:11:12Z",
    "app": "gleev",
    "referrer_channel_id": 7,
    "category_id": "3",
    "status": "verified",
    "tier": "silver",
    "suspension_reason": None,
    "pause": None,
    "created_at": "2026-05-06T07:08:09.123456Z",
}


def test_a_channel_in_the_list(api):
    make_beekeeping()
    assert api.found("channels/") == {"next": None, "previous": None, "results": [SHOWN]}


@pytest.mark.parametrize("name", [YOUTUBE_ID, "42"])
def test_a_channel_by_its_youtube_id_or_by_its_joystream_channel(api, name):
    channel = make_beekeeping(public_videos=3)
    make_video(channel, state=State.PUBLISHED)
    make_video(channel, state=State.NEW)
    make_video(channel, state=State.SKIPPED, reason="too_long")
    shown = api.found(f"channels/{name}/")
    assert shown.pop("sync") == {"backlog": 1, "place": 1, "seconds_left": 120}
    ledger = shown.pop("coverage")
    assert [(gap["code"], gap["count"], gap["actor"]) for gap in ledger.pop("gaps")] == [
        ("waiting", 1, "nobody"),
        ("too_long", 1, "nobody"),
    ]
    assert ledger == {"on_youtube": 3, "on_joystream": 1, "percent": 33}
    assert shown == SHOWN | {"public_videos": 3}


def test_a_pause_is_explained(api):
    make_beekeeping(pause=Pause.COLLABORATOR_MISSING)
    assert api.found("channels/42/")["pause"] == {
        "code": "collaborator",
        "happened": "Your Joystream channel does not let this service add videos.",
        "actor": "creator",
        "next": "Add our member as a collaborator that may add videos; it then goes on by itself.",
    }


def test_a_suspension_says_for_what(api):
    make_beekeeping(
        status=Status.SUSPENDED, suspension_reason=SuspensionReason.COPYRIGHT_BREACH, pause=Pause.SUSPENDED
    )
    shown = api.found("channels/42/")
    assert (shown["status"], shown["suspension_reason"]) == ("suspended", "CopyrightBreach")


def test_a_channel_that_left_is_there_until_another_takes_its_place(api):
    make_beekeeping(status=Status.OPTED_OUT, pause=Pause.LEFT)
    assert api.found("channels/42/")["status"] == "opted_out"
    later = make_channel(joystream_channel_id=42)
    assert api.found("channels/42/")["youtube_id"] == later.youtube_id
    assert api.found(f"channels/{YOUTUBE_ID}/")["status"] == "opted_out"


def test_a_sign_up_that_was_not_finished_is_not_shown(api):
    make_beekeeping(joystream_channel_id=None)
    assert api.ids("channels/") == []
    assert api.get(f"channels/{YOUTUBE_ID}/")[0] == 404


def test_lists_are_narrowed_by_status_tier_app_and_handle(api):
    bees = make_beekeeping()
    crows = make_channel(status=Status.UNVERIFIED, handle="@crows")
    assert api.ids("channels/", status="verified") == [bees.youtube_id]
    assert api.ids("channels/", status="unverified") == [crows.youtube_id]
    assert api.ids("channels/", tier="silver") == [bees.youtube_id]
    assert api.ids("channels/", app="gleev") == [bees.youtube_id]
    assert api.ids("channels/", app="nobody's") == []
    assert api.ids("channels/", handle="@crows") == [crows.youtube_id]
    assert api.ids("channels/", handle="@crows", status="verified") == []


def test_the_newest_come_first_unless_another_order_is_asked_for(api):
    small, large, middle = (make_channel(subscribers=count).youtube_id for count in (10, 1000, 100))
    assert api.ids("channels/") == [middle, large, small]
    assert api.ids("channels/", ordering="created_at") == [small, large, middle]
    assert api.ids("channels/", ordering="-subscribers") == [large, middle, small]
    assert api.ids("channels/", ordering="subscribers") == [small, middle, large]


@pytest.mark.parametrize("path", ["channels/", "channels/42/"])
def test_the_number_of_queries_does_not_depend_on_how_much_there_is(api, path, django_assert_max_num_queries):
    channel = make_beekeeping()
    for _ in range(20):
        make_channel()
        make_video(channel)
    with django_assert_max_num_queries(6):
        api.found(path)
