"""Each fault of the chain and its node, as a client on the other end of the socket meets it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from ytsynch.devnet.chain.pool import InvalidTransaction
from ytsynch.devnet.chain.signer import public_key

from .chain_support import Devnet, create_video, quiet_chain, running, signed

SIGNER = public_key("//Collaborator")


@pytest.fixture
def devnet() -> Iterator[Devnet]:
    """Makes blocks only when a test says so."""
    with running(quiet_chain(), by_itself=False) as devnet:
        yield devnet


class Client:
    """A bare JSON-RPC client, so that a test sees every message."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._number = 0

    def call(self, method: str, *params: Any) -> Any:
        self._number += 1
        self.socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        answer = json.loads(self.socket.recv(5))
        assert answer["id"] == self._number, answer
        return answer["result"]

    def told(self, count: int) -> list[Any]:
        """The next notifications' results."""
        return [json.loads(self.socket.recv(5))["params"]["result"] for _ in range(count)]


@contextmanager
def client_of(devnet: Devnet) -> Iterator[Client]:
    with connect(devnet.url) as socket:
        yield Client(socket)


def extrinsic(devnet: Devnet, nonce: int = 0) -> str:
    return "0x" + devnet.do(lambda: signed(devnet.chain, create_video(), nonce=nonce)).hex()


def test_a_watched_extrinsic_is_followed_from_the_pool_to_finality(devnet):
    with client_of(devnet) as client:
        client.call("author_submitAndWatchExtrinsic", extrinsic(devnet))
        assert client.told(2) == ["ready", {"broadcast": ["devnet-peer"]}]
        block = devnet.do(devnet.chain.seal)
        devnet.do(devnet.chain.seal)
        devnet.do(devnet.chain.seal)
        assert client.told(2) == [
            {"inBlock": "0x" + block.hash.hex()},
            {"finalized": "0x" + block.hash.hex()},
        ]


def test_a_watcher_of_a_future_nonce_is_told_when_it_becomes_ready(devnet):
    with client_of(devnet) as client:
        client.call("author_submitAndWatchExtrinsic", extrinsic(devnet, nonce=1))
        assert client.told(1) == ["future"]
        devnet.do(lambda: devnet.chain.submit_as("//Collaborator", create_video()))
        assert client.told(1) == ["ready"]


def test_a_watcher_is_told_of_the_fork_and_new_heads_show_the_new_branch(devnet):
    with client_of(devnet) as client, client_of(devnet) as heads:
        devnet.do(devnet.chain.seal)
        client.call("author_submitAndWatchExtrinsic", extrinsic(devnet))
        heads.call("chain_subscribeNewHeads")
        lost = devnet.do(devnet.chain.seal)
        devnet.do(lambda: devnet.chain.faults.drop_blocks(1))

        assert client.told(4)[2:] == [
            {"inBlock": "0x" + lost.hash.hex()},
            {"retracted": "0x" + lost.hash.hex()},
        ]
        assert [int(head["number"], 16) for head in heads.told(4)] == [1, 2, 2, 3]
        assert heads.call("chain_getBlockHash", 2) != "0x" + lost.hash.hex()
        assert heads.call("chain_getHeader", "0x" + lost.hash.hex())["number"] == "0x2"


def test_a_dropped_extrinsic_is_accepted_and_never_heard_of_again(devnet):
    devnet.do(lambda: devnet.chain.faults.drop_next_extrinsics(1, "//Collaborator"))
    with client_of(devnet) as client:
        first = extrinsic(devnet)
        assert len(client.call("author_submitExtrinsic", first)) == 66
        devnet.do(devnet.chain.seal)
        assert client.call("author_pendingExtrinsics") == []
        assert devnet.chain.nonce(SIGNER) == 0

        client.call("author_submitExtrinsic", first)
        devnet.do(devnet.chain.seal)
        assert devnet.chain.nonce(SIGNER) == 1


def test_a_drop_for_one_account_leaves_the_others_alone(devnet):
    devnet.do(lambda: devnet.chain.faults.drop_next_extrinsics(1, "//Owner"))
    devnet.do(lambda: devnet.chain.submit_as("//Collaborator", create_video()))

    devnet.do(devnet.chain.seal)

    assert devnet.chain.nonce(SIGNER) == 1


