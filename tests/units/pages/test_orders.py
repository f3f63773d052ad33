"""What creators do on their pages: pause, resume, settings, leave, come back, bind anew, delete."""

import re

import pytest
import requests
from django.utils import timezone

from channels.models import App, Channel, Creator, Pause, Status, SuspensionReason, TierName
from tests.support.factories import make_channel, make_video
from tests.units.pages.people import challenge, sign, sign_in
from videos.models import Video, VideoChange
from videos.states import State
from ypp import membership, suspension

pytestmark = pytest.mark.django_db


def fresh() -> Channel:
    return Channel.objects.get()


def last_event(channel: Channel) -> tuple[str, str]:
    event = channel.events.latest("id")
    return event.event, event.by


@pytest.fixture
def order(visitor, channel):
    """Send one of the channel's forms."""

    def send(name: str, **form):
        return visitor.post(f"/dashboard/{channel.youtube_id}/{name}/", form, follow=True)

    return send


def test_pausing_holds_the_videos_and_resuming_lets_them_go(order, channel):
    make_video(channel)
    page = order("pause").text
    assert "Paused. What is being published at this moment is still finished." in page
    assert "You have paused the sync." in page
    assert (fresh().pause, Video.objects.get().held) == (Pause.BY_CREATOR, "creator")
    assert last_event(channel) == ("paused", "creator 1001")
    assert "The sync goes on." in order("resume").text
    assert (fresh().pause, Video.objects.get().held) == (Pause.NONE, "")


def test_resuming_does_not_lift_what_the_operators_paused(order, channel):
    Channel.objects.update(allow_operator_ingestion=False, wants_sync=False, pause=Pause.BY_STAFF)
    assert "You want the sync again." in order("resume").text
    assert (fresh().pause, fresh().wants_sync) == (Pause.BY_STAFF, True)


def test_resuming_asks_for_a_category_where_there_is_none(order, channel):
    Channel.objects.update(category_id="", wants_sync=False, pause=Pause.BY_CREATOR)
    answer = order("resume")
    assert (answer.status_code, "Choose a category for your videos first." in answer.text) == (400, True)


@pytest.mark.parametrize("name", ["pause", "resume", "email", "come-back", "category"])
def test_orders_are_forms_and_no_links(visitor, channel, name):
    assert visitor.get(f"/dashboard/{channel.youtube_id}/{name}/").status_code == 405


@pytest.mark.parametrize("name", ["pause", "resume", "email", "come-back", "category", "leave"])
def test_nobody_orders_anything_for_somebody_elses_channel(visitor, name):
    other = make_channel()
    assert (
        visitor.post(
            f"/dashboard/{other.youtube_id}/{name}/", {"word": "leave", "email": "a@b.example"}
        ).status_code
        == 404
    )
    assert not other.events.exists()


def test_a_suspended_channel_takes_no_orders(order, channel):
    suspension.suspend(channel, SuspensionReason.MISLEADING_CONTENT, by="test")
    for name, form in (
        ("pause", {}),
        ("resume", {}),
        ("email", {"email": "new@example.com"}),
        ("leave", {"word": "leave"}),
    ):
        answer = order(name, **form)
        assert (answer.status_code, "This channel is suspended" in answer.text) == (403, True)
    assert (fresh().status, fresh().email) == (Status.SUSPENDED, "letters@example.com")


def test_letters_go_to_another_address_and_the_history_keeps_none(order, channel):
    assert (
        "Saved. Letters about this channel go to the new address."
        in order("email", email="new@example.com").text
    )
    assert fresh().email == "new@example.com"
    event = channel.events.get()
    assert (event.event, event.detail) == ("email_changed", {})
    answer = order("email", email="nobody")
    assert (answer.status_code, "Enter a valid email address." in answer.text) == (400, True)


def test_only_categories_that_the_app_takes_are_offered_and_taken(world, order, channel, client):
    App.objects.filter(pk=channel.app_id).update(categories=["3", "5"])
    page = client.get(f"/dashboard/{channel.youtube_id}/settings/").text
    assert ('value="5"' in page, 'value="7"' in page) == (True, False)
    assert order("category", category="7").status_code == 400
    assert order("category", category="5").status_code == 200


