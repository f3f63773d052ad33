"""The storage nodes, spoken to as an uploader speaks to Colossus: multipart over a real socket."""

import resource
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from blake3 import blake3

from tests.support.devnet import wait_until
from tests.support.joystream import RunningJoystream, running_joystream
from tests.support.metadata import content_metadata, create_video
from ytsynch.devnet.content_id import content_id, content_id_of_digest
from ytsynch.devnet.world import COLLABORATOR

VIDEO = b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 4000
OTHER = b"x" * len(VIDEO)
FIRST_OBJECT = 18  # the pictures of the world's channels come before


@pytest.fixture
def joystream(tmp_path) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path) as running:
        yield running


def promise(joystream: RunningJoystream, size: int, name: str, *, channel_id: int = 1) -> int:
    """Puts a data object on chain, waits until the nodes know it, and gives its id."""
    prices = joystream.in_loop(lambda: dict(joystream.joystream.chain.state().values))
    call = create_video(channel_id, COLLABORATOR.id, content_metadata((1, "v")), [(size, name)], prices)
    object_id = prices["Storage.NextDataObjectId"]
    joystream.submit(COLLABORATOR.suri, call)
    joystream.seal()
    time.sleep(0.35)
    return object_id


def upload(
    joystream: RunningJoystream, object_id: int | str, content: bytes, *, bucket: int = 0, channel: int = 1
) -> requests.Response:
    path = f"/bucket/{bucket}/" if bucket else "/"
    base = joystream.storage_node.replace("/api", f"{path}api")
    query = f"dataObjectId={object_id}&storageBucketId={bucket}&bagId=dynamic:channel:{channel}"
    return requests.post(f"{base}/files?{query}", files={"file": content}, timeout=20)


def accept(joystream: RunningJoystream) -> None:
    """Seals until what was uploaded is accepted and final."""
    time.sleep(0.35)
    joystream.seal(5)


def is_accepted(joystream: RunningJoystream, object_id: int) -> bool:
    query = f'{{ storageDataObjects(where: {{id_in: ["{object_id}"]}}) {{ isAccepted }} }}'
    (answer,) = joystream.ask(query)["storageDataObjects"]
    return bool(answer["isAccepted"])


def test_an_uploaded_file_is_accepted_on_chain_and_served_with_the_promised_hash(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    assert object_id == FIRST_OBJECT
    response = upload(joystream, object_id, VIDEO)
    assert (response.status_code, response.json()) == (201, {"id": content_id(VIDEO)})
    assert not is_accepted(joystream, object_id)
    accept(joystream)
    assert is_accepted(joystream, object_id)
    served = requests.get(f"{joystream.storage_node}/files/{object_id}", timeout=5)
    assert content_id_of_digest(blake3(served.content).digest()) == content_id(VIDEO)
    assert served.headers["Content-Type"] == "video/mp4"


def test_a_file_is_served_in_parts_and_its_head_tells_the_size(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    upload(joystream, object_id, VIDEO)
    accept(joystream)
    url = f"{joystream.storage_node}/files/{object_id}"
    part = requests.get(url, headers={"Range": "bytes=100-199"}, timeout=5)
    assert (part.status_code, part.content) == (206, VIDEO[100:200])
    head = requests.head(url, timeout=5)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(VIDEO)))


def test_what_is_not_there_is_404(joystream):
    for name in ("999", "nonsense", "-1", "1.5", "²"):
        response = requests.get(f"{joystream.storage_node}/files/{name}", timeout=5)
        assert response.status_code == 404
        assert response.json() == {"type": "files", "message": "File not found."}


