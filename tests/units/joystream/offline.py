"""substrate-interface without a node: answered from a metadata blob, for tests of bytes alone."""

from typing import Any

from substrateinterface import SubstrateInterface

from ytsynch.joystream.keys import SS58_FORMAT
from ytsynch.joystream.runtime import TYPE_REGISTRY

GENESIS = "0x" + "6b" * 32
BIRTH_HASH = "0x" + "c4" * 32
SPEC_VERSION, TRANSACTION_VERSION = 2004, 2


class OfflineSubstrate(SubstrateInterface):  # type: ignore[misc]  # the library is untyped
    """Block 0 has the hash `GENESIS`, every other block `BIRTH_HASH`."""

    def __init__(self, metadata: bytes) -> None:
        version = {"specVersion": SPEC_VERSION, "transactionVersion": TRANSACTION_VERSION}
        header = {"parentHash": GENESIS, "number": "0x64", "digest": {"logs": []}}
        self._answers: dict[str, Any] = {
            "rpc_methods": {"methods": ["chain_getHead", "state_getRuntimeVersion"]},
            "chain_getHead": BIRTH_HASH,
            "chain_getHeader": header,
            "state_getRuntimeVersion": version,
            "state_getMetadata": "0x" + metadata.hex(),
        }
        super().__init__(
            websocket=object(), ss58_format=SS58_FORMAT, auto_discover=False, type_registry=TYPE_REGISTRY
        )
        self.init_runtime()

    def rpc_request(self, method: str, params: Any, result_handler: Any = None) -> dict[str, Any]:
        if method == "chain_getBlockHash":
            return {"result": GENESIS if params == [0] else BIRTH_HASH}
        return {"result": self._answers[method]}
