"""Google's sign-in as scripts, browsers and Google's own library meet it."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from tests.devnet.youtube_support import BEEKEEPING, EMAIL_SCOPE, REDIRECT_URI, YOUTUBE_SCOPE, YouTube

pytest_plugins = ["tests.devnet.youtube_fixtures"]

USER = BEEKEEPING.google_user


def test_a_script_gets_a_code_at_once_and_trades_it_for_tokens(youtube):
    answer = youtube.ask_consent(USER, f"{YOUTUBE_SCOPE} {EMAIL_SCOPE}", state="s t&te")
    tokens = youtube.exchange(answer["code"]).json()
    assert answer["state"] == "s t&te"
    assert tokens["access_token"].startswith("ya29.")
    assert tokens["refresh_token"].startswith("1//")
    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"].split() == [YOUTUBE_SCOPE, EMAIL_SCOPE]


def test_without_offline_access_there_is_no_refresh_token(youtube):
    code = youtube.ask_consent(USER, access_type="online")["code"]
    assert "refresh_token" not in youtube.exchange(code).json()


def test_a_code_is_good_only_once(youtube):
    code = youtube.ask_consent(USER)["code"]
    assert youtube.exchange(code).status_code == 200
    second = youtube.exchange(code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")


def test_the_redirect_uri_of_the_exchange_must_be_that_of_the_sign_in(youtube):
    code = youtube.ask_consent(USER)["code"]
    refused = youtube.exchange(code, redirect_uri=REDIRECT_URI + "?page=2")
    assert (refused.status_code, refused.json()["error"]) == (400, "redirect_uri_mismatch")


def test_an_unknown_code_and_a_wrong_secret_are_told_apart(youtube):
    assert youtube.exchange("4/0nonsense").json()["error"] == "invalid_grant"
    refused = youtube.exchange(youtube.ask_consent(USER)["code"], client_secret="wrong")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_pkce_wants_the_verifier_of_the_challenge(youtube):
    verifier = "v" * 50
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = youtube.ask_consent(USER, **asked)["code"]
    assert youtube.exchange(code, code_verifier="w" * 50).json()["error"] == "invalid_grant"
    assert youtube.exchange(code, code_verifier=verifier).status_code == 200


def test_userinfo_and_tokeninfo_name_the_user(youtube):
    tokens = youtube.sign_in(USER, f"openid {EMAIL_SCOPE} {YOUTUBE_SCOPE}")
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    who = requests.get(f"{youtube.google}/oauth2/v3/userinfo", headers=header, timeout=10).json()
    address = f"{youtube.google}/tokeninfo?access_token={tokens['access_token']}"
    token = requests.get(address, timeout=10).json()
    assert (who["email"], who["email_verified"]) == (USER, True)
    assert (token["email"], token["email_verified"]) == (USER, "true")
    assert who["sub"] == token["sub"]
    assert re.fullmatch(r"\d{21}", who["sub"])
    assert token["aud"] == youtube.world.google_client_id
    assert YOUTUBE_SCOPE in token["scope"].split()


def test_the_email_is_told_only_to_those_who_may_know_it(youtube):
    token = youtube.sign_in(USER)["access_token"]
    facts = requests.get(f"{youtube.google}/tokeninfo?access_token={token}", timeout=10).json()
    assert "email" not in facts


def test_a_token_nobody_gave_is_refused(youtube):
    header = {"Authorization": "Bearer ya29.nonsense"}
    answer = requests.get(f"{youtube.google}/oauth2/v3/userinfo", headers=header, timeout=10)
    assert answer.status_code == 401
    assert requests.get(f"{youtube.google}/tokeninfo?access_token=x", timeout=10).status_code == 400


def test_revoking_any_token_ends_all_of_them(youtube):
    tokens = youtube.sign_in(USER)
    form = {"token": tokens["access_token"]}
    assert requests.post(f"{youtube.google}/revoke", data=form, timeout=10).status_code == 200
    refused = youtube.refresh(tokens["refresh_token"])
    assert refused.status_code == 400
    assert refused.json() == {
        "error": "invalid_grant",
        "error_description": "Token has been expired or revoked.",
    }
    assert requests.post(f"{youtube.google}/revoke", data=form, timeout=10).status_code == 400


def _credentials(youtube: YouTube, refresh_token: str) -> Credentials:
    return Credentials(
        token=None,
        refresh_token=refresh_token,
        token_uri=f"{youtube.google}/token",
        client_id=youtube.world.google_client_id,
        client_secret=youtube.world.google_client_secret,
    )


def test_googles_library_refreshes_and_notices_a_revoked_grant(youtube):
    credentials = _credentials(youtube, youtube.sign_in(USER)["refresh_token"])
    credentials.refresh(Request())
    assert str(credentials.token).startswith("ya29.")
    assert credentials.valid
    youtube.control("revoke_grant", user=USER)
    with pytest.raises(RefreshError) as caught:
        credentials.refresh(Request())
    assert caught.value.args[1]["error"] == "invalid_grant"


def test_a_user_may_allow_only_some_scopes_or_none(youtube):
    youtube.control("consent", user=USER, scopes=[EMAIL_SCOPE])
    answer = youtube.ask_consent(USER, f"{EMAIL_SCOPE} {YOUTUBE_SCOPE}")
    assert answer["scope"] == EMAIL_SCOPE
    assert youtube.exchange(answer["code"]).json()["scope"] == EMAIL_SCOPE
    youtube.control("consent", user=USER, deny=True)
    assert youtube.ask_consent(USER)["error"] == "access_denied"


def test_a_user_nobody_knows_cannot_sign_in_silently(youtube):
    assert youtube.ask_consent("stranger@example.com")["error"] == "login_required"


def test_the_consent_page_lets_a_person_choose_who_and_what(youtube):
    query = {
        "client_id": youtube.world.google_client_id,
        "redirect_uri": REDIRECT_URI,
        "response_type": "code",
        "scope": f"{EMAIL_SCOPE} {YOUTUBE_SCOPE}",
        "state": '"><script>',
    }
    page = requests.get(f"{youtube.google}/o/oauth2/v2/auth", params=query, timeout=10)
    assert BEEKEEPING.title in page.text
    assert "View your YouTube account" in page.text
    assert '"><script>' not in page.text
    action = re.search(r'action="([^"]+)"', page.text)
    assert action
    answer = requests.post(
        youtube.google + action[1],
        data={**query, "user": USER, "ticked": [YOUTUBE_SCOPE], "decision": "allow"},
        allow_redirects=False,
        timeout=10,
    )
    given = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert given["scope"] == [YOUTUBE_SCOPE]
    assert given["state"] == [query["state"]]
    assert youtube.exchange(given["code"][0]).status_code == 200


def test_a_client_nobody_registered_sees_an_error_page_and_no_redirect(youtube):
    query = {"client_id": "x", "redirect_uri": REDIRECT_URI, "response_type": "code", "scope": "openid"}
    page = requests.get(f"{youtube.google}/o/oauth2/v2/auth", params=query, allow_redirects=False, timeout=10)
    assert page.status_code == 401
    assert "invalid_client" in page.text


def test_the_sign_in_can_be_down(youtube):
    code = youtube.ask_consent(USER)["code"]
    youtube.control("oauth_down")
    assert youtube.exchange(code).status_code == 503
    youtube.control("oauth_down", down=False)
    assert youtube.exchange(code).status_code == 200
