"""Creators, gateway apps and the keys of the operator API. What is secret of them is shown nowhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminURLInputWidget

from channels import operator_keys
from channels.errors import Refused
from channels.models import App, Channel, Creator, OperatorKey
from videos import on_request
from ytsynch.desk.history import Remembering
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.orders import Effect, Order, Ordering, each
from ytsynch.desk.shown import when
from ytsynch.joystream.errors import QueryNodeUnavailable

ADMINISTER_KEYS = "channels.change_operatorkey"


@admin.register(Creator)
class CreatorAdmin(Reading):
    """People whom Google has vouched for."""

    list_display = ("email", "subject", "channel_count", "permission", "memberships_created", "joined")
    fields = (
        "email",
        "subject",
        "permission",
        "grant_revoked_at",
        "memberships_created",
        "joined",
        "their_channels",
    )
    readonly_fields = ("permission", "joined", "their_channels")
    search_fields = ("email__iexact", "subject__exact")
    search_help_text = "E-mail address or Google's id, as a whole"
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creator]:
        return super().get_queryset(request).defer("grant").annotate(count=Count("channels"))  # type: ignore[no-any-return]

    @column("Channels")
    def channel_count(self, creator: Any) -> int:
        return int(creator.count)

    @column("Permission", label={"revoked": "warning", "given": "success"})
    def permission(self, creator: Creator) -> str:
        return "revoked" if creator.grant_revoked_at else "given"

    @column("First sign-in", ordering="created_at")
    def joined(self, creator: Creator) -> str:
        return when(creator.created_at)

    @column("Channels")
    def their_channels(self, creator: Creator) -> str:
        return ", ".join(str(channel) for channel in Channel.objects.filter(creator=creator)) or "–"


class AppForm(forms.ModelForm):  # type: ignore[type-arg]
    """What creators of the app are shown, and what they may choose."""

    support_url = forms.URLField(
        label="Support page",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=App._meta.get_field("support_url").help_text,
    )
    categories = forms.MultipleChoiceField(required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["categories"]
        field.help_text = App._meta.get_field("categories").help_text
        known = {category: category for category in self.instance.categories}
        try:
            known |= {each.id: each.name or each.id for each in on_request.categories()}
        except QueryNodeUnavailable:
            field.help_text += " Joystream does not answer now, so only those that are chosen are shown."
        field.choices = list(known.items())


@admin.register(App)
class AppAdmin(Remembering):
    """Gateway apps. They are made from the configuration; their seeds are for nobody's eyes. What their
    creators read and may choose is changed here.
    """

    form = AppForm
    list_display = ("name", "lane", "channel_count", "made")
    fieldsets = (
        (None, {"fields": ("name", "lane", "made")}),
        (
            "What its creators are told",
            {"fields": ("terms", "terms_version", "support_email", "support_url")},
        ),
        ("What they may choose", {"fields": ("categories",)}),
        (
            "What is carried over when it is changed on YouTube",
            {"fields": ("carries_texts",)},
        ),
    )
    readonly_fields = ("name", "lane", "made", "terms_version")
    list_select_related = ("lane",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[App]:
        return super().get_queryset(request).defer("account_seed").annotate(count=Count("channels"))  # type: ignore[no-any-return]

    @column("Channels")
    def channel_count(self, app: Any) -> int:
        return int(app.count)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: App, form: Any, change: bool) -> None:
        if "terms" in form.changed_data:
            obj.terms_version = f"{timezone.now():%Y-%m-%d %H:%M:%S}" if obj.terms.strip() else ""
        obj.save(update_fields=[*form.changed_data, "terms_version"])

    @column("Known since", ordering="created_at")
    def made(self, app: App) -> str:
        return when(app.created_at)


def _revocation(keys: Any) -> dict[int, Effect]:
    return {
        key.pk: Effect("It is revoked already.", is_refused=True)
        if key.revoked_at
        else Effect("It opens nothing from now on.")
        for key in keys
    }


@admin.register(OperatorKey)
class OperatorKeyAdmin(Ordering, Remembering):
    """Keys of the operator API. A key is shown once, when it is made."""

    orders = (
        Order(
            name="revoke",
            title="Revoke",
            icon="key_off",
            explanation="Whoever uses the key is turned away at once. A revoked key is never valid again.",
            permission=ADMINISTER_KEYS,
            effects=_revocation,
            act=each(lambda key, _, by: operator_keys.revoke(key), refusals=(Refused,)),
            is_grave=True,
        ),
    )
    list_display = ("name", "state", "made", "used")
    fields = ("name",)
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: OperatorKey, form: Any, change: bool) -> None:
        key = operator_keys.create(obj.name)
        obj.pk = OperatorKey.objects.get(name=obj.name).pk
        messages.warning(request, f"The key, shown this once: {key}")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @column("State", label={"valid": "success", "revoked": "danger"})
    def state(self, key: OperatorKey) -> str:
        return "revoked" if key.revoked_at else "valid"

    @column("Made", ordering="created_at")
    def made(self, key: OperatorKey) -> str:
        return when(key.created_at)

    @column("Last used", ordering="last_used_at")
    def used(self, key: OperatorKey) -> str:
        return when(key.last_used_at)
