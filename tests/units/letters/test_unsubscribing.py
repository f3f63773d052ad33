"""The page behind the link at the end of a letter."""

import pytest
from django.urls import reverse

from tests.units.letters.conftest import ADDRESS
from ypp.letters import unsubscribing
from ypp.letters.models import Unsubscribed

pytestmark = pytest.mark.django_db


@pytest.fixture
def link():
    return reverse("unsubscribe", args=[unsubscribing.token_of(ADDRESS)])


def test_opening_the_link_asks_and_changes_nothing(client, link):
    page = client.get(link)
    assert b"Send me no more letters" in page.content
    assert not unsubscribing.is_unsubscribed(ADDRESS)


def test_the_button_does_it_and_another_takes_it_back(client, link):
    assert b"You get no more letters" in client.post(link).content
    assert unsubscribing.is_unsubscribed(ADDRESS)
    assert b"You get letters again" in client.post(link, {"subscribe": "1"}).content
    assert not unsubscribing.is_unsubscribed(ADDRESS)


def test_a_mail_program_may_post_twice_and_needs_no_cookie(link):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Unsubscribed.objects.count() == 1


def test_a_link_that_was_changed_does_nothing(client, link):
    other = "0" if link.split("/")[-1][0] != "0" else "1"
    changed = reverse("unsubscribe", args=[other + link.split("/")[-1][1:]])
    assert client.post(changed).status_code == 404
    assert not Unsubscribed.objects.exists()


def test_neither_the_link_nor_the_database_has_the_address(link):
    unsubscribing.unsubscribe(link.split("/")[-1])
    assert ADDRESS.split("@")[0] not in link + str(Unsubscribed.objects.values().get())


def test_other_methods_are_refused(client, link):
    assert client.put(link).status_code == 405
