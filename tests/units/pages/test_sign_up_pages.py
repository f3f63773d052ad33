"""Signing up on our own pages, step by step, with the devnet's Google, YouTube and Joystream."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from channels import switches
from channels.models import App, Channel, Creator, Pause, Status, SuspensionReason, Switch, TierName
from tests.support.factories import make_channel
from tests.units.pages.people import challenge, flat, sign, sign_in
from videos.models import QuotaDay
from videos.quota import quota_day
from ypp import membership, suspension, whitelist
from ypp.letters.models import Kind, Letter
from ypp.models import RefusedSignUp, Requirement

pytestmark = pytest.mark.django_db

BEEKEEPING, CLOCKWORK, NEWCOMER, CYCLING = (
    "@alpinebeekeeping",
    "@clockworkrestoration",
    "@brandnewukulele",
    "@tworoadscycling",
)
DETAILS = {"category": "3", "language": "", "email": "letters@example.com", "referrer": "", "terms": "on"}


def prove(client, joystream_channel_id, suri):
    """Steps 2 and its proof, as far as they go well."""
    client.post("/sign-up/joystream/", {"joystream_channel": joystream_channel_id})
    text = challenge(client.get("/sign-up/joystream/proof/").text)
    return client.post("/sign-up/joystream/proof/", {"signature": sign(text, suri)})


def sign_up(client, person, **details):
    """All steps; the answer of the last."""
    sign_in(client, person)
    assert client.get("/sign-up/youtube/").status_code == 200
    prove(client, person.joystream_channel_id, person.suri)
    return client.post("/sign-up/details/", DETAILS | details)


def test_the_whole_way(world, client, django_capture_on_commit_callbacks):
    person = world.person(BEEKEEPING)
    client.get("/?referrer=2")
    sign_in(client, person)
    first = client.get("/sign-up/youtube/")
    assert (first.status_code, "Your channel can join." in first.text) == (200, True)
    assert "1,280 subscribers" in first.text
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "https://gleev.xyz/channel/1"})
    assert answer["Location"] == "/sign-up/joystream/proof/"
    page = client.get("/sign-up/joystream/proof/").text
    text = challenge(page)
    assert text.startswith(
        f"I connect YouTube channel {person.youtube_channel_id} with Joystream channel 1 on "
    )
    answer = client.post("/sign-up/joystream/proof/", {"signature": sign(text, person.suri)})
    assert answer["Location"] == "/sign-up/details/"
    form = client.get("/sign-up/details/").text
    assert 'value="alpine-beekeeping@example.com"' in form
    assert 'name="referrer" value="2"' in form
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/sign-up/details/", DETAILS | {"language": "de", "referrer": "2"})
    channel = Channel.objects.get()
    assert answer["Location"] == f"/dashboard/{channel.youtube_id}/"
    assert (channel.joystream_channel_id, channel.category_id, channel.language) == (1, "3", "de")
    assert (channel.email, channel.referrer_channel_id) == ("letters@example.com", 2)
    assert (channel.status, channel.pause, channel.creator) == (
        Status.UNVERIFIED,
        Pause.NONE,
        Creator.objects.get(),
    )
    assert list(channel.events.order_by("id").values_list("event", flat=True)) == [
        "signed_up",
        "terms_accepted",
    ]
    assert Channel.objects.due_for_discovery().get() == channel
    assert "Welcome!" in client.get(answer["Location"]).text


def test_the_first_step_comes_at_once_and_is_filled_in_afterwards(world, client):
    sign_in(client, world.person(BEEKEEPING))
    page = flat(client.get("/sign-up/").text)
    assert 'hx-get="/sign-up/youtube/"' in page
    assert "Looking at your channel on YouTube" in page
    assert '<a class="button main" href="/sign-up/youtube/">' in page  # without scripts
    filled = client.get("/sign-up/youtube/", headers={"HX-Request": "true"})
    assert filled["X-Part"] == "1"
    assert "<html" not in filled.text
    assert "Your channel can join." in filled.text


def test_unmet_requirements_are_shown_with_their_numbers_and_what_to_do(world, client):
    Requirement.objects.update(min_videos=10, min_video_age_hours=720, min_new_videos_a_month=3)
    sign_in(client, world.person(NEWCOMER))
    page = client.get("/sign-up/youtube/").text
    assert "Your channel cannot join yet." in page
    for measured, required in (("12", "50"), ("0", "10"), ("1", "3")):
        assert f'<strong>{measured}</strong> <span class="muted">needed {required}</span>' in page
    assert "Time does it for you." in page
    assert "brand-new-ukulele@example.com" in page
    assert client.get("/sign-up/joystream/")["Location"] == "/sign-up/"


def test_a_refusal_is_kept_and_written_about(world, client):
    sign_in(client, world.person(NEWCOMER))
    client.get("/sign-up/youtube/")
    kept = RefusedSignUp.objects.get()
    assert (kept.youtube_id, kept.creator) == (
        world.person(NEWCOMER).youtube_channel_id,
        Creator.objects.get(),
    )
    codes = {row["code"]: (row["measured"], row["required"]) for row in kept.unmet}
    assert codes["CHANNEL_CRITERIA_UNMET_SUBSCRIBERS"] == (12, 50)
    assert kept.next_check_at is not None
    assert abs(kept.next_check_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == (Kind.REQUIREMENTS_UNMET, "brand-new-ukulele@example.com")
    assert "Cannot join yet" in client.get("/dashboard/").text
    assert mail.outbox == []  # it is delivered by who keeps the house, not while somebody waits


def test_a_whitelisted_channel_joins_as_it_is(world, client):
    whitelist.add([NEWCOMER], by="test")
    sign_in(client, world.person(NEWCOMER))
    assert "let your channel in as it is" in client.get("/sign-up/youtube/").text


def test_measuring_again_at_once_asks_youtube_nothing(world, client):
    sign_in(client, world.person(BEEKEEPING))
    for _ in range(5):
        client.get("/sign-up/youtube/")
    assert QuotaDay.objects.get().signup_used == 3


def test_a_spent_quota_is_told_and_the_sign_in_kept(world, client):
    sign_in(client, world.person(BEEKEEPING))
    QuotaDay.objects.create(day=quota_day(), signup_used=500)
    answer = client.get("/sign-up/youtube/", headers={"HX-Request": "true"})
    assert (answer.status_code, "Too many sign-ups today" in answer.text) == (503, True)
    assert answer["X-Part"] == "1"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("act", "title", "status"),
    [
        (lambda: switches.turn_off(Switch.SIGN_UPS, reason="busy", by="test"), "Sign-ups are closed", 503),
        (lambda: Requirement.objects.update(sign_ups_open=False), "Sign-ups are closed", 503),
    ],
    ids=["switch", "requirement"],
)
def test_closed_sign_ups_are_told(world, client, act, title, status):
    sign_in(client, world.person(BEEKEEPING))
    act()
    answer = client.get("/sign-up/youtube/")
    assert (answer.status_code, title in answer.text) == (status, True)


def test_youtube_away_is_told(world, client):
    sign_in(client, world.person(BEEKEEPING))
    world.do("youtube/api_down", down=True)
    answer = client.get("/sign-up/youtube/")
    assert (answer.status_code, "YouTube does not answer" in answer.text) == (503, True)


def test_a_permission_that_was_taken_back_is_told(world, client):
    sign_in(client, world.person(BEEKEEPING))
    creator = Creator.objects.get()
    creator.grant |= {"expires_at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()}
    creator.save()
    world.do("youtube/revoke_grant", user="alpine-beekeeping@example.com")
    answer = client.get("/sign-up/youtube/")
    assert (answer.status_code, "Our permission at Google has ended" in answer.text) == (400, True)
    assert 'href="/sign-in/?again"' in answer.text
    assert "Sign in with Google" in client.get("/sign-in/?again").text
    assert Creator.objects.get().grant is None


def test_a_terminated_youtube_account_is_told(world, client):
    sign_in(client, world.person(CLOCKWORK))
    world.do("youtube/terminate_channel", channel=world.person(CLOCKWORK).youtube_channel_id)
    answer = client.get("/sign-up/youtube/")
    assert (answer.status_code, "YouTube has closed this account" in answer.text) == (400, True)


def test_who_takes_part_already_is_led_to_the_channel(world, client):
    person = world.person(BEEKEEPING)
    sign_up(client, person)
    assert client.get("/sign-up/youtube/")["Location"] == f"/dashboard/{person.youtube_channel_id}/"


def test_who_takes_part_through_another_google_account_is_told(world, client):
    person = world.person(BEEKEEPING)
    other = Creator.objects.create(subject="9", email="other@example.com")
    make_channel(youtube_id=person.youtube_channel_id, joystream_channel_id=1, creator=other)
    sign_in(client, person)
    answer = client.get("/sign-up/youtube/")
    assert (answer.status_code, "This channel takes part already" in answer.text) == (400, True)
    assert "other@example.com" not in answer.text


def test_a_channel_without_a_creator_is_claimed_by_its_owner(world, client):
    person = world.person(BEEKEEPING)
    channel = make_channel(youtube_id=person.youtube_channel_id, joystream_channel_id=1)
    sign_in(client, person)
    assert client.get("/sign-up/youtube/")["Location"] == f"/dashboard/{person.youtube_channel_id}/"
    assert client.get(f"/dashboard/{person.youtube_channel_id}/").status_code == 200
    assert channel.events.get().event == "claimed"


def test_a_channel_that_staff_added_passes_to_its_owner_by_a_sign_up(world, client):
    """The Joystream channel that staff chose proves nothing: the owner signs for one."""
    person = world.person(BEEKEEPING)
    channel = make_channel(youtube_id=person.youtube_channel_id, joystream_channel_id=1, added_by_staff=True)
    sign_in(client, person)
    assert "The operators have let your channel in as it is" in client.get("/sign-up/youtube/").text
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    assert answer["Location"] == "/sign-up/joystream/proof/"
    prove(client, 1, person.suri)
    answer = client.post("/sign-up/details/", DETAILS)
    assert answer["Location"] == f"/dashboard/{person.youtube_channel_id}/"
    after = Channel.objects.get()
    assert (after.pk, after.added_by_staff, after.email) == (channel.pk, False, "letters@example.com")


def test_hidden_subscribers_are_told_as_hidden_and_what_to_do(world, client):
    world.do("youtube/hide_subscribers", channel=BEEKEEPING)
    sign_in(client, world.person(BEEKEEPING))
    page = flat(client.get("/sign-up/youtube/").text)
    assert "subscribers hidden" in page
    assert "Please show them: YouTube Studio" in page


def test_a_suspended_channel_of_an_account_that_was_deleted_is_still_suspended(world, client):
    sign_up(client, world.person(BEEKEEPING))
    suspension.suspend(Channel.objects.get(), SuspensionReason.COPYRIGHT_BREACH, by="test")
    Channel.objects.update(creator=None)
    sign_in(client, world.person(BEEKEEPING))
    answer = client.get("/sign-up/youtube/")
    page = client.get(answer["Location"]).text
    assert "Suspended: copyright breach" in page
    assert "Pause</button>" not in page


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("999", "Joystream channel 999 does not exist."),
        ("twelve", "Write the number of the channel"),
        ("", "Write the number of your channel."),
        ("9" * 30, "Write the number of the channel"),
    ],
)
def test_a_joystream_channel_that_cannot_be_is_told_at_its_field(world, client, wanted, text):
    sign_in(client, world.person(BEEKEEPING))
    client.get("/sign-up/youtube/")
    answer = client.post("/sign-up/joystream/", {"joystream_channel": wanted})
    assert (answer.status_code, text in answer.text) == (400, True)
    assert 'aria-invalid="true"' in answer.text


def test_a_joystream_channel_that_is_taken_is_told_before_anybody_signs(world, client):
    make_channel(joystream_channel_id=1)
    sign_in(client, world.person(BEEKEEPING))
    client.get("/sign-up/youtube/")
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    assert (answer.status_code, "by another Google account or another YouTube channel" in answer.text) == (
        400,
        True,
    )


def test_a_joystream_channel_that_lacks_something_is_told_what(world, client):
    Requirement.objects.update(needs_cover=True, needs_description=True)
    sign_in(client, world.person("@paperboatsdaily"))
    client.get("/sign-up/youtube/")
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "6"})
    assert answer.status_code == 400
    assert "needs a cover picture" in answer.text
    assert "needs a description" in answer.text


def test_an_app_that_asks_for_its_collaborator_beforehand_says_so(world, client):
    Requirement.objects.update(needs_collaborator=True)
    person = world.person("@nightkitchenphysics")
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    answer = client.post("/sign-up/joystream/", {"joystream_channel": str(person.joystream_channel_id)})
    assert (answer.status_code, "needs to let our member" in answer.text) == (400, True)
    client.logout()
    assert sign_up(client, world.person(BEEKEEPING)).status_code == 302


def test_somebody_elses_signature_proves_nothing(world, client):
    sign_in(client, world.person(BEEKEEPING))
    client.get("/sign-up/youtube/")
    answer = prove(client, 1, "//ClockworkRestoration")
    assert (answer.status_code, "not that of the channel&#x27;s owner" in answer.text) == (400, True)
    assert client.get("/sign-up/details/")["Location"] == "/sign-up/joystream/"


def test_a_signature_over_an_older_text_proves_nothing(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    old = challenge(client.get("/sign-up/joystream/proof/").text)
    client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    answer = client.post("/sign-up/joystream/proof/", {"signature": sign(old, person.suri)})
    assert answer.status_code == 400


def test_a_wrapped_signature_counts_and_line_breaks_in_it_do_not(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    text = challenge(client.get("/sign-up/joystream/proof/").text)
    signature = sign(f"<Bytes>{text}</Bytes>", person.suri)
    answer = client.post("/sign-up/joystream/proof/", {"signature": f" {signature[:40]}\n{signature[40:]} "})
    assert answer["Location"] == "/sign-up/details/"


def test_a_text_is_good_for_an_hour(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    session = client.session
    session["challenge"] |= {"made_at": (datetime.now(UTC) - timedelta(minutes=61)).isoformat()}
    session.save()
    text = session["challenge"]["text"]
    answer = client.post("/sign-up/joystream/proof/", {"signature": sign(text, person.suri)})
    assert (answer.status_code, "too old" in answer.text) == (400, True)


def test_the_proof_cannot_be_skipped(world, client):
    sign_in(client, world.person(BEEKEEPING))
    client.get("/sign-up/youtube/")
    assert client.get("/sign-up/joystream/proof/")["Location"] == "/sign-up/joystream/"
    assert client.post("/sign-up/details/", DETAILS)["Location"] == "/sign-up/joystream/"
    assert not Channel.objects.registered().exists()


def test_the_apps_own_terms_are_shown_and_their_version_is_kept(world, client):
    App.objects.update(
        terms="# Our rules\n\nBe <kind>.\n\n- one\n- two",
        terms_version="2026-11-24 10:00:00",
        categories=["3", "5"],
    )
    page = flat(client.get("/terms/").text)
    assert "Version 2026-11-24 10:00:00." in page
    assert "<h2>Our rules</h2><p>Be &lt;kind&gt;.</p><ul><li>one</li><li>two</li></ul>" in page
    assert "What we may look at" not in page
    sign_up(client, world.person(BEEKEEPING))
    accepted = Channel.objects.get().events.get(event="terms_accepted")
    assert accepted.detail == {"version": "2026-11-24 10:00:00", "app": "devnet-gateway"}


def test_only_categories_that_the_app_takes_are_offered(world, client):
    App.objects.update(categories=["3", "5"])
    answer = sign_up(client, world.person(BEEKEEPING), category="7")
    assert answer.status_code == 400
    assert ('value="5"' in answer.text, 'value="7"' in answer.text) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"terms": ""}, "Accept the terms to go on."),
        ({"category": ""}, "Choose a category."),
        ({"category": "77"}, "Select a valid choice"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"referrer": "1"}, "A channel cannot be its own referrer."),
    ],
)
def test_wrong_details_are_told_at_their_field_and_nothing_is_lost(world, client, wrong, text):
    answer = sign_up(client, world.person(BEEKEEPING), **wrong)
    assert (answer.status_code, text in answer.text) == (400, True)
    assert not Channel.objects.registered().exists()
    assert client.post("/sign-up/details/", DETAILS).status_code == 302


def test_a_joystream_channel_that_was_taken_meanwhile_ends_the_sign_up(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    prove(client, 1, person.suri)
    make_channel(joystream_channel_id=1)
    answer = client.post("/sign-up/details/", DETAILS)
    assert (answer.status_code, "This channel takes part already" in answer.text) == (400, True)


def test_a_sign_up_that_atlas_began_anew_meanwhile_is_over_here(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    prove(client, 1, person.suri)
    Creator.objects.update(code_hash="0" * 64)
    answer = client.post("/sign-up/details/", DETAILS)
    assert (answer.status_code, "This sign-up is over" in answer.text) == (400, True)


def test_joystream_away_is_told_as_a_passing_trouble(world, client, settings):
    sign_in(client, world.person(BEEKEEPING))
    client.get("/sign-up/youtube/")
    endpoints = settings.CONFIG.endpoints.model_copy(update={"query_node": "http://127.0.0.1:9/graphql"})
    settings.CONFIG = settings.CONFIG.model_copy(update={"endpoints": endpoints})
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    assert "index does not answer" in answer.text
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("handle", "says"),
    [(CYCLING, "Our member may publish"), ("@nightkitchenphysics", "One thing is left to do on Joystream")],
)
def test_the_last_step_says_whether_we_may_publish(world, client, handle, says):
    person = world.person(handle)
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    prove(client, person.joystream_channel_id, person.suri)
    assert says in client.get("/sign-up/details/collaborator/").text


def test_who_left_comes_back_with_the_old_joystream_channel_and_no_new_signature(world, client):
    person = world.person(BEEKEEPING)
    sign_up(client, person)
    membership.verify(Channel.objects.get(), tier=TierName.GOLD, by="test")
    membership.opt_out(Channel.objects.get(), by="owner")
    sign_in(client, person)
    client.get("/sign-up/youtube/")
    assert 'value="1"' in client.get("/sign-up/joystream/").text
    answer = client.post("/sign-up/joystream/", {"joystream_channel": "1"})
    assert answer["Location"] == "/sign-up/details/"
    client.post("/sign-up/details/", DETAILS)
    channel = Channel.objects.get()
    assert (channel.status, channel.tier, channel.pause) == (Status.VERIFIED, TierName.GOLD, Pause.NONE)
