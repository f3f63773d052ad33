"""`where` and `orderBy` as Orion understands them."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .fields import field_value, type_name
from .store import Store


def _text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: value is not None and test(value, wanted)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: value is not None and test(value, wanted)


def _not(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: not test(value, wanted)


_contains = _text(lambda value, wanted: wanted in value)
_contains_insensitive = _text(lambda value, wanted: wanted.casefold() in value.casefold())
_starts_with = _text(str.startswith)
_ends_with = _text(str.endswith)

#: By suffix; the longer names come first, because `id_not_in` also ends in `_in`.
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "not_containsInsensitive": _not(_contains_insensitive),
    "containsInsensitive": _contains_insensitive,
    "not_startsWith": _not(_starts_with),
    "startsWith": _starts_with,
    "not_endsWith": _not(_ends_with),
    "endsWith": _ends_with,
    "not_contains": _not(_contains),
    "contains": _contains,
    "isNull": lambda value, wanted: (value is None) == wanted,
    "not_eq": operator.ne,
    "eq": operator.eq,
    "not_in": lambda value, wanted: value not in wanted,
    "in": lambda value, wanted: value in wanted,
    "gte": _ordered(operator.ge),
    "gt": _ordered(operator.gt),
    "lte": _ordered(operator.le),
    "lt": _ordered(operator.lt),
}
_QUANTORS: dict[str, Callable[[Iterable[bool]], bool]] = {
    "some": any,
    "every": all,
    "none": lambda hits: not any(hits),
}


def matches(store: Store, row: Any, where: Mapping[str, Any] | None) -> bool:
    """Whether `row` meets every condition of `where`. A condition on a missing relation is not met."""
    stated = {key: wanted for key, wanted in (where or {}).items() if wanted is not None}
    alternatives = stated.pop("OR", [])
    parts = stated.pop("AND", [])
    if alternatives and any(matches(store, row, part) for part in alternatives):
        return True
    if alternatives and not stated and not parts:
        return False
    return all(_meets(store, row, key, wanted) for key, wanted in stated.items()) and all(
        matches(store, row, part) for part in parts
    )


def _meets(store: Store, row: Any, key: str, wanted: Any) -> bool:
    for suffix, quantor in _QUANTORS.items():
        if key.endswith(f"_{suffix}"):
            related = field_value(store, row, key.removesuffix(f"_{suffix}"))
            return quantor(matches(store, other, wanted) for other in related)
    for suffix, test in _TESTS.items():
        if key.endswith(f"_{suffix}"):
            field = key.removesuffix(f"_{suffix}")
            value = type_name(row) if field == "isTypeOf" else field_value(store, row, field)
            return test(value, wanted)
    related = field_value(store, row, key)
    return related is not None and matches(store, related, wanted)


def ordered(store: Store, rows: Sequence[Any], order_by: Sequence[str] | None) -> list[Any]:
    """Rows by the first key, then the next; rows without a value come first. Ids are text, as on Orion."""
    result = list(rows)
    for key in reversed(order_by or ()):
        field, direction = key.rsplit("_", 1)

        def rank(row: Any, field: str = field) -> tuple[bool, Any]:
            value = field_value(store, row, field)
            return value is not None, value if value is not None else 0

        result.sort(key=rank, reverse=direction == "DESC")
    return result
