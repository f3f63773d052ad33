"""Staff's accounts and the log of their acts; and what other packages would show here and must not."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangosUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success
from social_django.models import Association, Nonce, UserSocialAuth
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ytsynch.desk.history import Remembering
from ytsynch.desk.lists import Reading, column
from ytsynch.desk.shown import when

# Accounts are registered again below, in the theme. Tokens are not for show, and of the queue's own rows
# nobody has any use: a bell is not a job.
HIDDEN = (User, Group, UserSocialAuth, Nonce, Association, Success, Failure, Schedule, OrmQ)
admin.site.unregister([model for model in HIDDEN if admin.site.is_registered(model)])


@admin.register(User)
class UserAdmin(DjangosUserAdmin, Remembering):  # type: ignore[type-arg]
    """Who may come in here, and with which roles."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "roles", "is_active", "is_superuser", "seen")
    list_filter = ("is_active", "is_superuser", "groups")
    filter_horizontal = ()
    secret_fields = frozenset({"password", "password1", "password2"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

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
