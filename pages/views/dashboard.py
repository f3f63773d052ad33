"""What a creator sees of their channels: how each stands, what is missing and why, every video. Open pages
follow by themselves.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from channels.models import Channel, Creator
from pages import catalogue, channel_state
from pages.identity import creators_only
from pages.rendering import page, part
from videos import halts

log = structlog.get_logger(__name__)


def channel_of(creator: Creator, youtube_id: str) -> Channel:
    """Raises Http404 for a channel that is not the creator's, whether or not there is one."""
    channel: Channel | None = creator.channels.registered().filter(youtube_id=youtube_id).first()
    if channel is None:
        raise Http404
    return channel


@require_safe
@creators_only
def overview(request: HttpRequest, creator: Creator) -> HttpResponse:
    """All channels of the creator; the only one at once."""
    channels = list(creator.channels.registered().order_by("title", "id"))
    refused = list(creator.refused_sign_ups.order_by("-checked_at"))
    if len(channels) == 1 and not refused:
        return redirect("pages:channel", channels[0].youtube_id)
    context = {
        "states": channel_state.of_channels(channels),
        "refused": refused,
        "halts": halts.for_everybody(),
    }
    return page(request, "dashboard/overview.html", context)


@require_safe
@creators_only
def channel(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    context = _context(
        request, channel_of(creator, youtube_id), live=reverse("pages:live", args=[youtube_id])
    )
    has_others = creator.channels.registered().exclude(youtube_id=youtube_id).exists()
    return page(request, "dashboard/channel.html", context | {"has_others": has_others})


@require_safe
@creators_only
def live(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    """The part of the page that changes, for the same filter, search and page."""
    return part(
        request, "dashboard/live.html", _context(request, channel_of(creator, youtube_id), live=request.path)
    )


def staff_look(view: Callable[[HttpRequest, Channel], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the channel, for staff who may see channels. The address is beneath the admin's, so
    `ytsynch.staff.gate` keeps it as closed.
    """

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, youtube_id: str) -> HttpResponse:
        user = request.user
        if not (user.is_authenticated and getattr(user, "is_staff", False)):
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': request.path})}")
        if not user.has_perm("channels.view_channel"):
            raise PermissionDenied
        channel = Channel.objects.registered().filter(youtube_id=youtube_id).first()
        if channel is None:
            raise Http404
        response = view(request, channel)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapper


@staff_look
def as_creator(request: HttpRequest, channel: Channel) -> HttpResponse:
    """What the channel's creator sees, for staff: to be looked at only."""
    live = reverse("pages:live_as_creator", args=[channel.youtube_id])
    desk = reverse("admin:channels_channel_change", args=[channel.pk])
    context = _context(request, channel, live=live) | {"desk_address": desk, "creator": None}
    log.info("dashboard.seen_by_staff", channel=channel.youtube_id, user=request.user.pk)
    return page(request, "dashboard/as_creator.html", context)


@staff_look
def live_as_creator(request: HttpRequest, channel: Channel) -> HttpResponse:
    return part(request, "dashboard/live.html", _context(request, channel, live=request.path))


def _context(request: HttpRequest, channel: Channel, *, live: str) -> dict[str, Any]:
    return {
        "live_address": live,
        "state": channel_state.of_channels([channel])[0],
        "channel": channel,
        "catalogue": catalogue.of_channel(channel, request.GET),
        "halts": halts.for_everybody(),
        "query": request.GET.urlencode(),
    }
