"""Sign-up, step by step: the YouTube channel and what is asked of it, the Joystream channel and its proof,
the details, done.

Each step leads back to the one that is missing before it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from channels import sync
from channels.creators import name_of
from channels.errors import Refused
from channels.gateways import app_of_configuration
from channels.models import Channel, Creator
from pages import challenges, draft, refusals, terms
from pages.draft import Draft
from pages.forms import DetailsForm, JoystreamChannelForm, SignatureForm
from pages.identity import creators_only
from pages.rendering import page, part
from pages.views.entrance import refused
from pages.views.landing import REFERRER
from videos import joining, on_request
from ypp import admission, ownership, sign_up
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.query_node import QnChannel

P = ParamSpec("P")
Step = Callable[Concatenate[HttpRequest, Creator, Draft, P], HttpResponse]


def admitted(view: Step[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A step for those whose YouTube channel may join."""

    @creators_only
    @wraps(view)
    def wrapper(request: HttpRequest, creator: Creator, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kept = draft.load(request)
        if kept is None or not kept.is_admitted:
            return redirect("pages:sign_up")
        return view(request, creator, kept, *args, **kwargs)

    return wrapper


@require_safe
@creators_only
def youtube(request: HttpRequest, creator: Creator) -> HttpResponse:
    """Step 1. Measuring takes a few seconds, so the page comes first and is filled in when it is done."""
    kept = draft.load(request)
    return page(
        request, "sign_up/youtube.html", {"draft": kept if kept and kept.is_fresh else None, "step": 1}
    )


@require_safe
@creators_only
def measured(request: HttpRequest, creator: Creator) -> HttpResponse:
    """The channel and its requirements: a part of step 1, or all of it for a browser without scripts."""
    is_part = bool(request.htmx)  # type: ignore[attr-defined]
    kept = draft.load(request) or Draft()
    if not kept.is_fresh:
        try:
            found = admission.measure(
                creator,
                kept.ticket,
                app=app_of_configuration(),
                google=on_request.google(),
                data_api=on_request.data_api,
            )
        except refusals.EXPECTED as error:
            return _refused_part(request, error) if is_part else refused(request, error)
        if isinstance(found, Channel):
            address = reverse("pages:channel", args=[found.youtube_id])
            return HttpResponseClientRedirect(address) if is_part else redirect(address)
        kept.note(found)
        draft.save(request, kept)
    template = "sign_up/measured.html" if is_part else "sign_up/youtube.html"
    return (part if is_part else page)(request, template, {"draft": kept, "step": 1})


def _refused_part(request: HttpRequest, error: refusals.Expected) -> HttpResponse:
    refusal = refusals.of(error)
    return part(request, "parts/refusal.html", {"refusal": refusal}, status=refusal.status)


@require_http_methods(["GET", "HEAD", "POST"])
@admitted
def joystream(request: HttpRequest, creator: Creator, kept: Draft) -> HttpResponse:
    """Step 2: which Joystream channel. One that was connected before needs no new proof."""
    channel = _channel(creator)
    known = channel.joystream_channel_id if channel.creator_id == creator.pk else None
    form = JoystreamChannelForm(request.POST or None, initial={"joystream_channel": known})
    if form.is_valid():
        wanted: int = form.cleaned_data["joystream_channel"]
        try:
            found = _fitting(wanted, channel)
        except (Refused, JoystreamError) as error:
            form.add_error("joystream_channel", refusals.of(error).text)
        else:
            if wanted == known:
                return _proved(request, kept, found)
            challenges.pose(request, channel.youtube_id, wanted)
            return redirect("pages:proof")
    context = {"form": form, "channel": channel, "known": known, "draft": kept, "step": 2}
    return page(request, "sign_up/joystream.html", context, status=400 if form.errors else 200)


def _channel(creator: Creator) -> Channel:
    """The YouTube channel that was measured."""
    return Channel.objects.get(pk=creator.signed_in_channel_id or 0)


def _fitting(joystream_channel_id: int, channel: Channel) -> QnChannel:
    """The Joystream channel, if it may be connected. Raises `Refused` and its like."""
    ownership.require_unheld(joystream_channel_id, by=channel)
    found = ownership.find(joystream_channel_id, on_request.query_node())
    ownership.require_fit(found, app=app_of_configuration(), may_publish=on_request.may_publish)
    return found


def _proved(request: HttpRequest, kept: Draft, found: QnChannel) -> HttpResponse:
    kept.joystream_channel_id, kept.joystream_title = found.id, found.title or f"Channel {found.id}"
    draft.save(request, kept)
    challenges.close(request)
    return redirect("pages:details")


@require_http_methods(["GET", "HEAD", "POST"])
@admitted
def proof(request: HttpRequest, creator: Creator, kept: Draft) -> HttpResponse:
    """Step 2, second half: the owner's signature."""
    asked = challenges.posed(request, kept.youtube_id)
    if asked is None:
        return redirect("pages:joystream")
    form = SignatureForm(request.POST or None)
    try:
        found = ownership.find(asked.joystream_channel_id, on_request.query_node())
        if form.is_valid():
            ownership.prove(asked, form.cleaned_data["signature"], query_node=on_request.query_node())
            return _proved(request, kept, found)
    except Refused as error:
        form.add_error("signature", error.message)
    except JoystreamError as error:
        return refused(request, error)
    context = {
        "form": form,
        "challenge": asked,
        "found": found,
        "back": reverse("pages:joystream"),
        "step": 2,
    }
    return page(request, "sign_up/proof.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admitted
def details(request: HttpRequest, creator: Creator, kept: Draft) -> HttpResponse:
    """Step 3: category, language, address, terms; and with them the channel takes part."""
    if kept.joystream_channel_id is None:
        return redirect("pages:joystream")
    channel = _channel(creator)
    initial = {
        "email": channel.email or creator.email,
        "category": channel.category_id,
        "referrer": channel.referrer_channel_id or request.session.get(REFERRER),
    }
    try:
        form = DetailsForm(
            request.POST or None,
            categories=on_request.categories(app_of_configuration()),
            language=channel.language,
            initial=initial,
        )
        if form.is_valid():
            return _join(request, creator, kept, kept.joystream_channel_id, form)
    except Refused as error:
        form.add_error("referrer" if "referrer" in error.message else None, error.message)
        if refusals.ends_sign_up(error):
            return refused(request, error)
    except JoystreamError as error:
        return refused(request, error)
    context = {"form": form, "draft": kept, "step": 3}
    return page(request, "sign_up/details.html", context, status=400 if form.errors else 200)


def _join(
    request: HttpRequest, creator: Creator, kept: Draft, joystream_channel_id: int, form: DetailsForm
) -> HttpResponse:
    wanted = form.cleaned_data
    wish = sign_up.Joining(
        email=wanted["email"],
        joystream_channel_id=joystream_channel_id,
        wants_sync=True,
        category_id=wanted["category"],
        referrer_channel_id=wanted["referrer"],
        language=wanted["language"],
    )
    channel = joining.join(
        creator.subject,
        kept.ticket,
        wish,
        app=app_of_configuration(),
        query_node=on_request.query_node(),
        feeds=on_request.feeds(),
    )
    accepted = {"version": terms.of_app(channel.app).version, "app": channel.app.name}
    sync.record(channel, "terms_accepted", by=name_of(creator), detail=accepted)
    draft.discard(request)
    request.session.pop(REFERRER, None)
    messages.success(
        request, "Welcome! We are looking for your videos now. They appear below as we find them."
    )
    return redirect("pages:channel", channel.youtube_id)


@require_safe
@admitted
def collaborator(request: HttpRequest, creator: Creator, kept: Draft) -> HttpResponse:
    """Whether the service may publish on the Joystream channel: a part of step 3, for asking the chain takes
    a while.
    """
    member_id = app_of_configuration().lane.member_id
    try:
        may = kept.joystream_channel_id is not None and on_request.may_publish(
            kept.joystream_channel_id, member_id
        )
        answer = "yes" if may else "no"
    except JoystreamError:
        answer = "unknown"
    return part(request, "sign_up/collaborator.html", {"answer": answer, "member_id": member_id})
