"""Staff who log in with Google, over the devnet's sockets."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from channels.models import Creator
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.service import service_on
from tests.units.pages.people import agree
from ytsynch.models import StaffAccount
from ytsynch.staff import google

pytestmark = pytest.mark.django_db

SOMEBODY = "@alpinebeekeeping"
EMAIL = "alpine-beekeeping@example.com"


@pytest.fixture
def world(devnet: Devnet, settings, tmp_path, db):  # noqa: F811 (the fixture)
    staff = {"secondFactor": "required", "googleDomains": ["Example.com"]}
    with service_on(devnet, tmp_path, settings, staff=staff):
        yield devnet


@pytest.fixture
def clerk(db) -> User:
    return User.objects.create_user("clerk", EMAIL.title(), is_staff=True)


def log_in(browser: Client, world: Devnet, handle: str = SOMEBODY, **form):
    address = browser.post("/admin/login/google/", form)["Location"]
    return agree(browser, address, world.person(handle))


def said(browser: Client) -> str:
    return browser.get("/admin/login/").content.decode()


def test_the_login_page_offers_google_only_where_there_is_a_domain(world, client, settings):
    assert "Log in with Google" in said(client)
    staff = settings.CONFIG.staff.model_copy(update={"google_domains": []})
    settings.CONFIG = settings.CONFIG.model_copy(update={"staff": staff})
    assert "Log in with Google" not in said(client)
    assert client.post("/admin/login/google/").status_code == 404
    assert client.get("/admin/login/google/complete/").status_code == 404


def test_google_is_asked_who_it_is_and_for_nothing_else(world, client):
    question = parse_qs(urlsplit(client.post("/admin/login/google/")["Location"]).query)
    assert question["scope"] == ["openid https://www.googleapis.com/auth/userinfo.email"]
    assert question["redirect_uri"] == ["http://testserver/admin/login/google/complete/"]
    assert question["hd"] == ["example.com"]
    assert question["code_challenge_method"] == ["S256"]
    assert "access_type" not in question


def test_an_account_that_an_administrator_made_comes_in_without_another_factor(world, client, clerk):
    response = log_in(client, world, next="/admin/channels/channel/")
    assert (response.status_code, response["Location"]) == (302, "/admin/channels/channel/")
    assert client.get("/admin/").status_code == 200
    assert StaffAccount.objects.get().user == clerk
    assert not Creator.objects.exists()
    assert all("ya29." not in str(session.get_decoded()) for session in Session.objects.all())


def test_a_stranger_of_the_domain_stays_outside(world, client):
    log_in(client, world)
    assert "opens nothing here" in said(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}, {"email": ""}])
def test_an_account_that_is_not_staff_or_not_active_stays_outside(world, client, clerk, fields):
    User.objects.update(**fields)
    log_in(client, world)
    assert client.get("/admin/").status_code == 302
    assert "opens nothing here" in said(client)


def test_two_accounts_with_one_address_both_stay_outside(world, client, clerk):
    User.objects.create_user("double", EMAIL, is_staff=True)
    log_in(client, world)
    assert client.get("/admin/").status_code == 302


def test_an_address_that_google_gave_to_somebody_else_opens_nothing(world, client, clerk):
    log_in(client, world)
    StaffAccount.objects.update(google_subject="somebody else before")
    browser = Client()
    log_in(browser, world)
    assert browser.get("/admin/").status_code == 302


def test_a_google_account_belongs_to_one_account_here(world, client, clerk):
    log_in(client, world)
    User.objects.update(email="old@example.com")
    User.objects.create_user("second", EMAIL, is_staff=True)
    browser = Client()
    log_in(browser, world)
    assert browser.get("/admin/").status_code == 302


PERSON = {"sub": "1", "email": EMAIL, "email_verified": True, "hd": "example.com"}


@pytest.mark.parametrize(
    "change",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"hd": None},
        {"hd": "other.example"},
        {"email": "alpine-beekeeping@other.example"},
        {"email": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_every_word_of_google_must_be_there(world, clerk, change):
    with pytest.raises(google.NotAdmitted):
        google.admit(PERSON | change)
    assert google.admit(PERSON) == clerk


def test_an_answer_that_this_browser_did_not_ask_for_is_worth_nothing(world, client, clerk):
    address = client.post("/admin/login/google/")["Location"]
    other = Client()
    agree(other, address, world.person(SOMEBODY))
    assert other.get("/admin/").status_code == 302
    assert "did not work" in said(other)


def test_who_says_no_at_google_is_back_at_the_login(world, client, clerk):
    address = client.post("/admin/login/google/")["Location"]
    response = agree(client, address, world.person(SOMEBODY), decision="deny")
    assert response["Location"] == "/admin/login/"
    assert "did not work" in said(client)


def test_google_that_cannot_be_reached_leads_back_to_the_login(world, client, clerk, settings):
    address = client.post("/admin/login/google/")["Location"]
    away = settings.CONFIG.endpoints.google.model_copy(update={"token": "http://127.0.0.1:9/token"})
    endpoints = settings.CONFIG.endpoints.model_copy(update={"google": away})
    settings.CONFIG = settings.CONFIG.model_copy(update={"endpoints": endpoints})
    assert agree(client, address, world.person(SOMEBODY))["Location"] == "/admin/login/"


def test_the_creators_sign_in_knows_nothing_of_it(world, client, clerk):
    assert client.post("/oauth/login/google-staff/").status_code == 404
    assert client.get("/oauth/complete/google-staff/").status_code == 404
