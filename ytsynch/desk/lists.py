"""Rows that are for reading, in lists that stay quick at any length."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    Rows = Paginator[Any]
else:
    Rows = Paginator


class AtLeast(int):
    """A number that was counted no further."""

    def __str__(self) -> str:
        return f"{int(self):,} and more"


class BoundedPaginator(Rows):
    """Counts no further than MOST: nobody leafs through more pages, and a filter finds the rest."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        counted = rows.order_by()[: self.MOST + 1].count()
        return AtLeast(self.MOST) if counted > self.MOST else counted


def column(
    title: str,
    *,
    ordering: str | None = None,
    header: bool = False,
    label: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    """Name a method that fills a column of a list, or a line of a form.

    `ordering`: the field that the column sorts by; `header`: it returns the parts of the theme's heading of
    a row; `label`: colours of the theme for what it returns.
    """

    def name(method: F) -> F:
        attributes = {
            "short_description": title,
            "admin_order_field": ordering,
            "header": header,
            "label": label,
        }
        for attribute, value in attributes.items():
            if value:
                setattr(method, attribute, value)
        return method

    return name


class Reading(ModelAdmin):  # type: ignore[misc]
    """Rows that are looked at here and changed elsewhere, if at all: by the service, or by an order."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    list_filter_submit = True
    list_fullwidth = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
