"""The staff's desk, as a member of staff sees it in a browser."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.support.factories import make_channel
from ytsynch.config import Config

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def quiet_outside(settings, tmp_path):
    """No outside service answers, and files go where nobody looks."""
    settings.CONFIG = Config.model_validate(
        {
            "endpoints": {
                "queryNode": f"{NOWHERE}/graphql",
                "joystreamNodeWs": "ws://127.0.0.1:9",
                "youtubeApi": NOWHERE,
            },
            "youtube": {"apiKey": "a-key"},
            "staff": {"secondFactor": None},
            "sync": {"downloadsDir": str(tmp_path / "downloads"), "mediaDir": str(tmp_path / "media")},
        }
    )
    cache.clear()


@pytest.fixture
def admin_user(db) -> User:
    return User.objects.create_superuser("boss", "boss@example.com", "a password of twelve")


@pytest.fixture
def staff(admin_user, client):
    """A browser in which a superuser is logged in."""
    client.force_login(admin_user)
    return client


@pytest.fixture
def channel(db):
    return make_channel()


class Desk:
    """Gives orders as staff do it with the mouse."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def page(self, row: Any) -> str:
        return self.client.get(self._address("change", row.pk, row)).content.decode()

    def ask(self, row: Any, order: str) -> str:
        """The confirmation page of an order from the row's own page."""
        response = self.client.get(self._address("order", row.pk, row, order))
        assert response.status_code == 200
        return response.content.decode()

    def order(self, row: Any, order: str, **said: Any) -> list[str]:
        """Confirm an order from the row's own page. Returns what the next page says of it."""
        address = self._address("order", row.pk, row, order)
        response = self.client.post(address, {"confirmed": "yes", **said}, follow=True)
        assert response.status_code == 200
        return [str(message) for message in response.context["messages"]]

    def order_many(self, rows: list[Any], order: str, *, confirmed: bool = True, **said: Any) -> Any:
        """Tick the rows in the list and give the order; `confirmed` also answers the question that
        follows.
        """
        ticked = {"action": order, "_selected_action": [row.pk for row in rows]}
        address = self._address("changelist", None, rows[0])
        if not confirmed:
            return self.client.post(address, {**ticked, "index": 0, "select_across": 0})
        return self.client.post(address, {**ticked, "confirmed": "yes", **said}, follow=True)

    @staticmethod
    def _address(what: str, pk: Any, row: Any, *more: str) -> str:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{what}"
        return reverse(name, args=[*([] if pk is None else [pk]), *more])


@pytest.fixture
def desk(staff) -> Desk:
    return Desk(staff)
