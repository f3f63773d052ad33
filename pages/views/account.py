"""The creator's account here: what it is, and its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from channels.creators import name_of
from channels.google import NAME
from channels.models import Creator
from pages import identity, refusals
from pages.forms import TypedConfirmation
from pages.identity import creators_only
from pages.rendering import page
from pages.views.entrance import refused
from videos import on_request
from videos.models import Video
from videos.states import State
from ypp import leaving

DELETE = "delete my account"
"""What must be typed."""


@require_safe
@creators_only
def account(request: HttpRequest, creator: Creator) -> HttpResponse:
    channels = creator.channels.registered().order_by("title", "id")
    return page(request, "account/account.html", {"channels": channels, "backend": NAME})


@require_http_methods(["GET", "HEAD", "POST"])
@creators_only
def delete(request: HttpRequest, creator: Creator) -> HttpResponse:
    """What is erased and what stays, and the words to be typed."""
    form = TypedConfirmation(request.POST or None, expected=DELETE)
    if form.is_valid():
        try:
            leaving.delete_account(creator, google=on_request.google(), by=name_of(creator))
        except refusals.EXPECTED as error:
            return refused(request, error)
        identity.sign_out(request)
        messages.success(request, "Your account is deleted, and our permission at Google is given back.")
        return redirect("pages:landing")
    published = Video.objects.filter(channel__creator=creator, state=State.PUBLISHED).count()
    context = {"form": form, "published": published}
    return page(request, "account/delete.html", context, status=400 if form.errors else 200)
