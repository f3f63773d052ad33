"""Where WebSub hubs call us. What strangers send costs one look-up and changes nothing (faults.md C6)."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from videos.discovery import announcements, subscriptions
from videos.discovery.models import Subscription
from ytsynch.youtube import atom, push

log = structlog.get_logger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """GET: the hub asks whether we meant it.

    POST: it tells us something, and gets a 2xx whatever comes of it.
    """
    subscription = Subscription.objects.select_related("channel").filter(callback_key=key).first()
    if request.method == "POST":
        if subscription is not None:
            _take(request, subscription)
        return HttpResponse(status=204)
    if subscription is None:
        return HttpResponse(status=404)
    return _verify(request, subscription)


def _verify(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """The challenge comes back only for the topic and the mode that we asked for."""
    mode, topic = request.GET.get("hub.mode", ""), request.GET.get("hub.topic", "")
    if mode == "denied":
        subscriptions.deny(subscription, said_topic=topic, why=request.GET.get("hub.reason", "")[:500])
        return HttpResponse(status=204)
    lease = request.GET.get("hub.lease_seconds", "")
    is_meant = subscriptions.confirm(
        subscription,
        mode=mode,
        said_topic=topic,
        lease_seconds=int(lease) if lease.isdecimal() and len(lease) < 10 else None,
    )
    if not is_meant:
        return HttpResponse(status=404)
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")


def _take(request: HttpRequest, subscription: Subscription) -> None:
    """Note a notice, if it is one and the hub has signed it."""
    body = request.read(push.MOST_BYTES + 1)
    channel = subscription.channel.youtube_id
    if len(body) > push.MOST_BYTES:
        log.warning("push.ignored", channel=channel, why="too long")
        return
    if not push.is_signed(body, request.headers.get("X-Hub-Signature", ""), subscription.secret):
        log.warning("push.ignored", channel=channel, why="its signature is wrong")
        return
    try:
        notice = push.read_notice(body, channel)
    except atom.NotAtom as error:
        log.warning("push.ignored", channel=channel, why=str(error))
        return
    announcements.note(subscription, notice)
