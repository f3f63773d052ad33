"""What may break on the way to the node (faults N1, N11): NodeUnavailable, and the next call tries anew."""

import socket

import pytest

from tests.units.joystream.broken_node import Cut, Refuse, Verbatim, broken_node
from tests.units.joystream.offline import BIRTH_HASH
from ytsynch.joystream.chain import BlockRef, Call
from ytsynch.joystream.errors import ExtrinsicRefused, NodeUnavailable, Refusal
from ytsynch.joystream.keys import Signer
from ytsynch.joystream.node import Node

HEAD = BlockRef(100, BIRTH_HASH)


def raising(error):
    def answer(_):
        raise error

    return answer


@pytest.fixture
def broken():
    with broken_node() as server:
        yield server


@pytest.fixture
def node(broken):
    client = Node(broken.url, timeout=5.0)
    yield client
    client.close()


@pytest.fixture
def dead_url():
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"ws://127.0.0.1:{taken.getsockname()[1]}"


def test_nothing_is_opened_before_it_is_needed(broken, node):
    assert broken.connections == 0
    assert node.best() == HEAD
    assert broken.connections == 1


def test_an_endpoint_where_nobody_listens_is_unavailable_by_name(dead_url):
    with pytest.raises(NodeUnavailable) as failure:
        Node(dead_url, timeout=1.0).best()
    assert failure.value.endpoint == dead_url
    assert failure.value.asked == "chain_getBlockHash"


@pytest.mark.parametrize(
    "answer", [raising(Cut()), raising(Verbatim("no JSON at all")), raising(Verbatim('{"id": 3}'))]
)
def test_after_a_broken_answer_the_connection_is_dropped_and_the_next_call_opens_another(
    broken, node, answer
):
    node.best()
    working, broken.answers["chain_getHeader"] = broken.answers["chain_getHeader"], answer
    with pytest.raises(NodeUnavailable):
        node.best()
    broken.answers["chain_getHeader"] = working
    assert node.best() == HEAD
    assert broken.connections == 2


@pytest.mark.parametrize("answer", [None, [], {}, {"number": "not hexadecimal"}])
@pytest.mark.parametrize("method", ["chain_getFinalizedHead", "chain_getHeader", "chain_getBlock"])
def test_an_answer_of_another_shape_is_no_answer(broken, node, method, answer):
    hashes = broken.answers["chain_getBlockHash"]
    broken.answers["chain_getBlockHash"] = lambda params: [BIRTH_HASH] if params == [[7]] else hashes(params)
    broken.answers["chain_getBlock"] = lambda _: {"block": {"extrinsics": []}}
    assert node.find("0x" + "00" * 32, 7, 7) is None
    assert node.finalized() == HEAD
    broken.answers[method] = lambda _: answer
    with pytest.raises(NodeUnavailable) as failure:
        node.find("0x" + "00" * 32, 7, 7) if method == "chain_getBlock" else node.finalized()
    assert failure.value.asked == method


def test_a_node_that_says_nothing_is_given_up_after_the_time_out(broken, node):
    node.best()
    broken.answers["chain_getFinalizedHead"] = broken.stay_silent
    with pytest.raises(NodeUnavailable, match=r"chain_getFinalizedHead.*timed out"):
        node.finalized()


def test_an_error_that_the_node_answers_with_leaves_the_connection_open(broken, node):
    node.best()
    broken.answers["chain_getFinalizedHead"] = raising(Refuse({"code": -32603, "message": "internal error"}))
    with pytest.raises(NodeUnavailable, match="internal error"):
        node.finalized()
    node.best()
    assert broken.connections == 1


def test_a_request_is_never_sent_twice_by_itself(broken, node):
    node.best()
    broken.answers["author_submitExtrinsic"] = raising(Cut())
    with pytest.raises(NodeUnavailable):
        node.submit(b"\0")
    assert broken.asked.count("author_submitExtrinsic") == 1


def test_where_the_first_endpoint_is_dead_the_second_answers(broken, dead_url):
    node = Node([dead_url, broken.url], timeout=1.0)
    assert node.best() == HEAD
    node.close()


