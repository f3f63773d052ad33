"""Whatever a client sends: it is refused in the shape that Atlas reads, never with a failure of ours."""

import json
from datetime import timedelta
from typing import Any

import pytest

from channels.models import Channel, Creator
from tests.units.atlas.conftest import OWNER_KEY
from tests.units.atlas.factories import make_channel, make_creator
from ypp.sign_up import _hash
from ytsynch.security.limits import Limit

pytestmark = pytest.mark.django_db

MESSAGE = {"shouldBeIngested": True, "videoCategoryId": "3", "timestamp": "2026-01-02T03:04:05.678Z"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/users"): {"authorizationCode": "4/0abc", "youtubeRedirectUri": "http://localhost:4200/ypp"},
    ("POST", "/membership"): {
        "userId": "77",
        "authorizationCode": "4/0abc",
        "account": "j4W7rVcUCxi2crhhjRq46fNDRbVHTjJrz6bKxZwehEMQxZeSf",
        "handle": "somebody",
        "avatar": "https://example.com/a.png",
        "about": "",
        "name": "Some Body",
    },
    ("POST", "/channels"): {
        "userId": "77",
        "authorizationCode": "4/0abc",
        "email": "a@example.com",
        "joystreamChannelId": 1,
        "shouldBeIngested": True,
        "videoCategoryId": "3",
        "referrerChannelId": 2,
    },
    ("PUT", "/channels/1/ingest"): {"message": MESSAGE, "signature": "0x" + "12" * 64},
    ("PUT", "/channels/1/optout"): {
        "message": {"optout": True, "timestamp": MESSAGE["timestamp"]},
        "signature": "0x" + "12" * 64,
    },
    ("PUT", "/channels/1/category"): {
        "message": {"videoCategoryId": "3", "timestamp": MESSAGE["timestamp"]},
        "signature": "0x" + "12" * 64,
    },
    ("DELETE", "/users/77"): {"authorizationCode": "4/0other"},
}
ORDERS: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/channels/suspend"): {"joystreamChannelId": 1, "reason": "CopyrightBreach"},
    ("PUT", "/channels/verify"): {"joystreamChannelId": 1, "tier": "Gold"},
    ("PUT", "/channels/operatorIngestion"): {"joystreamChannelId": 1, "allowOperatorIngestion": True},
    ("PUT", "/channels/category"): {"joystreamChannelId": 1, "videoCategoryId": "3"},
    ("POST", "/channels/whitelist"): {"channelHandle": "@somebody"},
}
NASTY: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    2**63,
    2**64,
    10**400,
    -(10**30),
    1e308,
    "",
    " ",
    "x" * 100_000,
    "😀" * 3000,
    "'; DROP TABLE channels_channel; --",
    "\u202e\u2028",
    "http://[::1",
    "9999-12-31T23:59:59.999-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z",
    "nan",
    [],
    {},
    [[]],
    [{}],
    {"a": {"b": []}},
]


@pytest.fixture(autouse=True)
def somebody():
    channel = make_channel(1)
    make_creator("77", code_hash=_hash("4/0abc"), signed_in_channel=make_channel(None))
    return channel


@pytest.fixture
def unthrottled(monkeypatch):
    ample = Limit("sign-up", most=100_000, within=timedelta(hours=1))
    monkeypatch.setattr("atlas.views.base.SignUpThrottle.limit", ample)


def assert_refused(status: int, answer: Any) -> None:
    """A refusal that Atlas can read, or a dependency that is away; an accepted body is checked by other
    tests.
    """
    assert status in {200, 201, 400, 401, 404, 413, 415, 503}, answer
    if status >= 400:
        coded = set(answer) <= {"code", "message", "result"} and {"code", "message"} <= set(answer)
        single = set(answer) == {"statusCode", "message", "error"} and answer["statusCode"] == status
        assert coded or single, answer


def variants(body: dict[str, Any]):
    """The body with each value, also those within, replaced by each nasty one; each name left out; a stranger
    added.
    """
    for name, value in body.items():
        yield {other: body[other] for other in body if other != name}
        for nasty in NASTY:
            yield {**body, name: nasty}
        if isinstance(value, dict):
            for inner in variants(value):
                yield {**body, name: inner}
    yield {**body, "stranger": 1}


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_nasty_values_in_every_field(atlas, unthrottled, method, path):
    body = BODIES[method, path]
    assert_refused(*atlas.send(method, path, body))
    for variant in variants(body):
        assert_refused(*atlas.send(method, path, variant))


