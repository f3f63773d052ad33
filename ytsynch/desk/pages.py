"""Pages of one row that show what staff want to know of it, rather than a form of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from ytsynch.desk.lists import Reading
from ytsynch.desk.orders import Ordering

ACTS = 20
"""How many of the staff's latest acts a page shows; all of them are in its history."""


@dataclass(frozen=True)
class Fact:
    """A line of a page: what, and its value as text or safe HTML. An empty one is not shown."""

    label: str
    value: Any


@dataclass(frozen=True)
class Facts:
    title: str
    lines: Sequence[Fact]


class Page(Ordering, Reading):
    """An admin whose row has a page made by `page_template` from `page_context`."""

    page_template: str

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": str(row),
            "opts": self.opts,
            "row": row,
            "orders": self.order_links(request, row),
            "acts": self._acts(row),
            "history_address": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[row.pk]
            ),
            **self.page_context(request, row),
        }
        return TemplateResponse(request, self.page_template, context)

    def _acts(self, row: Model) -> list[LogEntry]:
        """What staff did to the row lately."""
        entries = LogEntry.objects.filter(content_type=get_content_type_for_model(row), object_id=str(row.pk))
        return list(entries.select_related("user")[:ACTS])
