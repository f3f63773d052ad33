"""What the query node answers, well or badly (fault Q2); `tests/devnet` asks one that knows the schema."""

import json
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.sync.server import serve
from websockets.typing import Subprotocol

from tests.units.joystream.foreign_http import Answer, foreign_server
from ytsynch.joystream.errors import QueryNodeUnavailable
from ytsynch.joystream.query_node import QnObject, QnVideo, QueryNode, StorageBucket

OBJECT = {"id": "18", "isAccepted": True, "ipfsHash": "gWmedia", "size": "2500000"}
CATEGORY = {"id": "7", "name": "Education"}
VIDEO = {
    "title": "Bees",
    "description": "",
    "isPublic": True,
    "duration": 62,
    "publishedBeforeJoystream": "2026-01-02T03:04:05.000Z",
    "createdAt": "2026-02-03T04:05:06.000Z",
    "id": "3",
    "ytVideoId": "dQw4w9WgXcQ",
    "createdInBlock": 40,
    "channel": {"id": "1"},
    "entryApp": {"id": "1", "name": "devnet-gateway"},
    "media": OBJECT,
    "thumbnailPhoto": None,
    "subtitles": [{"asset": {**OBJECT, "id": "20", "isAccepted": False}}, {"asset": None}],
}


def data(**fields):
    return Answer(200, json.dumps({"data": fields}).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def server():
    with foreign_server(lambda asked: data(videoCategoryByUniqueInput=CATEGORY)) as foreign:
        yield foreign


@pytest.fixture
def node(server):
    return QueryNode(server.url + "/graphql", timeout=2.0)


def variables(asked):
    return json.loads(asked.body)["variables"]


def test_a_question_is_one_post_with_its_variables_apart(server, node):
    category = node.category("7")
    assert category is not None
    assert category.name == "Education"
    (asked,) = server.asked
    assert (asked.method, asked.path, variables(asked)) == ("POST", "/graphql", {"id": "7"})


def test_what_does_not_exist_is_none(server, node):
    server.answer = lambda asked: data(videoCategoryByUniqueInput=None)
    assert node.category("7") is None


def test_a_video_comes_with_its_attribution_and_files(server, node):
    server.answer = lambda asked: data(videos=[VIDEO])
    media = QnObject(18, "gWmedia", 2500000, is_accepted=True)
    subtitle = QnObject(20, "gWmedia", 2500000, is_accepted=False)
    before, created = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    video = QnVideo(
        3, "dQw4w9WgXcQ", 1, "1", "devnet-gateway", 40, media, None, (subtitle,),
        title="Bees", description="", is_public=True, duration=62,
        published_before=before, created_at=created,
    )  # fmt: skip
    assert node.videos_by_youtube_id(["dQw4w9WgXcQ", "unknown"]) == {"dQw4w9WgXcQ": [video]}
    assert video.assets == (media, subtitle)


def test_long_lists_of_ids_are_asked_for_a_hundred_at_a_time(server, node):
    def answer(asked):
        return data(storageDataObjects=[{**OBJECT, "id": id} for id in variables(asked)["ids"]])

    server.answer = answer
    accepted = node.objects_accepted(list(range(1, 251)))
    assert sorted(accepted) == list(range(1, 251))
    assert [len(variables(asked)["ids"]) for asked in server.asked] == [100, 100, 50]


def test_an_empty_list_asks_nothing(server, node):
    assert node.channels([]) == {}
    assert server.asked == []


def test_the_videos_of_a_channel_come_page_by_page(server, node):
    def answer(asked):
        start, limit = variables(asked)["offset"], variables(asked)["limit"]
        return data(videos=[{**VIDEO, "id": str(id)} for id in range(5)[start : start + limit]])

    server.answer = answer
    assert [video.id for video in node.videos_of_channel(1, page=2)] == [0, 1, 2, 3, 4]
    assert len(server.asked) == 3


def test_what_is_free_in_a_bucket_is_its_limit_less_what_is_used(server, node):
    bucket = {
        "id": "3",
        "dataObjectsSize": "400",
        "dataObjectsSizeLimit": "1000",
        "dataObjectsCount": "2",
        "dataObjectCountLimit": "10",
        "operatorMetadata": {"nodeEndpoint": "http://127.0.0.1:1/"},
    }
    server.answer = lambda asked: data(storageBuckets=[bucket])
    assert node.storage_buckets(42) == [StorageBucket(3, "http://127.0.0.1:1/", 600, 8)]
    assert variables(server.asked[0]) == {"bag": "dynamic:channel:42"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200, b'{"errors": [{"message": "canceling statement"}]}'), "canceling statement"),
        (Answer(500, b"out of order"), "500"),
        (Answer(200, b"<html>a gateway</html>"), "Not a JSON answer"),
        (Answer(200, b'{"data": {}}'), "malformed answer, KeyError"),
        (Answer(200, b'{"data": {"videos": {"id": 1}}}'), "malformed answer, TypeError"),
        (Answer(200, b'{"data": {"videos": [{"id": "one"}]}}'), "malformed answer"),
        (data(videos=[{**VIDEO, "media": {**OBJECT, "isAccepted": "yes"}}]), "expected true or false"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_with_what_was_asked(server, node, answer, told):
    server.answer = lambda asked: answer
    with pytest.raises(QueryNodeUnavailable, match=told) as failure:
        node.videos_by_youtube_id(["dQw4w9WgXcQ"])
    assert failure.value.asked == "videos"
    assert failure.value.endpoint == server.url + "/graphql"


def test_a_query_node_that_nobody_runs_is_unavailable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        node = QueryNode(f"http://127.0.0.1:{taken.getsockname()[1]}/graphql", timeout=2.0)
        with pytest.raises(QueryNodeUnavailable):
            node.categories()
        with pytest.raises(QueryNodeUnavailable):
            node.last_processed_block()


def test_a_query_node_that_says_nothing_is_unavailable_after_the_time_out():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        node = QueryNode(f"http://127.0.0.1:{silent.getsockname()[1]}/graphql", timeout=0.3)
        with pytest.raises(QueryNodeUnavailable, match="timed out"):
            node.categories()
        with pytest.raises(QueryNodeUnavailable):
            node.last_processed_block()


@pytest.fixture
def subscriptions():
    """A graphql-transport-ws server that answers every subscription with its one `payload`."""
    payload: dict[str, Any] = {}

    def converse(socket):
        for text in socket:
            message = json.loads(text)
            if message["type"] == "connection_init":
                socket.send(json.dumps({"type": "connection_ack"}))
            elif message["type"] == "subscribe":
                socket.send(json.dumps({"type": "next", "id": message["id"], "payload": payload}))

    with serve(converse, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-transport-ws")]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.socket.getsockname()[1]}/graphql"
        yield QueryNode(url, timeout=2.0), payload
        server.shutdown()
        thread.join()


def test_the_last_processed_block_is_the_first_message_of_the_subscription(subscriptions):
    node, payload = subscriptions
    payload["data"] = {"processorState": {"lastProcessedBlock": 12345}}
    assert node.last_processed_block() == 12345


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"processorState": {}}},
        {"data": {"processorState": None}},
        {"data": None, "errors": [{"message": "no"}]},
    ],
)
def test_a_subscription_that_answers_otherwise_is_unavailable(subscriptions, answer):
    node, payload = subscriptions
    payload.update(answer)
    with pytest.raises(QueryNodeUnavailable):
        node.last_processed_block()
