"""Reading request bodies: everything that a client can send is either understood or refused in plain words,
never a failure of ours.
"""

import codecs
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

UTF8 = "utf-8"


class Body(BaseParser):
    """A JSON body in UTF-8: no NaN, no name twice in an object, no text that a database cannot hold."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        # Django's own `body` keeps the limit on its size (settings.DATA_UPLOAD_MAX_MEMORY_SIZE).
        body: bytes = (parser_context or {})["request"]._request.body
        try:
            text = body.removeprefix(codecs.BOM_UTF8).decode(UTF8)
            value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)
            _check_texts(value)
        except RecursionError:
            raise ParseError("JSON parse error: nested too deeply") from None
        except ValueError as error:
            raise ParseError(f"JSON parse error: {error}") from None
        return value


def raw_member(body: bytes, name: str) -> str:
    """The text of a member of a JSON object exactly as it was sent. The body has been parsed before.

    Raises KeyError where there is no such member.
    """
    text = body.removeprefix(codecs.BOM_UTF8).decode(UTF8)
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)  # past the colon
        _, end = decoder.raw_decode(text, start)
        if key == name:
            return text[start:end]
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    raise KeyError(name)


def stringify(value: Any) -> str:
    """What JavaScript's `JSON.stringify` makes of objects, arrays, texts, booleans and null (numbers are
    written another way there).
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _skip(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is there twice in an object")
    return value


def _check_texts(value: Any) -> None:
    for text in _texts(value):
        if "\0" in text:
            raise ValueError("a text contains the character U+0000")
        text.encode(UTF8)  # a lone surrogate is a ValueError


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for name, item in value.items():
                yield name
                yield from _texts(item)
