"""The staff's main journeys with the mouse."""

import re
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from django.core import mail
from playwright.sync_api import Page, expect

from channels import switches
from channels.models import Channel, Status, Switch
from tests.browser.conftest import PHONE, check
from tests.support.factories import make_channel, make_video
from tests.units.staff.conftest import Person
from ypp import letters

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PASSWORD = "a long and quiet password"


@pytest.fixture
def desk(world, open_page):
    """Opens the admin and logs in, as a superuser on a service that asks for a password alone."""
    User.objects.create_superuser("grace", password=PASSWORD)

    def open_(path: str = "/admin/", **look) -> Page:
        page: Page = open_page(path, **look)
        log_in(page)
        page.wait_for_url(f"**{path}")
        return page

    return open_


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill("grace")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=False).first.click()


def test_fifty_channels_are_verified_at_once(desk):
    for _ in range(50):
        make_channel()
    page = desk("/admin/channels/channel/?view=unverified")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Verify")
    page.get_by_role("button", name="Run", exact=False).click()
    expect(page.get_by_role("heading", name="Verify: 50 channels")).to_be_visible()
    assert Channel.objects.filter(status=Status.VERIFIED).count() == 0
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Verify: 50 done.")).to_be_visible()
    assert Channel.objects.filter(status=Status.VERIFIED).count() == 50


def test_a_suspension_reaches_the_creator_and_atlas_and_is_appealed(
    desk, channel, open_as, live_server, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    page = desk(f"/admin/channels/channel/{channel.pk}/change/")
    page.locator(".desk-orders").get_by_role("link", name="Suspend").click()
    page.get_by_label("reason", exact=False).select_option(label="Misleading content")
    page.get_by_label("Evidence and note").fill("the third video")
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("Suspend: 1 done.")).to_be_visible()
    letters.write_due()
    letters.deliver_due()
    assert "suspended" in mail.outbox[-1].subject
    shown = requests.get(f"{live_server.url}/channels/{channel.joystream_channel_id}", timeout=30).json()
    assert shown["yppStatus"] == "Suspended::MisleadingContent"

    theirs = open_as(channel.creator, f"/dashboard/{channel.youtube_id}/")
    theirs.get_by_role("link", name="Appeal").click()
    check(theirs)
    theirs.get_by_label("Why is the suspension a mistake?").fill("The third video is a parody.")
    theirs.get_by_role("button", name="Send the appeal").click()
    expect(theirs.get_by_text("Being read")).to_be_visible()

    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("1 appeal to be answered")).click()
    page.get_by_role("link", name=str(channel)).first.click()
    expect(page.get_by_text("The third video is a parody.")).to_be_visible()
    page.locator(".desk-orders").get_by_role("link", name="Accept").click()
    page.get_by_label("Words for the creator").fill("You are right.")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accept: 1 done.")).to_be_visible()
    channel.refresh_from_db()
    assert channel.status == Status.UNVERIFIED


def test_sync_is_switched_off_and_on(desk):
    page = desk("/admin/channels/serviceswitch/")
    page.locator("a[href*='/serviceswitch/sync/order/']").click()
    page.get_by_label("reason", exact=False).fill("storage is being moved")
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Turn off: 1 done.")).to_be_visible()
    assert switches.is_off(Switch.SYNC)
    page.goto("/admin/")
    expect(page.get_by_text("Sync of all channels is switched off: storage is being moved")).to_be_visible()
    page.get_by_text("Sync of all channels is switched off").click()
    page.locator("a[href*='/serviceswitch/sync/order/']").click()
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Turn on: 1 done.")).to_be_visible()
    assert not switches.is_off(Switch.SYNC)


def test_a_second_factor_is_set_up_with_an_app_and_asked_for(open_page, world, settings):
    strict = settings.CONFIG.staff.model_copy(update={"second_factor": "required"})
    settings.CONFIG = settings.CONFIG.model_copy(update={"staff": strict})
    boss = Person(User.objects.create_superuser("grace", password=PASSWORD))
    page = open_page("/admin/channels/channel/")
    log_in(page)
    expect(
        page.get_by_role("img", name="QR code", exact=False).or_(page.locator("svg.desk-qr"))
    ).to_be_visible()
    check(page)
    page.get_by_label("Code").fill(boss.app_shows())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Recovery codes").locator("li")).to_have_count(10)
    check(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("What needs a human")).to_be_visible()

    later = open_page("/admin/channels/channel/", **PHONE)
    log_in(later)
    check(later)
    later.get_by_label("Code").fill("000000")
    later.get_by_role("button", name="Go on").click()
    expect(later.get_by_text("This code is not right", exact=False).first).to_be_visible()
    later.get_by_label("Code").fill(boss.app_shows(steps=1))
    later.get_by_role("button", name="Go on").click()
    later.wait_for_url("**/admin/channels/channel/")


def test_the_creators_dashboard_is_looked_at_from_the_desk(desk, channel):
    make_video(channel, title="From bench to lathe")
    page = desk(f"/admin/channels/channel/{channel.pk}/change/")
    page.get_by_role("link", name="See the creator's dashboard as they see it").click()
    expect(page.get_by_text("as its creator sees it", exact=False)).to_be_visible()
    expect(page.get_by_text("From bench to lathe")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Back to the desk").click()
    assert urlsplit(page.url).path == f"/admin/channels/channel/{channel.pk}/change/"
