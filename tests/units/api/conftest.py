"""The public API as a web app reads it."""

import json
from typing import Any

import pytest
from django.core.cache import cache


class Reader:
    """(status, JSON) of an address below /api/v1/."""

    def __init__(self, client):
        self._client = client

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        response = self._client.get(path if path.startswith("http") else f"/api/v1/{path}", query)
        return response.status_code, json.loads(response.content)

    def found(self, path: str, **query: Any) -> Any:
        """The JSON of what must be there."""
        status, answer = self.get(path, **query)
        assert status == 200, answer
        return answer

    def ids(self, path: str, **query: Any) -> list[str]:
        """YouTube ids on the first page of a list."""
        return [row["youtube_id"] for row in self.found(path, **query)["results"]]


@pytest.fixture
def api(client) -> Reader:
    return Reader(client)


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    """Neither numbers of an earlier test nor its requests."""
    cache.clear()
