"""The control port: what it lists, what it changes, and what it says to bad input."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from substrateinterface import SubstrateInterface

from tests.support.joystream import RunningJoystream, running_joystream
from tests.support.metadata import content_metadata, create_video
from ytsynch.devnet.keys import public_key
from ytsynch.devnet.world import COLLABORATOR, HAPI_PER_JOY


@pytest.fixture
def joystream(tmp_path) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path) as running:
        yield running


def chain_state(joystream: RunningJoystream) -> dict[str, Any]:
    state: dict[str, Any] = requests.get(f"{joystream.control}/state", timeout=5).json()["chain"]
    return state


def do(joystream: RunningJoystream, path: str, **parameters: Any) -> Any:
    """An action whose extrinsic, if it sends one, must succeed in the next block."""
    response = joystream.control_action(path, **parameters)
    assert response.ok, response.text
    joystream.seal()
    block = joystream.in_loop(lambda: joystream.joystream.chain.best)
    assert not [event for event in block.events if event.name == "ExtrinsicFailed"]
    return response.json()


def create(joystream: RunningJoystream, channel_id: int = 1, size: int = 1000) -> str | None:
    """Creates a video; the name of the module error, or None when it went well."""
    prices = joystream.in_loop(lambda: dict(joystream.joystream.chain.state().values))
    call = create_video(
        channel_id, COLLABORATOR.id, content_metadata((1, "v")), [(size, "gW" + "x" * 44)], prices
    )
    joystream.submit(COLLABORATOR.suri, call)
    joystream.seal()
    block = joystream.in_loop(lambda: joystream.joystream.chain.best)
    failures = [event.args[0] for event in block.events if event.name == "ExtrinsicFailed"]
    return str(failures[0]) if failures else None


def test_the_first_page_lists_every_action_with_its_parameters(joystream):
    actions = {entry["path"]: entry for entry in requests.get(joystream.control, timeout=5).json()["actions"]}
    assert actions["/chain/drop-blocks"]["parameters"] == {
        "count": "integer, default 1",
        "back_to_pool": "boolean, default False",
    }
    assert actions["/chain/take-space"]["parameters"]["channel_id"] == "integer, required"
    assert all(entry["what"].endswith(".") for entry in actions.values())
    assert {path.split("/")[1] for path in actions} == {"chain", "query-node", "storage", "faucet", "mailbox"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("chain/drop-blocks", {"count": 0}, "count"),
        ("chain/drop-blocks", {"count": "many"}, "count"),
        ("chain/drop-blocks", {"count": 1}, "count"),  # nothing to drop yet
        ("chain/drop-blocks", {"cuont": 1}, "cuont"),
        ("chain/take-space", {}, "channel_id"),
        ("chain/take-space", {"channel_id": 99}, "channel_id"),
        ("chain/take-space", {"channel_id": 1, "bytes_left": -1}, "bytes_left"),
        ("chain/give-space", {"channel_id": 1}, "channel_id"),
        ("chain/delete-video", {"video_id": 99}, "video_id"),
        ("chain/delete-channel", {"channel_id": None}, "channel_id"),
        ("chain/remove-collaborator", {"channel_id": 99}, "channel_id"),
        ("chain/drop-extrinsics", {"signer": "nobody"}, "signer"),
        ("chain/transfer", {"sender": "//Nobody", "to": "//Lead", "joy": 1}, "sender"),
        ("chain/transfer", {"sender": "//Lead", "to": "?", "joy": 1}, "to"),
        ("chain/transfer", {"sender": "//Lead", "to": "//Lead", "joy": "nan"}, "joy"),
        ("chain/transfer", {"sender": "Lead", "to": "//Lead", "joy": 1}, "sender"),
        ("chain/set-prices", {}, "body"),
        ("chain/block-share", {"share": 2}, "share"),
        ("query-node/lag", {"blocks": -1}, "blocks"),
        ("query-node/delay", {"seconds": -1}, "seconds"),
        ("storage/refuse-uploads", {"bucket_id": 9}, "bucket_id"),
        ("storage/slow", {"bytes_per_second": 0}, "bytes_per_second"),
        ("storage/forget-file", {"object_id": 999}, "object_id"),
        ("faucet/limit", {"memberships": 1.5}, "memberships"),
    ],
)
def test_bad_input_is_answered_400_and_names_the_field(joystream, path, body, field):
    response = requests.post(f"{joystream.control}/{path}", json=body, timeout=5)
    assert response.status_code == 400, response.text
    assert response.json()["field"] == field
    assert response.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b'"text"', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_answered_400(joystream, body):
    response = requests.post(f"{joystream.control}/chain/stall-finality", data=body, timeout=5)
    assert (response.status_code, response.json()["field"]) == (400, "body")


@pytest.mark.parametrize("path", ["nothing", "chain/nothing", "chain/stall/finality", "storage"])
def test_an_unknown_path_is_answered_404_with_a_hint(joystream, path):
    response = requests.post(f"{joystream.control}/{path}", json={}, timeout=5)
    assert response.status_code == 404
    assert "GET / lists what there is" in response.json()["error"]


def test_without_a_youtube_process_its_actions_say_so(joystream):
    response = joystream.control_action("youtube/anything")
    assert response.status_code == 502
    assert "does not answer" in response.json()["error"]


def test_dropped_extrinsics_are_taken_and_never_included(joystream):
    joystream.control_action("chain/drop-extrinsics", count=1, signer=COLLABORATOR.suri)
    create(joystream)
    assert chain_state(joystream)["videos"] == 0
    create(joystream)
    assert chain_state(joystream)["videos"] == 1


def test_dropped_blocks_take_their_extrinsics_along_unless_told_otherwise(joystream):
    create(joystream)
    lost = joystream.control_action("chain/drop-blocks").json()["lost"]
    assert [block["number"] for block in lost] == [1]
    assert chain_state(joystream)["videos"] == 0
    create(joystream)
    joystream.control_action("chain/drop-blocks", back_to_pool=True)
    joystream.seal()
    assert chain_state(joystream)["videos"] == 1


def test_finality_stalls_and_goes_on(joystream):
    joystream.control_action("chain/stall-finality")
    joystream.seal(5)
    assert chain_state(joystream)["finalized"]["number"] == 0
    joystream.control_action("reset")
    joystream.seal()
    assert chain_state(joystream)["finalized"]["number"] == 4


def test_the_node_refuses_and_answers_again_after_reset(joystream):
    joystream.control_action("chain/refuse")
    with pytest.raises(Exception, match="503"):
        SubstrateInterface(url=joystream.chain).rpc_request("chain_getHead", [])
    joystream.control_action("reset")
    with SubstrateInterface(url=joystream.chain) as node:
        assert node.rpc_request("chain_getHead", [])["result"].startswith("0x")


def test_a_channel_without_space_takes_no_video_and_others_do(joystream):
    do(joystream, "chain/take-space", channel_id=1, bytes_left=500)
    assert create(joystream, size=501) is not None
    assert create(joystream, size=500) is None
    assert create(joystream, channel_id=2, size=10**6) is None
    do(joystream, "chain/take-space", channel_id=1)
    assert create(joystream, size=1) is not None
    do(joystream, "chain/take-space", channel_id=2)
    do(joystream, "chain/give-space", channel_id=1)
    assert create(joystream, size=10**6) is None
    assert create(joystream, channel_id=2, size=10**6) is not None


def test_a_channel_may_have_bytes_left_and_no_objects(joystream):
    do(joystream, "chain/take-space", channel_id=1, bytes_left=10**9, objects_left=1)
    assert create(joystream) is None
    assert create(joystream) is not None


def test_the_collaborator_goes_and_comes_back(joystream):
    do(joystream, "chain/remove-collaborator", channel_id=1)
    assert create(joystream) is not None
    do(joystream, "chain/add-collaborator", channel_id=1)
    assert create(joystream) is None
    assert create(joystream, channel_id=5) is not None
    do(joystream, "chain/add-collaborator", channel_id=5)
    assert create(joystream, channel_id=5) is None


def test_videos_and_channels_are_deleted_by_their_owner(joystream):
    for _ in range(3):
        create(joystream)
    do(joystream, "chain/delete-video", video_id=2)
    assert chain_state(joystream)["videos"] == 2
    do(joystream, "chain/delete-channel", channel_id=1)
    assert (chain_state(joystream)["videos"], chain_state(joystream)["channels"]) == (0, 8)


def test_the_collaborators_funds_go_and_come_back(joystream):
    do(joystream, "chain/drain-collaborator", joy_left=1)
    assert chain_state(joystream)["collaborator_balance"] < HAPI_PER_JOY
    do(joystream, "chain/transfer", sender="//Faucet", to=COLLABORATOR.suri, joy=500)
    assert chain_state(joystream)["collaborator_balance"] > 499 * HAPI_PER_JOY


def test_prices_change(joystream):
    do(joystream, "chain/set-prices", data_size_fee=7, object_bond=8, video_bond=9)
    values = joystream.in_loop(lambda: dict(joystream.joystream.chain.state().values))
    assert values["Storage.DataObjectPerMegabyteFee"] == 7
    assert values["Storage.DataObjectStateBloatBondValue"] == 8
    assert values["Content.VideoStateBloatBondValue"] == 9


def test_uploads_are_blocked_and_channels_paused(joystream):
    do(joystream, "chain/block-uploads")
    assert create(joystream) is not None
    do(joystream, "chain/block-uploads", on=False)
    do(joystream, "chain/pause-channel", channel_id=1)
    assert create(joystream) is not None
    do(joystream, "chain/pause-channel", channel_id=1, on=False)
    assert create(joystream) is None


def test_reset_switches_every_fault_off(joystream):
    quiet = requests.get(f"{joystream.control}/state", timeout=5).json()
    trouble: dict[str, dict[str, Any]] = {
        "chain/drop-extrinsics": {},
        "chain/stall-finality": {},
        "chain/stall-blocks": {},
        "chain/block-share": {"share": 0.1},
        "query-node/lag": {"blocks": 5},
        "query-node/stop": {},
        "query-node/error": {},
        "query-node/delay": {"seconds": 0.1},
        "storage/unavailable": {},
        "storage/cut-uploads": {"after_bytes": 10, "count": 2},
        "storage/never-accept": {},
        "faucet/refuse": {"code": "TooManyRequests"},
        "faucet/limit": {"memberships": 3},
        "mailbox/unavailable": {},
        "mailbox/refuse": {"address": "nobody@example.com"},
    }
    for path, parameters in trouble.items():
        assert joystream.control_action(path, **parameters).ok, path
    assert requests.get(f"{joystream.control}/state", timeout=5).json() != quiet
    joystream.control_action("reset")
    assert requests.get(f"{joystream.control}/state", timeout=5).json() == quiet
    create(joystream)
    assert chain_state(joystream)["videos"] == 1


def test_the_worlds_people_are_on_the_chain_as_announced(joystream):
    state = joystream.in_loop(joystream.joystream.chain.state)
    for person in joystream.joystream.world.people:
        member = state.members[person.joystream_member_id]
        assert member.controller_account == public_key(person.suri)
        assert state.channels[person.joystream_channel_id].owner == person.joystream_member_id
        assert state.account(public_key(person.suri)).free > 0