def test_a_file_that_is_not_accepted_is_not_served(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    upload(joystream, object_id, VIDEO)
    assert requests.head(f"{joystream.storage_node}/files/{object_id}", timeout=5).status_code == 404


def test_the_pictures_of_the_worlds_channels_are_there(joystream):
    query = '{ channelById(id: "1") { avatarPhoto { id ipfsHash } } }'
    avatar = joystream.ask(query)["channelById"]["avatarPhoto"]
    served = requests.get(f"{joystream.storage_node}/files/{avatar['id']}", timeout=5)
    assert content_id(served.content) == avatar["ipfsHash"]


def test_an_unknown_object_is_refused_in_colossus_words(joystream):
    response = upload(joystream, 12345, VIDEO)
    assert (response.status_code, response.json()) == (
        400,
        {
            "type": "upload",
            "message": "Error: Data object 12345 doesn't exist in storage bag dynamic:channel:1",
        },
    )


def test_a_new_object_is_unknown_until_the_node_has_seen_its_block(joystream):
    joystream.control_action("storage/blind")
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    assert "doesn't exist in storage bag" in upload(joystream, object_id, VIDEO).json()["message"]
    joystream.control_action("reset")
    assert upload(joystream, object_id, VIDEO).status_code == 201


def test_an_object_of_another_bag_is_unknown(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    message = upload(joystream, object_id, VIDEO, channel=2).json()["message"]
    assert message == f"Error: Data object {object_id} doesn't exist in storage bag dynamic:channel:2"


def test_a_bag_of_another_bucket_is_refused(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    response = upload(joystream, object_id, VIDEO, bucket=2)
    assert response.status_code == 400
    assert response.json()["message"] == (
        "Error: Storage bag dynamic:channel:1 is not assigned to storage bucket 2."
    )


def test_a_second_upload_is_told_that_the_file_exists(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    upload(joystream, object_id, VIDEO)
    again = upload(joystream, object_id, VIDEO)
    assert (again.status_code, again.json()["message"]) == (
        400,
        f"Error: Data object {object_id} already exists (pending)",
    )
    accept(joystream)
    later = upload(joystream, object_id, VIDEO, bucket=1)
    assert later.json()["message"] == f"Error: Data object {object_id} already exists (in storage)"


def test_a_file_of_the_wrong_size_or_hash_is_refused_and_the_right_one_then_taken(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    shorter = upload(joystream, object_id, VIDEO[:-1])
    assert shorter.status_code == 400
    assert "File size doesn't match the data object's size" in shorter.json()["message"]
    other = upload(joystream, object_id, OTHER)
    assert other.status_code == 400
    assert "File multihash doesn't match the data object's ipfsContentId" in other.json()["message"]
    assert upload(joystream, object_id, VIDEO).status_code == 201


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("storageBucketId=0&bagId=dynamic:channel:1", "request.query.dataObjectId should be integer"),
        (
            "dataObjectId=1&storageBucketId=x&bagId=dynamic:channel:1",
            "request.query.storageBucketId should be integer",
        ),
        ("dataObjectId=1&storageBucketId=0&bagId=static:council", "Invalid bagId: static:council"),
        ("dataObjectId=1&storageBucketId=0", "Invalid bagId: "),
    ],
)
def test_bad_parameters_are_refused_by_name(joystream, query, message):
    response = requests.post(f"{joystream.storage_node}/files?{query}", files={"file": b"x"}, timeout=5)
    assert (response.status_code, response.json()["message"]) == (400, f"Error: {message}")


def test_a_body_without_a_file_is_refused(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    url = f"{joystream.storage_node}/files?dataObjectId={object_id}&storageBucketId=0&bagId=dynamic:channel:1"
    bodies: list[dict[str, Any]] = [
        {"files": {"wrong": b"x"}},
        {"data": b"raw"},
        {"json": {}},
        {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"data": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=edge"}},
        {"data": b"", "headers": {"Content-Type": "multipart/form-data; boundary=edge"}},
    ]
    for body in bodies:
        response = requests.post(url, timeout=5, **body)
        assert (response.status_code, response.json()["message"]) == (400, "Error: No file uploaded")


def test_a_large_file_passes_through_without_filling_the_memory(joystream):
    block, count = bytes(2**20), 200
    hasher = blake3()
    for _ in range(count):
        hasher.update(block)
    object_id = promise(joystream, len(block) * count, content_id_of_digest(hasher.digest()))

    def body() -> Iterator[bytes]:
        yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="large"\r\n\r\n'
        for _ in range(count):
            yield block
        yield b"\r\n--edge--\r\n"

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    response = requests.post(
        f"{joystream.storage_node}/files?dataObjectId={object_id}&storageBucketId=0&bagId=dynamic:channel:1",
        data=body(),
        headers={"Content-Type": "multipart/form-data; boundary=edge"},
        timeout=60,
    )
    assert response.status_code == 201
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024  # KiB


def test_two_objects_of_two_channels_are_accepted_in_one_extrinsic(joystream):
    first = promise(joystream, len(VIDEO), content_id(VIDEO), channel_id=1)
    second = promise(joystream, len(OTHER), content_id(OTHER), channel_id=2)
    upload(joystream, first, VIDEO)
    upload(joystream, second, OTHER, channel=2)
    time.sleep(0.35)
    joystream.seal(1)
    time.sleep(0.1)
    joystream.seal(1)
    block = joystream.in_loop(lambda: joystream.joystream.chain.best)
    accepted = [event for event in block.events if event.name == "PendingDataObjectsAccepted"]
    assert len(accepted) == 2
    assert len({event.extrinsic for event in accepted}) == 1


def test_an_acceptance_that_a_fork_took_away_is_sent_again(joystream):
    joystream.seal(3)
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.seal(3)
    upload(joystream, object_id, VIDEO)
    time.sleep(0.35)
    joystream.seal(1)
    time.sleep(0.1)
    joystream.seal(1)
    assert is_accepted(joystream, object_id)
    assert joystream.control_action("chain/drop-blocks", count=1).ok
    assert not is_accepted(joystream, object_id)
    joystream.seal(10)
    time.sleep(0.1)
    joystream.seal(1)
    assert is_accepted(joystream, object_id)


def test_an_unaccepted_upload_survives_a_restart(tmp_path):
    with running_joystream(tmp_path, in_memory=False) as joystream:
        object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
        assert upload(joystream, object_id, VIDEO).status_code == 201
    with running_joystream(tmp_path, in_memory=False) as joystream:
        accept(joystream)
        assert is_accepted(joystream, object_id)


def test_refused_unavailable_and_silent_nodes(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.control_action("storage/refuse-uploads", bucket_id=0)
    refused = upload(joystream, object_id, VIDEO)
    assert (refused.status_code, refused.json()["message"]) == (
        503,
        "Error: Server is not accepting uploads into this bucket",
    )
    joystream.control_action("storage/unavailable")
    assert requests.get(f"{joystream.storage_node}/version", timeout=5).status_code == 503
    joystream.control_action("reset")
    joystream.control_action("storage/silent")
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{joystream.storage_node}/version", timeout=0.3)
    joystream.control_action("reset")
    assert upload(joystream, object_id, VIDEO).status_code == 201


def test_one_bucket_can_fail_while_another_takes_the_file(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.control_action("storage/refuse-uploads", bucket_id=0)
    assert upload(joystream, object_id, VIDEO, bucket=0).status_code == 503
    assert upload(joystream, object_id, VIDEO, bucket=1).status_code == 201
    accept(joystream)
    assert requests.head(f"{joystream.storage_node}/files/{object_id}", timeout=5).ok


def test_a_cut_upload_leaves_nothing_and_can_be_repeated(joystream, tmp_path):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.control_action("storage/cut-uploads", after_bytes=300_000, count=1)
    with pytest.raises(requests.ConnectionError):
        upload(joystream, object_id, VIDEO)
    assert list((tmp_path / "storage" / "pending-0").iterdir()) == []
    assert upload(joystream, object_id, VIDEO).status_code == 201


def test_an_uploader_that_dies_leaves_nothing_behind(joystream, tmp_path):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    head = (
        f"POST /api/v1/files?dataObjectId={object_id}&storageBucketId=0&bagId=dynamic:channel:1 HTTP/1.1\r\n"
        "Host: x\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 2000000\r\n\r\n"
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="v"\r\n\r\n'
    )
    with socket.create_connection(("127.0.0.1", joystream.config.ports.storage_node)) as uploader:
        uploader.sendall(head.encode() + VIDEO[:500_000])
        wait_until(lambda: list((tmp_path / "storage" / "pending-0").iterdir()), what="the beginning")
    wait_until(lambda: not list((tmp_path / "storage" / "pending-0").iterdir()), what="the cleaning up")
    assert upload(joystream, object_id, VIDEO).status_code == 201


def test_never_accept_means_201_and_then_nothing_until_it_is_off(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.control_action("storage/never-accept")
    assert upload(joystream, object_id, VIDEO).status_code == 201
    accept(joystream)
    assert not is_accepted(joystream, object_id)
    joystream.control_action("reset")
    accept(joystream)
    assert is_accepted(joystream, object_id)


def test_slow_uploads_take_their_time(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    joystream.control_action("storage/slow", bytes_per_second=2_000_000)
    began = time.monotonic()
    assert upload(joystream, object_id, VIDEO).status_code == 201
    assert time.monotonic() - began > len(VIDEO) / 2_000_000 * 0.8


def test_a_corrupt_file_does_not_have_the_promised_hash(joystream):
    url = f"{joystream.storage_node}/files/1"
    before = requests.get(url, timeout=5).content
    joystream.control_action("storage/corrupt")
    corrupt = requests.get(url, timeout=5).content
    assert len(corrupt) == len(before)
    assert corrupt != before
    joystream.control_action("reset")
    assert requests.get(url, timeout=5).content == before


def test_a_forgotten_file_is_404_and_can_be_uploaded_again(joystream):
    object_id = promise(joystream, len(VIDEO), content_id(VIDEO))
    upload(joystream, object_id, VIDEO)
    accept(joystream)
    assert joystream.control_action("storage/forget-file", object_id=object_id).ok
    assert requests.head(f"{joystream.storage_node}/files/{object_id}", timeout=5).status_code == 404
    assert upload(joystream, object_id, VIDEO).status_code == 201


def test_it_says_what_it_holds(joystream):
    state = requests.get(f"{joystream.storage_node}/state/data", timeout=5).json()
    assert state["objectNumber"] == FIRST_OBJECT - 1
    ids = requests.get(f"{joystream.storage_node}/state/data-objects", timeout=5).json()
    assert ids == [str(number) for number in range(1, FIRST_OBJECT)]
