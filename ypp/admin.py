"""The programme as staff set it: tiers, requirements, exemptions. Forms say what saving them would change."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from channels.models import TierName
from ypp import requirements, rule_effects, tiers, whitelist
from ypp.appeals.admin import AppealAdmin
from ypp.letters.admin import LetterAdmin
from ypp.models import RefusedSignUp, Requirement, Tier, WhitelistedHandle
from ypp.requirements import templates
from ytsynch.desk.history import Remembering, staff_name
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import bytes_, when

__all__ = [
    "AppealAdmin",
    "LetterAdmin",
    "RefusedSignUpAdmin",
    "RequirementAdmin",
    "TierAdmin",
    "WhitelistedHandleAdmin",
]


class TierForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tier's range ends where the next one begins, so ranges cannot overlap; they must keep their order."""

    def clean_min_subscribers(self) -> int:
        begins: int = self.cleaned_data["min_subscribers"]
        order = [name.value for name in TierName]
        place = order.index(self.instance.name)
        for other in Tier.objects.exclude(pk=self.instance.pk):
            is_below = order.index(other.name) < place
            if (other.min_subscribers >= begins) if is_below else (other.min_subscribers <= begins):
                side = "above" if is_below else "below"
                raise ValidationError(
                    f"{other} begins at {other.min_subscribers:,}: this tier must begin {side} that."
                )
        return begins


@admin.register(Tier)
class TierAdmin(Remembering):
    """Ranges, caps and rewards. The four tiers are what they are: none is added, none deleted."""

    form = TierForm
    list_display = (
        "tier",
        "subscribers",
        "max_old_videos",
        "old_bytes",
        "weight",
        "sign_up_reward",
        "video_reward",
        "referral_reward",
    )
    fields = (
        "name",
        "min_subscribers",
        "max_old_videos",
        "max_old_bytes",
        "weight",
        "sign_up_reward",
        "video_reward",
        "referral_reward",
    )
    readonly_fields = ("name",)
    change_form_after_template = "admin/ypp/effect.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @column("Tier", ordering="min_subscribers")
    def tier(self, tier: Tier) -> str:
        return str(tier)

    @column("From subscribers", ordering="min_subscribers")
    def subscribers(self, tier: Tier) -> str:
        return f"{tier.min_subscribers:,}"

    @column("Old videos, bytes", ordering="max_old_bytes")
    def old_bytes(self, tier: Tier) -> str:
        return bytes_(tier.max_old_bytes)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.effect_view)
        return [path("<int:object_id>/effect/", view, name="ypp_tier_effect"), *super().get_urls()]

    def effect_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What saving the form as it is now would change: asked by the page while staff type."""
        text = request.POST.get("min_subscribers", "")
        begins = int(text) if text.isdecimal() else None
        tier = get_object_or_404(Tier, pk=object_id)
        changes = tiers.changes_if(tier, begins=begins) if begins is not None else []
        return TemplateResponse(request, "admin/ypp/changes.html", {"changes": changes, "begins": begins})


RULE = (
    "app",
    "min_subscribers",
    "min_videos",
    "min_video_age_hours",
    "min_channel_age_hours",
    "min_new_videos_a_month",
    "months_considered",
)
LACKING = {
    requirements.SUBSCRIBERS: "their subscribers",
    requirements.VIDEOS: "their number of videos",
    requirements.AGE: "their age",
}


@admin.register(Requirement)
class RequirementAdmin(Remembering):
    """What channels need to join, for each app that has a row of its own and for all others."""

    list_display = ("whose", "sign_ups_open", "asks_for")
    fieldsets = (
        (None, {"fields": ("app", "sign_ups_open")}),
        (
            "The YouTube channel",
            {
                "fields": (
                    "min_subscribers",
                    "min_videos",
                    "min_video_age_hours",
                    "min_channel_age_hours",
                    "min_new_videos_a_month",
                    "months_considered",
                )
            },
        ),
        (
            "The Joystream channel",
            {
                "fields": (
                    "needs_title",
                    "needs_description",
                    "needs_avatar",
                    "needs_cover",
                    "needs_collaborator",
                )
            },
        ),
    )
    ordering = ("app",)
    list_select_related = ("app",)
    change_form_after_template = "admin/ypp/rule_effect.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.effect_view)
        return [path("effect/", view, name="ypp_requirement_effect"), *super().get_urls()]

    def effect_view(self, request: HttpRequest) -> HttpResponse:
        """What saving the form as it is now would mean: asked by the page while staff type."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = request.GET.get("of", "")
        saved = Requirement.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 10 else None
        form = forms.modelform_factory(Requirement, fields=RULE)(request.POST, instance=saved)
        effect = rule_effects.effect_of(form.save(commit=False)) if form.is_valid() else None
        counts = effect.lacking if effect else {}
        lacking = [(what, counts[code]) for code, what in LACKING.items() if code in counts]
        context = {"effect": effect, "lacking": lacking}
        return TemplateResponse(request, "admin/ypp/rule_changes.html", context)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The row for all other apps stays: without it nobody could sign up."""
        is_general = isinstance(obj, Requirement) and obj.app_id is None
        return not is_general and bool(super().has_delete_permission(request, obj))

    @column("For")
    def whose(self, rule: Requirement) -> str:
        return str(rule.app or "all other apps")

    @column("Asks for")
    def asks_for(self, rule: Requirement) -> str:
        return " ".join(template.text.format(*template.variables) for template in templates(rule))


@admin.register(WhitelistedHandle)
class WhitelistedHandleAdmin(Remembering):
    """Handles that may join whatever they measure."""

    list_display = ("handle", "added_by", "added")
    fields = ("handle",)
    search_fields = ("handle",)
    ordering = ("handle",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WhitelistedHandle, form: Any, change: bool) -> None:
        whitelist.add([obj.handle], by=staff_name(request))
        obj.pk = WhitelistedHandle.objects.get(handle=whitelist.normal(obj.handle)).pk

    def delete_model(self, request: HttpRequest, obj: WhitelistedHandle) -> None:
        whitelist.remove(obj.handle, by=staff_name(request))

    @column("Added", ordering="added_at")
    def added(self, row: WhitelistedHandle) -> str:
        return when(row.added_at)


@admin.register(RefusedSignUp)
class RefusedSignUpAdmin(Reading):
    """Channels that do not meet the requirements yet; they are measured again by themselves."""

    list_display = (
        "title",
        "youtube_id",
        "app",
        "what_is_missing",
        "refused",
        "checked",
        "next_check",
        "passed",
    )
    fields = (
        "title",
        "youtube_id",
        "app",
        "creator",
        "what_is_missing",
        "refused",
        "checked",
        "next_check",
        "passed",
    )
    readonly_fields = ("what_is_missing", "refused", "checked", "next_check", "passed")
    search_fields = ("title", "youtube_id__exact")
    list_select_related = ("app",)
    ordering = ("-id",)

    @column("What is missing")
    def what_is_missing(self, row: RefusedSignUp) -> str:
        return " ".join(check["message"] for check in row.unmet) or "nothing any more"

    @column("Refused", ordering="refused_at")
    def refused(self, row: RefusedSignUp) -> str:
        return when(row.refused_at)

    @column("Measured", ordering="checked_at")
    def checked(self, row: RefusedSignUp) -> str:
        return when(row.checked_at)

    @column("Again", ordering="next_check_at")
    def next_check(self, row: RefusedSignUp) -> str:
        return when(row.next_check_at)

    @column("Passed", ordering="passed_at")
    def passed(self, row: RefusedSignUp) -> str:
        return when(row.passed_at)
