"""A member of the staff in a browser, where a second factor is asked for."""

import time
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from ytsynch.config import Config

PASSWORD = "a password of twelve"


@pytest.fixture(autouse=True)
def strict(settings):
    settings.CONFIG = Config.model_validate({"logs": {"console": None}})
    cache.clear()


@pytest.fixture
def user(db) -> User:
    return User.objects.create_superuser("boss", "boss@example.com", PASSWORD)


class Person:
    """Somebody with a password and, once it is set up, an app."""

    def __init__(self, user: User) -> None:
        self.user, self.browser = user, Client()

    def log_in(self, password: str = PASSWORD, goal: str = "/admin/"):
        form = {"username": self.user.username, "password": password, "next": goal}
        return self.browser.post("/admin/login/", form, follow=True)

    def app_shows(self, *, steps: int = 0) -> str:
        """The code of now, or of as many half minutes later."""
        device = TOTPDevice.objects.get(user=self.user)
        clock = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        clock.time = time.time() + steps * device.step
        return f"{clock.token():06d}"

    def set_up(self) -> list[str]:
        """Log in and set up the second factor. Returns the recovery codes."""
        self.log_in()
        page = self.browser.post("/admin/second-factor/set-up/", {"code": self.app_shows()})
        codes: list[str] = page.context["codes"]
        return codes

    def enter(self, code: str, **query):
        address = f"/admin/second-factor/?{urlencode(query)}"
        return self.browser.post(address, {"code": code}, follow=True)

    def is_in(self, browser: Client | None = None) -> bool:
        return (browser or self.browser).get("/admin/").status_code == 200


@pytest.fixture
def boss(user) -> Person:
    return Person(user)
