"""The terms that creators accept: those of the gateway app, as staff wrote them, or else the text that the
service brings along (`templates/pages/parts/terms.html`).
"""

from dataclasses import dataclass

from channels.models import App
from ypp.letters.rendering import blocks

OURS = "2026-11"
"""Which version the text of the service is."""


@dataclass(frozen=True)
class Block:
    """`kind` is heading, list or paragraph."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """`version` goes into the history of whoever accepts them; no `blocks`: the text of the service."""

    version: str
    blocks: tuple[Block, ...]


def of_app(app: App | None) -> Terms:
    if app is None or not app.terms.strip():
        return Terms(OURS, ())
    return Terms(
        app.terms_version, tuple(_block(each.lines, is_list=each.is_list) for each in blocks(app.terms))
    )


def _block(lines: tuple[str, ...], *, is_list: bool) -> Block:
    if is_list:
        return Block("list", lines)
    text = lines[0]
    return Block("heading", (text.lstrip("# "),)) if text.startswith("#") else Block("paragraph", lines)
