"""The client against a server that answers in Colossus' words (faults S1 to S5)."""

import json
import resource
import socket
import sys

import pytest

from tests.units.joystream.foreign_http import Answer, foreign_server
from ytsynch.joystream.errors import (
    AlreadyStored,
    FileRejected,
    ObjectUnknown,
    StorageUnavailable,
    UploadsBlocked,
)
from ytsynch.joystream.storage_node import ObjectHead, StorageNode

STORED = Answer(201, b'{"id": "gWxyz"}')
MEGABYTE = 2**20
_MAXRSS_UNIT = 1024 if sys.platform == "linux" else 1


class Stopped(Exception):
    """Somebody asked the upload to stop."""


def error(status, message):
    return Answer(status, json.dumps({"type": "upload", "message": message}).encode())


@pytest.fixture
def server():
    with foreign_server(lambda asked: STORED) as foreign:
        yield foreign


@pytest.fixture
def node(server):
    return StorageNode(server.url + "/", timeout=2.0)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / 'a "quoted" näme.mp4'
    path.write_bytes(b"\r\n--frame" * 300_000)
    return path


def upload(node, path, **more):
    return node.upload(path, object_id=7, bucket_id=3, channel_id=42, **more)


def test_an_upload_is_one_multipart_request_with_the_file_in_the_field_file(server, node, file):
    assert upload(node, file) == "gWxyz"
    (asked,) = server.asked
    assert asked.method == "POST"
    assert asked.path == ("/api/v1/files?dataObjectId=7&storageBucketId=3&bagId=dynamic%3Achannel%3A42")
    boundary = asked.headers["Content-Type"].removeprefix("multipart/form-data; boundary=").encode()
    head, _, rest = asked.body.partition(b"\r\n\r\n")
    content, _, end = rest.rpartition(b"\r\n--" + boundary)
    assert head.startswith(b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="')
    assert 'a %22quoted%22 näme.mp4"' in head.decode()
    assert content == file.read_bytes()
    assert end == b"--\r\n"


def test_progress_is_told_about_once_a_megabyte_up_to_the_size_of_the_file(node, file):
    told: list[int] = []
    upload(node, file, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == file.stat().st_size
    assert all(later - earlier <= MEGABYTE + 2**17 for earlier, later in zip([0, *told], told, strict=False))


def test_whoever_is_told_of_the_progress_can_stop_the_upload(server, node, file):
    def stop(sent):
        raise Stopped

    with pytest.raises(Stopped):
        upload(node, file, on_progress=stop)


def test_a_large_file_is_never_held_in_memory(server, node, tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as large:
        large.truncate(300 * MEGABYTE)
    server.bodies = "discarded"  # this process is the server too
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert upload(node, path) == "gWxyz"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * MEGABYTE / _MAXRSS_UNIT


def test_a_refusal_that_comes_before_the_file_has_gone_is_heard(server, node, tmp_path):
    path = tmp_path / "large.mp4"
    with path.open("wb") as large:
        large.truncate(50 * MEGABYTE)
    server.bodies = "not read"
    server.answer = lambda asked: error(503, "Server is not accepting uploads into this bucket")
    with pytest.raises(UploadsBlocked):
        upload(node, path)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (error(400, "Error: Data object 7 doesn't exist in storage bag dynamic:channel:42"), ObjectUnknown),
        (error(400, "Error: Data object 7 already exists (pending)"), AlreadyStored),
        (error(503, "Error: Server is not accepting uploads into this bucket"), UploadsBlocked),
        (
            error(400, "Error: File size doesn't match the data object's size for data object ID = 7"),
            FileRejected,
        ),
        (
            error(
                400,
                "Error: File multihash doesn't match the data object's ipfsContentId for data object ID = 7",
            ),
            FileRejected,
        ),
        (
            error(400, "Error: Storage bag dynamic:channel:42 is not assigned to storage bucket 3."),
            StorageUnavailable,
        ),
        (error(500, "Error: Proxy error"), StorageUnavailable),
        (Answer(502, b"<html>Bad gateway</html>"), StorageUnavailable),
        (Answer(307, b"", {"Location": "http://127.0.0.1:9/elsewhere"}), StorageUnavailable),
        (Answer(201, b"not JSON"), StorageUnavailable),
        (Answer(200, b'{"id": "gWxyz"}'), StorageUnavailable),
    ],
)
def test_each_refusal_has_its_meaning_and_keeps_the_nodes_words(server, node, file, answer, meaning):
    server.answer = lambda asked: answer
    with pytest.raises(meaning) as refused:
        upload(node, file)
    assert type(refused.value) is meaning
    assert refused.value.endpoint == server.url
    assert len(server.asked) == 1


def test_a_node_that_nobody_runs_is_unavailable(file):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        node = StorageNode(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout=2.0)
        with pytest.raises(StorageUnavailable, match="Connection"):
            upload(node, file)


def test_a_node_that_takes_the_connection_and_says_nothing_is_unavailable_after_the_time_out(file):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        node = StorageNode(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        with pytest.raises(StorageUnavailable, match="timed out"):
            node.version()


def test_a_file_that_is_not_there_is_an_error_of_the_file_system_and_nothing_is_sent(server, node, tmp_path):
    with pytest.raises(FileNotFoundError):
        upload(node, tmp_path / "gone.mp4")
    assert server.asked == []


def test_the_version_shows_that_the_node_answers(server, node):
    server.answer = lambda asked: Answer(200, b'{"version": "4.0.0"}')
    assert node.version() == "4.0.0"
    assert server.asked[0].path == "/api/v1/version"


def test_an_answer_without_a_version_is_no_storage_node(server, node):
    server.answer = lambda asked: Answer(200, b'{"hello": 1}')
    with pytest.raises(StorageUnavailable, match="no version"):
        node.version()


def test_head_tells_size_and_type_of_what_the_node_serves(server, node):
    server.answer = lambda asked: Answer(200, b"x" * 321, {"Content-Type": "video/mp4"})
    assert node.head(7) == ObjectHead(321, "video/mp4")
    assert server.asked[0].path == "/api/v1/files/7"


def test_what_the_node_does_not_serve_has_no_head_and_cannot_be_fetched(server, node):
    server.answer = lambda asked: error(404, "File not found.")
    assert node.head(7) is None
    with pytest.raises(ObjectUnknown):
        list(node.fetch(7))


def test_a_file_is_fetched_in_pieces(server, node):
    content = bytes(range(256)) * 10_000
    server.answer = lambda asked: Answer(200, content)
    pieces = list(node.fetch(7))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= MEGABYTE


def test_a_file_that_breaks_off_is_not_taken_for_whole(server, node):
    server.answer = lambda asked: Answer(200, b"x" * 5000, cut=1000)
    with pytest.raises(StorageUnavailable, match="broke off"):
        list(node.fetch(7))
