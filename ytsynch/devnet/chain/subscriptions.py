"""What one connection follows: heads, storage, the runtime's version, its extrinsics."""

from collections.abc import Callable
from itertools import count
from typing import Any

from .chain import Chain, Status
from .events import Block
from .rpc import Rpc, from_hex, header, to_hex

Send = Callable[[dict[str, Any]], None]

_HEADS = {
    "chain_subscribeNewHead": "chain_newHead",
    "chain_subscribeNewHeads": "chain_newHead",
    "chain_subscribeAllHeads": "chain_allHead",
    "chain_subscribeFinalizedHeads": "chain_finalizedHead",
}
_LAST_WORDS = ("finalized", "usurped")
_numbers = count(1)


class Subscriptions:
    """Of one connection; `send` queues a message for it."""

    def __init__(self, chain: Chain, rpc: Rpc, send: Send) -> None:
        self._chain = chain
        self._rpc = rpc
        self._send = send
        self._heads: dict[str, str] = {}  # subscription -> method of its notifications
        self._storage: dict[str, dict[str, str | None]] = {}  # subscription -> key -> value last told
        self._versions: set[str] = set()
        self._extrinsics: dict[str, str] = {}  # subscription -> hash
        self.methods: dict[str, Callable[..., Any]] = {
            **{method: lambda method=method: self._subscribe_heads(method) for method in _HEADS},
            "author_submitAndWatchExtrinsic": self._watch,
            "author_unwatchExtrinsic": self._end,
            "rpc_methods": lambda: {"version": 1, "methods": sorted({*rpc.methods, *self.methods})},
            "chain_subscribeRuntimeVersion": self._subscribe_version,
            "chain_unsubscribeAllHeads": self._end,
            "chain_unsubscribeFinalizedHeads": self._end,
            "chain_unsubscribeNewHead": self._end,
            "chain_unsubscribeNewHeads": self._end,
            "chain_unsubscribeRuntimeVersion": self._end,
            "state_subscribeRuntimeVersion": self._subscribe_version,
            "state_subscribeStorage": self._subscribe_storage,
            "state_unsubscribeRuntimeVersion": self._end,
            "state_unsubscribeStorage": self._end,
        }
        self._after_answer: list[Callable[[], None]] = []
        chain.on_block.append(self._tell_block)
        chain.on_finalized.append(self._tell_finalized)
        chain.on_status.append(self._tell_status)
        chain.on_upgrade.append(self._tell_version)

    def close(self) -> None:
        self._chain.on_block.remove(self._tell_block)
        self._chain.on_finalized.remove(self._tell_finalized)
        self._chain.on_status.remove(self._tell_status)
        self._chain.on_upgrade.remove(self._tell_version)

    def flush(self) -> None:
        """Sends new subscriptions their first notifications; to be called when their ids are answered."""
        first, self._after_answer = self._after_answer, []
        for notify in first:
            notify()

    def _subscribe_heads(self, method: str) -> str:
        subscription, notification = _new(), _HEADS[method]
        self._heads[subscription] = notification
        block = self._chain.finalized if notification == "chain_finalizedHead" else self._chain.best
        self._after_answer.append(lambda: self._notify(notification, subscription, header(block)))
        return subscription

    def _subscribe_version(self) -> str:
        subscription = _new()
        self._versions.add(subscription)
        version = self._rpc.runtime_version()
        self._after_answer.append(lambda: self._notify("state_runtimeVersion", subscription, version))
        return subscription

    def _subscribe_storage(self, keys: list[str]) -> str:
        subscription = _new()
        values = {key: self._rpc.storage_value(key) for key in keys}
        self._storage[subscription] = values
        changes = {"block": to_hex(self._chain.best.hash), "changes": [[k, v] for k, v in values.items()]}
        self._after_answer.append(lambda: self._notify("state_storage", subscription, changes))
        return subscription

    def _watch(self, extrinsic: str) -> str:
        extrinsic_hash, subscription = self._rpc.submit(extrinsic), _new()
        self._extrinsics[subscription] = extrinsic_hash
        if self._chain.is_ready(from_hex(extrinsic_hash)):
            self._after_answer.append(lambda: self._tell_ready(subscription))
        else:
            self._after_answer.append(lambda: self._notify("author_extrinsicUpdate", subscription, "future"))
        return subscription

    def _end(self, subscription: str) -> bool:
        known = [self._heads, self._storage, self._extrinsics]
        if subscription in self._versions:
            self._versions.remove(subscription)
            return True
        return any(kind.pop(subscription, None) is not None for kind in known)  # type: ignore[attr-defined]

    def _tell_block(self, block: Block) -> None:
        for subscription, notification in self._heads.items():
            if notification != "chain_finalizedHead":
                self._notify(notification, subscription, header(block))
        for subscription, told in self._storage.items():
            now = {key: self._rpc.storage_value(key) for key in told}
            changes = [[key, value] for key, value in now.items() if value != told[key]]
            self._storage[subscription] = now
            if changes:
                body = {"block": to_hex(block.hash), "changes": changes}
                self._notify("state_storage", subscription, body)

    def _tell_finalized(self, block: Block) -> None:
        for subscription, notification in self._heads.items():
            if notification == "chain_finalizedHead":
                self._notify(notification, subscription, header(block))

    def _tell_version(self) -> None:
        for subscription in self._versions:
            self._notify("state_runtimeVersion", subscription, self._rpc.runtime_version())

    def _tell_status(self, extrinsic_hash: bytes, status: Status) -> None:
        watched = [s for s, h in self._extrinsics.items() if h == to_hex(extrinsic_hash)]
        for subscription in watched:
            if status == "ready":
                self._tell_ready(subscription)
            else:
                self._notify("author_extrinsicUpdate", subscription, status)
            if status == "invalid" or any(word in status for word in _LAST_WORDS):
                del self._extrinsics[subscription]

    def _tell_ready(self, subscription: str) -> None:
        self._notify("author_extrinsicUpdate", subscription, "ready")
        self._notify("author_extrinsicUpdate", subscription, {"broadcast": ["devnet-peer"]})

    def _notify(self, method: str, subscription: str, result: Any) -> None:
        params = {"subscription": subscription, "result": result}
        self._send({"jsonrpc": "2.0", "method": method, "params": params})


def _new() -> str:
    return f"devnet-{next(_numbers)}"
