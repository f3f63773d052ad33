"""Signing up as people do it, with everything that may go wrong on the way."""

import re

import pytest
from playwright.sync_api import expect

from channels import grants, switches
from channels.models import Channel, Creator, Switch
from tests.browser.conftest import PHONE, check
from tests.browser.people import choose_joystream_channel, finish, give_wallet, sign_by_hand, sign_in
from tests.support.factories import make_channel
from ypp.models import RefusedSignUp
from ytsynch.youtube.sign_in import READ_SCOPE

pytestmark = pytest.mark.django_db(transaction=True)

DASHBOARD = re.compile(r"/dashboard/UC[\w-]{22}/$")


@pytest.mark.parametrize("look", [{}, {**PHONE, "color_scheme": "dark"}], ids=["desktop", "phone, dark"])
def test_the_whole_sign_up(world, open_page, look):
    person = world.person("@tworoadscycling")
    page = open_page("/?referrer=2", **look)
    check(page)
    sign_in(page, person)
    expect(page.get_by_text("Your channel can join.")).to_be_visible()
    expect(page.get_by_text("3,100 subscribers")).to_be_visible()
    check(page)
    choose_joystream_channel(page, "https://gleev.xyz/channel/8")
    check(page)
    sign_by_hand(page, person.suri)
    expect(page.get_by_text("Our member may publish on your Joystream channel.")).to_be_visible()
    expect(page.get_by_label("Who told you about us?")).to_have_value("2")
    check(page)
    finish(page)
    expect(page).to_have_url(DASHBOARD)
    expect(page.get_by_role("heading", name="Two Roads Cycling")).to_be_visible()
    check(page)
    channel = Channel.objects.get()
    assert (channel.joystream_channel_id, channel.category_id, channel.referrer_channel_id) == (8, "8", 2)


def test_a_wallet_in_the_browser_signs_with_one_click(world, open_page):
    person = world.person("@alpinebeekeeping")
    page = open_page()
    give_wallet(page, person.suri)
    sign_in(page, person)
    choose_joystream_channel(page, "1")
    page.get_by_role("button", name="Sign with your wallet").click()
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()


def test_a_wallet_that_refuses_is_quoted_and_signing_by_hand_still_works(world, open_page):
    person = world.person("@alpinebeekeeping")
    page = open_page()
    page.add_init_script(
        """window.injectedWeb3 = {"test-wallet": {enable: async () => { throw new Error("Cancelled") }}}"""
    )
    sign_in(page, person)
    choose_joystream_channel(page, "1")
    page.get_by_role("button", name="Sign with your wallet").click()
    expect(page.get_by_text("test-wallet did not sign: Cancelled")).to_be_visible()
    sign_by_hand(page, person.suri)
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()


def test_without_a_wallet_nothing_is_offered_that_cannot_work(world, open_page):
    page = open_page()
    sign_in(page, world.person("@alpinebeekeeping"))
    choose_joystream_channel(page, "1")
    expect(page.get_by_role("button", name="Check the signature")).to_be_visible()
    expect(page.get_by_role("button", name="Sign with your wallet")).to_be_hidden()


def test_a_browser_without_scripts_signs_up_too(world, open_page):
    person = world.person("@alpinebeekeeping")
    page = open_page(java_script_enabled=False)
    sign_in(page, person)
    page.get_by_role("link", name="Look at my channel").click()
    choose_joystream_channel(page, "1")
    sign_by_hand(page, person.suri)
    finish(page)
    assert Channel.objects.get().joystream_channel_id == 1


def test_unmet_requirements_are_shown_and_kept(world, open_page):
    page = open_page()
    sign_in(page, world.person("@brandnewukulele"))
    expect(page.get_by_text("Your channel cannot join yet.")).to_be_visible()
    expect(page.get_by_text("we measure it again every week")).to_be_visible()
    check(page)
    assert RefusedSignUp.objects.get().title == "Brand New Ukulele"
    page.get_by_role("link", name="To your channels").click()
    expect(page.get_by_text("Cannot join yet", exact=True)).to_be_visible()
    check(page)


def test_a_permission_that_was_not_given_is_told(world, open_page):
    page = open_page()
    sign_in(page, world.person("@alpinebeekeeping"), without=READ_SCOPE)
    expect(page.get_by_role("heading", name="A permission is missing")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, world.person("@alpinebeekeeping"))
    expect(page.get_by_text("Your channel can join.")).to_be_visible()


