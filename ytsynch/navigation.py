"""The admin's frame: a sidebar with the rooms of the house and the saved views, and what its head
warns of.
"""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from channels import switches
from channels.models import Channel, Pause, Status
from payments.models import Line
from payments.states import LineState
from videos.models import Video
from videos.states import State
from ypp.appeals.models import Appeal
from ytsynch.staff import sessions

Item = dict[str, Any]

MOST = 99
"""Counts of the sidebar go no further, so that they cost nothing at any size."""

KEPT = 10
"""Seconds for which the counts are not taken again."""


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of links that whoever asks may follow."""
    counts = cache.get_or_set("desk-sidebar", _counts, KEPT) or {}
    groups = (
        ("", [_dashboard(request), _switches(request)]),
        (
            "Needs a look",
            [
                _list(
                    request,
                    "Needs verification",
                    "how_to_reg",
                    "channels.channel",
                    query="view=unverified",
                    counts=counts,
                ),
                _list(request, "Appeals", "balance", "ypp.appeal", query="view=open", counts=counts),
                _list(request, "Suspended", "gavel", "channels.channel", query="view=suspended"),
                _list(
                    request,
                    "Out of space",
                    "hard_drive",
                    "channels.channel",
                    query="view=storage",
                    counts=counts,
                ),
                _list(request, "Permission revoked", "key_off", "channels.channel", query="view=revoked"),
                _list(
                    request,
                    "Stuck videos",
                    "report",
                    "videos.video",
                    query="state__exact=stuck",
                    counts=counts,
                ),
                _list(request, "Failing videos", "replay", "videos.video", query="view=failing"),
            ],
        ),
        (
            "Programme",
            [
                _list(request, "Channels", "smart_display", "channels.channel"),
                _list(request, "Creators", "person", "channels.creator"),
                _list(request, "Refused sign-ups", "person_off", "ypp.refusedsignup"),
                _list(request, "Tiers", "workspace_premium", "ypp.tier"),
                _list(request, "Requirements", "checklist", "ypp.requirement"),
                _list(request, "Whitelist", "playlist_add_check", "ypp.whitelistedhandle"),
                _list(request, "Gateway apps", "apps", "channels.app"),
                _list(request, "Letters", "mail", "ypp.letter"),
            ],
        ),
        (
            "Payments",
            [
                _list(request, "Payout rounds", "event_repeat", "payments.round"),
                _list(
                    request,
                    "Failed payments",
                    "money_off",
                    "payments.line",
                    query="state__exact=failed",
                    counts=counts,
                ),
                _list(request, "Payments", "payments", "payments.payment"),
                _list(request, "Earnings", "savings", "payments.earning"),
                _list(request, "Reward rules", "rule", "payments.rewardrules"),
            ],
        ),
        (
            "Sync",
            [
                _list(request, "Videos", "movie", "videos.video"),
                _list(request, "Chain transactions", "receipt_long", "videos.chaintransaction"),
                _list(request, "Lanes", "conversion_path", "channels.lane"),
                _list(request, "Subscriptions", "notifications", "videos.subscription"),
                _list(request, "Hubs", "hub", "videos.hub"),
                _list(request, "Hubs by day", "monitoring", "videos.hubday"),
                _list(request, "Addresses", "lan", "videos.proxyaddress"),
                _list(request, "Quota", "speed", "videos.quotaday"),
                _list(request, "Pace", "timeline", "videos.stagepace"),
                _list(request, "Workers", "engineering", "videos.worker"),
                _list(request, "Versions of yt-dlp", "build", "videos.toolversion"),
            ],
        ),
        (
            "Staff",
            [
                _list(request, "Accounts", "group", "auth.user"),
                _list(request, "Roles", "badge", "auth.group"),
                _list(request, "API keys", "key", "channels.operatorkey"),
                _list(request, "What staff did", "history", "admin.logentry"),
            ],
        ),
    )
    shown = ((title, [item for item in items if item]) for title, items in groups)
    return [{"title": title, "separator": bool(title), "items": items} for title, items in shown if items]


def _dashboard(request: HttpRequest) -> Item:
    address = reverse("admin:index")
    return {"title": "Dashboard", "icon": "dashboard", "link": address, "active": request.path == address}


def _switches(request: HttpRequest) -> Item | None:
    return _list(request, "Switches", "toggle_on", "channels.serviceswitch")


def _list(
    request: HttpRequest,
    title: str,
    icon: str,
    model: str,
    *,
    query: str = "",
    counts: dict[str, int] | None = None,
) -> Item | None:
    """A link to a list («channels.channel»), perhaps narrowed; None for those who may not see it."""
    app, name = model.split(".")
    if model not in _registered() or not request.user.has_perm(f"{app}.view_{name}"):
        return None
    address = reverse(f"admin:{app}_{name}_changelist")
    is_here = request.path.startswith(address) if not query else request.path == address
    asked = request.META.get("QUERY_STRING", "")
    item: Item = {
        "title": title,
        "icon": icon,
        "link": f"{address}?{query}" if query else address,
        "active": is_here and (query in asked if query else not _is_saved_view(asked)),
    }
    count = (counts or {}).get(query, 0)
    if count:
        item |= {"badge": f"{MOST}+" if count > MOST else str(count), "badge_variant": "warning"}
    return item


def _registered() -> set[str]:
    from django.contrib import admin  # after the apps are ready

    return {model._meta.label_lower for model in admin.site._registry}


def _is_saved_view(query: str) -> bool:
    return "view=" in query or query in ("state__exact=stuck", "state__exact=failed")


def _counts() -> dict[str, int]:
    registered = Channel.objects.registered()
    return {
        "view=unverified": registered.filter(status=Status.UNVERIFIED)[: MOST + 1].count(),
        "view=open": Appeal.objects.open()[: MOST + 1].count(),
        "view=storage": registered.filter(pause=Pause.STORAGE_FULL)[: MOST + 1].count(),
        "state__exact=failed": Line.objects.filter(state=LineState.FAILED)[: MOST + 1].count(),
        "state__exact=stuck": Video.objects.filter(state=State.STUCK)[: MOST + 1].count(),
    }


def account(request: HttpRequest) -> list[dict[str, str]]:
    """What the menu behind one's own name offers."""
    if not request.user.is_authenticated:
        return []
    links = [("admin:password_change", "Change password")] if request.user.has_usable_password() else []
    if settings.CONFIG.staff.second_factor and not request.session.get(sessions.BY_GOOGLE):
        links.append(("staff:recovery_codes", "Recovery codes"))
    return [{"title": title, "link": reverse(name)} for name, title in links]


def environment(request: HttpRequest) -> list[str] | None:
    """The label beside the page's title: what is switched off, or that this is not the production."""
    off = [switch.label for switch in switches.turned_off()]
    if off:
        return [f"Off: {', '.join(off)}", "danger"]
    if not settings.CONFIG.sync.enable:
        return ["Sync is off in the configuration", "danger"]
    return None if settings.PRODUCTION else ["Development", "info"]
