"""Sessions of staff end by themselves, and by an administrator's order."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.units.staff.conftest import PASSWORD, Person
from ytsynch.config import Config

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(settings):
    settings.CONFIG = Config.model_validate(
        {"staff": {"secondFactor": None, "idleTimeout": 600, "longestSession": 3600}}
    )


@pytest.fixture
def later(monkeypatch):
    """Moves Django's clock."""
    gone, now = timedelta(), timezone.now

    def go_on(**time: float) -> None:
        nonlocal gone
        gone += timedelta(**time)

    monkeypatch.setattr(timezone, "now", lambda: now() + gone)
    return go_on


def test_who_does_nothing_for_long_logs_in_again(boss, later):
    boss.log_in()
    assert boss.is_in()
    later(minutes=9)
    assert boss.is_in()
    later(minutes=9)
    assert boss.is_in()
    later(minutes=11)
    page = boss.browser.get("/admin/channels/channel/", follow=True)
    assert page.redirect_chain == [("/admin/login/?next=%2Fadmin%2Fchannels%2Fchannel%2F", 302)]
    assert "You have not been here for a while." in page.content.decode()
    assert boss.browser.session.get("_auth_user_id") is None


def test_even_who_is_always_busy_logs_in_again(boss, later):
    boss.log_in()
    for _ in range(6):
        later(minutes=9)
        assert boss.is_in()
    later(minutes=9)
    assert "You have been logged in for long." in boss.browser.get("/admin/", follow=True).content.decode()


def test_logging_in_again_begins_a_new_session(boss, later):
    boss.log_in()
    later(minutes=11)
    boss.browser.get("/admin/")
    boss.log_in()
    later(minutes=5)
    assert boss.is_in()


def test_an_order_that_comes_too_late_is_not_carried_out(boss, later):
    boss.log_in()
    clerk = User.objects.create_user("clerk", is_staff=True)
    later(minutes=11)
    order = reverse("admin:auth_user_order", args=[clerk.pk, "sign-out"])
    assert boss.browser.post(order, {"confirmed": "yes"}).status_code == 302
    clerk.refresh_from_db()
    assert not hasattr(clerk, "staff_account")


def test_an_administrator_signs_somebody_out_of_every_browser(boss):
    boss.log_in()
    clerk = Person(User.objects.create_superuser("clerk", password=PASSWORD))
    browsers = [Client(), Client()]
    for browser in browsers:
        clerk.browser = browser
        clerk.log_in()
        assert clerk.is_in()
    boss.browser.post(
        reverse("admin:auth_user_order", args=[clerk.user.pk, "sign-out"]), {"confirmed": "yes"}
    )
    assert not any(clerk.is_in(browser) for browser in browsers)
    assert boss.is_in()
    clerk.log_in()
    assert clerk.is_in()


def test_an_account_that_is_set_inactive_is_out_at_once(boss):
    boss.log_in()
    assert boss.is_in()
    User.objects.update(is_active=False)
    assert not boss.is_in()


def test_accounts_are_not_deleted_for_their_acts_would_go_with_them(boss):
    boss.log_in()
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert (
        boss.browser.post(reverse("admin:auth_user_delete", args=[clerk.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert User.objects.filter(pk=clerk.pk).exists()


def test_a_session_is_not_written_with_every_request(boss, django_assert_num_queries):
    boss.log_in()
    boss.is_in()
    before = boss.browser.session["staff_used"]
    boss.is_in()
    assert boss.browser.session["staff_used"] == before


def test_a_page_that_follows_by_itself_keeps_nobody_logged_in(boss, later):
    boss.log_in()
    for _ in range(3):
        later(minutes=4)
        response = boss.browser.get("/admin/", headers={"HX-Request": "true"})
    assert "/admin/login/" in response["HX-Redirect"]
