"""Nothing private is in any public answer: no e-mail address, token, key, operator's note or error of ours.

Twice over: the OpenAPI document promises no such field, and real answers hold none of the texts that all
private columns are filled with. A column counts as private until it is named here as public.
"""

import io
import re
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import connection, models

from channels.models import (
    App,
    Channel,
    ChannelEvent,
    Creator,
    Lane,
    OperatorKey,
    Pause,
    ServiceSwitch,
    Status,
    SuspensionReason,
    SwitchEvent,
    TierName,
)
from tests.support.factories import make_app, make_channel, make_file, make_video
from videos.models import MediaFile, ProxyAddress, Video, VideoEvent
from videos.states import State
from ypp.letters.models import Letter
from ypp.models import RefusedSignUp, WhitelistedHandle

pytestmark = pytest.mark.django_db

PUBLIC: dict[type[models.Model], set[str]] = {
    App: {"name", "terms", "terms_version", "support_email", "support_url", "categories"},
    Channel: {
        *("youtube_id", "handle", "title", "description", "language", "country", "thumbnails", "banner_url"),
        *("uploads_playlist_id", "category_id", "status", "tier", "suspension_reason", "pause"),
        "status_before_leaving",
    },
    Lane: {"address"},
    Video: {
        *("youtube_id", "title", "description", "language", "license", "privacy", "thumbnails", "state"),
        *("reason", "media", "progress"),
    },
    MediaFile: {"uploaded_to"},
    VideoEvent: {"event", "to_state", "reason"},
    ServiceSwitch: {"reason"},
    SwitchEvent: set(),
    Creator: {"subject"},  # Atlas names its users by it
    ChannelEvent: set(),
    OperatorKey: set(),
    ProxyAddress: set(),
    WhitelistedHandle: set(),
    RefusedSignUp: set(),
    Letter: set(),
}
"""The texts that everybody may read, by model. What a model gets later is private until it is added."""

FORM: dict[tuple[type[models.Model], str], Any] = {
    (Creator, "grant"): {"access_token": "secret", "refresh_token": "secret"},
    (Channel, "status_before_suspension"): Status.VERIFIED,
    (Video, "held"): Pause.STORAGE_FULL,
    (Video, "broadcast"): "none",
    (Video, "youtube_category_id"): "27",
    (Video, "found_by"): "poll",
}
"""Private columns that must have a certain form; what the form allows of a secret is in them."""

SECRET = "secret"

SUSPECT = re.compile(
    r"e_?mail|token|secret|seed|password|grant|hash|lease|note|subject|_text$|^by$|last_error|traceback", re.I
)
"""Names that no field of a public answer has."""

ITS_OWN = {"createUser", "createChannel"}
"""Operations that answer a creator with the address that Google or they themselves have just given."""


@pytest.fixture(scope="module")
def document():
    written = io.StringIO()
    call_command("spectacular", stdout=written)
    return yaml.safe_load(written.getvalue())


def names_in(schema: Any, document: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """Every property that an answer of the schema may have, however deep."""
    if isinstance(schema, list):
        return set().union(*(names_in(each, document, seen) for each in schema), set())
    if not isinstance(schema, dict):
        return set()
    reference = schema.get("$ref")
    if reference:
        if reference in seen:
            return set()
        named = document["components"]["schemas"][reference.rpartition("/")[2]]
        return names_in(named, document, seen | {reference})
    properties = schema.get("properties", {})
    deeper = [value for key, value in schema.items() if key not in ("properties", "example", "enum")]
    return set(properties) | names_in([*properties.values(), *deeper], document, seen)


def public_operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "security" not in operation:
                yield method, path, operation


def test_no_public_answer_promises_a_private_field(document):
    checked = 0
    for method, path, operation in public_operations(document):
        for status, response in operation["responses"].items():
            for content in response.get("content", {}).values():
                suspects = {name for name in names_in(content["schema"], document) if SUSPECT.search(name)}
                allowed = {"email"} if operation["operationId"] in ITS_OWN else set()
                assert suspects <= allowed, f"{method} {path} {status}: {suspects}"
                checked += 1
    assert checked > 60


def test_what_shows_an_address_of_others_needs_an_operators_key(document):
    public = {operation["operationId"] for _, _, operation in public_operations(document)}
    showing = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        for content in response.get("content", {}).values()
        if "email" in names_in(content["schema"], document)
    }
    assert showing & public == ITS_OWN
    assert showing - public == {"listUsers", "getUser"}


