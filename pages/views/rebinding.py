"""Binding a channel to another Joystream channel: which one, and the proof that it is the creator's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from channels.creators import name_of
from channels.errors import Refused
from channels.models import Creator
from pages import challenges, refusals
from pages.forms import JoystreamChannelForm, SignatureForm
from pages.identity import creators_only
from pages.rendering import page
from pages.views.dashboard import channel_of
from pages.views.entrance import refused
from videos import on_request, rebinding
from ypp import ownership
from ytsynch.joystream.errors import JoystreamError


@require_http_methods(["GET", "HEAD", "POST"])
@creators_only
def choose(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    form = JoystreamChannelForm(request.POST or None)
    if form.is_valid():
        wanted: int = form.cleaned_data["joystream_channel"]
        try:
            rebinding.require_possible(channel, wanted)
            ownership.require_unheld(wanted, by=channel)
            found = ownership.find(wanted, on_request.query_node())
            ownership.require_fit(found, app=channel.app, may_publish=on_request.may_publish)
        except (Refused, JoystreamError) as error:
            form.add_error("joystream_channel", refusals.of(error).text)
        else:
            challenges.pose(request, youtube_id, wanted)
            return redirect("pages:rebind_proof", youtube_id)
    context = {"channel": channel, "form": form}
    return page(request, "dashboard/rebind.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@creators_only
def proof(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    asked = challenges.posed(request, youtube_id)
    if asked is None:
        return redirect("pages:rebind", youtube_id)
    form = SignatureForm(request.POST or None)
    try:
        query_node = on_request.query_node()
        found = ownership.find(asked.joystream_channel_id, query_node)
        if form.is_valid():
            ownership.prove(asked, form.cleaned_data["signature"], query_node=query_node)
            rebinding.rebind(channel, asked.joystream_channel_id, query_node=query_node, by=name_of(creator))
            challenges.close(request)
            messages.success(request, f"Your videos go to Joystream channel {found.id} from now on.")
            return redirect("pages:channel", youtube_id)
    except Refused as error:
        form.add_error("signature", refusals.of(error).text)
    except JoystreamError as error:
        return refused(request, error)
    back = reverse("pages:rebind", args=[youtube_id])
    context = {"form": form, "challenge": asked, "found": found, "back": back, "channel": channel}
    return page(request, "dashboard/rebind_proof.html", context, status=400 if form.errors else 200)
