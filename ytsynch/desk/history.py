"""Changes that staff make in forms, remembered with before and after in Django's own log of the admin.

The log is shown in the admin and can be neither changed nor deleted there.
"""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model
from django.forms import BaseForm
from django.forms.utils import pretty_name
from django.http import HttpRequest
from unfold.admin import ModelAdmin

UNSEEN = "…"
_EMPTY: tuple[object, ...] = (None, "", [], ())


def before_and_after(form: BaseForm, *, secret: frozenset[str] = frozenset()) -> list[str]:
    """One text for each field that the form changes: «Weight: 1 → 2»."""
    texts = []
    for name in form.changed_data:
        label = form.fields[name].label or name
        before, after = form.get_initial_for_field(form.fields[name], name), form.cleaned_data.get(name)
        texts.append(
            f"{label}: {UNSEEN}" if name in secret else f"{label}: {_shown(before)} → {_shown(after)}"
        )
    return texts


def said(form: BaseForm) -> list[str]:
    """One text for each field that was filled in: «Reason: Copyright breach»."""
    texts = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        choices = {str(key): label for key, label in getattr(field, "choices", ())}
        if value not in _EMPTY:
            texts.append(f"{field.label or pretty_name(name)}: {choices.get(str(value), value)}")
    return texts


def _shown(value: object) -> str:
    return "nothing" if value in _EMPTY else str(value)


class Remembering(ModelAdmin):  # type: ignore[misc]
    """An admin whose log entries say what a field was before and what it is now."""

    secret_fields: frozenset[str] = frozenset()

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = super().construct_change_message(request, form, formsets, add)
        texts = before_and_after(form, secret=self.secret_fields)
        if not add and texts:
            messages[0] = {"changed": {"fields": texts}}
        return messages


def remember(request: HttpRequest, objects: list[Model], message: str) -> None:
    """An entry for each of the objects, which are of one kind."""
    LogEntry.objects.log_actions(request.user.pk or 0, objects, CHANGE, change_message=message)


def staff_name(request: HttpRequest) -> str:
    """Who acts, as the histories of channels and videos name them."""
    return f"staff {request.user.get_username()}"
