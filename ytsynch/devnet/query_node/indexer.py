"""Brings the store along the chain: which block is next, how far behind, and back from a fork."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from ytsynch.devnet.chain.events import Block
from ytsynch.devnet.world import World

from .genesis import put_genesis
from .mappings import apply_block
from .store import Store

Follows = Literal["best", "finalized"]


class FollowedChain(Protocol):
    """What the indexer asks of the chain."""

    @property
    def best(self) -> Block: ...

    @property
    def finalized(self) -> Block: ...

    def block(self, number: int) -> Block: ...


@dataclass
class IndexerFaults:
    lag: int = 0  # further blocks behind
    stopped: bool = False  # nothing is indexed


class Indexer:
    """Follows the chain's best or finalised blocks, `lag` blocks behind.

    Wire `follow` to the chain's two callbacks for new blocks, and `unwind` to the one for lost blocks.
    """

    def __init__(
        self,
        chain: FollowedChain,
        world: World,
        *,
        endpoints: dict[int, str],
        follows: Follows = "finalized",
        lag: int = 0,
    ) -> None:
        self.store = Store()
        self.last_processed = 0
        self.lag = lag
        self.faults = IndexerFaults()
        self._chain = chain
        self._follows = follows
        self._progressed = asyncio.Event()
        put_genesis(self.store, world, chain.block(0), endpoints)
        self.follow()

    @property
    def chain_head(self) -> int:
        """The newest block that this query node knows of."""
        return self._head().number

    def follow(self, _: Block | None = None) -> None:
        """Indexes every block that is due."""
        due = 0 if self.faults.stopped else self._head().number - self.lag - self.faults.lag
        while self.last_processed < due:
            self.last_processed += 1
            apply_block(self.store, self._chain.block(self.last_processed))
        self.store.forget(min(self._chain.finalized.number, self.last_processed))
        self._progressed.set()
        self._progressed = asyncio.Event()

    def unwind(self, blocks: tuple[Block, ...]) -> None:
        """Undoes the blocks that left the best chain, as far as they had been indexed; highest first."""
        for block in blocks:
            if block.number == self.last_processed:
                self.store.undo(block.number)
                self.last_processed -= 1

    async def states(self) -> AsyncIterator[tuple[int, int]]:
        """(last processed block, chain head), now and after every change."""
        while True:
            progressed = self._progressed
            yield self.last_processed, self.chain_head
            await progressed.wait()

    def _head(self) -> Block:
        return self._chain.best if self._follows == "best" else self._chain.finalized
