"""What is secret is on no page of the admin, whoever looks."""

import pytest
from django.urls import reverse

from channels import operator_keys
from channels.models import App, Creator, OperatorKey
from tests.support.factories import make_app, make_channel
from tests.units.admin.test_pages_open import list_of, page_of

pytestmark = pytest.mark.django_db

REFRESH, ACCESS, SEED = "refresh-token-of-ada", "access-token-of-ada", "seed-of-the-app"


@pytest.fixture
def secretive():
    app = make_app(account_seed=SEED)
    grant = {"access_token": ACCESS, "refresh_token": REFRESH, "expires_at": "2026-01-01T00:00:00+00:00"}
    creator = Creator.objects.create(subject="1", email="ada@example.com", grant=grant, code_hash="c0de" * 16)
    operator_keys.create("atlas")
    return [app, creator, OperatorKey.objects.get(), make_channel(app=app, creator=creator)]


def test_no_token_no_seed_and_no_hash_is_on_a_page(staff, secretive):
    secrets = [REFRESH, ACCESS, SEED, "c0de" * 16, OperatorKey.objects.get().key_hash]
    for row in secretive:
        for address in (list_of(type(row)), page_of(row)):
            text = staff.get(address).content.decode()
            assert [secret for secret in secrets if secret in text] == [], address


@pytest.mark.parametrize("label", ["social_django.usersocialauth", "django_q.ormq", "django_q.success"])
def test_other_packages_rows_have_no_pages(staff, label):
    app, name = label.split(".")
    assert staff.get(f"/admin/{app}/{name}/").status_code == 404


def test_a_new_operator_key_is_shown_once(staff):
    response = staff.post(reverse("admin:channels_operatorkey_add"), {"name": "retool"}, follow=True)
    (shown,) = [str(m) for m in response.context["messages"] if "this once" in str(m)]
    key = shown.rsplit(": ", 1)[1]
    assert operator_keys.name_of(key) == "retool"
    assert key not in staff.get(reverse("admin:channels_operatorkey_changelist")).content.decode()


def test_a_revoked_operator_key_opens_nothing(desk):
    key = operator_keys.create("retool")
    desk.order_many([OperatorKey.objects.get()], "revoke")
    assert operator_keys.name_of(key) is None
    assert App.objects.count() == 0
