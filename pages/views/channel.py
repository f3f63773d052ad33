"""What a creator does with a channel: pause, resume, another category or address, leave, come back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels.creators import name_of
from channels.models import Channel, Creator, Status, WhenGone
from pages import channel_state, refusals
from pages.forms import AppealForm, CategoryForm, EmailForm, TypedConfirmation, WhenGoneForm
from pages.identity import creators_only
from pages.rendering import page
from pages.views.dashboard import channel_of
from pages.views.entrance import refused
from videos import choices, on_request
from videos.discovery import departures
from videos.models import Video
from videos.states import State
from ypp import creator_actions
from ypp.appeals import hearing
from ypp.statuses import require_active
from ytsynch.joystream.errors import QueryNodeUnavailable
from ytsynch.joystream.query_node import QnCategory

LEAVE = "leave"
"""What must be typed to leave."""


@require_POST
@creators_only
def pause(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    try:
        creator_actions.pause(channel, by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, "Paused. What is being published at this moment is still finished.")
    return redirect("pages:channel", youtube_id)


@require_POST
@creators_only
def resume(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    try:
        creator_actions.resume(channel, by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    channel.refresh_from_db()
    if channel.pause:
        messages.warning(request, "You want the sync again. It goes on when what is said below is over.")
    else:
        messages.success(request, "The sync goes on. Your videos have kept their places in the queue.")
    return redirect("pages:channel", youtube_id)


@require_safe
@creators_only
def settings(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    return _settings(request, channel_of(creator, youtube_id))


def _settings(request: HttpRequest, channel: Channel, **forms: Any) -> HttpResponse:
    """The page with all forms, of which one may have been filled in wrongly."""
    context = {
        "channel": channel,
        "state": channel_state.of_channels([channel])[0],
        "category_form": forms.get("category_form") or _category_form(channel),
        "when_gone_form": forms.get("when_gone_form")
        or WhenGoneForm(initial={"when_gone": channel.when_gone}),
        "grace": departures.grace(),
        "email_form": forms.get("email_form") or EmailForm(initial={"email": channel.email}),
    }
    return page(request, "dashboard/settings.html", context, status=400 if forms else 200)


def _categories(channel: Channel) -> list[QnCategory]:
    """None are offered while Joystream does not answer: the rest of the page works without."""
    try:
        return on_request.categories(channel.app)
    except QueryNodeUnavailable as error:
        refusals.of(error)
        return []


def _category_form(channel: Channel) -> CategoryForm | None:
    known = _categories(channel)
    return CategoryForm(categories=known, initial={"category": channel.category_id}) if known else None


@require_POST
@creators_only
def category(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    try:
        form = CategoryForm(request.POST, categories=on_request.categories(channel.app))
        if not form.is_valid():
            return _settings(request, channel, category_form=form)
        wanted = form.cleaned_data["category"]
        creator_actions.set_category(channel, wanted, query_node=on_request.query_node(), by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, "Saved. Videos that are published from now on get this category.")
    return redirect("pages:settings", youtube_id)


@require_POST
@creators_only
def when_gone(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    form = WhenGoneForm(request.POST)
    if not form.is_valid():
        return _settings(request, channel, when_gone_form=form)
    try:
        require_active(channel)
        choices.choose(channel, WhenGone(form.cleaned_data["when_gone"]), by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, "Saved.")
    return redirect("pages:settings", youtube_id)


@require_POST
@creators_only
def email(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _settings(request, channel, email_form=form)
    try:
        creator_actions.set_email(channel, form.cleaned_data["email"], by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, "Saved. Letters about this channel go to the new address.")
    return redirect("pages:settings", youtube_id)


@require_http_methods(["GET", "HEAD", "POST"])
@creators_only
def leave(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    """What leaving means, and the word to be typed."""
    channel = channel_of(creator, youtube_id)
    form = TypedConfirmation(request.POST or None, expected=LEAVE)
    if form.is_valid():
        try:
            creator_actions.leave(channel, by=name_of(creator))
        except refusals.EXPECTED as error:
            return refused(request, error)
        messages.success(
            request, "You have left the programme with this channel. Its videos stay on Joystream."
        )
        return redirect("pages:channel", youtube_id)
    published = Video.objects.filter(channel=channel, state=State.PUBLISHED).count()
    context = {"channel": channel, "form": form, "published": published}
    return page(request, "dashboard/leave.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@creators_only
def appeal(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    """A suspended channel's creator says why it is a mistake; later, what became of it."""
    channel = channel_of(creator, youtube_id)
    if channel.status != Status.SUSPENDED:
        return redirect("pages:channel", youtube_id)
    form = AppealForm(request.POST or None)
    if form.is_valid():
        try:
            hearing.appeal(channel, form.cleaned_data["text"], by=name_of(creator))
        except refusals.EXPECTED as error:
            return refused(request, error)
        messages.success(request, "Our staff have your appeal. You get their answer by letter, and here.")
        return redirect("pages:appeal", youtube_id)
    context = {"channel": channel, "form": form, "appeal": hearing.of_suspension(channel)}
    return page(request, "dashboard/appeal.html", context, status=400 if form.errors else 200)


@require_POST
@creators_only
def come_back(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    try:
        creator_actions.come_back(channel, by=name_of(creator))
    except refusals.EXPECTED as error:
        return refused(request, error)
    messages.success(request, "Welcome back! Everything is as it was before you left.")
    return redirect("pages:channel", youtube_id)
