"""The OpenAPI document of the whole service: valid, complete, with true examples, and as committed."""

import io
import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.validation import validate_schema

from api.paging import MOST

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def text():
    written = io.StringIO()
    call_command("spectacular", "--fail-on-warn", stdout=written)
    return written.getvalue()


@pytest.fixture(scope="module")
def document(text):
    return yaml.safe_load(text)


def operations(document):
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_the_committed_document_is_that_of_the_code(text):
    assert COMMITTED.read_text() == text, "write it anew: manage.py spectacular --file docs/openapi.yaml"


def test_the_document_is_valid(document):
    assert document["openapi"] == "3.1.0"
    validate_schema(document)


def test_every_operation_has_a_name_a_purpose_and_a_tag_that_is_explained(document):
    explained = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for method, path, operation in operations(document):
        assert operation.get("summary"), (method, path)
        assert set(operation["tags"]) <= explained, (method, path)


def test_the_public_api_only_reads_and_needs_no_key(document):
    public = [(method, operation) for method, path, operation in operations(document) if "/api/v1/" in path]
    assert len(public) == 13
    for method, operation in public:
        assert method == "get"
        assert "security" not in operation


def test_what_needs_a_key_says_so(document):
    assert document["components"]["securitySchemes"]["operatorKey"]["scheme"] == "bearer"
    for method, path, operation in operations(document):
        assert ("401" in operation["responses"]) == ("security" in operation), (method, path)


def test_every_list_says_how_its_pages_are_asked_for(document):
    for path in ("channels/", "videos/", "replications/", "channels/{id}/videos/"):
        parameters = {one["name"]: one for one in document["paths"][f"/api/v1/{path}"]["get"]["parameters"]}
        assert parameters["page_size"]["schema"]["maximum"] == MOST
        assert parameters["ordering"]["schema"]["default"] in parameters["ordering"]["schema"]["enum"]
        assert "cursor" in parameters


def test_every_public_operation_has_an_example_that_fits_its_schema(document):
    for _, path, operation in operations(document):
        if not path.startswith("/api/v1/"):
            continue
        for response in operation["responses"].values():
            for content in response["content"].values():
                (example,) = content["examples"].values()
                schema = {**content["schema"], "components": document["components"]}
                jsonschema.validate(example["value"], schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.django_db
def test_it_is_served_as_yaml_and_as_json(client, document):
    assert yaml.safe_load(client.get("/schema").content) == document
    response = client.get("/schema", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert json.loads(response.content) == document
    again = client.get("/schema", headers={"If-None-Match": client.get("/schema")["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["lang=%00", "lang=zz", "version=1%0Ax", "format=nothing"])
def test_it_is_not_upset_by_what_it_is_asked(client, query):
    assert client.get(f"/schema?{query}").status_code in (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/docs", "/docs?script", "/docs/redoc"])
def test_the_pages_about_it_read_it_from_here(client, page):
    response = client.get(page)
    assert response.status_code == 200
    assert b"/schema" in response.content or b"?script" in response.content
    assert b"https://" not in response.content
