"""Gateway apps at the staff's desk: what their creators are told, and may choose."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache

from channels.models import App
from tests.support.factories import make_app
from ytsynch.joystream.query_node import QnCategory

pytestmark = pytest.mark.django_db

TOLD = {"terms": "", "support_email": "", "support_url": "", "categories": []}


@pytest.fixture
def app() -> App:
    return make_app(name="gleev", categories=["3"])


@pytest.fixture
def categories_known() -> None:
    """As if Joystream had been asked a moment ago."""
    cache.set("joystream-categories", [QnCategory("3", "Sports"), QnCategory("5", "Music")], 60)


def save(staff, app: App, **changes):
    form = TOLD | {"categories": app.categories} | changes
    return staff.post(f"/admin/channels/app/{app.pk}/change/", form)


def test_terms_support_and_categories_are_changed_and_remembered(staff, app, categories_known):
    page = staff.get(f"/admin/channels/app/{app.pk}/change/").content.decode()
    assert ("Sports" in page, "Music" in page, "seed" in page) == (True, True, False)
    changes = {
        "terms": "# Ours",
        "support_email": "desk@gleev.example",
        "support_url": "https://gleev.example/help",
        "categories": ["3", "5"],
    }
    assert save(staff, app, **changes).status_code == 302
    app.refresh_from_db()
    assert (app.terms, app.support_email, app.support_url) == (
        "# Ours",
        "desk@gleev.example",
        "https://gleev.example/help",
    )
    assert (app.categories, app.allows("5"), app.allows("7")) == (["3", "5"], True, False)
    assert (app.name, app.account_seed) == ("gleev", "seed")
    assert "['3'] → ['3', '5']" in LogEntry.objects.get().get_change_message()


def test_each_change_of_the_terms_is_another_version(staff, app, categories_known):
    save(staff, app, terms="One")
    app.refresh_from_db()
    first = app.terms_version
    assert first
    save(staff, app, terms="One", support_email="desk@gleev.example")
    app.refresh_from_db()
    assert app.terms_version == first
    App.objects.update(terms_version="2026-01-01 00:00:00")
    save(staff, app, terms="Two")
    app.refresh_from_db()
    assert app.terms_version > "2026-01-01 00:00:00"
    save(staff, app, terms="")
    app.refresh_from_db()
    assert app.terms_version == ""


def test_without_joystream_those_that_are_chosen_can_be_taken_back(staff, app):
    page = staff.get(f"/admin/channels/app/{app.pk}/change/").content.decode()
    assert "Joystream does not answer now" in page
    save(staff, app, categories=[])
    app.refresh_from_db()
    assert app.categories == []
    assert app.allows("anything")


@pytest.mark.parametrize("wrong", [{"support_email": "nobody"}, {"support_url": "javascript:alert(1)"}])
def test_what_is_no_address_is_not_taken(staff, app, categories_known, wrong):
    assert save(staff, app, **wrong).status_code == 200
    app.refresh_from_db()
    assert (app.support_email, app.support_url) == ("", "")


def test_apps_are_neither_added_nor_deleted_here(staff, app):
    assert staff.get("/admin/channels/app/add/").status_code == 403
    assert staff.post(f"/admin/channels/app/{app.pk}/delete/", {"post": "yes"}).status_code == 403
