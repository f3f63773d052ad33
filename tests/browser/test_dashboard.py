"""The dashboard in a browser: it follows by itself, keeps still where somebody is at work, and does what it
is told.
"""

import pytest
from playwright.sync_api import expect

from channels.models import Channel, Creator, Pause, Status
from tests.browser.conftest import PHONE, check
from tests.browser.people import sign_in
from tests.support.factories import make_video
from videos.models import Video
from videos.states import State

pytestmark = pytest.mark.django_db(transaction=True)

A_TICK = 4000
"""Milliseconds between two looks of an open page."""


@pytest.fixture
def dashboard(channel, open_as):
    def open_(query: str = "", **look):
        return open_as(channel.creator, f"/dashboard/{channel.youtube_id}/{query}", **look)

    return open_


def card(page, video: Video):
    return page.locator(f"#video-{video.youtube_id}")


def test_it_fills_up_without_a_reload(channel, dashboard):
    page = dashboard()
    page.evaluate("window.isStillTheSamePage = true")
    expect(page.get_by_role("heading", name="Looking for your videos")).to_be_visible()
    video = make_video(channel, title="From bench to lathe")
    expect(card(page, video)).to_contain_text("Waiting")
    Video.objects.update(
        state=State.CREATED, joystream_video_id=1, progress={"phase": "upload", "done": 1, "total": 2}
    )
    expect(card(page, video)).to_contain_text("Waiting for its upload")
    expect(card(page, video).locator("progress")).to_have_attribute("value", "77")
    Video.objects.update(state=State.PUBLISHED, progress=None)
    expect(card(page, video)).to_contain_text("On Joystream")
    expect(page.locator("#fact-coverage")).to_contain_text("1 of 1 public video")
    assert page.evaluate("window.isStillTheSamePage")


def test_what_did_not_change_is_left_alone(channel, dashboard):
    still, moving = make_video(channel), make_video(channel)
    page = dashboard()
    page.evaluate(
        "ids => ids.forEach(id => document.getElementById(id).isOld = true)",
        [f"video-{still.youtube_id}", f"video-{moving.youtube_id}"],
    )
    Video.objects.filter(pk=moving.pk).update(state=State.SKIPPED, reason="members_only")
    expect(card(page, moving)).to_contain_text("The video is for paying members of your channel.")
    is_old = "id => Boolean(document.getElementById(id).isOld)"
    assert page.evaluate(is_old, f"video-{still.youtube_id}") is True
    assert page.evaluate(is_old, f"video-{moving.youtube_id}") is False


def test_the_keyboard_keeps_its_place_while_the_page_follows(channel, dashboard):
    video = make_video(channel, state=State.PUBLISHED)
    page = dashboard()
    tab = page.locator("#tab-published")
    tab.focus()
    make_video(channel, state=State.PUBLISHED)
    expect(tab).to_contain_text("2")
    assert page.evaluate("document.activeElement.id") == "tab-published"
    page.locator("#q").fill("something half typed")
    Video.objects.filter(pk=video.pk).update(title="Renamed meanwhile")
    expect(card(page, video)).to_contain_text("Renamed meanwhile")
    expect(page.locator("#q")).to_have_value("something half typed")


def test_it_asks_only_while_somebody_can_see_it(channel, dashboard):
    make_video(channel)
    page = dashboard()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})")
    page.wait_for_timeout(A_TICK * 2)
    assert asked == []
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'visible', configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(500)
    assert len(asked) == 1


def test_a_lost_connection_is_told_and_found_again(channel, dashboard):
    page = dashboard()
    page.context.set_offline(True)
    expect(page.get_by_text("This page has lost its connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("This page has lost its connection")).to_be_hidden()


def test_the_list_stays_narrowed_while_the_page_follows(channel, dashboard):
    arrived = make_video(channel, title="Arrived", state=State.PUBLISHED)
    waiting = make_video(channel, title="In line")
    page = dashboard("?state=published")
    expect(card(page, arrived)).to_be_visible()
    Video.objects.filter(pk=arrived.pk).update(title="Arrived and renamed")
    expect(card(page, arrived)).to_contain_text("Arrived and renamed")
    expect(card(page, waiting)).to_have_count(0)
    page.get_by_label("Search by title").fill("line")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing here")).to_be_visible()


def test_a_gap_of_the_ledger_leads_to_its_videos(channel, dashboard):
    private = make_video(channel, title="For members", state=State.SKIPPED, reason="members_only")
    make_video(channel, title="In line")
    page = dashboard()
    page.locator("#ledger li", has_text="for paying members").get_by_role("link").click()
    expect(card(page, private)).to_be_visible()
    expect(page.locator(".video")).to_have_count(1)


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
def test_pausing_resuming_leaving_and_coming_back(channel, dashboard, look):
    make_video(channel)
    page = dashboard(**look)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#why-paused")).to_contain_text("You have paused the sync.")
    check(page)
    assert Channel.objects.get().pause == Pause.BY_CREATOR
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("The sync goes on.")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    check(page)
    page.get_by_role("link", name="Leave …").click()
    check(page)
    page.get_by_label("Type “leave” to confirm").fill("leaf")
    page.get_by_role("button", name="Leave the programme").click()
    expect(page.get_by_text("Type “leave”, without the quotation marks.")).to_be_visible()
    page.get_by_label("Type “leave” to confirm").fill("leave")
    page.get_by_role("button", name="Leave the programme").click()
    expect(page.get_by_text("You have left the programme with this channel.")).to_be_visible()
    check(page)
    assert Channel.objects.get().status == Status.OPTED_OUT
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_text("Welcome back!")).to_be_visible()
    assert Channel.objects.get().pause == Pause.NONE


def test_settings_are_changed(channel, dashboard):
    page = dashboard("settings/")
    page.get_by_label("Category of your videos").select_option(label="Music")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Videos that are published from now on get this category.")).to_be_visible()
    page.get_by_label("E-mail address").fill("new@example.com")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Letters about this channel go to the new address.")).to_be_visible()
    channel.refresh_from_db()
    assert (channel.category_id, channel.email) == ("5", "new@example.com")


def test_deleting_the_account(world, open_page):
    page = open_page("/account/")
    sign_in(page, world.person("@clockworkrestoration"))
    check(page)
    page.get_by_role("link", name="Delete …").click()
    check(page)
    page.get_by_label("Type “delete my account” to confirm").fill("delete my account")
    page.get_by_role("button", name="Delete for ever").click()
    expect(page.get_by_text("Your account is deleted")).to_be_visible()
    assert not Creator.objects.exists()


def test_signing_out(channel, dashboard):
    page = dashboard()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
