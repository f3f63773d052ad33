"""The browser's own word on the Content-Security-Policy: pages beside the creators' own work under theirs."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser import conftest
from ypp import letters
from ypp.letters import unsubscribing
from ypp.letters.models import Kind

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("password_is_enough"),
]

PASSWORD = "a long and quiet password"


@pytest.fixture
def desk(open_page):
    """The admin, signed in."""
    get_user_model().objects.create_superuser("grace", password=PASSWORD)
    page = open_page("/admin/")
    page.get_by_label("Username").fill("grace")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    return page


@pytest.mark.parametrize(
    "path", ["", "channels/channel/", "videos/video/", "ypp/letter/", "ypp/tier/", "auth/user/"]
)
def test_the_admin_works_under_its_policy(desk, path):
    desk.goto(f"/admin/{path}")
    expect(desk.locator("body")).to_contain_text("ytsynch")


def test_a_letter_is_shown_in_its_frame(desk, channel):
    letters.send(Kind.VERIFIED, channel, event="the event", tier="Gold", was="")
    desk.goto("/admin/ypp/letter/")
    desk.get_by_role("link", name="Read it").click()
    frame = desk.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Quiet Workshop is in the Gold tier")).to_be_visible()


def test_the_documentation_is_drawn(open_page):
    page = open_page("/docs")
    expect(page.get_by_role("heading", name="ytsynch").first).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()


def test_the_other_documentation_is_drawn(open_page, monkeypatch):
    logo = "Loading the image 'https://cdn.redoc.ly/"  # of Redoc's makers, at its foot: it stays away
    monkeypatch.setattr(conftest, "TOLD_ON_THE_PAGE", (*conftest.TOLD_ON_THE_PAGE, logo))
    page = open_page("/docs/redoc")
    expect(page.get_by_role("heading", name="ytsynch").first).to_be_visible()


def test_the_link_at_the_end_of_a_letter_asks_and_obeys(open_page):
    page = open_page(f"/letters/unsubscribe/{unsubscribing.token_of('ada@example.com')}")
    page.get_by_role("button", name="Send me no more letters").click()
    expect(page.get_by_role("heading", name="You get no more letters")).to_be_visible()
    page.get_by_role("button", name="Send me letters after all").click()
    expect(page.get_by_role("heading", name="You get letters again")).to_be_visible()
