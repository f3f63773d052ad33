"""The second factor: set up at the first login, asked for at every other, never good twice."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.units.staff.conftest import PASSWORD, Person
from ytsynch.config import Config

pytestmark = pytest.mark.django_db


def acts_of(user: User) -> list[str]:
    return [
        entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(user.pk)).order_by("id")
    ]


def test_the_first_login_leads_to_the_setting_up(boss):
    page = boss.log_in(goal="/admin/channels/channel/")
    assert page.request["PATH_INFO"] == "/admin/second-factor/set-up/"
    assert "<svg" in page.content.decode()
    assert not boss.is_in()


def test_a_password_alone_opens_no_page_of_the_admin(boss):
    boss.log_in()
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert boss.browser.get(address).status_code == 302, address
    for address in ("/admin/", "/admin/jsi18n/", "/admin/password_change/", "/admin/no/such/page"):
        assert "/second-factor/" in boss.browser.get(address)["Location"]
    assert boss.browser.post("/admin/channels/serviceswitch/sync/order/turn-off/").status_code == 302


def test_a_part_of_a_page_leads_the_whole_page_to_the_second_factor(boss):
    boss.log_in()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/channels/channel/1/change/"}
    response = boss.browser.get("/admin/channels/channel/1/joystream/", headers=headers)
    assert "next=%2Fadmin%2Fchannels%2Fchannel%2F1" in response["HX-Redirect"]


def test_setting_up_opens_the_admin_and_shows_recovery_codes_once(boss):
    codes = boss.set_up()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", code) for code in codes)
    assert boss.is_in()
    again = boss.browser.get("/admin/second-factor/set-up/", follow=True).content.decode()
    assert not any(code in again for code in codes)
    assert acts_of(boss.user) == ["Set up the second factor"]


def test_a_wrong_code_sets_up_nothing(boss):
    boss.log_in()
    page = boss.browser.post("/admin/second-factor/set-up/", {"code": "000000"}).content.decode()
    assert "This code is not right" in page
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert not boss.is_in()


def test_the_next_login_asks_for_a_code_and_goes_on_to_where_it_began(boss):
    boss.set_up()
    boss.browser = Client()
    page = boss.log_in(goal="/admin/channels/channel/")
    assert page.request["PATH_INFO"] == "/admin/second-factor/"
    page = boss.enter(boss.app_shows(steps=1), next="/admin/channels/channel/")
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/admin/channels/channel/")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/admin/", "/dashboard/"])
def test_nobody_is_led_out_of_the_admin(boss, elsewhere):
    boss.set_up()
    boss.browser = Client()
    boss.log_in()
    assert boss.enter(boss.app_shows(steps=1), next=elsewhere).request["PATH_INFO"] == "/admin/"


def test_a_code_is_good_once(boss):
    boss.set_up()
    code = boss.app_shows(steps=1)
    other = Person(boss.user)
    for person in (boss, other):
        person.browser = Client()
        person.log_in()
    boss.enter(code)
    other.enter(code)
    assert (boss.is_in(), other.is_in()) == (True, False)


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(boss):
    boss.set_up()
    boss.browser = Client()
    boss.log_in()
    page = boss.browser.get("/admin/second-factor/set-up/", follow=True)
    assert page.request["PATH_INFO"] == "/admin/second-factor/"
    boss.browser.post("/admin/second-factor/set-up/", {"code": boss.app_shows(steps=1)})
    assert TOTPDevice.objects.count() == 1
    assert not boss.is_in()


def test_a_recovery_code_opens_once_and_is_on_record(boss):
    code = boss.set_up()[0]
    for expected in (True, False):
        boss.browser = Client()
        boss.log_in()
        boss.enter(code.upper().replace("-", " "))
        assert boss.is_in() is expected
    assert acts_of(boss.user)[-1] == "Used a recovery code; 9 are left"


def test_new_recovery_codes_make_the_old_ones_void(boss):
    old = boss.set_up()
    page = boss.browser.post("/admin/second-factor/recovery-codes/", {"code": boss.app_shows(steps=1)})
    new = page.context["codes"]
    assert not set(old) & set(new)
    assert set(StaticToken.objects.values_list("token", flat=True)) == {code.replace("-", "") for code in new}
    assert acts_of(boss.user)[-1] == "Had new recovery codes made"


def test_new_recovery_codes_need_a_code_again(boss):
    old = boss.set_up()
    page = boss.browser.post("/admin/second-factor/recovery-codes/", {"code": "123456"}).content.decode()
    assert "This code is not right" in page
    assert StaticToken.objects.filter(token=old[0].replace("-", "")).exists()


def test_after_six_wrong_codes_the_right_one_is_not_looked_at(boss):
    boss.set_up()
    boss.browser = Client()
    boss.log_in()
    for _ in range(6):
        boss.enter("000000")
    assert "Too many tries" in boss.enter(boss.app_shows(steps=1)).content.decode()
    assert not boss.is_in()


@pytest.mark.parametrize("code", ["", "  ", "x" * 41, "٣٤٥٦٧٨", "1\x002", "-1", "999999999999999999999"])
def test_whatever_is_sent_as_a_code_is_answered_with_a_page(boss, code):
    boss.set_up()
    boss.browser = Client()
    boss.log_in()
    assert boss.enter(code).status_code == 200
    assert not boss.is_in()


def test_an_administrator_resets_a_lost_second_factor(boss):
    boss.set_up()
    clerk = Person(User.objects.create_user("clerk", password=PASSWORD, is_staff=True))
    clerk.set_up()
    order = reverse("admin:auth_user_order", args=[clerk.user.pk, "reset-second-factor"])
    page = boss.browser.post(order, {"confirmed": "yes"}, follow=True).content.decode()
    assert "Reset the second factor: 1 done." in page
    assert not clerk.is_in()
    assert not StaticToken.objects.filter(device__user=clerk.user).exists()
    assert clerk.log_in().request["PATH_INFO"] == "/admin/second-factor/set-up/"
    assert acts_of(clerk.user)[-1] == "Reset the second factor"


def test_there_is_nothing_to_reset_where_nothing_is_set_up(boss):
    boss.set_up()
    clerk = User.objects.create_user("clerk", is_staff=True)
    page = boss.browser.get(reverse("admin:auth_user_order", args=[clerk.pk, "reset-second-factor"]))
    assert "It has none yet." in page.content.decode()


@pytest.mark.parametrize("value", [None, False, "off"])
def test_where_the_configuration_says_off_a_password_is_enough(boss, settings, value):
    settings.CONFIG = Config.model_validate({"staff": {"secondFactor": value}})
    boss.log_in()
    assert boss.is_in()


@pytest.mark.parametrize("label", ["otp_totp.totpdevice", "otp_static.staticdevice"])
def test_keys_and_codes_have_no_pages(boss, label):
    boss.set_up()
    app, name = label.split(".")
    assert boss.browser.get(f"/admin/{app}/{name}/").status_code == 404


def test_strangers_and_creators_get_no_page_of_the_second_factor(client):
    for page in ("", "set-up/", "recovery-codes/"):
        assert "/admin/login/" in client.get(f"/admin/second-factor/{page}")["Location"]
    client.force_login(User.objects.create_user("creator"))
    assert "/admin/login/" in client.get("/admin/second-factor/set-up/")["Location"]
