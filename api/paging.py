"""Pages by cursor: each costs the same, however far in, and none is shifted by what is added meanwhile."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

CURSOR, SIZE, ORDERING = "cursor", "page_size", "ordering"
MOST = 200

Orderings = Mapping[str, tuple[str, ...]]
"""What `ordering` may be → the columns of an index. The first one is what comes unasked."""


_NEXT = f"https://example.com/api/v1/videos/?{CURSOR}=cD00ODY%3D"
_BASE64 = re.compile(r"[0-9A-Za-z+/]+={0,2}")


class Pages(CursorPagination):
    """Nonsense in a parameter is refused with 400, where the framework's own pages overlook it or fail."""

    cursor_query_param = CURSOR
    page_size_query_param = SIZE
    page_size = 50
    max_page_size = MOST

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(SIZE, str(self.page_size))
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and 0 < int(asked) <= MOST):
            raise ValidationError({SIZE: [f"A whole number from 1 to {MOST}."]})
        return int(asked)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        orderings: Orderings = view.orderings
        asked = request.query_params.get(ORDERING, next(iter(orderings)))
        if asked not in orderings:
            raise ValidationError({ORDERING: [f"Choose one of: {', '.join(orderings)}."]})
        self._column: Any = queryset.model._meta.get_field(orderings[asked][0].removeprefix("-"))
        return orderings[asked]

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where the page begins. It is checked against the column that it is a position in."""
        try:
            if not _BASE64.fullmatch(request.query_params.get(CURSOR, "none")):
                raise NotFound
            cursor: Any = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                cursor = cursor._replace(position=self._position(cursor.position))
        except (NotFound, Invalid, OverflowError):
            raise ValidationError({CURSOR: ["Take it from the `next` or `previous` of a page."]}) from None
        return cursor  # type: ignore[no-any-return]

    def _position(self, text: str) -> str:
        """Raises Invalid or OverflowError for what is no value of the column."""
        value = self._column.to_python(text)
        return str(value.astimezone(UTC) if isinstance(value, datetime) else value)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link | {"description": "The page after this one.", "example": _NEXT},
                "previous": link | {"description": "The page before this one.", "example": None},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = list(view.orderings)
        described = (
            (CURSOR, "From the `next` or `previous` of a page.", {"type": "string"}),
            (SIZE, "", {"type": "integer", "minimum": 1, "maximum": MOST, "default": self.page_size}),
            (
                ORDERING,
                "With a minus: the other way round.",
                {"type": "string", "enum": names, "default": names[0]},
            ),
        )
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, text, schema in described
        ]
