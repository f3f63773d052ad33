"""How the API behaves as a resource of the web: formats, caches, limits, other origins."""

import json

import pytest

from api.views.base import ReadThrottle
from tests.support.factories import make_channel, make_video

pytestmark = pytest.mark.django_db

PATHS = (
    "",
    "channels/",
    "videos/",
    "replications/",
    "payments/",
    "tiers/",
    "requirements/",
    "apps/",
    "metrics/",
)


def test_the_root_leads_to_everything(client):
    links = client.get("/api/v1/").json()
    assert {f"http://testserver/api/v1/{path}" for path in PATHS if path} == set(links.values())
    for link in links.values():
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_has_not_changed_is_not_sent_again(client, path):
    first = client.get(f"/api/v1/{path}")
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_that_has_changed_is_sent(client):
    channel = make_channel()
    first = client.get("/api/v1/videos/")
    make_video(channel)
    again = client.get("/api/v1/videos/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_metrics_may_be_kept_by_caches_between(client):
    assert client.get("/api/v1/metrics/")["Cache-Control"] == "public, max-age=10"


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_changed(client, path):
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(f"/api/v1/{path}", "{}", content_type="application/json")
        assert response.status_code == 405
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["title"] == "Method Not Allowed"


def test_an_address_without_its_slash_leads_to_the_one_with_it(client):
    response = client.get("/api/v1/videos?page_size=1")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/videos/?page_size=1")


def test_a_network_may_ask_so_often_and_no_more(client, monkeypatch):
    monkeypatch.setattr(ReadThrottle, "get_rate", lambda self: "3/min")
    for address in ("10.0.0.1", "10.0.0.2"):
        assert [client.get("/api/v1/tiers/", REMOTE_ADDR=address).status_code for _ in range(4)] == (
            [200, 200, 200, 429]
        )
    response = client.get("/api/v1/tiers/", REMOTE_ADDR="10.0.0.1")
    assert 0 < int(response["Retry-After"]) <= 60
    assert response["Content-Type"] == "application/problem+json"


def test_web_apps_of_other_origins_may_read(client):
    origin = {"Origin": "https://gleev.xyz"}
    for path in ("/api/v1/videos/", "/api/v1/videos/nothing/", "/schema"):
        assert client.get(path, headers=origin)["Access-Control-Allow-Origin"] == "*"
    asked = origin | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    assert client.options("/api/v1/videos/", headers=asked).status_code == 200


def test_a_session_changes_nothing(client, admin_client):
    make_video()
    assert client.get("/api/v1/videos/").content == admin_client.get("/api/v1/videos/").content
    assert "Set-Cookie" not in client.get("/api/v1/videos/").headers


def test_only_json_is_spoken(client):
    response = client.get("/api/v1/tiers/", headers={"Accept": "text/html"})
    assert response.status_code == 406
    assert json.loads(response.content)["status"] == 406
