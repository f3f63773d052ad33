"""Staff's accounts and the log of their acts; and what other packages would show here and must not."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangosUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_q.models import Failure, OrmQ, Schedule, Success
from social_django.models import Association, Nonce, UserSocialAuth
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ytsynch.desk.history import Remembering
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.orders import Effect, Order, Ordering, each
from ytsynch.desk.shown import badge, link, when
from ytsynch.staff import second_factor, sessions

# Accounts are registered again below, in the theme. Tokens are not for show, and of the queue's own rows
# nobody has any use: a bell is not a job.
HIDDEN = (
    User,
    Group,
    UserSocialAuth,
    Nonce,
    Association,
    Success,
    Failure,
    Schedule,
    OrmQ,
    TOTPDevice,
    StaticDevice,
)
admin.site.unregister([model for model in HIDDEN if admin.site.is_registered(model)])


CHANGE_ACCOUNTS = "auth.change_user"


def _resetting(user: User) -> Effect:
    if second_factor.is_set_up(user):
        return Effect("The app and the recovery codes are good for nothing from then on.")
    return Effect("It has none yet.", is_refused=True)


@admin.register(User)
class UserAdmin(DjangosUserAdmin, Ordering, Remembering):  # type: ignore[type-arg]
    """Who may come in here, and with which roles. Nobody is deleted, for what they did would go with them:
    who is not active does not come in.
    """

    orders = (
        Order(
            name="sign-out",
            title="Sign out everywhere",
            icon="logout",
            explanation="Whoever is logged in with the account is out at once, in every browser, and may log in "
            "again. To keep them out, set the account inactive.",
            permission=CHANGE_ACCOUNTS,
            effects=lambda users: {user.pk: Effect("Every session ends.") for user in users},
            act=each(lambda user, _, by: sessions.end_all(user, by=by), refusals=()),
            is_grave=True,
        ),
        Order(
            name="reset-second-factor",
            title="Reset the second factor",
            icon="phonelink_erase",
            explanation="For whoever has lost the app and the recovery codes. Be sure that it is they who ask: the "
            "next login with the password sets up a new second factor. Every session ends.",
            permission=CHANGE_ACCOUNTS,
            effects=lambda users: {user.pk: _resetting(user) for user in users},
            act=each(lambda user, _, by: second_factor.reset(user, by=by), refusals=()),
            is_grave=True,
        ),
    )

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "roles", "factor", "is_active", "is_superuser", "seen")
    list_filter = ("is_active", "is_superuser", "groups")
    filter_horizontal = ()
    secret_fields = frozenset({"password", "password1", "password2"})

    readonly_fields = ("factor", "google", "what_you_can_do")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = super().get_queryset(request).prefetch_related("groups").select_related("staff_account")
        return users.annotate(has_factor=Exists(devices))  # type: ignore[no-any-return]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        mine = (("Coming in", {"fields": self.readonly_fields}),) if obj else ()
        return (*super().get_fieldsets(request, obj), *mine)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj:
            obj.links = self.order_links(request, obj)
        return super().get_form(request, obj, change=change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @column("Second factor")
    def factor(self, user: Any) -> SafeString:
        return badge("Set up", "green") if user.has_factor else badge("None yet", "yellow")

    @column("Google")
    def google(self, user: User) -> str:
        account = getattr(user, "staff_account", None)
        return (
            "has signed in with Google" if account and account.google_subject else "never signed in with it"
        )

    @column("Orders")
    def what_you_can_do(self, user: Any) -> SafeString | str:
        links = ((link(each["address"], each["order"].title),) for each in user.links)
        return format_html_join(" · ", "{}", links) or "–"

    @column("Roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @column("Last login", ordering="last_login")
    def seen(self, user: User) -> str:
        return when(user.last_login)


@admin.register(Group)
class GroupAdmin(DjangosGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Roles. Those that the service brings with it are made anew by its migrations."""


@admin.register(LogEntry)
class LogEntryAdmin(Reading):
    """Everything that staff did in the admin. Nobody changes it or deletes from it."""

    list_display = ("at", "user", "kind", "what", "message")
    list_filter = (("user", RelatedDropdownFilter), ("action_time", RangeDateFilter))
    fields = ("action_time", "user", "kind", "what", "message")
    readonly_fields = ("kind", "what", "message")
    search_fields = ("object_repr", "change_message")
    ordering = ("-id",)
    list_select_related = ("user", "content_type")

    @column("When", ordering="id")
    def at(self, entry: LogEntry) -> str:
        return when(entry.action_time)

    @column("Of")
    def kind(self, entry: LogEntry) -> str:
        return entry.content_type.name if entry.content_type else ""

    @column("What")
    def what(self, entry: LogEntry) -> str:
        return entry.object_repr

    @column("Act")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message()
