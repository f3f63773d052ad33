from datetime import UTC, datetime, timedelta

import pytest

from tests.units.youtube.conftest import Google
from ytsynch.youtube import errors
from ytsynch.youtube.sign_in import EMAIL_SCOPE, READ_SCOPE, GoogleEndpoints, GoogleSignIn, without_query

TOKENS = {
    "access_token": "access-secret",
    "refresh_token": "refresh-secret",
    "expires_in": 3599,
    "scope": f"openid {EMAIL_SCOPE} {READ_SCOPE}",
}
PERSON = {"sub": "1234567890", "email": "ada@example.com", "email_verified": True}


@pytest.fixture
def sign_in(google: Google) -> GoogleSignIn:
    endpoints = GoogleEndpoints(
        token=f"{google.url}/token", revoke=f"{google.url}/revoke", userinfo=f"{google.url}/userinfo"
    )
    return GoogleSignIn("client", "client-secret", endpoints=endpoints, timeout=5)


@pytest.fixture
def grant(google: Google, sign_in: GoogleSignIn):
    google.will_answer(200, TOKENS)
    google.will_answer(200, PERSON)
    return sign_in.exchange_code("code", "http://localhost:4200/")


def test_a_code_becomes_a_grant_of_the_person(google, grant):
    assert (grant.subject, grant.email) == ("1234567890", "ada@example.com")
    assert READ_SCOPE in grant.scopes
    assert timedelta(minutes=59) < grant.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    asked = google.asked[0]
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": "code",
        "redirect_uri": "http://localhost:4200/",
        "client_id": "client",
        "client_secret": "client-secret",
    }
    assert google.asked[1].headers["Authorization"] == "Bearer access-secret"


def test_the_address_of_the_page_is_cut_to_what_google_was_given():
    page = "https://gleev.example/ypp?code=4%2F0A&scope=email#top"
    assert without_query(page) == "https://gleev.example/ypp"
    assert without_query("http://localhost:4200") == "http://localhost:4200"


def test_tokens_never_show_when_a_grant_is_printed(grant):
    assert "secret" not in repr(grant)
    assert "secret" not in str(grant)


@pytest.mark.parametrize("error", ["invalid_grant", "redirect_uri_mismatch"])
def test_a_code_that_google_does_not_take_is_a_wrong_code(google, sign_in, error):
    google.will_answer(400, {"error": error, "error_description": "Malformed auth code."})
    with pytest.raises(errors.WrongCode, match=error):
        sign_in.exchange_code("used", "http://localhost/")


def test_a_wrong_client_secret_is_the_operators_trouble(google, sign_in):
    google.will_answer(401, {"error": "invalid_client"})
    with pytest.raises(errors.ClientRefused):
        sign_in.exchange_code("code", "http://localhost/")


@pytest.mark.parametrize("scopes", [EMAIL_SCOPE, f"openid {READ_SCOPE}"])
def test_too_few_scopes_are_insufficient_permission(google, sign_in, scopes):
    google.will_answer(200, {**TOKENS, "scope": scopes})
    with pytest.raises(errors.ScopeMissing) as caught:
        sign_in.exchange_code("code", "http://localhost/")
    assert caught.value.what() == "Insufficient Permission"


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_an_address_that_is_not_verified_proves_nothing(google, sign_in, verified):
    google.will_answer(200, TOKENS)
    google.will_answer(200, {**PERSON, "email_verified": verified})
    with pytest.raises(errors.EmailNotVerified):
        sign_in.exchange_code("code", "http://localhost/")


def test_google_may_give_no_refresh_token(google, sign_in):
    google.will_answer(200, {name: TOKENS[name] for name in ("access_token", "expires_in", "scope")})
    google.will_answer(200, PERSON)
    grant = sign_in.exchange_code("code", "http://localhost/")
    assert grant.refresh_token is None
    with pytest.raises(errors.GrantExpired):
        sign_in.refresh(grant)


def test_a_refreshed_grant_has_a_new_access_token_and_the_same_person(google, sign_in, grant):
    google.will_answer(200, {"access_token": "fresh", "expires_in": 10, "scope": TOKENS["scope"]})
    fresh = sign_in.refresh(grant)
    assert fresh.access_token == "fresh"
    assert (fresh.subject, fresh.refresh_token) == (grant.subject, "refresh-secret")
    assert google.asked[-1].form["refresh_token"] == "refresh-secret"


def test_a_withdrawn_permission_is_noticed_at_refresh(google, sign_in, grant):
    google.will_answer(400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
    with pytest.raises(errors.GrantRevoked, match="revoked"):
        sign_in.refresh(grant)


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"oops"), (429, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b"{}")]
)
def test_answers_that_are_no_answers_mean_that_google_is_unavailable(google, sign_in, status, body):
    google.will_answer(status, body)
    with pytest.raises(errors.YouTubeError) as caught:
        sign_in.exchange_code("code", "http://localhost/")
    assert isinstance(caught.value, errors.GoogleUnavailable | errors.ScopeMissing)


def test_nobody_listening_is_google_unavailable_and_tells_no_secret():
    endpoints = GoogleEndpoints(token="http://127.0.0.1:9/token")
    with pytest.raises(errors.GoogleUnavailable) as caught:
        GoogleSignIn("client", "client-secret", endpoints=endpoints).exchange_code("the-code", "http://x/")
    assert "the-code" not in str(caught.value)
    assert "client-secret" not in str(caught.value)


def test_giving_a_token_back_twice_is_no_error(google, sign_in):
    google.will_answer(200, {})
    google.will_answer(400, {"error": "invalid_token"})
    sign_in.revoke("token")
    sign_in.revoke("token")
    assert google.asked[0].form == {"token": "token"}


def test_a_revocation_that_google_did_not_take_is_said(google, sign_in):
    google.will_answer(503, b"")
    with pytest.raises(errors.GoogleUnavailable):
        sign_in.revoke("token")
