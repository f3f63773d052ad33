"""Every list and every page opens, with data and without, and costs as many queries for fifty rows as
for five.
"""

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.units.admin.living import make_programme

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
LABELS = [model._meta.label_lower for model in MODELS]


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def queries_of(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_the_list_opens_without_rows(staff, model):
    assert staff.get(list_of(model)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_the_list_costs_as_many_queries_for_fifty_rows_as_for_five(staff, model):
    make_programme(range(5))
    staff.get(list_of(model))  # content types and the like are read once a process
    few = queries_of(staff, list_of(model))
    make_programme(range(5, 50))
    assert queries_of(staff, list_of(model)) == few


@pytest.mark.parametrize("model", MODELS, ids=LABELS)
def test_the_page_of_each_row_opens(staff, model):
    make_programme(range(12))
    for row in model._default_manager.all()[:12]:
        assert staff.get(page_of(row)).status_code == 200, page_of(row)
        history = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
        assert staff.get(reverse(history, args=[row.pk])).status_code == 200


def test_a_row_that_is_not_there_leads_back_to_the_dashboard(staff):
    response = staff.get("/admin/channels/channel/999/change/")
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_the_dashboard_opens_without_anything_and_misses_the_workers(staff):
    assert "Download: no worker is alive." in staff.get("/admin/").content.decode()


@pytest.mark.parametrize("window", ["24h", "7d", "30d", "no such window"])
def test_the_dashboard_costs_as_many_queries_for_fifty_channels_as_for_five(staff, window):
    address = f"/admin/?window={window}"
    make_programme(range(5))
    staff.get(address)
    few = queries_of(staff, address)
    make_programme(range(5, 50))
    assert queries_of(staff, address) == few


@pytest.mark.parametrize(
    "view", ["syncing", "unverified", "suspended", "stuck", "storage", "revoked", "paused", "no such view"]
)
def test_each_saved_view_of_channels_opens(staff, view):
    make_programme(range(5))
    assert staff.get(f"/admin/channels/channel/?view={view}").status_code == 200


@pytest.mark.parametrize("view", ["under-way", "failing", "at-work", "held", "boosted"])
def test_each_saved_view_of_videos_opens(staff, view):
    make_programme(range(9))
    assert staff.get(f"/admin/videos/video/?view={view}").status_code == 200
