"""Letters at the staff's desk: which went out, which wait and why, and how each reads."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from channels import gateways
from channels.models import Channel
from ypp.letters.kinds import ABOUT
from ypp.letters.models import Kind, Letter
from ypp.letters.rendering import Rendered, render, render_letter
from ytsynch.desk.lists import Reading
from ytsynch.desk.shown import badge, link, when

SAMPLE_CHANNEL = Channel(title="Alpine Beekeeping", youtube_id="UC" + "0" * 22, email="keeper@example.com")
STILL = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
"""Policy of a letter as a page: it shows, and does nothing."""


@admin.register(Letter)
class LetterAdmin(Reading):
    """Letters to creators, the newest first."""

    list_display = ("kind", "channel", "address", "state", "attempts", "written", "reading")
    list_filter = ("kind", "dropped")
    list_select_related = ("channel",)
    search_fields = ("address__iexact", "channel__handle__iexact", "event__exact")
    search_help_text = "E-mail address or handle, as a whole"
    fields = (
        "kind",
        "channel",
        "address",
        "event",
        "state",
        "attempts",
        "last_error",
        "written",
        "sent",
        "reading",
    )
    readonly_fields = fields
    ordering = ("-id",)
    list_before_template = "admin/letters/link_to_kinds.html"

    @admin.display(description="State")
    def state(self, letter: Letter) -> str:
        if letter.dropped:
            return badge(letter.get_dropped_display(), "yellow")
        if letter.sent_at:
            return badge("Sent", "green")
        return badge(
            "Failed so far" if letter.last_error else "Waits", "red" if letter.last_error else "blue"
        )

    @admin.display(description="Written", ordering="created_at")
    def written(self, letter: Letter) -> str:
        return when(letter.created_at)

    @admin.display(description="Sent", ordering="sent_at")
    def sent(self, letter: Letter) -> str:
        return when(letter.sent_at)

    @admin.display(description="Letter")
    def reading(self, letter: Letter) -> str:
        return link(reverse("admin:letter_read", args=[letter.pk]), "Read it")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        mine = [
            path("kinds/<str:kind>/", guard(self.sample_view), name="letter_sample"),
            path("kinds/<str:kind>/page/", guard(self.sample_page), name="letter_sample_page"),
            path("<int:pk>/read/", guard(self.read_view), name="letter_read"),
            path("<int:pk>/read/page/", guard(self.read_page), name="letter_read_page"),
        ]
        return mine + super().get_urls()  # type: ignore[no-any-return]

    def sample_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """A kind of letter, as a creator would get it."""
        page = reverse("admin:letter_sample_page", args=[kind])
        return self._show(request, _sample(kind), page=page, title=f"Letter: {Kind(kind).label}", chosen=kind)

    def sample_page(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._page(request, _sample(kind))

    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A letter as it went out, or will; in the words of today's templates."""
        letter = get_object_or_404(Letter.objects.select_related("channel"), pk=pk)
        page = reverse("admin:letter_read_page", args=[pk])
        return self._show(request, _as_read(letter), page=page, title=str(letter), chosen=letter.kind)

    def read_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        letter = get_object_or_404(Letter.objects.select_related("channel"), pk=pk)
        return self._page(request, _as_read(letter))

    def _show(
        self, request: HttpRequest, letter: Rendered, *, page: str, title: str, chosen: str
    ) -> HttpResponse:
        self._require_reader(request)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "letter": letter,
            "page": page,
            "kinds": Kind.choices,
            "chosen": chosen,
        }
        return TemplateResponse(request, "admin/letters/letter.html", context)

    def _page(self, request: HttpRequest, letter: Rendered) -> HttpResponse:
        self._require_reader(request)
        return _framed(request, letter.html)

    def _require_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


@xframe_options_sameorigin
def _framed(request: HttpRequest, page: str) -> HttpResponse:
    return HttpResponse(page, headers={"Content-Security-Policy": f"{STILL}; frame-ancestors 'self'"})


def _sample(kind: str) -> Rendered:
    if kind not in Kind.values:
        raise Http404
    sample = ABOUT[Kind(kind)].sample
    return render(
        Kind(kind),
        channel=SAMPLE_CHANNEL,
        address=SAMPLE_CHANNEL.email,
        facts=sample,
        support=gateways.support(),
    )


def _as_read(letter: Letter) -> Rendered:
    return render_letter(letter)
