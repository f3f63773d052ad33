"""Who may do what: every role against every list, form and order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels import operator_keys
from channels.models import Channel, Lane, OperatorKey, ServiceSwitch, SuspensionReason, Switch
from payments.models import Action, Line, RewardRules, Round
from tests.support.factories import make_channel, make_lane, make_video
from videos.models import ProxyAddress, Video
from ypp import suspension
from ypp.appeals import hearing
from ypp.appeals.models import Appeal
from ypp.models import Requirement, Tier, WhitelistedHandle

pytestmark = pytest.mark.django_db

VIEWER, MODERATOR, TREASURER, ADMINISTRATOR = "viewer", "moderator", "treasurer", "administrator"
ROLES = (VIEWER, MODERATOR, TREASURER, ADMINISTRATOR)
registry: dict[Any, Any] = admin.site._registry
OURS = ("channels", "ypp", "videos", "payments")

ALL, MODERATORS, ADMINISTRATORS = ROLES, (MODERATOR, ADMINISTRATOR), (ADMINISTRATOR,)


def browser_of(role: str) -> Client:
    user = User.objects.create_user(role, password="a password of twelve", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


LISTS = [
    (model, ADMINISTRATORS if model is OperatorKey else ALL)
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
    if model._meta.app_label in OURS
] + [(User, ADMINISTRATORS), (Group, ADMINISTRATORS)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("model", "allowed"), LISTS, ids=lambda value: getattr(value, "__name__", ""))
def test_who_may_see_which_list(role, model, allowed):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert browser_of(role).get(address).status_code == (200 if role in allowed else 403)


def make_round() -> Round:
    round = Round.objects.create(period_end=timezone.now(), joy_price=10**7)
    Line.objects.create(
        round=round, channel=make_channel(), action=Action.VIDEOS, count=1, cents=5, amount=10**10
    )
    return round


def make_appeal() -> Appeal:
    channel = suspension.suspend(make_channel(), SuspensionReason.UNSUPPORTED_TOPIC, by="a test")
    return hearing.appeal(channel, "It is a mistake.", by="its creator")


def make_operator_key() -> OperatorKey:
    operator_keys.create("atlas")
    return OperatorKey.objects.get()


TREASURERS = (TREASURER, ADMINISTRATOR)
WHO = {
    Channel: MODERATORS,
    Video: MODERATORS,
    Lane: ADMINISTRATORS,
    ServiceSwitch: ADMINISTRATORS,
    Appeal: MODERATORS,
    ProxyAddress: ADMINISTRATORS,
    OperatorKey: ADMINISTRATORS,
    User: ADMINISTRATORS,
    Round: TREASURERS,
    Line: TREASURERS,
}


def test_every_order_is_in_the_table():
    assert {model for model, desk in registry.items() if getattr(desk, "orders", ())} == set(WHO)


ORDERS = [(model, order.name, who) for model, who in WHO.items() for order in registry[model].orders]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("model", "order", "allowed"), ORDERS, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_who_may_give_which_order(role, model, order, allowed):
    rows: dict[Any, Callable[[], Any]] = {
        Channel: make_channel,
        Video: make_video,
        Lane: make_lane,
        ServiceSwitch: lambda: ServiceSwitch.objects.create(name=Switch.SYNC),
        Appeal: make_appeal,
        ProxyAddress: lambda: ProxyAddress.objects.create(key="a" * 64, name="proxy.example:1080"),
        OperatorKey: make_operator_key,
        User: lambda: User.objects.create_user("somebody", is_staff=True),
        Round: make_round,
        Line: lambda: Line.objects.get(round=make_round()),
    }
    row = rows[model]()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    client = browser_of(role)
    expected = 200 if role in allowed else 403
    page = reverse(f"{name}_order", args=[row.pk, order])
    assert client.get(page).status_code == expected
    if role not in allowed:
        assert client.post(page, {"confirmed": "yes"}).status_code == 403
        assert page not in client.get(reverse(f"{name}_change", args=[row.pk])).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_look_at_a_creators_dashboard(role):
    channel = make_channel()
    assert browser_of(role).get(f"/admin/as-creator/{channel.youtube_id}/").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_nobody_deletes_what_staff_did_or_who_did_it(role):
    other = User.objects.create_user("other", is_staff=True)
    LogEntry.objects.log_actions(other.pk, [make_channel()], CHANGE, change_message="Verify")
    entry = LogEntry.objects.latest("id")
    client = browser_of(role)
    for row in (entry, other):
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert LogEntry.objects.filter(pk=entry.pk).exists()


FORMS = [
    (Tier, "change", ADMINISTRATORS),
    (RewardRules, "change", ADMINISTRATORS),
    (Round, "add", TREASURERS),
    (Requirement, "change", ADMINISTRATORS),
    (Requirement, "add", ADMINISTRATORS),
    (WhitelistedHandle, "add", MODERATORS),
    (OperatorKey, "add", ADMINISTRATORS),
    (User, "add", ADMINISTRATORS),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("model", "what", "allowed"), FORMS, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_who_may_save_which_form(role, model, what, allowed):
    row = [model.objects.first().pk] if what == "change" else []
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=row)
    answer = browser_of(role).post(address, {})
    assert answer.status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sees_the_dashboard(role):
    page = browser_of(role).get("/admin/").content.decode()
    assert "What needs a human" in page
    assert ("Accounts" in page) == (role == ADMINISTRATOR)


def test_whoever_has_no_role_sees_nothing():
    client = Client()
    client.force_login(User.objects.create_user("new", is_staff=True))
    assert "What needs a human" not in client.get("/admin/").content.decode()
    assert client.get("/admin/channels/channel/").status_code == 403


def test_whoever_is_not_staff_does_not_come_in(client):
    client.force_login(User.objects.create_user("creator"))
    assert client.get("/admin/").status_code == 302


def test_a_migration_makes_the_roles_whole_again():
    viewer = Group.objects.get(name=VIEWER)
    before = set(viewer.permissions.values_list("codename", flat=True))
    viewer.permissions.clear()
    viewer.permissions.add(Permission.objects.get(codename="turn_switch"))
    call_command("migrate", verbosity=0)
    assert set(viewer.permissions.values_list("codename", flat=True)) == before
    assert "moderate_channel" not in before
    assert "view_channel" in before
