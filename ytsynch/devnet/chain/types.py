"""Types of a runtime written as Rust writes them, and the table of numbered types that SCALE clients want.

A declaration reads like the source that it stands for::

    struct("pallet_storage::Voucher", "size_limit: u64", "objects_limit: u64")
    enum("pallet_content::types::ChannelOwner<MemberId, GroupId = u64>", "Member(MemberId)", "Group(GroupId)")

* A parameter stands for the alias or type of its own name, or for what follows ` = `; where the type is used
  with arguments (`Option<u64>`), for those. `_` is a parameter that no value depends on.
* The text of a field is its `typeName` and, read with the parameters and aliases in scope, its type. Where
  the source says something else than what is encoded, ` = ` gives the type: `T::Moment = Compact<u64>`. With
  nothing before it the field has no typeName.
* Variants count from 0, or on from the number before a name. One string may list several that hold nothing.

Only names and structure matter to clients, so the table is in the order in which types are first needed.
https://github.com/paritytech/scale-info describes the table.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PRIMITIVES = ("bool", "str", "u8", "u16", "u32", "u64", "u128")

_TOKEN = re.compile(r"\w+(?:::\w+)*|[<>()\[\],;]")
_PROJECTION = re.compile(r"<\w+ as [\w:]+>::")  # `<T as Config>::RuntimeCall` is RuntimeCall here


class UnknownType(LookupError):
    """A name that is neither a parameter, an alias, a declaration nor a primitive."""


@dataclass(frozen=True)
class Field:
    name: str | None
    type_name: str | None
    type: str


@dataclass(frozen=True)
class Variant:
    name: str
    index: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Declaration:
    """A struct (fields) or an enum (variants). `parameters`: name, and the text that it stands for."""

    path: str
    parameters: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...] = ()
    variants: tuple[Variant, ...] | None = None


@dataclass(frozen=True)
class Expression:
    """A type as it is used. `name` is "(" for a tuple and "[" for an array of `size`."""

    name: str
    arguments: tuple["Expression", ...] = ()
    size: int = 0


def struct(head: str, *fields: str) -> Declaration:
    path, parameters = _head(head)
    return Declaration(path, parameters, fields=tuple(_field(text) for text in fields))


def enum(head: str, *variants: str) -> Declaration:
    path, parameters = _head(head)
    return Declaration(path, parameters, variants=tuple(_variants(variants)))


def _head(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    path, _, rest = text.partition("<")
    pairs = (parameter.partition(" = ") for parameter in split(rest.removesuffix(">")))
    return path, tuple((name, stands_for or name) for name, _, stands_for in pairs)


def _field(text: str) -> Field:
    name, colon, rest = text.partition(": ")
    type_name, equals, encoded = (rest if colon else text).partition("= ")
    type_name = type_name.strip()
    return Field(name if colon else None, type_name or None, encoded if equals else type_name)


def _variants(texts: Iterable[str]) -> Iterable[Variant]:
    index = 0
    for text in texts:
        head, parenthesis, fields = text.partition("(")
        for word in head.split():
            if word.isdigit():
                index = int(word)
                continue
            inside = split(fields.removesuffix(")")) if parenthesis else []
            yield Variant(word, index, tuple(_field(field) for field in inside))
            index += 1


def split(text: str) -> list[str]:
    """Parts between the commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "<([":
            depth += 1
        elif character in ">)]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [part for part in [*parts, text[start:].strip()] if part]


def parse(text: str) -> Expression:
    """Reads a type as Rust writes it."""
    tokens = _TOKEN.findall(_PROJECTION.sub("", text))
    expression = _parse(tokens)
    if tokens:
        raise ValueError(f"cannot read {text!r}")
    return expression


def _parse(tokens: list[str]) -> Expression:
    name = tokens.pop(0)
    if name == "[":
        item = _parse(tokens)
        size = tokens[1]  # between ; and ]
        del tokens[:3]
        return Expression("[", (item,), int(size))
    if name != "(" and tokens[:1] != ["<"]:
        return Expression(name)
    closing = ")" if name == "(" else ">"
    if name != "(":
        tokens.pop(0)
    arguments = []
    while tokens[0] != closing:
        arguments.append(_parse(tokens))
        if tokens[0] == ",":
            tokens.pop(0)
    tokens.pop(0)
    return Expression(name, tuple(arguments))


