"""The roles of staff: groups whose permissions are made here after every migration, so that they are always
whole.

A permission that an administrator adds to one of these groups by hand is taken away by the next migration:
another group is the place for it.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

ROOMS = ("channels", "ypp", "videos", "payments")
"""The apps of the service's own rows."""

KEYS = Q(content_type__app_label="channels", content_type__model="operatorkey")
"""Keys of the operator API: who has one can do what moderators can, so they are administrators' matter."""

LOOKING = Q(codename__startswith="view_") & ~KEYS

MODERATING = Q(
    codename__in=["moderate_channel", "handle_video", "add_whitelistedhandle", "delete_whitelistedhandle"]
)

PAYING = Q(content_type__app_label="payments") & ~Q(codename__endswith="_rewardrules")
"""Not the rules: they say above which sum a second person is needed."""

ROLES: dict[str, Q] = {
    "viewer": LOOKING,
    "moderator": LOOKING | MODERATING,
    "treasurer": LOOKING | PAYING,
    "administrator": Q(),
}
"""What each role may, of the permissions of the rooms. Administrators also have those below."""

ACCOUNTS = Q(content_type__app_label="auth", content_type__model__in=["user", "group"]) | Q(
    content_type__app_label="admin", codename="view_logentry"
)
"""Staff's accounts and roles, and the log of what staff did."""


def make(sender: AppConfig, **_: Any) -> None:
    """Called after the migrations of each app: give the roles the permissions that the app has."""
    if sender.label not in (*ROOMS, "auth", "admin"):
        return
    mine = Permission.objects.filter(content_type__app_label=sender.label)
    for name, allowed in ROLES.items():
        role, _created = Group.objects.get_or_create(name=name)
        wanted = mine.filter(allowed) if sender.label in ROOMS else _of_accounts(mine, name)
        unwanted = role.permissions.filter(content_type__app_label=sender.label).exclude(pk__in=wanted)
        role.permissions.remove(*unwanted)
        role.permissions.add(*wanted)


def _of_accounts(mine: QuerySet[Permission], role: str) -> QuerySet[Permission]:
    return mine.filter(ACCOUNTS) if role == "administrator" else mine.none()