def test_cancelling_at_google_is_told(world, open_page):
    page = open_page()
    page.get_by_role("button", name="Google").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="You did not give us access")).to_be_visible()
    assert not Creator.objects.exists()


def test_closed_sign_ups_are_told_and_signing_in_still_works(world, open_page):
    switches.turn_off(Switch.SIGN_UPS, reason="We take nobody new this week.", by="test")
    page = open_page()
    expect(page.get_by_text("Sign-ups are closed at the moment.")).to_be_visible()
    check(page)
    sign_in(page, world.person("@alpinebeekeeping"))
    expect(page.get_by_role("heading", name="Sign-ups are closed")).to_be_visible()


@pytest.mark.parametrize(
    ("prepare", "title"),
    [
        (lambda world: world.do("youtube/api_down", down=True), "YouTube does not answer"),
        (lambda world: world.do("youtube/set_quota_left", units=0), "Too many sign-ups today"),
        (
            lambda world: make_channel(youtube_id=world.person("@alpinebeekeeping").youtube_channel_id,
                                       creator=Creator.objects.create(subject="9", email="o@example.com")),
            "This channel takes part already",
        ),
        (
            lambda world: make_channel(youtube_id=world.person("@alpinebeekeeping").youtube_channel_id,
                                       creator=Creator.objects.create(subject="9", email="o@example.com"),
                                       status="suspended", suspension_reason="CopyrightBreach"),
            "This channel is suspended",
        ),
    ],
    ids=["YouTube away", "quota spent", "taken", "suspended"],
)  # fmt: skip
def test_what_keeps_a_channel_out_has_its_words(world, open_page, prepare, title):
    prepare(world)
    page = open_page()
    sign_in(page, world.person("@alpinebeekeeping"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    check(page)


def test_hidden_subscribers_are_shown_as_hidden_with_what_to_do(world, open_page):
    world.do("youtube/hide_subscribers", channel="@alpinebeekeeping")
    page = open_page("/", **PHONE)
    sign_in(page, world.person("@alpinebeekeeping"))
    expect(page.get_by_text("· subscribers hidden ·")).to_be_visible()
    expect(page.get_by_text("Please show them: YouTube Studio")).to_be_visible()
    check(page)


def test_a_permission_that_ended_is_renewed_from_the_dashboard(world, open_page):
    person = world.person("@alpinebeekeeping")
    page = open_page()
    sign_in(page, person)
    choose_joystream_channel(page, "1")
    sign_by_hand(page, person.suri)
    finish(page)
    dashboard = page.url
    grants.forget(Creator.objects.get())
    notice = page.get_by_text("Our permission at Google has ended.")
    expect(notice).to_be_visible()  # without a reload
    check(page)
    page.get_by_role("link", name="sign in again").click()
    sign_in(page, person)
    expect(page).to_have_url(dashboard)
    expect(notice).to_be_hidden()
    assert Creator.objects.get().grant


def test_wrong_entries_are_told_at_their_fields(world, open_page):
    person = world.person("@alpinebeekeeping")
    page = open_page()
    sign_in(page, person)
    choose_joystream_channel(page, "999")
    expect(page.get_by_text("Joystream channel 999 does not exist.")).to_be_visible()
    check(page)
    page.get_by_label("Your Joystream channel").fill("1")
    page.get_by_role("button", name="Go on").click()
    sign_by_hand(page, "//ClockworkRestoration")
    expect(page.get_by_text("This signature is not that of the channel's owner")).to_be_visible()
    check(page)
    sign_by_hand(page, person.suri)
    page.get_by_label("Category of your videos").select_option(label="Music")
    page.get_by_role("button", name="Bring my videos over").click()
    expect(page.get_by_text("Accept the terms to go on.")).to_be_visible()
    check(page)
    finish(page)


def test_a_step_that_takes_long_says_so_and_one_that_fails_offers_to_try_again(world, open_page):
    page = open_page()
    page.route("**/sign-up/youtube/", lambda route: route.fulfill(status=502, body="bad gateway"))
    sign_in(page, world.person("@alpinebeekeeping"))
    expect(page.get_by_text("That did not work: the service did not answer.")).to_be_visible()
    page.unroute("**/sign-up/youtube/")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/sign-up/youtube/", hold)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_text("Looking at your channel on YouTube.")).to_be_visible()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.get_by_text("Your channel can join.")).to_be_visible()