class TypeTable:
    """Numbers types as they are asked for, each once."""

    def __init__(self, declarations: Iterable[Declaration], aliases: Mapping[str, str]) -> None:
        self.types: list[dict[str, Any]] = []  # in the words of scale-info
        self._aliases = aliases
        self._numbers: dict[Any, int] = {}
        self._declared: dict[str, Declaration] = {}
        for declaration in declarations:
            segments = declaration.path.split("::")
            for count in (1, 2, len(segments)):
                self._declared["::".join(segments[-count:])] = declaration

    def number(self, text: str) -> int:
        """The number of a type, as Rust writes it. Raises UnknownType."""
        return self._number(parse(text), {})

    def _number(self, used: Expression, parameters: Mapping[str, int | None]) -> int:
        name = used.name.rpartition("::")[2]
        bound = parameters.get(name)
        if bound is not None:
            return bound
        inner = [self._argument(argument, parameters) for argument in used.arguments]
        match name:
            case "(":
                definition: dict[str, Any] = {"tuple": inner}
            case "[":
                definition = {"array": {"len": used.size, "type": inner[0]}}
            case "Vec":
                definition = {"sequence": {"type": inner[0]}}
            case "Compact":
                definition = {"compact": {"type": inner[0]}}
            case _ if name in PRIMITIVES:
                definition = {"primitive": name}
            case _ if name in self._aliases:
                return self.number(self._aliases[name])
            case _:
                return self._instance(self._declaration(used.name), inner)
        return self._add(definition)

    def _argument(self, used: Expression, parameters: Mapping[str, int | None]) -> int | None:
        """The number of a type argument; None for one that stands for nothing (`_`, `T`)."""
        if used.name in ("_", "T") and parameters.get(used.name) is None:
            return None
        return self._number(used, parameters)

    def _declaration(self, name: str) -> Declaration:
        segments = name.split("::")
        for count in (len(segments), 2, 1):
            found = self._declared.get("::".join(segments[-count:]))
            if found is not None:
                return found
        raise UnknownType(name)

    def _instance(self, declaration: Declaration, arguments: list[int | None]) -> int:
        if not arguments:
            arguments = [self._argument(parse(text), {}) for _, text in declaration.parameters]
        names = [name for name, _ in declaration.parameters]
        key = (declaration.path, tuple(arguments))
        if key not in self._numbers:
            described = {
                "path": declaration.path.split("::"),
                "params": [{"name": n, "type": a} for n, a in zip(names, arguments, strict=True)],
                "docs": [],
            }
            # Numbered before its content is looked at: a call may hold calls.
            self._numbers[key] = self._append(described)
            described["def"] = self._definition(declaration, dict(zip(names, arguments, strict=True)))
        return self._numbers[key]

    def _definition(self, declaration: Declaration, parameters: Mapping[str, int | None]) -> dict[str, Any]:
        if declaration.variants is None:
            return {"composite": {"fields": [self._field(field, parameters) for field in declaration.fields]}}
        variants = [
            {
                "name": variant.name,
                "fields": [self._field(field, parameters) for field in variant.fields],
                "index": variant.index,
                "docs": [],
            }
            for variant in declaration.variants
        ]
        return {"variant": {"variants": variants}}

    def _field(self, field: Field, parameters: Mapping[str, int | None]) -> dict[str, Any]:
        number = self._number(parse(field.type), parameters)
        return {"name": field.name, "type": number, "typeName": field.type_name, "docs": []}

    def _add(self, definition: dict[str, Any]) -> int:
        key = repr(definition)
        if key not in self._numbers:
            self._numbers[key] = self._append({"path": [], "params": [], "def": definition, "docs": []})
        return self._numbers[key]

    def _append(self, described: dict[str, Any]) -> int:
        self.types.append(described)
        return len(self.types) - 1
