"""The pages a person sees while signing in: whom to sign in as, what to allow, and Google's error page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from aiohttp import web

from ytsynch.devnet.youtube.site import Site

_SCOPE_TEXTS = {
    "openid": "Associate you with your personal info on Google",
    "email": "See your primary Google Account email address",
    "profile": "See your personal info",
    "https://www.googleapis.com/auth/userinfo.email": "See your primary Google Account email address",
    "https://www.googleapis.com/auth/userinfo.profile": "See your personal info",
    "https://www.googleapis.com/auth/youtube.readonly": "View your YouTube account",
}

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f1f1f; background: #f0f4f9; margin: 0; }
main { max-width: 30rem; margin: 6vh auto; background: #fff; border-radius: 1.5rem; padding: 2rem 2.5rem; }
h1 { font-weight: 400; font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
label { display: flex; gap: .8rem; align-items: center; padding: .45rem 0; border-top: 1px solid #e3e3e3; }
label img { width: 2rem; height: 2rem; border-radius: 50%; } small { color: #5f6368; display: block; }
footer { display: flex; justify-content: end; gap: .8rem; margin-top: 1.6rem; }
button { font: inherit; border: 0; border-radius: 2rem; padding: .5rem 1.5rem; cursor: pointer; }
button.main { background: #0b57d0; color: #fff; } button:focus-visible { outline: 3px solid #a8c7fa; }
"""


def page(site: Site, query: Mapping[str, str], *, scopes: list[str], hint: str) -> web.Response:
    """Choose one of the people, tick scopes, allow or deny."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in query.items()
    )
    chosen = hint if hint in site.users else site.users[0]
    people = "".join(_person(site, user, is_chosen=user == chosen) for user in site.users)
    ticks = "".join(
        f'<label><input type="checkbox" name="ticked" value="{escape(scope)}" checked>'
        f"<span>{escape(_SCOPE_TEXTS.get(scope, scope))}<small>{escape(scope)}</small></span></label>"
        for scope in scopes
    )
    return _html(
        "Sign in",
        f"<h1>Sign in</h1><small>The devnet’s stand-in for Google. These people are invented.</small>"
        f'<form method="post" action="/o/oauth2/v2/auth/answer">{hidden}'
        f"<h2>Choose an account</h2>{people}<h2>What the service may do</h2>{ticks}"
        '<footer><button name="decision" value="deny">Cancel</button>'
        '<button class="main" name="decision" value="allow">Allow</button></footer></form>',
    )


def error(status: int, code: str, text: str) -> web.Response:
    """Google's page for a request it will not answer to the site that sent it."""
    return _html(
        "Access blocked",
        f"<h1>Access blocked: this request is invalid</h1><p>{escape(text)}</p>"
        f"<small>Error {status}: {escape(code)}</small>",
        status,
    )


def _person(site: Site, user: str, *, is_chosen: bool) -> str:
    channel = site.channel_of(user)
    picture = f'<img src="/avatar/{channel.id}.jpg" alt="">' if channel else ""
    detail = f"{user} · {channel.handle}" if channel else f"{user} · no YouTube channel"
    return (
        f'<label><input type="radio" name="user" value="{escape(user)}"{" checked" if is_chosen else ""}>'
        f"{picture}<span>{escape(site.user_name(user))}<small>{escape(detail)}</small></span></label>"
    )


def _html(title: str, body: str, status: int = 200) -> web.Response:
    return web.Response(
        text=f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<main>{body}</main></html>",
        content_type="text/html",
        status=status,
    )
