"""Google's OAuth 2.0 for web servers: consent page, codes, tokens, revocation, who the user is.

Source: https://developers.google.com/identity/protocols/oauth2/web-server. What is decided differently here:
`login_hint=<user>&prompt=none` answers at once with a code as if the user had allowed everything (or as
`Consent` says); every `access_type=offline` gives a refresh token; any http(s) redirect URI may be used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from ytsynch.devnet.youtube import consent_page
from ytsynch.devnet.youtube.site import SITE, Site
from ytsynch.devnet.youtube.state import Code, Consent, Grant

CODE_SECONDS = 600
TOKEN_SECONDS = 3599
EMAIL_SCOPES = ("email", "https://www.googleapis.com/auth/userinfo.email")

routes = web.RouteTableDef()


class OAuthError(Exception):
    """An error of the token endpoint: `error` and `error_description` of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> web.Response:
        return web.json_response(
            {"error": self.error, "error_description": self.description}, status=self.status
        )


@routes.get("/o/oauth2/v2/auth")
@routes.get("/o/oauth2/auth")
async def authorize(request: web.Request) -> web.Response:
    site, query = request.app[SITE], request.query
    if refusal := _refused(site, query):
        return refusal
    hint = query.get("login_hint", "")
    if query.get("prompt") != "none":
        return consent_page.page(site, query, scopes=query["scope"].split(), hint=hint)
    if hint not in site.users:
        return _redirect(query, error="login_required")
    consent = site.state.consents.get(hint, Consent())
    if consent.denies:
        return _redirect(query, error="access_denied")
    return _allow(site, query, hint, consent)


@routes.post("/o/oauth2/v2/auth/answer")
async def answer(request: web.Request) -> web.Response:
    """The consent page's form: the request's own parameters, the user chosen, and the scopes ticked."""
    site = request.app[SITE]
    form = await request.post()
    query = {name: value for name, value in form.items() if isinstance(value, str)}
    if refusal := _refused(site, query):
        return refusal
    if query.get("decision") != "allow" or query.get("user") not in site.users:
        return _redirect(query, error="access_denied")
    ticked = [value for value in form.getall("ticked", []) if isinstance(value, str)]
    return _allow(site, query, query["user"], Consent(scopes=ticked))


def _refused(site: Site, query: Mapping[str, str]) -> web.Response | None:
    """Google's own error page for a request that must not even be sent back."""
    if query.get("client_id") != site.world.google_client_id:
        return consent_page.error(401, "invalid_client", "The OAuth client was not found.")
    address = urlsplit(query.get("redirect_uri", ""))
    if address.scheme not in ("http", "https") or not address.netloc or address.fragment:
        return consent_page.error(400, "redirect_uri_mismatch", "The redirect URI is not an http(s) address.")
    if query.get("response_type") != "code":
        return consent_page.error(400, "unsupported_response_type", "Only response_type=code is known here.")
    if not query.get("scope", "").split():
        return consent_page.error(400, "invalid_request", "Missing required parameter: scope")
    return None


def _allow(site: Site, query: Mapping[str, str], user: str, consent: Consent) -> web.Response:
    asked = query["scope"].split()
    granted = asked if consent.scopes is None else [scope for scope in asked if scope in consent.scopes]
    codes = site.state.codes
    for old in [name for name, each in codes.items() if each.expires_at < site.now()]:
        del codes[old]
    code = "4/0" + site.state.next_secret(site.world.seed, "code")
    codes[code] = Code(
        google_user=user,
        client_id=query["client_id"],
        redirect_uri=query["redirect_uri"],
        scopes=granted,
        expires_at=site.now() + CODE_SECONDS,
        gives_refresh_token=query.get("access_type") == "offline" and consent.gives_refresh_token,
        challenge=query.get("code_challenge"),
        challenge_method=query.get("code_challenge_method", "plain"),
    )
    return _redirect(query, code=code, scope=" ".join(granted), authuser="0", prompt="consent")


def _redirect(query: Mapping[str, str], **answer: str) -> web.Response:
    address = query["redirect_uri"]
    state = {"state": query["state"]} if "state" in query else {}
    mark = "&" if urlsplit(address).query else "?"
    return web.Response(status=302, headers={"Location": f"{address}{mark}{urlencode({**state, **answer})}"})


@routes.post("/token")
@routes.post("/oauth2/v4/token")
async def token(request: web.Request) -> web.Response:
    site = request.app[SITE]
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        client_id = _client(site, request, form)
        if form.get("grant_type") == "authorization_code":
            return web.json_response(_exchange_code(site, client_id, form))
        if form.get("grant_type") == "refresh_token":
            return web.json_response(_refresh(site, client_id, form))
    except OAuthError as error:
        return error.response()
    return OAuthError(
        "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}"
    ).response()


