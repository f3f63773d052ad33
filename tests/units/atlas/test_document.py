"""The OpenAPI document, its pages, and what browsers of other origins may do."""

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from atlas import bodies, examples, serializers
from atlas.urls import urlpatterns

pytestmark = pytest.mark.django_db

PUBLIC = {
    ("post", "/users"),
    ("get", "/users"),
    ("get", "/users/{user_id}"),
    ("delete", "/users/{user_id}"),
    ("get", "/users/{user_id}/channels"),
    ("get", "/users/{user_id}/channels/{youtube_channel_id}/videos"),
    ("get", "/users/{user_id}/videos"),
    ("post", "/membership"),
    ("post", "/channels"),
    ("get", "/channels"),
    ("get", "/channels/unverified"),
    ("get", "/channels/induction/requirements"),
    ("get", "/channels/{joystream_channel_id}"),
    ("get", "/channels/{joystream_channel_id}/videos"),
    ("get", "/channels/{joystream_channel_id}/referrals"),
    ("put", "/channels/{joystream_channel_id}/ingest"),
    ("put", "/channels/{joystream_channel_id}/optout"),
    ("put", "/channels/{joystream_channel_id}/category"),
    ("put", "/channels/suspend"),
    ("put", "/channels/verify"),
    ("put", "/channels/operatorIngestion"),
    ("put", "/channels/category"),
    ("post", "/channels/whitelist"),
    ("delete", "/channels/whitelist/{handle}"),
    ("get", "/members/{member_id}/channels"),
    ("get", "/referrers/top-referrers"),
    ("get", "/status"),
    ("get", "/status/quota-usage"),
    ("get", "/status/quota-usage/today"),
    ("get", "/youtube/quota-usage"),
    ("get", "/youtube/quota-usage/today"),
    ("get", "/status/collaborator"),
}


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)


def test_every_operation_of_the_contract_is_described(document):
    described = {(method, path) for path, item in document["paths"].items() for method in item}
    assert described == PUBLIC


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_every_operation_says_what_it_is_for(document):
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert operation["tags"]


def test_operators_operations_need_a_key(document):
    for path in ("suspend", "verify", "operatorIngestion", "category"):
        assert document["paths"][f"/channels/{path}"]["put"]["security"] == [{"operatorKey": []}]


@pytest.mark.parametrize(
    ("example", "serializer"),
    [
        (examples.CHANNEL, serializers.ChannelDto),
        (examples.VIDEO, serializers.VideoDto),
        (examples.SIGNED_IN, serializers.SignedInDto),
        (examples.JOINED, serializers.JoinedDto),
        (examples.REFERRER, serializers.ReferrerDto),
        (examples.STATUS, serializers.StatusDto),
        (examples.QUOTA, serializers.QuotaDto),
        (examples.COLLABORATOR, serializers.CollaboratorDto),
    ],
)
def test_examples_have_the_fields_that_are_sent(example, serializer):
    assert set(example.value) == set(serializer().fields)


@pytest.mark.parametrize(
    ("example", "serializer"),
    [
        (examples.SIGN_IN_REQUEST, bodies.SignInRequest),
        (examples.JOIN_REQUEST, bodies.JoinRequest),
        (examples.INGEST_REQUEST, bodies.IngestRequest),
    ],
)
def test_examples_of_requests_are_accepted(example, serializer):
    assert serializer(data=example.value).is_valid()


def test_the_document_is_served(client):
    response = client.get("/schema")
    assert response.status_code == 200
    assert "/channels/{joystream_channel_id}/videos" in yaml.safe_load(response.content)["paths"]


@pytest.mark.parametrize("page", ["/docs", "/docs/redoc"])
def test_its_pages_take_nothing_from_elsewhere(client, page):
    response = client.get(page)
    assert response.status_code == 200
    assert b"https://" not in response.content


@pytest.mark.parametrize("path", ["/channels", "/channels/1/ingest", "/users", "/status", "/schema"])
def test_a_web_app_of_any_origin_may_ask(client, path):
    headers = {
        "Origin": "https://gleev.xyz",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,x-anything",
    }
    response = client.options(path, headers=headers)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "*, authorization"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_refusals_can_be_read_by_a_web_app_too(client):
    response = client.get("/channels/1", headers={"Origin": "https://gleev.xyz"})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (404, "*")


def test_the_admin_is_not_for_other_origins(client):
    response = client.get("/admin/login/", headers={"Origin": "https://gleev.xyz"})
    assert "Access-Control-Allow-Origin" not in response.headers
