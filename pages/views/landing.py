"""What everybody sees: the programme, its numbers, its terms."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from channels import switches
from channels.gateways import known_app
from channels.google import NAME
from channels.models import Switch
from pages import numbers as programme
from pages.rendering import page, part
from pages.terms import of_app
from videos import halts
from ypp import requirements
from ypp.models import Requirement, Tier

REFERRER = "referrer"
"""The parameter of an invitation, and where the session keeps it: the Joystream channel that brought the
creator.
"""


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    referrer = request.GET.get(REFERRER, "")
    if referrer.isdecimal() and len(referrer) < 19:
        request.session[REFERRER] = int(referrer)
    rule = Requirement.objects.of_app(known_app())
    context = {
        "numbers": programme.of_programme(),
        "requirements": [asked.text.format(*asked.variables) for asked in requirements.templates(rule)],
        "tiers": Tier.objects.all(),
        "is_open": rule.sign_ups_open and not switches.is_off(Switch.SIGN_UPS),
        "halts": halts.for_everybody(),
        "backend": NAME,
    }
    return page(request, "landing.html", context)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers alone, for a page that is open."""
    return part(request, "parts/numbers.html", {"numbers": programme.of_programme()})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return page(request, "terms.html", {"terms": of_app(known_app())})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The first page and the terms may be found; what is personal or for programs only may not."""
    lines = ("User-agent: *", "Allow: /$", "Allow: /terms/", "Allow: /static/", "Disallow: /")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