def _client(site: Site, request: web.Request, form: Mapping[str, str]) -> str:
    """The client's id, proved by its secret in the form or by Basic authentication."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        try:
            client_id, _, secret = base64.b64decode(value).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise OAuthError("invalid_client", "Unauthorized", 401) from error
    if client_id != site.world.google_client_id:
        raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
    if secret != site.world.google_client_secret:
        raise OAuthError("invalid_client", "Unauthorized", 401)
    return client_id


def _exchange_code(site: Site, client_id: str, form: Mapping[str, str]) -> dict[str, object]:
    code = site.state.codes.get(form.get("code", ""))
    if code is None or code.client_id != client_id:
        raise OAuthError("invalid_grant", "Malformed auth code.")
    if code.is_used or code.expires_at < site.now():
        raise OAuthError("invalid_grant", "Bad Request")
    if code.redirect_uri != form.get("redirect_uri"):
        raise OAuthError("redirect_uri_mismatch", "Bad Request")
    if code.challenge is not None and _challenge(code, form.get("code_verifier", "")) != code.challenge:
        raise OAuthError("invalid_grant", "Invalid code verifier.")
    code.is_used = True
    answer = _access_token(site, code.google_user, client_id, code.scopes)
    if code.gives_refresh_token:
        refresh_token = "1//" + site.state.next_secret(site.world.seed, "refresh")
        site.state.refresh_tokens[refresh_token] = Grant(code.google_user, client_id, code.scopes)
        answer["refresh_token"] = refresh_token
    return answer


def _challenge(code: Code, verifier: str) -> str:
    if code.challenge_method != "S256":
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _refresh(site: Site, client_id: str, form: Mapping[str, str]) -> dict[str, object]:
    grant = site.state.refresh_tokens.get(form.get("refresh_token", ""))
    if grant is None or grant.client_id != client_id:
        raise OAuthError("invalid_grant", "Token has been expired or revoked.")
    return _access_token(site, grant.google_user, client_id, grant.scopes)


def _access_token(site: Site, user: str, client_id: str, scopes: list[str]) -> dict[str, object]:
    tokens = site.state.access_tokens
    for old in [name for name, grant in tokens.items() if (grant.expires_at or 0) < site.now()]:
        del tokens[old]
    name = "ya29." + site.state.next_secret(site.world.seed, "access")
    tokens[name] = Grant(user, client_id, scopes, site.now() + TOKEN_SECONDS)
    return {
        "access_token": name,
        "expires_in": TOKEN_SECONDS,
        "scope": " ".join(scopes),
        "token_type": "Bearer",
    }


@routes.post("/revoke")
@routes.get("/o/oauth2/revoke")
@routes.post("/o/oauth2/revoke")
async def revoke(request: web.Request) -> web.Response:
    """Ends everything the token's user ever allowed the client."""
    site = request.app[SITE]
    token = request.query.get("token") or str((await request.post()).get("token", ""))
    grant = site.state.refresh_tokens.get(token) or valid_access_token(site, token)
    if grant is None:
        return OAuthError("invalid_token", "Token expired or revoked").response()
    revoke_grants(site, grant.google_user)
    return web.json_response({})


def revoke_grants(site: Site, google_user: str) -> int:
    """Forget every token of the user; returns how many there were."""
    count = 0
    for tokens in (site.state.refresh_tokens, site.state.access_tokens):
        for name in [name for name, grant in tokens.items() if grant.google_user == google_user]:
            del tokens[name]
            count += 1
    return count


def valid_access_token(site: Site, token: str) -> Grant | None:
    grant = site.state.access_tokens.get(token)
    return grant if grant and (grant.expires_at or 0) >= site.now() else None


def bearer(request: web.Request) -> str | None:
    """The access token a request carries, in the header or as `access_token`."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value if kind == "Bearer" else request.query.get("access_token")


def subject(google_user: str) -> str:
    """The user's unchanging account number, 21 digits."""
    digest = hashlib.blake2b(google_user.encode(), digest_size=8).digest()
    return "1" + str(int.from_bytes(digest)).zfill(20)


@routes.get("/oauth2/v3/userinfo")
@routes.get("/oauth2/v1/userinfo")
@routes.get("/v1/userinfo")
@routes.post("/oauth2/v3/userinfo")
async def userinfo(request: web.Request) -> web.Response:
    site = request.app[SITE]
    grant = valid_access_token(site, bearer(request) or "")
    if grant is None:
        return OAuthError("invalid_request", "Invalid Credentials", 401).response()
    name = site.user_name(grant.google_user)
    channel = site.channel_of(grant.google_user)
    picture = (
        f"{site.picture_host(request, 'lh3.googleusercontent.com')}/avatar/{channel.id}.jpg"
        if channel
        else ""
    )
    facts = {"sub": subject(grant.google_user), "name": name, "given_name": name, "picture": picture}
    return web.json_response({**facts, **_email(grant, is_verified=True), **_hosted(grant)})


@routes.get("/tokeninfo")
@routes.post("/tokeninfo")
@routes.get("/oauth2/v3/tokeninfo")
@routes.get("/oauth2/v1/tokeninfo")
async def tokeninfo(request: web.Request) -> web.Response:
    site = request.app[SITE]
    token = request.query.get("access_token") or str((await request.post()).get("access_token", ""))
    grant = valid_access_token(site, token)
    if grant is None or grant.expires_at is None:
        return OAuthError("invalid_token", "Invalid Value").response()
    facts: dict[str, object] = {
        "azp": grant.client_id,
        "aud": grant.client_id,
        "sub": subject(grant.google_user),
        "scope": " ".join(grant.scopes),
        "exp": str(int(grant.expires_at)),
        "expires_in": str(int(grant.expires_at - site.now())),
        "access_type": "offline",
    }
    return web.json_response({**facts, **_email(grant, is_verified="true")})


def _email(grant: Grant, *, is_verified: bool | str) -> dict[str, object]:
    if not any(scope in EMAIL_SCOPES for scope in grant.scopes):
        return {}
    return {"email": grant.google_user, "email_verified": is_verified}


def _hosted(grant: Grant) -> dict[str, object]:
    """Of what Workspace the account is: every domain but Google's own is one here."""
    domain = grant.google_user.rpartition("@")[2]
    return {"hd": domain} if domain != "gmail.com" and _email(grant, is_verified=True) else {}