def test_the_category_is_chosen_among_joystreams_own(world, order, channel):
    assert "Saved." in order("category", category="5").text
    assert fresh().category_id == "5"
    answer = order("category", category="77")
    assert (answer.status_code, "Select a valid choice" in answer.text) == (400, True)


def test_the_settings_work_while_joystream_does_not_answer(visitor, channel):
    page = visitor.get(f"/dashboard/{channel.youtube_id}/settings/")
    assert page.status_code == 200
    assert "Joystream does not answer at the moment" in page.text
    assert "letters@example.com" in page.text


def test_leaving_asks_for_a_word(visitor, order, channel):
    make_video(channel, state=State.PUBLISHED)
    assert "1 video on Joystream stays there" in visitor.get(f"/dashboard/{channel.youtube_id}/leave/").text
    answer = order("leave", word="yes")
    assert (answer.status_code, "Type “leave”, without the quotation marks." in answer.text) == (400, True)
    assert fresh().status == Status.UNVERIFIED


def test_leaving_and_coming_back_undoes_a_mistake(order, channel):
    membership.verify(channel, by="test", tier=TierName.SILVER)
    page = order("leave", word=" Leave ").text
    assert "You have left the programme with this channel." in page
    assert "Come back" in page
    assert (fresh().status, fresh().pause) == (Status.OPTED_OUT, Pause.LEFT)
    assert "Welcome back!" in order("come-back").text
    channel = fresh()
    assert (channel.status, channel.tier, channel.pause) == (Status.VERIFIED, TierName.SILVER, Pause.NONE)
    assert Channel.objects.due_for_discovery().exists()


def test_who_comes_back_too_late_for_the_joystream_channel_is_told(order, channel):
    order("leave", word="leave")
    make_channel(joystream_channel_id=channel.joystream_channel_id)
    answer = order("come-back")
    assert (answer.status_code, "This channel takes part already" in answer.text) == (400, True)
    assert Channel.objects.get(pk=channel.pk).status == Status.OPTED_OUT


def test_coming_back_is_for_those_who_left(order, channel):
    assert order("come-back").status_code == 400


# --- another Joystream channel --------------------------------------------------------------------------


@pytest.fixture
def cyclist(world, client):
    """The member who owns the Joystream channels 8 and 9, with the first of them connected and paused."""
    person = world.person("@tworoadscycling")
    sign_in(client, person)
    channel = make_channel(
        youtube_id=person.youtube_channel_id,
        joystream_channel_id=8,
        creator=Creator.objects.get(),
        category_id="3",
        pause=Pause.BY_CREATOR,
        wants_sync=False,
    )
    return client, f"/dashboard/{channel.youtube_id}/joystream/", person


def bind(client, page: str, wanted: str, suri: str):
    client.post(page, {"joystream_channel": wanted})
    text = challenge(client.get(f"{page}proof/").text)
    return client.post(f"{page}proof/", {"signature": sign(text, suri)}, follow=True)


def test_a_channel_is_bound_to_another_joystream_channel_by_a_new_proof(cyclist):
    client, page, person = cyclist
    published = make_video(fresh(), state=State.PUBLISHED)
    assert "Your videos go to Joystream channel 9 from now on." in bind(client, page, "9", person.suri).text
    assert fresh().joystream_channel_id == 9
    event = fresh().events.get()
    assert (event.event, event.detail) == ("bound_to_another_channel", {"from": 8, "to": 9})
    assert Video.objects.get().joystream_video_id == published.joystream_video_id


def test_somebody_elses_joystream_channel_cannot_be_bound(cyclist):
    client, page, _ = cyclist
    answer = bind(client, page, "1", "//TwoRoadsCycling")
    assert (answer.status_code, fresh().joystream_channel_id) == (400, 8)


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda: Channel.objects.update(pause=Pause.NONE, wants_sync=True), "Pause the sync first"),
        (lambda: make_video(fresh(), state=State.CREATED), "1 video is on the way to the old channel."),
        (
            lambda: make_channel(joystream_channel_id=9),
            "by another Google account or another YouTube channel",
        ),
    ],
    ids=["syncing", "on the way", "taken"],
)
def test_what_stands_in_the_way_is_told_before_anybody_signs(cyclist, prepare, says):
    client, page, _ = cyclist
    prepare()
    answer = client.post(page, {"joystream_channel": "9"})
    assert (answer.status_code, says in answer.text) == (400, True)
    assert client.get(f"{page}proof/")["Location"] == page


