"""What a creator was paid, and what they have earned and will be paid next."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from channels.models import Creator
from pages.identity import creators_only
from pages.rendering import page
from pages.views.dashboard import channel_of
from payments import payouts

ROWS = 25


@require_safe
@creators_only
def payouts_of(request: HttpRequest, creator: Creator, youtube_id: str) -> HttpResponse:
    channel = channel_of(creator, youtube_id)
    rows = Paginator(payouts.made_to(channel), ROWS).get_page(request.GET.get("page"))
    context = {"channel": channel, "payments": rows, "waiting": payouts.waiting_for(channel)}
    return page(request, "dashboard/payouts.html", context)
