"""Serializer fields that take exactly one JSON type each: Django REST framework's own turn `"yes"` into true
and 12 into "12".
"""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

BIGGEST = 2**63 - 1
"""The largest number that the database holds, and more than any id on Joystream."""


class Text(serializers.CharField):
    """A JSON string of at most 1,000 characters, unless told otherwise."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 1000, **options})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """JSON true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Id(serializers.IntegerField):
    """A whole JSON number: the id of a channel or a member on Joystream."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": BIGGEST, **options})

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Timestamp(serializers.DateTimeField):
    """A time, on the wire ISO 8601 in UTC with milliseconds: `2024-05-06T07:08:09.123Z`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **options})

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="ISO 8601")
        return super().to_internal_value(value)

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
