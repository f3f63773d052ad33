"""`docs/configuration.md`, written from the model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ytsynch.config.keys import Key, find, keys
from ytsynch.config.model import PROJECT, Account

FILE = PROJECT / "docs" / "configuration.md"

HEAD = Path(__file__).with_name("reference_head.md")


def write() -> str:
    """The whole document."""
    return HEAD.read_text(encoding="utf-8") + "".join(_sections())


def _sections() -> Iterator[str]:
    heading = ""
    for key in keys():
        if key.section and len(key.path) == 1:
            yield f"\n## {key.path[0]}\n\n{key.field.description}\n"
            heading = ""
        elif key.section and key.can_be_none:
            yield from _head(heading)
            yield _row(key)
            heading = "rows"
        elif not key.section:
            yield from _head(heading)
            yield _row(key)
            heading = "rows"
            if key.name == "joystream.channelCollaborator.account":
                yield from _account(key)


def _head(heading: str) -> Iterator[str]:
    if not heading:
        yield "\n| key and variable | value | default | what for |\n| --- | --- | --- | --- |\n"


def _row(key: Key) -> str:
    expected = "a section; its keys follow" if key.section else key.expected
    return f"| `{key.name}`<br>`{key.env}` | {expected} | {_default(key)} | {key.field.description} |\n"


def _account(above: Key) -> Iterator[str]:
    for part in Account.model_fields:
        key, written = find([*above.path, 0, part])
        if key:
            name = written.replace("[0]", "[…]")
            yield f"| `{name}` | {key.expected} | {_default(key)} | {key.field.description} |\n"


def _default(key: Key) -> str:
    value = key.field.get_default(call_default_factory=True, validated_data={})
    if key.section:
        return "–" if value is None else "on"
    return _written(value)


def _written(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(f"`{item}`" for item in value)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