def test_cut_sockets_end_every_connection_and_new_ones_work(devnet):
    with client_of(devnet) as client:
        client.call("system_chain")
        devnet.do(devnet.chain.faults.cut_sockets)
        with pytest.raises(ConnectionClosed):
            client.socket.recv(5)

    with client_of(devnet) as client:
        assert client.call("system_chain") == "Joystream devnet"


def test_cut_at_submit_loses_the_answer_but_not_the_extrinsic(devnet):
    devnet.do(devnet.chain.faults.cut_next_submits)
    raw = extrinsic(devnet)
    with client_of(devnet) as client, pytest.raises(ConnectionClosed):
        client.call("author_submitExtrinsic", raw)

    assert len(devnet.chain.pool) == 1
    devnet.do(devnet.chain.seal)
    assert devnet.chain.nonce(SIGNER) == 1
    with client_of(devnet) as client:
        client.call("author_submitExtrinsic", extrinsic(devnet, nonce=1))


def test_a_node_that_refuses_cuts_its_clients_and_lets_nobody_in(devnet):
    with client_of(devnet) as client:
        client.call("system_chain")
        devnet.do(lambda: devnet.chain.faults.refuse_rpc(True))
        with pytest.raises(ConnectionClosed):
            client.socket.recv(5)
        with pytest.raises(InvalidStatus), client_of(devnet):
            pass

    devnet.do(lambda: devnet.chain.faults.refuse_rpc(False))
    with client_of(devnet) as client:
        assert client.call("system_chain") == "Joystream devnet"


def test_stalled_blocks_answer_requests_but_make_no_progress():
    with running(quiet_chain()) as devnet, client_of(devnet) as client:
        _wait(lambda: devnet.chain.best.number >= 2)
        devnet.do(lambda: devnet.chain.faults.stall_blocks(True))
        head = client.call("chain_getBlockHash")
        client.call("author_submitExtrinsic", extrinsic(devnet))
        time.sleep(0.3)
        assert client.call("chain_getBlockHash") == head

        devnet.do(lambda: devnet.chain.faults.stall_blocks(False))
        _wait(lambda: devnet.chain.nonce(SIGNER) == 1)


def test_stalled_finality_leaves_the_finalized_head_where_it_was(devnet):
    for _ in range(3):
        devnet.do(devnet.chain.seal)
    devnet.do(lambda: devnet.chain.faults.stall_finality(True))
    with client_of(devnet) as client:
        final = client.call("chain_getFinalizedHead")
        for _ in range(3):
            devnet.do(devnet.chain.seal)
        assert client.call("chain_getFinalizedHead") == final
        assert int(client.call("chain_getHeader")["number"], 16) == 6


def test_an_upgraded_runtime_is_announced_and_refuses_what_was_signed_for_the_old_one(devnet):
    raw = extrinsic(devnet)
    with client_of(devnet) as client:
        client.call("state_subscribeRuntimeVersion")
        assert client.told(1)[0]["specVersion"] == 2004
        devnet.do(lambda: devnet.chain.faults.upgrade_runtime(2005))
        assert client.told(1)[0]["specVersion"] == 2005
        assert client.call("state_getRuntimeVersion")["specVersion"] == 2005

    with pytest.raises(InvalidTransaction, match="bad signature"):
        devnet.do(lambda: devnet.chain.submit(bytes.fromhex(raw[2:])))
    fresh = extrinsic(devnet)
    devnet.do(lambda: devnet.chain.submit(bytes.fromhex(fresh[2:])))


def test_changes_of_storage_are_told_to_those_who_subscribed(devnet):
    key = "0x" + devnet.chain.codec.storage_key("Content", "NextVideoId").hex()
    with client_of(devnet) as client:
        client.call("state_subscribeStorage", [key])
        assert client.told(1)[0]["changes"] == [[key, "0x0100000000000000"]]
        devnet.do(lambda: devnet.chain.submit_as("//Collaborator", create_video()))
        devnet.do(devnet.chain.seal)
        devnet.do(devnet.chain.seal)
        assert client.told(1)[0]["changes"] == [[key, "0x0200000000000000"]]


def _wait(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
