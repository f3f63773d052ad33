"""Every page, in every state, on a desktop and on a phone, by day and by night: nothing too wide, nothing
that axe-core calls serious.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from channels import switches
from channels.models import Pause, Switch
from tests.browser.conftest import DESKTOP, PHONE, check
from tests.support.factories import make_channel, make_file, make_video
from videos.states import State
from ypp.models import RefusedSignUp

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = {
    "desktop": {**DESKTOP, "color_scheme": "light"},
    "desktop, dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
    "phone, dark": {**PHONE, "color_scheme": "dark"},
}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2


@pytest.fixture
def full_channel(channel):
    """Videos in every state, with long words, and everything that may be said above them."""
    for state in State:
        video = make_video(channel, state=state, title=f"{state.label}: {LONG}", duration=3723)
        make_file(video, object_id=video.pk, uploaded_to="https://node.example")
    make_video(
        channel, title="", reason="still_processing", next_attempt_at=timezone.now() + timedelta(hours=3)
    )
    make_video(channel, state=State.SKIPPED, reason="members_only")
    make_video(channel, state=State.STUCK, reason="unexpected")
    for _ in range(30):
        make_video(channel)
    channel.title = LONG[:100]
    channel.public_videos = 60
    channel.save()
    return channel


def tour(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        check(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_public_page(world, open_page, look):
    page = open_page(**look)
    tour(page, "/", "/terms/", "/sign-in/", "/nowhere/", "/oauth/complete/google-oauth2/?error=access_denied")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_of_a_creator(full_channel, open_as, look):
    channel, creator = full_channel, full_channel.creator
    home = f"/dashboard/{channel.youtube_id}/"
    page = open_as(creator, home, **look)
    tour(page, home, f"{home}?state=published", f"{home}?q=nothing", f"{home}?page=2", f"{home}settings/")
    make_channel(creator=creator, pause=Pause.STORAGE_FULL)
    RefusedSignUp.objects.create(
        creator=creator,
        app=channel.app,
        youtube_id="UC" + "r" * 22,
        title="Second Bench",
        unmet=[{"message": "The YouTube channel has 12 subscribers; it needs 50."}],
        checked_at=timezone.now(),
        next_check_at=timezone.now() + timedelta(days=7),
    )
    switches.turn_off(Switch.SYNC, reason="Joystream is being upgraded.", by="test")
    channel.pause, channel.wants_sync = Pause.BY_CREATOR, False
    channel.save()
    tour(
        page, "/dashboard/", home, f"{home}leave/", f"{home}joystream/", "/account/", "/account/delete/", "/"
    )


def test_night_is_dark_and_day_is_light(world, open_page):
    brightness = """getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)
        .reduce((sum, part) => sum + part, 0) / 3"""
    assert open_page(color_scheme="light").evaluate(brightness) > 220
    assert open_page(color_scheme="dark").evaluate(brightness) < 40


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(world, open_page):
    page = open_page()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert skip.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_who_wants_no_motion_gets_none(world, open_page):
    page = open_page(reduced_motion="reduce")
    moving = (
        "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).animationName !== 'none').length"
    )
    assert page.evaluate(moving) == 0


def test_times_are_the_readers_own(full_channel, open_as):
    home = f"/dashboard/{full_channel.youtube_id}/?reason=still_processing"
    page = open_as(full_channel.creator, home, timezone_id="Asia/Tokyo")
    at = page.locator("time[data-local=moment]").first
    utc = at.get_attribute("datetime")
    shown = page.evaluate(
        """at => new Intl.DateTimeFormat("en-GB", {dateStyle: "medium", timeStyle: "short", timeZone:
        "Asia/Tokyo"}) .format(new Date(at))
        """,
        utc,
    )
    expect(at).to_have_text(shown)
