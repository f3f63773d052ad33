"""The letter as it is read: one text, laid out plain and as HTML, so that both always say the same."""

import textwrap
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse

from channels import gateways
from channels.gateways import Support, support_of
from channels.models import Channel
from ypp.letters import unsubscribing
from ypp.letters.kinds import ABOUT, ACCOUNT_MATTERS, About
from ypp.letters.models import Kind, Letter

WIDTH = 76
"""Characters in a line of the plain text."""


@dataclass(frozen=True)
class Rendered:
    """`unsubscribe_url` is empty where nobody can unsubscribe."""

    subject: str
    text: str
    html: str
    unsubscribe_url: str


@dataclass(frozen=True)
class Block:
    """A paragraph, or the points of a list."""

    lines: tuple[str, ...]
    is_list: bool


def render(
    kind: Kind, *, channel: Channel | None, address: str, facts: dict[str, Any], support: Support
) -> Rendered:
    """`channel` is whose letter it is; where there is none, `facts` has a `title`."""
    about = ABOUT[kind]
    title = channel.title if channel else ""
    context: dict[str, Any] = {"title": title, "support": support.email} | facts
    subject = " ".join(about.subject.format_map(context).split())
    unsubscribe_url = ""
    if kind not in ACCOUNT_MATTERS:
        path = reverse("unsubscribe", args=[unsubscribing.token_of(address)])
        unsubscribe_url = settings.BASE_URL + path
    layout = {
        "subject": subject,
        "blocks": blocks(_text(f"letters/{kind.value}.txt", context)),
        "action": {"label": about.action, "url": settings.BASE_URL + _page(about, channel)},
        "unsubscribe_url": unsubscribe_url,
        "title": context["title"],
        "help": support.url,
    }
    return Rendered(
        subject=subject,
        text=_plain(layout),
        html=render_to_string("letters/letter.html", layout),
        unsubscribe_url=unsubscribe_url,
    )


def support_for(letter: Letter) -> Support:
    """Where whoever gets the letter finds help: with the app that brought the channel."""
    return support_of(letter.channel.app) if letter.channel else gateways.support()


def render_letter(letter: Letter) -> Rendered:
    return render(
        Kind(letter.kind),
        channel=letter.channel,
        address=letter.address,
        facts=letter.facts,
        support=support_for(letter),
    )


def message(letter: Letter, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The letter as e-mail. Its id is always the same, so that a second copy would be told from a second
    letter.
    """
    rendered, support = render_letter(letter), support_for(letter)
    host = urlsplit(settings.BASE_URL).hostname
    headers = {
        "Message-ID": f"<letter-{letter.pk}-{letter.created_at:%s}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if rendered.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{rendered.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        to=[letter.address],
        reply_to=[support.email] if support.email else None,
        headers=headers,
        connection=connection,
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail


def _page(about: About, channel: Channel | None) -> str:
    if about.page or channel is None:
        return reverse(about.page or "pages:sign_in")
    return reverse("pages:channel", args=[channel.youtube_id])


def blocks(text: str) -> list[Block]:
    """The paragraphs of a text; one whose lines begin with `- ` is a list."""
    found = []
    for paragraph in text.strip().split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        is_list = bool(lines) and all(line.startswith("- ") for line in lines)
        if lines:
            whole = tuple(line[2:] for line in lines) if is_list else (" ".join(lines),)
            found.append(Block(whole, is_list))
    return found


def _plain(layout: dict[str, Any]) -> str:
    body = "\n\n".join(_wrapped(block) for block in layout["blocks"])
    return _text("letters/letter.txt", layout | {"body": body})


def _wrapped(block: Block) -> str:
    first, rest = ("- ", "  ") if block.is_list else ("", "")
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in block.lines
    )


def _text(template: str, facts: dict[str, Any]) -> str:
    """Plain text: what would be escaped in HTML stays as it is."""
    return Engine.get_default().get_template(template).render(Context(facts, autoescape=False))