def test_a_pause_that_the_old_channel_caused_ends_with_it(cyclist):
    client, page, person = cyclist
    Channel.objects.update(pause=Pause.STORAGE_FULL, wants_sync=True)
    bind(client, page, "9", person.suri)
    assert (fresh().joystream_channel_id, fresh().pause) == (9, Pause.NONE)


# --- the account ----------------------------------------------------------------------------------------


def test_deleting_an_account_asks_for_words(visitor, channel):
    answer = visitor.post("/account/delete/", {"word": "delete"})
    assert (answer.status_code, Creator.objects.count()) == (400, 1)


def test_deleting_an_account_erases_it_and_gives_the_permission_back(world, client):
    person = world.person("@clockworkrestoration")
    sign_in(client, person)
    creator = Creator.objects.get()
    token = creator.grant["refresh_token"]
    channel = make_channel(youtube_id=person.youtube_channel_id, creator=creator, email="letters@example.com")
    make_video(channel, state=State.PUBLISHED)
    answer = client.post("/account/delete/", {"word": "Delete my account"}, follow=True)
    assert "Your account is deleted" in answer.text
    assert not Creator.objects.exists()
    channel = fresh()
    assert (channel.status, channel.email, channel.creator) == (Status.OPTED_OUT, "", None)
    assert Video.objects.get().state == State.PUBLISHED
    assert client.get("/account/").status_code == 302
    assert refreshed(world, token) == "invalid_grant"


def refreshed(world, token):
    """What Google says to the token."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": world.google_client_id,
        "client_secret": world.google_client_secret,
    }
    return requests.post(f"{world.google}/token", data=form, timeout=10).json()["error"]


def test_an_account_is_not_deleted_while_google_cannot_be_told(visitor, creator, channel):
    creator.grant = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_at": "2026-01-01T00:00:00+00:00",
        "scopes": [],
        "subject": "1001",
        "email": "maker@example.com",
    }
    creator.save()
    answer = visitor.post("/account/delete/", {"word": "delete my account"})
    assert (answer.status_code, Creator.objects.count()) == (503, 1)
    assert fresh().status == Status.UNVERIFIED


def test_what_becomes_of_videos_that_leave_youtube_is_the_creators_choice(order, visitor, channel):
    assert fresh().when_gone == "keep"
    assert "Saved." in order("when-gone", when_gone="unlist").text
    assert fresh().when_gone == "unlist"
    assert last_event(channel) == ("choice_when_gone", "creator 1001")
    page = visitor.get(f"/dashboard/{channel.youtube_id}/settings/").text
    assert re.search(r'value="unlist"[^>]* checked', page)
    assert order("when-gone", when_gone="nonsense").status_code == 400
    assert order("when-gone").status_code == 400


def test_a_suspended_channel_chooses_nothing(order, channel):
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="staff")
    assert order("when-gone", when_gone="delete").status_code >= 400
    assert fresh().when_gone == "keep"


def test_a_video_that_left_youtube_says_what_follows(visitor, channel):
    Channel.objects.update(when_gone="delete")
    make_video(channel, state=State.PUBLISHED, gone_since=timezone.now(), gone_reason="video_private")
    page = visitor.get(f"/dashboard/{channel.youtube_id}/").text
    assert "You have made it private on YouTube." in page
    assert "It is deleted on Joystream on " in page
    Channel.objects.update(when_gone="keep")
    assert "It stays on Joystream, as you chose." in visitor.get(f"/dashboard/{channel.youtube_id}/").text


def test_a_change_that_the_channel_does_not_allow_says_so(visitor, channel):
    video = make_video(channel, state=State.PUBLISHED)
    VideoChange.objects.create(
        video=video, kind="update", why="edited_on_youtube", reason="change_not_allowed"
    )
    page = visitor.get(f"/dashboard/{channel.youtube_id}/").text
    assert "Your Joystream channel does not let this service change its videos." in page
