"""Extrinsics that wait for a block, in nonce order for each account.

They are in memory only: a restart loses them.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .extrinsics import Extrinsic

NonceOf = Callable[[bytes], int]

_MOST_BANNED = 10_000


class InvalidTransaction(Exception):
    """The node refuses an extrinsic; `code`, `message` and `data` are those of its JSON-RPC error."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        self.code = code
        self.message = message
        self.data = data
        super().__init__(f"{message}: {data}" if data else message)


@dataclass(frozen=True)
class Entry:
    extrinsic: Extrinsic
    arrival: int
    birth: int  # first block of its era, whose hash was signed
    birth_hash: bytes
    death: int | None  # first block behind its era


class Pool:
    """`limit` is the number of extrinsics it holds."""

    def __init__(self, limit: int = 8192) -> None:
        self._by_signer: dict[bytes, dict[int, Entry]] = {}
        self._by_hash: dict[bytes, Entry] = {}
        self._banned: dict[bytes, None] = {}
        self._arrivals = 0
        self._limit = limit

    def __len__(self) -> int:
        return len(self._by_hash)

    def __contains__(self, extrinsic_hash: bytes) -> bool:
        return extrinsic_hash in self._by_hash

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._by_hash.values()))

    def ensure_unknown(self, extrinsic_hash: bytes) -> None:
        """Raises InvalidTransaction for what waits here already or was in a block lately."""
        if extrinsic_hash in self._by_hash:
            raise InvalidTransaction(1013, "Transaction Already Imported", "0x" + extrinsic_hash.hex())
        if extrinsic_hash in self._banned:
            raise InvalidTransaction(1012, "Transaction is temporarily banned")

    def ban(self, extrinsic_hash: bytes) -> None:
        """Refuses an extrinsic that is in a block, until `_MOST_BANNED` others have followed it."""
        self._banned[extrinsic_hash] = None
        if len(self._banned) > _MOST_BANNED:
            del self._banned[next(iter(self._banned))]

    def unban(self, extrinsic_hash: bytes) -> None:
        self._banned.pop(extrinsic_hash, None)

    def add(self, extrinsic: Extrinsic, *, birth: int, birth_hash: bytes, death: int | None) -> Entry | None:
        """Takes an extrinsic in.

        Gives the one it displaces (same nonce, lower tip). Raises InvalidTransaction.
        """
        displaced = self._by_signer.get(extrinsic.signer, {}).get(extrinsic.nonce)
        if displaced is not None and displaced.extrinsic.tip >= extrinsic.tip:
            raise InvalidTransaction(
                1014,
                f"Priority is too low: ({displaced.extrinsic.tip} vs {extrinsic.tip})",
                "The transaction has too low priority to replace another transaction already in the pool.",
            )
        if displaced is None and len(self) >= self._limit:
            raise InvalidTransaction(
                1016, "Immediately Dropped", "The transaction couldn't enter the pool because of the limit"
            )
        if displaced is not None:
            self.remove(displaced)
        self._arrivals += 1
        entry = Entry(extrinsic, self._arrivals, birth, birth_hash, death)
        self._by_hash[extrinsic.hash] = entry
        self._by_signer.setdefault(extrinsic.signer, {})[extrinsic.nonce] = entry
        return displaced

    def remove(self, entry: Entry) -> None:
        extrinsic = entry.extrinsic
        del self._by_hash[extrinsic.hash]
        waiting = self._by_signer[extrinsic.signer]
        del waiting[extrinsic.nonce]
        if not waiting:
            del self._by_signer[extrinsic.signer]

    def next_nonce(self, signer: bytes, nonce: int) -> int:
        """First nonce from `nonce` (the chain's next one) on that nothing here uses."""
        waiting = self._by_signer.get(signer, {})
        while nonce in waiting:
            nonce += 1
        return nonce

    def is_ready(self, entry: Entry, nonce: int) -> bool:
        """Whether no nonce is missing before it; `nonce` is the account's next one."""
        extrinsic = entry.extrinsic
        return nonce <= extrinsic.nonce < self.next_nonce(extrinsic.signer, nonce)

    def candidates(self, nonce_of: NonceOf) -> Iterator[Entry]:
        """Extrinsics for a block, the highest tip first, then the oldest.

        An account's next one comes only when `nonce_of` says that the one before was carried out.
        """
        heap = []
        for signer, waiting in self._by_signer.items():
            first = waiting.get(nonce_of(signer))
            if first is not None:
                heap.append((-first.extrinsic.tip, first.arrival, first))
        heapq.heapify(heap)
        while heap:
            entry = heapq.heappop(heap)[2]
            yield entry
            signer, nonce = entry.extrinsic.signer, entry.extrinsic.nonce + 1
            following = self._by_signer.get(signer, {}).get(nonce)
            if following is not None and nonce_of(signer) == nonce:
                heapq.heappush(heap, (-following.extrinsic.tip, following.arrival, following))