def fill(row: models.Model) -> None:
    """Secrets in all text columns that are not public."""
    public = PUBLIC[type(row)]
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in public or field.is_relation:
            continue
        if (type(row), field.name) in FORM:
            values[field.name] = FORM[type(row), field.name]
        elif isinstance(field, models.EmailField):
            values[field.name] = f"{SECRET}-{row.pk}@example.com"
        elif isinstance(field, models.JSONField) or field.get_internal_type() == "EncryptedJSONField":
            values[field.name] = {SECRET: f"{SECRET} {field.name}"}
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            values[field.name] = f"{SECRET} {field.name} {row.pk}"[: field.max_length or 100]
    type(row)._default_manager.filter(pk=row.pk).update(**values)


@pytest.fixture
def known() -> dict[str, list[str]]:
    """Rows in every state with their secrets; the ids by the parameters that name them."""
    app = make_app()
    rows: list[models.Model] = [app, app.lane]
    channels, videos, creators = [], [], []
    for number, status in enumerate(Status):
        creator = Creator.objects.create(subject=f"77{number}", email="a@example.com")
        channel = make_channel(
            app=app,
            creator=creator,
            status=status,
            tier=TierName.SILVER if status == Status.VERIFIED else "",
            suspension_reason=SuspensionReason.COPYRIGHT_BREACH if status == Status.SUSPENDED else "",
            pause=list(Pause)[number],
        )
        creators.append(creator)
        channels.append(channel)
        rows += [creator, channel, ChannelEvent.objects.create(channel=channel, event="paused", by="x")]
        for reason in ("", "unexpected", "download_stalled"):
            for state in State:
                video = make_video(channel, state=state, reason=reason)
                event = VideoEvent.objects.create(
                    video=video, event="failed", to_state=state, reason="unexpected", by="x"
                )
                videos.append(video)
                rows += [video, event, make_file(video, uploaded_to="https://storage.example.com")]
        rows += [Letter.objects.create(channel=channel, kind="welcome", event=f"welcome {number}")]
    switch = ServiceSwitch.objects.create(name="upload", is_on=False, reason="A move", turned_by="x")
    rows += [
        switch,
        SwitchEvent.objects.create(switch=switch, is_on=False, by="x"),
        OperatorKey.objects.create(name="x", key_hash="x"),
        ProxyAddress.objects.create(key="x", name="x"),
    ]
    for row in rows:
        fill(row)
    return {
        "joystream_channel_id": [str(channel.joystream_channel_id) for channel in channels],
        "user_id": [creator.subject for creator in creators],
        "youtube_channel_id": [channel.youtube_id for channel in channels],
        "id": [channel.youtube_id for channel in channels],
        "youtube_id": [video.youtube_id for video in videos],
        "member_id": ["1"],
        "handle": ["@x"],
    }


def addresses(path: str, known: dict[str, list[str]]) -> list[str]:
    """The path with all that is known in the places of its parameters, and with what there is not."""
    names = re.findall(r"{(\w+)}", path)
    if not names:
        return [path]
    pairs = list(zip(*(known[name] for name in names), strict=False))
    return [
        path.format(**dict(zip(names, values, strict=True))) for values in [*pairs, tuple("0" for _ in names)]
    ]


def test_no_public_answer_holds_a_private_text(client, document, known):
    """Each operation, rightly asked and wrongly: with another method, without a body."""
    asked = answered = 0
    for method, path, _ in public_operations(document):
        for address in addresses(path, known):
            for each in {method, "get", "put"}:
                response = client.generic(each.upper(), address, headers={"Accept": "application/json"})
                text = response.content.decode() + str(response.headers)
                assert SECRET not in text, (
                    f"{each} {address}: {text[max(text.find(SECRET) - 200, 0) :][:400]}"
                )
                assert response.status_code < 500 or "member" in address or "collaborator" in address, address
                asked += 1
                answered += response.status_code == 200
    assert asked > 300
    assert answered > 100


def test_pages_for_everybody_hold_no_private_text(client, known):
    for address in ("/", "/numbers/", "/terms/", "/robots.txt", "/sign-in/", "/healthz", "/readyz", "/docs"):
        response = client.get(address, headers={"Accept": "text/html"})
        assert response.status_code == 200, address
        assert SECRET not in response.content.decode(), address


@pytest.mark.parametrize("path", ["/channels", "/api/v1/channels/", "/"])
@pytest.mark.parametrize("accept", ["application/json", "text/html,*/*;q=0.8"])
def test_an_error_of_ours_says_nothing_about_itself(client, path, accept):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE channels_channel RENAME TO gone")
    client.raise_request_exception = False
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 500
    text = response.content.decode()
    for word in ("channels_channel", "SELECT", "Traceback", "ProgrammingError", "psycopg", ".py"):
        assert word not in text
