"""Adding channels without their owners' sign-in, a line each: what `manage.py add_channel` does, with the mouse."""

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from channels.models import App, Channel
from videos import added_channels
from videos.added_channels import Wish
from ytsynch.desk.history import staff_name

MODERATE = "channels.moderate_channel"
MOST = 50
"""Lines at once: YouTube is asked while somebody waits. A longer list is for `manage.py import_channels`."""

LARGEST_ID = 2**63 - 1


class AddForm(forms.Form):
    lines = forms.CharField(
        label="Channels",
        max_length=20_000,
        widget=UnfoldAdminTextareaWidget({"rows": 8, "spellcheck": "false"}),
        help_text="One a line: address, @handle or id; then, if you know them, with commas: Joystream channel, how "
        "many of the older videos, Joystream category. Without a Joystream channel it is known, and not synced.",
    )
    app = forms.ModelChoiceField(
        App.objects.defer("account_seed").order_by("name"),
        widget=UnfoldAdminSelectWidget,
        help_text="The gateway app that its videos are attributed to.",
    )

    def clean_lines(self) -> list[Wish]:
        rows = [[cell.strip() for cell in row] for row in csv.reader(self.cleaned_data["lines"].splitlines())]
        wishes = [_wish(row) for row in rows if any(row)]
        if not wishes:
            raise ValidationError("Name a channel.")
        if len(wishes) > MOST:
            raise ValidationError(f"At most {MOST} at once; manage.py import_channels takes longer lists.")
        named = [wish.joystream_channel_id for wish in wishes if wish.joystream_channel_id is not None]
        if len(named) != len(set(named)):
            raise ValidationError("One Joystream channel belongs to one YouTube channel: one is named twice.")
        return wishes


def _wish(row: list[str]) -> Wish:
    name, *more = row
    if not name or len(more) > 3:
        raise ValidationError(
            f"«{', '.join(row)[:80]}» is not: channel, Joystream channel, number, category."
        )
    numbers, category = more[:2], (more[2:] or [""])[0]
    if any(text and not (text.isdecimal() and int(text) <= LARGEST_ID) for text in numbers):
        raise ValidationError(
            f"«{', '.join(row)[:80]}»: Joystream channel and number of videos are whole numbers."
        )
    joystream, limit = (int(text) if text else None for text in [*numbers, "", ""][:2])
    if limit is not None and limit > 1_000_000:
        raise ValidationError(f"«{limit}» videos are more than any channel has.")
    return Wish(name, joystream, limit, category[:40])


def add_view(request: HttpRequest) -> HttpResponse:
    """The form, and what became of each line."""
    if not request.user.has_perm(MODERATE):
        raise PermissionDenied
    form = AddForm(request.POST or None)
    results: list[added_channels.Result] = []
    if form.is_valid():
        wishes, app = form.cleaned_data["lines"], form.cleaned_data["app"]
        results = added_channels.add(wishes, app=app, by=staff_name(request))
        _remember(request, results)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Add channels",
        "opts": Channel._meta,
        "form": form,
        "results": results,
    }
    return TemplateResponse(request, "admin/channels/add.html", context)


def _remember(request: HttpRequest, results: list[added_channels.Result]) -> None:
    added = [result.channel for result in results if result.channel is not None]
    if added:
        LogEntry.objects.log_actions(request.user.pk or 0, added, CHANGE, change_message="Added from a list")
        messages.success(request, f"Added: {len(added)} of {len(results)}.")
