"""The node's JSON-RPC methods that answer once, as substrate-interface and polkadot-js call them."""

from collections.abc import Callable
from typing import Any

from scalecodec.utils.ss58 import ss58_decode

from .chain import Chain
from .codec import SS58_FORMAT
from .events import Block
from .extrinsics import TRANSACTION_VERSION, decode_extrinsic
from .metadata import metadata_bytes
from .pool import InvalidTransaction
from .scale import ScaleError, compact, decode_compact
from .state import StateView

_UNKNOWN_BLOCK = 4003
_PROPERTIES = {"ss58Format": SS58_FORMAT, "tokenDecimals": 10, "tokenSymbol": "JOY"}


class RpcError(Exception):
    """A JSON-RPC error as a Substrate node gives it."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        self.code = code
        self.message = message
        self.data = data
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.data is None else {**body, "data": self.data}


class Rpc:
    """Answers requests from the chain's state; what a client has subscribed to is `subscriptions`' matter."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self.methods: dict[str, Callable[..., Any]] = {
            "author_pendingExtrinsics": lambda: [to_hex(entry.extrinsic.raw) for entry in chain.pool],
            "author_submitExtrinsic": self.submit,
            "chain_getBlock": self._block,
            "chain_getBlockHash": self._block_hash,
            "chain_getFinalizedHead": lambda: to_hex(chain.finalized.hash),
            "chain_getHead": self._block_hash,
            "chain_getHeader": self._header,
            "chain_getRuntimeVersion": lambda at=None: self.runtime_version(),
            "payment_queryInfo": self._payment_info,
            "rpc_methods": lambda: {"version": 1, "methods": sorted(self.methods)},
            "state_call": self._call,
            "state_getKeys": self._keys,
            "state_getKeysPaged": self._keys_paged,
            "state_getMetadata": lambda at=None: self._metadata(),
            "state_getRuntimeVersion": lambda at=None: self.runtime_version(),
            "state_getStorage": self._storage,
            "state_getStorageAt": self._storage,
            "state_queryStorageAt": self._query_storage,
            "system_accountNextIndex": self._next_index,
            "system_chain": lambda: "Joystream devnet",
            "system_chainType": lambda: "Development",
            "system_health": lambda: {"peers": 1, "isSyncing": False, "shouldHavePeers": False},
            "system_name": lambda: "Joystream Node (simulated)",
            "system_properties": lambda: _PROPERTIES,
            "system_version": lambda: "8.7.0-devnet",
        }

    def answer(self, method: str, params: list[Any]) -> Any:
        """The result of a call; RpcError when there is none."""
        if method not in self.methods:
            raise RpcError(-32601, "Method not found")
        try:
            return self.methods[method](*params)
        except (TypeError, ValueError, AttributeError) as error:
            raise RpcError(-32602, "Invalid params", str(error)) from error

    def submit(self, extrinsic: str) -> str:
        try:
            return to_hex(self._chain.submit(from_hex(extrinsic)))
        except InvalidTransaction as refusal:
            raise RpcError(refusal.code, refusal.message, refusal.data) from refusal

    def runtime_version(self) -> dict[str, Any]:
        version = self._chain.codec.constant("System", "Version")
        return {
            "specName": version["spec_name"],
            "implName": version["impl_name"],
            "authoringVersion": version["authoring_version"],
            "specVersion": self._chain.spec_version,
            "implVersion": version["impl_version"],
            "transactionVersion": TRANSACTION_VERSION,
            "stateVersion": version["state_version"],
            "apis": [[to_hex(api), number] for api, number in version["apis"]],
        }

    def _metadata(self) -> str:
        known = metadata_bytes()
        # of the same length, so that all else stays readable
        foreign = known.replace(b"storage_buckets_num_witness", b"storage_buckets_sum_witness")
        return to_hex(foreign if self._chain.faults.is_runtime_foreign else known)

    def storage_value(self, key: str, block: Block | None = None) -> str | None:
        """The value at a storage key after a block (the best one for None)."""
        chain = self._chain
        found = block or chain.best
        storage = chain.ledger.storage
        if chain.faults.is_events_garbled and storage.is_events(from_hex(key)):
            return to_hex(storage.garbled_events(found))
        value = storage.read(self._state(found), found, from_hex(key))
        return None if value is None else to_hex(value)

    def _state(self, block: Block) -> StateView:
        try:
            return self._chain.state(block.hash)
        except KeyError as error:
            message = f"Client error: UnknownBlock: State already discarded for {to_hex(block.hash)}"
            raise RpcError(_UNKNOWN_BLOCK, message) from error

    def _at(self, block_hash: str | None) -> Block:
        block = self._find(block_hash)
        if block is None:
            message = f"Client error: UnknownBlock: Header was not found in the database: {block_hash}"
            raise RpcError(_UNKNOWN_BLOCK, message)
        return block

    def _find(self, block_hash: str | None) -> Block | None:
        """A block by its hash, the best one for None."""
        return self._chain.best if block_hash is None else self._chain.block_by_hash(from_hex(block_hash))

    def _block(self, block_hash: str | None = None) -> dict[str, Any] | None:
        block = self._find(block_hash)
        if block is None:
            return None
        body = {"header": header(block), "extrinsics": [to_hex(raw) for raw in block.extrinsics]}
        return {"block": body, "justifications": None}

    def _header(self, block_hash: str | None = None) -> dict[str, Any] | None:
        block = self._find(block_hash)
        return None if block is None else header(block)

    def _block_hash(self, number: Any = None) -> Any:
        if isinstance(number, list):
            return [self._block_hash(one) for one in number]
        if number is None:
            return to_hex(self._chain.best.hash)
        wanted = int(number, 16) if isinstance(number, str) else number
        if wanted > self._chain.best.number - self._chain.faults.blocks_behind:
            return None
        found = self._chain.ledger.block_hash(wanted)
        return None if found is None else to_hex(found)

    def _storage(self, key: str, at: str | None = None) -> str | None:
        return self.storage_value(key, self._at(at))

    def _query_storage(self, keys: list[str], at: str | None = None) -> list[dict[str, Any]]:
        block = self._at(at)
        changes = [[key, self.storage_value(key, block)] for key in keys]
        return [{"block": to_hex(block.hash), "changes": changes}]

    def _keys(self, prefix: str, at: str | None = None) -> list[str]:
        state, storage = self._state(self._at(at)), self._chain.ledger.storage
        return [to_hex(key) for key in storage.keys(state, from_hex(prefix))]

    def _keys_paged(
        self, prefix: str | None, count: int, start: str | None = None, at: str | None = None
    ) -> list[str]:
        keys = self._keys(prefix or "0x", at)
        return [key for key in keys if start is None or key > start][:count]

    def _next_index(self, address: str) -> int:
        return self._chain.next_nonce(bytes.fromhex(ss58_decode(address)))

    def _payment_info(self, extrinsic: str, at: str | None = None) -> dict[str, Any]:
        load = self._decoded(from_hex(extrinsic)).load
        weight = {"ref_time": load.weight, "proof_size": 0}
        return {"weight": weight, "class": "normal", "partialFee": str(load.fee)}

    def _call(self, function: str, data: str, at: str | None = None) -> str:
        raw, block = from_hex(data), self._at(at)
        if function == "AccountNonceApi_account_nonce":
            return to_hex(self._state(block).account(raw[:32]).nonce.to_bytes(4, "little"))
        if function == "TransactionPaymentApi_query_info":
            size, start = decode_compact(raw, 0)
            load = self._decoded(raw[: start + size]).load
            fee = load.fee.to_bytes(16, "little")
            return to_hex(compact(load.weight) + compact(0) + b"\0" + fee)  # class: Normal
        if function == "Metadata_metadata":
            return to_hex(compact(len(metadata_bytes())) + metadata_bytes())
        message = f"Client error: Execution failed: Other: Exported method {function} is not found"
        raise RpcError(_UNKNOWN_BLOCK, message)

    def _decoded(self, raw: bytes) -> Any:
        try:
            return decode_extrinsic(self._chain.codec, raw)
        except ScaleError as error:
            raise RpcError(1, f"Unable to query dispatch info. {error}") from error


def header(block: Block) -> dict[str, Any]:
    return {
        "parentHash": to_hex(block.parent),
        "number": hex(block.number),
        "stateRoot": to_hex(block.state_root),
        "extrinsicsRoot": to_hex(block.extrinsics_root),
        "digest": {"logs": []},
    }


def to_hex(data: bytes) -> str:
    return "0x" + data.hex()


def from_hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
