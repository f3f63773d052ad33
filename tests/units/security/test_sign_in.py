"""Creators' sign-in: where it may lead, how often it may begin, what of it may be seen."""

import json
import logging

import pytest
from django.core.management import call_command

from channels.gateways import app_of_configuration
from channels.models import Creator
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.units.atlas.client import REDIRECT_URI, Atlas, consent
from tests.units.atlas.conftest import OWNER_KEY, configured, lenient, world  # noqa: F401 (fixtures)
from ytsynch.logging import SharedRotatingFile, django_logging
from ytsynch.security.limits import SIGN_UPS

pytestmark = pytest.mark.django_db

BEGIN = "/oauth/login/google-oauth2/"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_sign_in_cannot_be_made_to_lead_elsewhere(client, elsewhere):
    response = client.post(BEGIN, {"next": elsewhere})
    assert response["Location"].startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert "evil" not in json.dumps(dict(client.session))
    assert "javascript" not in json.dumps(dict(client.session))
    page = client.get("/sign-in/", {"next": elsewhere}).content.decode()
    assert "evil.example" not in page
    assert "javascript:" not in page


def test_a_page_of_ours_is_remembered(client):
    client.post(BEGIN, {"next": "/account/"})
    assert client.session["next"] == "/account/"


def test_one_network_begins_so_many_sign_ups_and_no_more(client):
    for _ in range(SIGN_UPS.most):
        assert client.post(BEGIN).status_code == 302
    refused = client.post(BEGIN)
    assert refused.status_code == 429
    assert b"Try again in 60 minutes" in refused.content
    assert client.post(BEGIN, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_the_api_shares_that_limit(client):
    atlas = Atlas(client)
    body = {"authorizationCode": "4/0abc", "youtubeRedirectUri": REDIRECT_URI}
    for _ in range(SIGN_UPS.most):
        assert atlas.post("/users", body)[0] != 429
    assert atlas.post("/users", body)[0] == 429
    assert client.post(BEGIN).status_code == 429


@pytest.fixture
def log(tmp_path, settings):
    """The text of the service's log file, with every library at its most talkative."""
    config = django_logging(settings.CONFIG.logs)
    handler = SharedRotatingFile(folder=tmp_path, max_bytes=10**8, max_files=1)
    formatter = dict(config["formatters"]["json"])
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    names = [None, *config["loggers"]]
    before = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler.file.read_text
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    root.removeHandler(handler)
    handler.close()


def test_no_secret_gets_into_the_log_of_a_sign_up(world: Devnet, client, lenient, log, settings):  # noqa: F811
    atlas = Atlas(client)
    person = world.person("@alpinebeekeeping")
    code = consent(world, person)
    status, user = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert status == 201
    wish = {
        "joystreamChannelId": person.joystream_channel_id,
        "shouldBeIngested": True,
        "videoCategoryId": "1",
        "email": user["email"],
    }
    assert atlas.post("/channels", {"userId": user["userId"], "authorizationCode": code, **wish})[0] == 201
    grant = Creator.objects.get().grant
    again = {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI}
    assert atlas.post("/users", again)[0] == 400, "a code that was used is refused, and that is logged too"
    assert atlas.get("/users", key=OWNER_KEY)[0] == 200
    assert atlas.get("/users", key="a-wrong-key-of-somebody")[0] == 401

    text = log()
    assert "channel.signed_up" in text
    assert "/token" in text, "the libraries talk of their requests"
    secrets = {
        "access token": grant["access_token"],
        "refresh token": grant["refresh_token"],
        "code": code,
        "client secret": world.google_client_secret,
        "faucet key": world.faucet_key,
        "owner key": OWNER_KEY,
        "wrong key": "a-wrong-key-of-somebody",
        "app seed": app_of_configuration().account_seed,
        "secret key": settings.SECRET_KEY,
        **{f"token key {number}": key for number, key in enumerate(settings.TOKEN_KEYS)},
    }
    assert [name for name, secret in secrets.items() if len(secret) > 6 and secret in text] == []


def test_no_secret_gets_into_an_admin_form(admin_user, rf):
    from django.contrib import admin

    from channels.models import App

    request = rf.get("/")
    request.user = admin_user
    for model in (Creator, App):
        desk = admin.site._registry[model]
        assert not {"grant", "account_seed"} & set(desk.get_form(request).base_fields)
        assert not {"grant", "account_seed"} & {*desk.get_fields(request), *desk.get_readonly_fields(request)}


def test_a_fixture_holds_secrets_encrypted_and_gives_them_back(tmp_path):
    Creator.objects.create(subject="1", email="a@example.com", grant={"access_token": "ya29.secret"})
    file = tmp_path / "creators.json"
    call_command("dumpdata", "channels.creator", output=str(file))
    assert "ya29" not in file.read_text()
    Creator.objects.all().delete()
    call_command("loaddata", str(file), verbosity=0)
    assert Creator.objects.get().grant == {"access_token": "ya29.secret"}