def test_after_a_failure_the_other_endpoint_has_its_turn(broken):
    with broken_node() as other:
        node = Node([broken.url, other.url], timeout=1.0)
        broken.answers["chain_getHeader"] = raising(Cut())
        with pytest.raises(NodeUnavailable) as failure:
            node.best()
        assert failure.value.endpoint == broken.url
        assert node.best() == HEAD
        assert other.connections == 1
        node.close()


def test_an_endpoint_of_another_chain_is_not_used(broken):
    with broken_node() as other:
        other.answers["chain_getBlockHash"] = lambda _: "0x" + "99" * 32
        node = Node([broken.url, other.url], timeout=1.0)
        node.best()
        broken.answers["chain_getHeader"] = raising(Cut())
        for reason in ("WebSocketConnectionClosed|Connection", "it serves another chain"):
            with pytest.raises(NodeUnavailable, match=reason):
                node.best()
        node.close()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": 1010, "message": "Invalid Transaction", "data": "Transaction is outdated"}, "stale_nonce"),
        (
            {"code": 1010, "message": "Invalid Transaction", "data": "Transaction has a bad signature"},
            "bad_signature",
        ),
        (
            {
                "code": 1010,
                "message": "Invalid Transaction",
                "data": "Transaction has an ancient birth block",
            },
            "era_over",
        ),
        (
            {
                "code": 1010,
                "message": "Invalid Transaction",
                "data": "Inability to pay some fees (e.g. account balance too low)",
            },
            "unfunded",
        ),
        (
            {
                "code": 1010,
                "message": "Invalid Transaction",
                "data": "Transaction would exhaust the block limits",
            },
            "too_heavy",
        ),
        ({"code": 1010, "message": "Invalid Transaction", "data": "Custom error: 7"}, "other"),
        ({"code": 1012, "message": "Transaction is temporarily banned"}, "banned"),
        ({"code": 1013, "message": "Transaction Already Imported"}, "already_known"),
        ({"code": 1014, "message": "Priority is too low: (5 vs 5)"}, "nonce_taken"),
        ({"code": 1016, "message": "Immediately Dropped"}, "pool_full"),
        ({"code": 1002, "message": "Verification Error: decode failed"}, "unreadable"),
    ],
)
def test_what_the_pool_refuses_has_a_reason(broken, node, error, reason):
    broken.answers["author_submitExtrinsic"] = raising(Refuse(error))
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(b"\0")
    assert (refused.value.reason, refused.value.rpc_code) == (reason, error["code"])
    assert refused.value.data == error.get("data")


def test_an_error_that_is_not_the_pools_says_nothing_of_the_extrinsic(broken, node):
    broken.answers["author_submitExtrinsic"] = raising(
        Refuse({"code": -32601, "message": "Method not found"})
    )
    with pytest.raises(NodeUnavailable, match="Method not found"):
        node.submit(b"\0")


def test_a_signature_of_the_runtime_before_an_upgrade_is_told_from_a_bad_one(broken, node):
    signer = Signer.from_account(suri="//Collaborator")
    signed = node.sign(Call(b"\0\0", 2004), signer, nonce=0, era_period=64, birth=HEAD)
    broken.answers["author_submitExtrinsic"] = raising(
        Refuse({"code": 1010, "message": "Invalid Transaction", "data": "Transaction has a bad signature"})
    )
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(signed.data)
    assert refused.value.reason is Refusal.BAD_SIGNATURE
    broken.spec_version = 2005
    broken.answers["chain_getHead"] = lambda _: "0x" + "c5" * 32
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(signed.data)
    assert refused.value.reason is Refusal.RUNTIME_UPGRADED


def test_a_call_built_for_another_runtime_is_not_signed(node):
    signer = Signer.from_account(suri="//Collaborator")
    with pytest.raises(ExtrinsicRefused, match="built for runtime 2003, the chain runs 2004") as refused:
        node.sign(Call(b"\0\0", 2003), signer, nonce=0, era_period=64, birth=HEAD)
    assert refused.value.reason is Refusal.RUNTIME_UPGRADED
