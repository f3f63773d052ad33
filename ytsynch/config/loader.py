"""Reads the configuration: defaults, overridden by the file, overridden by environment variables.

A mistake is one `ConfigError` whose text names the key, where the value came from and what is expected there.
"""

import difflib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr, ValidationError

from ytsynch.config.keys import ENV_PREFIX, Key, find, keys
from ytsynch.config.model import Config

UNSET_WORDS = {"off", "null", "undefined"}

# The seed's formula writes the prefix with one more underscore than its own examples do.
_MISSPELT_PREFIX = "YT__SYNCH__"


class ConfigError(Exception):
    """The configuration cannot be used. The text is one line for whoever wrote it and holds no secret."""

    def __init__(self, problem: str) -> None:
        super().__init__("configuration: " + " ".join(problem.split()))


@lru_cache(maxsize=1)
def load() -> Config:
    """The configuration of this process, read once."""
    return read(os.environ)


def require(*names: str, needed_by: str) -> None:
    """Refuse to go on unless every key of `names` has a value; `needed_by` says in the error who wants it."""
    for name in names:
        key, _ = find(name.split("."))
        if key is None or key.name != name:
            raise LookupError(f"no such key: {name}")
        if _value(load(), key) in (None, []):
            raise ConfigError(
                f"{name} is not set, and {needed_by} needs it: "
                f"give {key.expected} in the file or as {key.env}"
            )


def read(environ: Mapping[str, str]) -> Config:
    """The configuration of an environment: the file that it names, and what it overrides."""
    file = _file(environ)
    values = _read_file(file) if file else {}
    sources = _override(values, environ)
    _drop_unset(values)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, sources, str(file))) from None


def _file(environ: Mapping[str, str]) -> Path | None:
    """`manage.py --configPath` arrives here as CONFIG_PATH."""
    if named := environ.get("CONFIG_PATH"):
        return Path(named)
    usual = Path("config.yml")
    return usual if usual.exists() else None


def _read_file(file: Path) -> dict[str, Any]:
    if file.suffix not in {".yml", ".yaml", ".json"}:
        raise ConfigError(f"{file} must end in .yml, .yaml or .json")
    try:
        text = file.read_text(encoding="utf-8")
        values = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not a UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{file}, line {error.lineno}: not JSON: {error.msg}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{file}, line {line}: not YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise ConfigError(f"{file} is not YAML: it holds characters that YAML does not allow") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{file} must hold keys and values, not {type(values).__name__}")
    return values


def _override(values: dict[str, Any], environ: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Write the variables' values over the file's, sections before their keys.

    Returns which variable each of these keys came from.
    """
    known = {key.env: key for key in keys()}
    for name in sorted(environ):
        if name.startswith((ENV_PREFIX, _MISSPELT_PREFIX)) and name not in known:
            spelt = name.replace(_MISSPELT_PREFIX, ENV_PREFIX, 1)
            raise ConfigError(f"{name} is no variable of ytsynch{_nearest(spelt, known)}")
    given = sorted((known[name] for name in environ if name in known), key=lambda key: len(key.path))
    for key in given:
        _put(values, key, _parse(key, environ[key.env]))
    return {key.path: key.env for key in given}


def _parse(key: Key, text: str) -> Any:
    if text.strip().lower() in UNSET_WORDS:
        return None
    if text.lstrip().startswith(("[", "{")) and (key.section or "list" in str(key.field.annotation)):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(f"{key.env} is not JSON: {error.msg}; expected {key.expected}") from None
    return text


def _put(values: dict[str, Any], key: Key, value: Any) -> None:
    for part in key.path[:-1]:
        if not isinstance(values.get(part), dict):
            values[part] = {}
        values = values[part]
    values[key.path[-1]] = value


def _drop_unset(values: dict[str, Any]) -> None:
    """An unset key that may be empty is empty (None); any other goes back to its default.

    YAML reads a bare `off` as false: before a section it means the same.
    """
    for key in keys():
        inside: Any = values
        for part in key.path[:-1]:
            inside = inside.get(part) if isinstance(inside, dict) else None
        if not isinstance(inside, dict) or key.path[-1] not in inside:
            continue
        value = inside[key.path[-1]]
        if value is None or (value is False and key.section):
            if key.can_be_none:
                inside[key.path[-1]] = None
            else:
                del inside[key.path[-1]]


def _explain(error: ValidationError, sources: Mapping[tuple[str, ...], str], file: str) -> str:
    first, *others = error.errors(include_url=False)
    key, written = find(first["loc"])
    source = file
    for path, variable in sources.items():
        if first["loc"][: len(path)] == path:
            source = variable
    more = f" (and {len(others)} more)" if others else ""
    if first["type"] == "extra_forbidden":
        names = {key.name: key for key in keys()}
        return f"{written} ({source}) is no key of ytsynch{_nearest(written, names)}{more}"
    secret = key is None or key.is_secret or key.section
    value = "is not good" if secret else f"is {_shorten(first['input'])}"
    if first["type"] == "value_error" and key and not isinstance(first["input"], str | int | SecretStr):
        return f"{written} ({source}) {value}: expected {first['ctx']['error']}{more}"
    return f"{written} ({source}) {value}: expected {key.expected if key else 'something else'}{more}"


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _nearest(name: str, known: Mapping[str, Key]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _value(config: Config, key: Key) -> Any:
    value: Any = config.model_dump(by_alias=True)
    for part in key.path:
        value = value[part]
    return value
