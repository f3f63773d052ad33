"""In and out: Google's sign-in over the devnet's sockets, and what it leaves behind."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from social_django.models import Association, Partial, UserSocialAuth

from channels import grants
from channels.models import Creator
from tests.support.factories import make_channel
from tests.units.pages.people import BEGIN, agree, go_to_google, sign_in
from ytsynch.youtube.sign_in import EMAIL_SCOPE, READ_SCOPE

pytestmark = pytest.mark.django_db

BEEKEEPING = "@alpinebeekeeping"


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_signing_in_begins_with_a_form_and_not_with_a_link(client):
    assert client.get(BEGIN).status_code == 405


def test_the_form_needs_its_token(world):
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403


def test_google_is_asked_for_looking_only_and_for_a_refresh_token(world, client):
    question = asked(go_to_google(client))
    assert set(question["scope"].split()) == {"openid", EMAIL_SCOPE, READ_SCOPE}
    assert (question["access_type"], question["prompt"]) == ("offline", "consent")
    assert question["redirect_uri"] == "http://testserver/oauth/complete/google-oauth2/"
    assert question["code_challenge_method"] == "S256"


def test_signing_in_makes_a_creator_with_an_encrypted_permission(world, client):
    response = sign_in(client, world.person(BEEKEEPING))
    assert (response.status_code, response["Location"]) == (302, "/arrival/")
    creator = Creator.objects.get()
    assert creator.email == "alpine-beekeeping@example.com"
    assert creator.grant["refresh_token"].startswith("1//")
    with connection.cursor() as cursor:
        cursor.execute('SELECT "grant" FROM channels_creator')
        (stored,) = cursor.fetchone()
    assert "1//" not in stored


def test_a_permission_that_ended_is_renewed_where_its_end_is_told(world, client):
    person = world.person(BEEKEEPING)
    sign_in(client, person)
    creator = Creator.objects.get()
    make_channel(creator=creator, youtube_id=person.youtube_channel_id)
    make_channel(creator=creator)
    home = f"/dashboard/{person.youtube_channel_id}/"
    for path in (home, "/dashboard/"):
        assert "permission at Google has ended" not in client.get(path).text
    grants.forget(creator)
    for path in (home, f"{home}live/", "/dashboard/"):
        page = client.get(path).text
        assert "Our permission at Google has ended." in page
        goal = "/dashboard/" if path == "/dashboard/" else home
        assert f'href="/sign-in/?again&next={quote(goal, safe="")}"' in page
    assert "Sign in again to renew it" in client.get("/account/").text
    # whoever is signed in sees the button all the same, and comes back to where it was told
    assert "Sign in with Google" in client.get(f"/sign-in/?again&next={home}").text
    assert sign_in(client, person, next=home)["Location"] == home
    assert Creator.objects.get().grant["refresh_token"]
    assert "permission at Google has ended" not in client.get(home).text


def test_no_token_gets_anywhere_else(world, client):
    sign_in(client, world.person(BEEKEEPING))
    grant = Creator.objects.get().grant
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert not any(grant[token] in text for token in ("access_token", "refresh_token") for text in kept)
    assert not any(model.objects.exists() for model in (UserSocialAuth, Association, Partial))


def test_a_creator_is_no_django_user(world, client):
    sign_in(client, world.person(BEEKEEPING))
    assert not get_user_model().objects.exists()
    assert client.get("/admin/").status_code == 302
    assert "/admin/login/" in client.get("/admin/")["Location"]


def test_staff_who_sign_in_as_creators_stay_staff_and_get_no_social_account(world, admin_client):
    sign_in(admin_client, world.person(BEEKEEPING))
    assert admin_client.get("/admin/").status_code == 200
    assert not UserSocialAuth.objects.exists()
    admin_client.post("/sign-out/")
    assert admin_client.get("/admin/").status_code == 200
    assert admin_client.get("/dashboard/").status_code == 302


def test_signing_in_begins_a_new_session(world, client):
    address = go_to_google(client)
    before = client.session.session_key
    agree(client, address, world.person(BEEKEEPING))
    assert client.session.session_key != before


def test_signing_in_again_keeps_the_refresh_token_that_google_gives_only_once(world, client):
    sign_in(client, world.person(BEEKEEPING))
    first = Creator.objects.get().grant["refresh_token"]
    world.do("youtube/consent", user="alpine-beekeeping@example.com", gives_refresh_token=False)
    sign_in(client, world.person(BEEKEEPING))
    assert Creator.objects.get().grant["refresh_token"]
    assert Creator.objects.count() == 1
    assert first.startswith("1//")


def test_who_has_no_channel_here_arrives_at_the_sign_up(world, client):
    sign_in(client, world.person(BEEKEEPING))
    assert client.get("/arrival/")["Location"] == "/sign-up/"


def test_who_has_a_channel_here_arrives_at_the_dashboard(visitor, channel):
    assert visitor.get("/arrival/")["Location"] == "/dashboard/"
    assert visitor.get("/dashboard/")["Location"] == f"/dashboard/{channel.youtube_id}/"


def test_a_page_of_ours_is_where_a_sign_in_leads_back_to(world, client):
    assert client.get("/account/")["Location"] == "/sign-in/?next=%2Faccount%2F"
    assert sign_in(client, world.person(BEEKEEPING), next="/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "http://testserver.evil.example/",
    ],
)
def test_a_sign_in_leads_to_no_other_site(world, client, goal):
    assert sign_in(client, world.person(BEEKEEPING), next=goal)["Location"] == "/arrival/"
    assert client.get("/sign-in/", {"next": goal})["Location"] == "/arrival/"


def test_too_few_permissions_are_told_on_a_page(world, client):
    response = sign_in(client, world.person(BEEKEEPING), scopes=["openid", EMAIL_SCOPE])
    assert response.status_code == 400
    assert "A permission is missing" in response.text
    assert "tick every box" in response.text
    assert not Creator.objects.exists()


def test_without_the_address_the_sign_in_is_refused_on_a_page(world, client):
    response = sign_in(client, world.person(BEEKEEPING), scopes=["openid", READ_SCOPE])
    assert (response.status_code, "A permission is missing" in response.text) == (400, True)


def test_who_cancels_is_told_how_to_go_on(world, client):
    response = agree(client, go_to_google(client), world.person(BEEKEEPING), decision="deny")
    assert response.status_code == 400
    assert "You did not give us access" in response.text


def test_a_sign_in_that_was_begun_in_another_browser_is_refused(world, client):
    response = agree(Client(), go_to_google(client), world.person(BEEKEEPING))
    assert (response.status_code, "This sign-in is over" in response.text) == (400, True)


def test_a_sign_in_counts_once(world, client):
    address = go_to_google(client)
    assert agree(client, address, world.person(BEEKEEPING)).status_code == 302
    assert agree(client, address, world.person(BEEKEEPING)).status_code == 400


def test_a_code_that_google_does_not_accept_is_told(world, client):
    state = asked(go_to_google(client))["state"]
    response = client.get("/oauth/complete/google-oauth2/", {"state": state, "code": "4/0nonsense"})
    assert response.status_code in (400, 503)
    assert "Google" in response.text
    assert not Creator.objects.exists()


def test_google_away_is_told_as_a_passing_trouble(world, client):
    address = go_to_google(client)
    world.do("youtube/oauth_down", down=True)
    state = asked(address)["state"]
    response = client.get("/oauth/complete/google-oauth2/", {"state": state, "code": "4/0abc"})
    assert (response.status_code, "Google does not answer" in response.text) == (503, True)


def test_another_provider_does_not_exist(client):
    assert client.post("/oauth/login/facebook/").status_code == 404


def test_signing_out_ends_the_session_of_the_creator(visitor, channel):
    assert visitor.get("/account/").status_code == 200
    assert visitor.post("/sign-out/")["Location"] == "/"
    assert visitor.get("/account/").status_code == 302


def test_signing_out_takes_a_form(visitor):
    assert visitor.get("/sign-out/").status_code == 405


def test_a_deleted_account_has_no_session(visitor, creator):
    creator.delete()
    assert visitor.get("/account/").status_code == 302


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client):
    youtube_id = "UC" + "0" * 22
    headers = {
        "HX-Request": "true",
        "HX-Current-URL": f"http://testserver/dashboard/{youtube_id}/?state=waiting",
    }
    response = client.get(f"/dashboard/{youtube_id}/live/", headers=headers)
    assert response["HX-Redirect"] == f"/sign-in/?next=%2Fdashboard%2F{youtube_id}%2F%3Fstate%3Dwaiting"


def test_a_channel_of_somebody_else_and_one_that_does_not_exist_look_the_same(visitor):
    other = make_channel()
    answers = [visitor.get(f"/dashboard/{id}/") for id in (other.youtube_id, "UC" + "z" * 22)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
