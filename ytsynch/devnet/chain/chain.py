"""The simulated chain: pool, block production, finality, forks.

A call is plain data, nested as the metadata nests it, values as in `events`, nothing left out::

    {"Balances": {"transfer": {"dest": public_key, "value": 10**10}}}
    {"Utility": {"force_batch": {"calls": [call, call]}}}
    {"Content": {"create_video": {"actor": {"Member": 10}, "channel_id": 1, "params": {…}}}}
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from substrateinterface import Keypair

from .codec import codec
from .events import Block
from .extrinsics import BLOCK_HASH_COUNT, SPEC_VERSION, Extrinsic, SigningContext, decode_extrinsic
from .faults import ChainFaults
from .genesis import Genesis
from .ledger import Ledger, Sealed
from .pool import Entry, InvalidTransaction, Pool
from .production import BlockInProgress
from .runtime.balances import EXISTENTIAL_DEPOSIT
from .scale import ScaleError
from .signer import key_pair, sign_extrinsic
from .state import StateView

Call = Mapping[str, Mapping[str, Mapping[str, Any]]]
Status = str | dict[str, Any]


class Chain:
    """One chain with its pool; makes a block every `block_time` seconds, final when `finality_lag` follow it.

    `store` is the SQLite file that the chain goes on from (None: memory only); it must have begun with the
    same genesis, else ValueError. The callbacks are called in this order: `on_reorg` (blocks that left the
    best chain, the highest first), `on_block` (every new best block, in order, those of a new branch too),
    `on_status` (hash of an extrinsic and its status, as author_submitAndWatchExtrinsic tells it),
    `on_finalized` (every block once, in order).
    """

    def __init__(
        self,
        genesis: Genesis,
        *,
        store: Path | None = None,
        block_time: float = 6.0,
        finality_lag: int = 2,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.block_time = block_time
        self.finality_lag = finality_lag
        self.codec = codec()
        self.ledger = Ledger(genesis, self.codec, store)
        self.pool = Pool()
        self.faults = ChainFaults(self)
        self.on_block: list[Callable[[Block], None]] = []
        self.on_finalized: list[Callable[[Block], None]] = []
        self.on_reorg: list[Callable[[tuple[Block, ...]], None]] = []
        self.on_status: list[Callable[[bytes, Status], None]] = []
        self.on_upgrade: list[Callable[[], None]] = []
        self.spec_version = SPEC_VERSION
        self._clock = clock
        self._future: set[bytes] = set()  # waiting for an earlier nonce, as last told
        self._unpaid: set[bytes] = set()  # whose account could no longer pay when their turn came
        self.finalized = self.block(max(0, self.best.number - finality_lag))
        self.ledger.final = self.finalized.number

    @property
    def best(self) -> Block:
        return self.ledger.best

    @property
    def genesis_hash(self) -> bytes:
        return self.ledger.genesis_hash

    def block(self, number: int) -> Block:
        """The block of the best chain; KeyError when there is none."""
        return self.ledger.block(number)

    def block_by_hash(self, block_hash: bytes) -> Block | None:
        """A block of the best chain, or of a branch that was lost since the start."""
        return self.ledger.block_by_hash(block_hash)

    def state(self, at: bytes | None = None) -> StateView:
        """The state after block `at` (its hash), or after the best one; read at once, it moves on.

        KeyError when the block is unknown, of a lost branch, or more than 256 blocks back.
        """
        return self.ledger.current if at is None else self.ledger.state(at)

    def nonce(self, public_key: bytes) -> int:
        """The account's next nonce when nothing in the pool is counted."""
        return self.ledger.current.account(public_key).nonce

    def next_nonce(self, public_key: bytes) -> int:
        """The account's next nonce behind what waits in the pool."""
        return self.pool.next_nonce(public_key, self.nonce(public_key))

    def submit(self, raw: bytes) -> bytes:
        """Takes a whole extrinsic (with its length prefix) into the pool; gives its hash.

        Raises InvalidTransaction.
        """
        try:
            extrinsic = decode_extrinsic(self.codec, raw)
        except ScaleError as error:
            raise InvalidTransaction(1001, f"Extrinsic has invalid format: {error}") from error
        self.pool.ensure_unknown(extrinsic.hash)
        birth, birth_hash = self._check(extrinsic)
        if not self.faults.loses(extrinsic.signer):
            self._take_in(extrinsic, birth, birth_hash)
        return extrinsic.hash

    def submit_as(self, signer: str | Keypair, call: Call, *, tip: int = 0) -> bytes:
        """Signs `call` with the next free nonce and submits it; `signer` is a SURI (`//Ada`) or a key pair.

        Gives the hash of the extrinsic. Raises InvalidTransaction.
        """
        keys = key_pair(signer) if isinstance(signer, str) else signer
        nonce = self.next_nonce(bytes(keys.public_key))
        context = self.signing_context(self.genesis_hash)
        raw = sign_extrinsic(keys, self.codec.encode_call(call), nonce=nonce, tip=tip, context=context)
        return self.submit(raw)

    def signing_context(self, birth_hash: bytes) -> SigningContext:
        """What is signed besides the extrinsic; `birth_hash` is that of its era's first block."""
        return SigningContext(self.spec_version, self.genesis_hash, birth_hash)

    def is_ready(self, extrinsic_hash: bytes) -> bool:
        """Whether an extrinsic of the pool waits only for a block, and not for an earlier nonce."""
        return extrinsic_hash not in self._future

    def seal(self) -> Block:
        """Makes the next block at once, from what is ready in the pool."""
        sealed = self._append(self._fill)
        self._announce([sealed])
        return sealed.block

    def fork(
        self, depth: int, *, only: Collection[bytes] | None = None, back_to_pool: bool = False
    ) -> tuple[Block, ...]:
        """Replaces the last `depth` blocks by a branch one block longer; gives the blocks that were lost.

        The new branch lacks the extrinsics whose hashes are in `only`, or all; they are gone for good unless
        `back_to_pool`. ValueError when a block among them is final.
        """
        free = self.best.number - self.finalized.number
        if not 0 < depth <= free:
            raise ValueError(f"only the {free} newest blocks are not final, so {depth} cannot be replaced")
        lost = self.ledger.take_off(depth)
        branch, dropped = [], []
        for sealed in reversed(lost):
            gone = {x.hash for x in sealed.extrinsics if only is None or x.hash in only}
            dropped += [x for x in sealed.extrinsics if x.hash in gone]
            branch.append(self._append(_exactly([x for x in sealed.extrinsics if x.hash not in gone])))
        branch.append(self._append(_exactly([])))
        for callback in self.on_reorg:
            callback(tuple(sealed.block for sealed in lost))
        for sealed in lost:
            for extrinsic in sealed.extrinsics:
                self.pool.unban(extrinsic.hash)
                self._tell(extrinsic.hash, {"retracted": _hex(sealed.block.hash)})
        if back_to_pool:
            self._put_back(dropped)
        self._announce(branch)
        return tuple(sealed.block for sealed in lost)

    def upgrade(self, spec_version: int) -> None:
        """A runtime with another version takes over: what was signed for the old one is invalid now."""
        self.spec_version = spec_version
        for entry in self.pool:
            self._discard(entry)
        for callback in self.on_upgrade:
            callback()

    async def run(self) -> None:
        """Makes a block every `block_time` seconds until cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self.block_time
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            due = max(due + self.block_time, loop.time())
            if not self.faults.blocks_stalled:
                self.seal()

    def close(self) -> None:
        self.ledger.close()

    def _check(self, extrinsic: Extrinsic) -> tuple[int, bytes]:
        """What the runtime checks before the pool takes an extrinsic.

        Gives the era's first block and its hash.
        """
        following = self.best.number + 1
        birth = extrinsic.era.birth(following)
        birth_hash = self.ledger.block_hash(birth)
        if birth_hash is None or (birth and following - birth > BLOCK_HASH_COUNT):
            raise _invalid("Transaction has an ancient birth block")
        # Behind its era an extrinsic is checked against the first block of a later era: a bad signature.
        if not extrinsic.is_signed_properly(self.signing_context(birth_hash)):
            raise _invalid("Transaction has a bad signature")
        account = self.ledger.current.account(extrinsic.signer)
        if extrinsic.nonce < account.nonce:
            raise _invalid("Transaction is outdated")
        if not extrinsic.load.fits_a_block:
            raise _invalid("Transaction would exhaust the block limits")
        if account.free < extrinsic.load.fee + extrinsic.tip + EXISTENTIAL_DEPOSIT:
            raise _invalid("Inability to pay some fees (e.g. account balance too low)")
        return birth, birth_hash

    def _take_in(self, extrinsic: Extrinsic, birth: int, birth_hash: bytes) -> None:
        death = extrinsic.era.death(self.best.number + 1)
        displaced = self.pool.add(extrinsic, birth=birth, birth_hash=birth_hash, death=death)
        if displaced is not None:
            self._tell(displaced.extrinsic.hash, {"usurped": _hex(extrinsic.hash)})
        if extrinsic.nonce >= self.next_nonce(extrinsic.signer):
            self._future.add(extrinsic.hash)
        self._tell_promoted()

    def _put_back(self, extrinsics: Sequence[Extrinsic]) -> None:
        for extrinsic in extrinsics:
            try:
                self._take_in(extrinsic, *self._check(extrinsic))
            except InvalidTransaction:  # its era began in a block that was lost
                self._tell(extrinsic.hash, "invalid")

    def _fill(self, building: BlockInProgress) -> None:
        for entry in self.pool.candidates(self.nonce):
            extrinsic = entry.extrinsic
            if not self._is_in_its_era(entry) or not building.has_room(extrinsic.load):
                continue
            if building.can_include(extrinsic):
                building.include(extrinsic)
            else:
                self._unpaid.add(extrinsic.hash)

    def _append(self, choose: Callable[[BlockInProgress], None]) -> Sealed:
        return self.ledger.append(int(self._clock() * 1000), self.faults.block_share, choose)

    def _is_in_its_era(self, entry: Entry) -> bool:
        alive = entry.death is None or self.best.number + 1 < entry.death
        return alive and self.ledger.block_hash(entry.birth) == entry.birth_hash

    def _announce(self, branch: Sequence[Sealed]) -> None:
        for sealed in branch:
            for callback in self.on_block:
                callback(sealed.block)
        for sealed in branch:
            for extrinsic in sealed.extrinsics:
                self.pool.ban(extrinsic.hash)
                self._tell(extrinsic.hash, {"inBlock": _hex(sealed.block.hash)})
        self._tidy_pool({extrinsic.hash for sealed in branch for extrinsic in sealed.extrinsics})
        self._advance_finality()

    def _tidy_pool(self, included: Collection[bytes]) -> None:
        """Takes out what is in a block now or can never be in one any more."""
        for entry in self.pool:
            extrinsic = entry.extrinsic
            used = extrinsic.nonce < self.nonce(extrinsic.signer)
            if extrinsic.hash in included:
                self.pool.remove(entry)
            elif used or extrinsic.hash in self._unpaid or not self._is_in_its_era(entry):
                self._discard(entry)
        self._unpaid.clear()
        self._tell_promoted()

    def _discard(self, entry: Entry) -> None:
        self.pool.remove(entry)
        self._future.discard(entry.extrinsic.hash)
        self._tell(entry.extrinsic.hash, "invalid")

    def _tell_promoted(self) -> None:
        for entry in self.pool if self._future else ():
            extrinsic = entry.extrinsic
            if extrinsic.hash in self._future and self.pool.is_ready(entry, self.nonce(extrinsic.signer)):
                self._future.discard(extrinsic.hash)
                self._tell(extrinsic.hash, "ready")

    def _advance_finality(self) -> None:
        if self.faults.finality_stalled:
            return
        for number in range(self.finalized.number + 1, self.best.number - self.finality_lag + 1):
            self.finalized = self.block(number)
            self.ledger.final = number
            for extrinsic in self.ledger.extrinsics(number):
                self._tell(extrinsic.hash, {"finalized": _hex(self.finalized.hash)})
            for callback in self.on_finalized:
                callback(self.finalized)

    def _tell(self, extrinsic_hash: bytes, status: Status) -> None:
        for callback in self.on_status:
            callback(extrinsic_hash, status)


def _exactly(extrinsics: Sequence[Extrinsic]) -> Callable[[BlockInProgress], None]:
    def choose(building: BlockInProgress) -> None:
        for extrinsic in extrinsics:
            if building.can_include(extrinsic):
                building.include(extrinsic)

    return choose


def _invalid(reason: str) -> InvalidTransaction:
    return InvalidTransaction(1010, "Invalid Transaction", reason)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
