"""A WebSocket JSON-RPC server on loopback that answers little, and breaks on request."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.server import ServerConnection, serve

from tests.units.joystream.offline import BIRTH_HASH, GENESIS, SPEC_VERSION, TRANSACTION_VERSION
from ytsynch.devnet.chain.metadata import metadata_bytes

Answer = Callable[[list[Any]], Any]


class Cut(Exception):
    """Close the socket instead of answering."""


class Refuse(Exception):
    """Answer with this JSON-RPC error object."""


class Verbatim(Exception):
    """Send this text instead of an answer."""


class BrokenNode:
    """`answers` by method; tests replace what they need. `asked` are the methods in the order they came."""

    def __init__(self) -> None:
        self.url = ""
        self.connections = 0
        self.asked: list[str] = []
        self.spec_version = SPEC_VERSION
        self.silence = threading.Event()
        self.answers: dict[str, Answer] = {
            "rpc_methods": lambda _: {"methods": ["chain_getHead", "state_getRuntimeVersion"]},
            "chain_getHead": lambda _: BIRTH_HASH,
            "chain_getFinalizedHead": lambda _: BIRTH_HASH,
            "chain_getBlockHash": lambda params: GENESIS if params == [0] else BIRTH_HASH,
            "chain_getHeader": lambda _: {"parentHash": GENESIS, "number": "0x64", "digest": {"logs": []}},
            "state_getRuntimeVersion": lambda _: self._version(),
            "state_getMetadata": lambda _: "0x" + metadata_bytes().hex(),
        }

    def stay_silent(self, _: list[Any]) -> None:
        self.silence.wait(10)

    def _version(self) -> dict[str, int]:
        return {"specVersion": self.spec_version, "transactionVersion": TRANSACTION_VERSION}

    def converse(self, socket: ServerConnection) -> None:
        self.connections += 1
        for text in socket:
            request = json.loads(text)
            self.asked.append(request["method"])
            answer: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
            try:
                answer["result"] = self.answers[request["method"]](request["params"])
            except Refuse as refusal:
                answer["error"] = refusal.args[0]
            except Cut:
                socket.socket.close()
                return
            except Verbatim as verbatim:
                socket.send(verbatim.args[0])
                continue
            socket.send(json.dumps(answer))


@contextmanager
def broken_node() -> Iterator[BrokenNode]:
    node = BrokenNode()
    with serve(node.converse, "127.0.0.1", 0) as server:
        node.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield node
        finally:
            node.silence.set()
            server.shutdown()
            thread.join()