@pytest.mark.parametrize(("method", "path"), ORDERS)
def test_nasty_values_in_every_field_of_an_order(atlas, method, path):
    for variant in variants(ORDERS[method, path]):
        assert_refused(*atlas.send(method, path, [variant], key=OWNER_KEY))
    for nasty in NASTY:
        assert_refused(*atlas.send(method, path, nasty, key=OWNER_KEY))
        assert_refused(*atlas.send(method, path, [nasty], key=OWNER_KEY))


def text(**fields: str) -> str:
    """A sign-in with raw JSON in a field."""
    return (
        '{"youtubeRedirectUri": "http://localhost/", '
        + ", ".join(f'"{n}": {v}' for n, v in fields.items())
        + "}"
    )


RAW = {
    "nothing": b"",
    "no JSON": b"{authorizationCode}",
    "cut off": b'{"authorizationCode": "4/0',
    "no UTF-8": b'{"authorizationCode": "\xff\xfe"}',
    "UTF-16": '{"authorizationCode": "4/0abc"}'.encode("utf-16"),
    "nul": text(authorizationCode='"a\\u0000b"').encode(),
    "nul in a name": b'{"a\\u0000b": 1}',
    "lone surrogate": text(authorizationCode='"\\ud83d"').encode(),
    "NaN": text(authorizationCode="NaN").encode(),
    "infinite": text(authorizationCode="1e999").encode(),
    "too many digits": text(authorizationCode="1" * 10_000).encode(),
    "nested deeply": b"[" * 100_000 + b"]" * 100_000,
    "objects nested deeply": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a name twice": text(authorizationCode='"a", "authorizationCode": "b"').encode(),
    "a number": b"17",
    "a text": b'"text"',
    "null": b"null",
    "huge": b'{"authorizationCode": "' + b"x" * 3_000_000 + b'"}',
}


@pytest.mark.parametrize("body", RAW.values(), ids=RAW)
@pytest.mark.parametrize(("method", "path"), [*BODIES, *ORDERS])
def test_bodies_that_cannot_be_read(client, body, method, path):
    response = client.generic(
        method, path, body, content_type="application/json", headers={"Authorization": f"Bearer {OWNER_KEY}"}
    )
    if (method, body) == ("DELETE", b""):  # an operator needs no body
        assert response.status_code == 200
        return
    assert response.status_code == (413 if len(body) > 2_700_000 else 400)
    assert_refused(response.status_code, json.loads(response.content))


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml", ""]
)
@pytest.mark.parametrize(("method", "path"), [*BODIES, *ORDERS])
def test_bodies_of_another_kind(client, kind, method, path):
    response = client.generic(
        method, path, b"a=1", content_type=kind, headers={"Authorization": f"Bearer {OWNER_KEY}"}
    )
    assert response.status_code == 415
    assert_refused(response.status_code, json.loads(response.content))


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/json; charset=latin-1", "application/json;x=y"]
)
def test_parameters_of_the_content_type_do_not_matter(client, kind):
    response = client.generic("POST", "/users", '{"authorizationCode": "é"}', content_type=kind)
    assert json.loads(response.content)["message"] == "youtubeRedirectUri: This field is required."


@pytest.mark.parametrize(
    "path",
    [
        "/channels/-1",
        "/channels/1e3",
        "/channels/%00",
        "/channels/" + "9" * 5000,
        "/channels/" + "9" * 30,
        "/channels/" + "9" * 30 + "/videos",
        "/members/" + "9" * 30 + "/channels",
        "/members/" + "9" * 5000 + "/channels",
        "/users/%00",
        "/users/a%00b/videos",
        "/users/" + "x" * 100 + "/channels",
        "/users/77/channels/%00/videos",
        "/channels/whitelist/@a%00b",
        "/channels/whitelist/@%ff",
        "/channels/1/videos?page=%00",
        "/channels//videos",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_odd_paths(client, method, path):
    response = client.generic(
        method, path, b"{}", content_type="application/json", headers={"Authorization": f"Bearer {OWNER_KEY}"}
    )
    assert response.status_code < 500 or response.status_code == 503


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "/channels/1"), ("POST", "/status"), ("DELETE", "/channels")]
)
def test_a_method_that_is_not_there(atlas, method, path):
    status, answer = atlas.send(method, path)
    assert (status, answer["statusCode"], answer["error"]) == (405, 405, "Method Not Allowed")


def test_nothing_of_all_that_changed_anything(atlas, unthrottled):
    for (method, path), body in BODIES.items():
        for variant in variants(body):
            atlas.send(method, path, variant)
    assert (Channel.objects.count(), Creator.objects.count()) == (2, 1)
    assert not Channel.objects.get(joystream_channel_id=1).events.exists()
