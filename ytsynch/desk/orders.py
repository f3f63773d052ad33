"""What staff order for one row or for many at once, always by way of a page that says what will happen.

An `Order` is data: its words, its form, what it would do to each row, and the domain function that does it.
`Ordering` shows it in the list (as an action) and on the page of a row, asks for confirmation, carries it out
and remembers it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from ytsynch.desk import history

M = TypeVar("M", bound=Model)

MOST = 500
"""Rows of one order: more of them would take longer than a page may."""

SAID = 10
"""Refusals that are told one by one."""


class OrderForm(forms.Form):
    """What else staff say with an order. Its widgets are those of the admin's theme."""


@dataclass(frozen=True)
class Effect:
    """What the order would do to a row; or why it would not."""

    text: str
    is_refused: bool = False


@dataclass
class Report:
    """What became of an order."""

    done: int = 0
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Order(Generic[M]):
    """`effects` says for each row, by primary key, what would happen; `act` does it and reports.

    `permission` is what whoever gives it must have («channels.moderate_channel»).
    """

    name: str
    title: str
    icon: str
    explanation: str
    permission: str
    effects: Callable[[Sequence[M]], Mapping[Any, Effect]]
    act: Callable[[Sequence[M], dict[str, Any], str], Report]
    form: type[OrderForm] = OrderForm
    is_grave: bool = False


def each(
    act: Callable[[M, dict[str, Any], str], object], *, refusals: tuple[type[Exception], ...]
) -> Callable[[Sequence[M], dict[str, Any], str], Report]:
    """An `act` that does it to one row after the other.

    A refusal concerns its row alone. A text that comes back is a note for whoever gave the order.
    """

    def act_on_all(rows: Sequence[M], said: dict[str, Any], by: str) -> Report:
        report = Report()
        for row in rows:
            try:
                answer = act(row, said, by)
            except refusals as refusal:
                report.refused.append(f"{row}: {refusal}")
                continue
            report.done += 1
            if isinstance(answer, str):
                report.notes.append(f"{row}: {answer}")
        return report

    return act_on_all


class Ordering(ModelAdmin):  # type: ignore[misc]
    """An admin whose rows take orders."""

    orders: Sequence[Order[Any]] = ()

    def orders_for(self, request: HttpRequest) -> list[Order[Any]]:
        return [order for order in self.orders if request.user.has_perm(order.permission)]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In the list: Django's own actions (there is no deleting) give way to the orders."""
        return {
            order.name: (partial(_from_list, order=order), order.name, order.title)
            for order in self.orders_for(request)
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.order_view)
        return [path("<path:object_id>/order/<slug:name>/", view, name=self._url_name), *super().get_urls()]

    @property
    def _url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_order"

    def order_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """An order for one row, from its page."""
        order = next((order for order in self.orders if order.name == name), None)
        if order is None:
            raise Http404(name)
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return self.confirm(request, order, [row], back=address)

    def order_links(self, request: HttpRequest, row: Model) -> list[dict[str, Any]]:
        """The orders as buttons for the row's page, each with what it would do."""
        return [
            {
                "order": order,
                "effect": order.effects([row])[row.pk],
                "address": reverse(f"admin:{self._url_name}", args=[row.pk, order.name]),
            }
            for order in self.orders_for(request)
        ]

    def confirm(self, request: HttpRequest, order: Order[Any], rows: list[Any], *, back: str) -> HttpResponse:
        """The page that says what will happen; once confirmed, do it and go back."""
        if not request.user.has_perm(order.permission):
            raise PermissionDenied
        is_confirmed = "confirmed" in request.POST
        form = order.form(request.POST if is_confirmed else None)
        if is_confirmed and form.is_valid():
            self._carry_out(request, order, rows, form)
            return HttpResponseRedirect(back)
        return self._ask(request, order, rows, form, back=back)

    def _ask(
        self, request: HttpRequest, order: Order[Any], rows: list[Any], form: OrderForm, *, back: str
    ) -> HttpResponse:
        effects = order.effects(rows)
        context = {
            **self.admin_site.each_context(request),
            "title": order.title,
            "opts": self.opts,
            "order": order,
            "form": form,
            "rows": [(row, effects[row.pk]) for row in rows],
            "count": sum(not effects[row.pk].is_refused for row in rows),
            "back": back,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/desk/confirm.html", context)

    def _carry_out(self, request: HttpRequest, order: Order[Any], rows: list[Any], form: OrderForm) -> None:
        report = order.act(rows, form.cleaned_data, history.staff_name(request))
        history.remember(request, rows, ". ".join([order.title, *history.said(form)]))
        if report.done:
            messages.success(request, f"{order.title}: {report.done} done.")
        for note in report.notes[:SAID]:
            messages.info(request, note)
        for refusal in report.refused[:SAID]:
            messages.error(request, refusal)
        if len(report.refused) > SAID:
            messages.error(request, f"… and {len(report.refused) - SAID} more were refused.")


def _from_list(
    admin: Ordering, request: HttpRequest, queryset: QuerySet[Any], *, order: Order[Any]
) -> HttpResponse:
    """An order for what was ticked in the list."""
    back = request.get_full_path()
    rows = list(queryset[: MOST + 1])
    if len(rows) > MOST:
        messages.error(
            request, f"That is for more than {MOST} rows. Narrow the list with filters, and order again."
        )
        return HttpResponseRedirect(back)
    return admin.confirm(request, order, rows, back=back)
