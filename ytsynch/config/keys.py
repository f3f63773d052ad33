"""What can be said of a key of the configuration without having a value for it: its names, type and
bounds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from ytsynch.config.model import Config, Expected, Section

ENV_PREFIX = "YT_SYNCH__"

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TYPES: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    SecretStr: "text",
    Path: "a path",
}


def env_name(path: Iterable[str]) -> str:
    """`endpoints.queryNode` → `YT_SYNCH__ENDPOINTS__QUERY_NODE`.

    A capital begins a word, except inside an acronym; digits belong to the word before them:
    `maxVideoSizeMB` → `MAX_VIDEO_SIZE_MB`, `webSub2Hub` → `WEB_SUB2_HUB`.
    """
    return ENV_PREFIX + "__".join(_WORD_STARTS.sub("_", part).upper() for part in path)


@dataclass(frozen=True)
class Key:
    """A key or a section of the configuration file."""

    path: tuple[str, ...]
    field: FieldInfo

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def env(self) -> str:
        return env_name(self.path)

    @property
    def section(self) -> type[Section] | None:
        """The section that begins here, if one does."""
        return _section(self.field.annotation)

    @property
    def can_be_none(self) -> bool:
        return NoneType in get_args(self.field.annotation)

    @property
    def is_secret(self) -> bool:
        """Whether a value must never be shown."""
        return "SecretStr" in str(self.field.annotation) or bool(self._extra.get("secret"))

    @property
    def expected(self) -> str:
        """What a good value is, in words: `a whole number of seconds, at least 1`."""
        return _words(self.field.annotation, self.field.metadata, self._extra.get("unit", ""))

    @property
    def _extra(self) -> dict[str, Any]:
        extra = self.field.json_schema_extra
        return extra if isinstance(extra, dict) else {}


def keys(model: type[Section] = Config, above: tuple[str, ...] = ()) -> Iterator[Key]:
    """All keys and sections in the order of the model, a section before its keys."""
    for attribute, field in model.model_fields.items():
        key = Key((*above, field.alias or attribute), field)
        yield key
        if key.section:
            yield from keys(key.section, key.path)


def find(path: Iterable[str | int]) -> tuple[Key | None, str]:
    """The innermost known key on a path of names and list indexes, and the path as one would write it."""
    fields, found, written = Config.model_fields, None, ""
    names: tuple[str, ...] = ()
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
            continue
        names, written = (*names, part), f"{written}.{part}" if written else part
        field = next((field for field in fields.values() if field.alias == part), None)
        if field is None:
            break
        found = Key(names, field)
        inner = found.section or _section(next(iter(get_args(field.annotation)), None))
        fields = inner.model_fields if inner else {}
    return found, written


def _section(annotation: Any) -> type[Section] | None:
    for candidate in (annotation, *(get_args(annotation) if _is_union(annotation) else ())):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def _words(annotation: Any, metadata: Iterable[Any], unit: str = "") -> str:
    facts = [fact for item in metadata for fact in (item.metadata if isinstance(item, FieldInfo) else [item])]
    words: str | None = next((fact for fact in facts if isinstance(fact, Expected)), None)
    if words:
        return words
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _words(arguments[0], [*facts, *arguments[1:]], unit)
    if _is_union(annotation):
        return _words(next(part for part in arguments if part is not NoneType), facts, unit)
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(arguments)
    if get_origin(annotation) is list:
        return "a list; each " + _words(arguments[0], ())
    kind = _TYPES.get(annotation, "a section")
    return ", ".join([f"{kind} of {unit}" if unit else kind, *filter(None, map(_bound, facts))])


def _bound(fact: Any) -> str | None:
    match fact:
        case annotated_types.Ge(ge=bound):
            return f"at least {bound}"
        case annotated_types.Gt(gt=bound):
            return f"above {bound}"
        case annotated_types.Le(le=bound):
            return f"at most {bound}"
    return None
