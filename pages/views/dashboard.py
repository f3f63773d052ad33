"""What a creator sees of their channels: how each stands, what is missing and why, every video. Open pages
follow by themselves.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from channels.models import Channel, Creator
from pages import catalogue, channel_state
from pages.identity import creators_only
from pages.rendering import page, part
from videos import halts


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
    context = _context(request, channel_of(creator, youtube_id))
    has_others = creator.channels.registered().exclude(youtube_id=youtube_id).exists()
    return page(request, "dashboard/channel.html", context | {"has_others": has_others})


@require_safe
@creators_only
def live(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    """The part of the page that changes, for the same filter, search and page."""
    return part(request, "dashboard/live.html", _context(request, channel_of(creator, youtube_id)))


def _context(request: HttpRequest, channel: Channel) -> dict[str, Any]:
    return {
        "state": channel_state.of_channels([channel])[0],
        "channel": channel,
        "catalogue": catalogue.of_channel(channel, request.GET),
        "halts": halts.for_everybody(),
        "query": request.GET.urlencode(),
    }
