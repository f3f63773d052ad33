"""Trouble on request. Each switch is one of the faults that a chain and its node really have."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .signer import public_key

if TYPE_CHECKING:
    from .chain import Chain
    from .events import Block


@dataclass
class _Loss:
    """Extrinsics still to lose, of one account or of any."""

    left: int
    signer: bytes | None


@dataclass
class ChainFaults:
    """The switches of one chain; all are off at the start and in no file.

    `block_share` is the part of a block that extrinsics may use (1.0: all). `blocks_stalled`: no blocks are
    made. `finality_stalled`: blocks are made and none becomes final. `rpc_refused`: the node takes no
    connection or request. `cuts_at_submit`: so many more submissions are taken into the pool and answered
    by cutting the socket. `cut_in_requests`: at the request which is that many away, the socket is cut in the
    place of an answer (0: at none). `blocks_behind`: asked for a block by its number, the node knows so many fewer, as
    another one behind the same address that lags. `is_events_garbled`: the events of a block lack the videos
    that were created in it. `is_runtime_foreign`: the metadata name a parameter otherwise.
    """

    chain: "Chain"
    block_share: float = 1.0
    blocks_stalled: bool = False
    finality_stalled: bool = False
    rpc_refused: bool = False
    cuts_at_submit: int = 0
    cut_in_requests: int = 0
    blocks_behind: int = 0
    is_events_garbled: bool = False
    is_runtime_foreign: bool = False
    on_cut: list[Callable[[], None]] = field(default_factory=list)
    _losses: list[_Loss] = field(default_factory=list)

    def drop_next_extrinsics(self, count: int, signer: bytes | str | None = None) -> None:
        """The next extrinsics (of an account: public key or SURI) are accepted, and never heard of again."""
        key = public_key(signer) if isinstance(signer, str) else signer
        self._losses.append(_Loss(count, key))

    def drop_blocks(
        self, depth: int = 1, *, only: Collection[bytes] | None = None, back_to_pool: bool = False
    ) -> tuple["Block", ...]:
        """A fork: see `Chain.fork`."""
        return self.chain.fork(depth, only=only, back_to_pool=back_to_pool)

    def upgrade_runtime(self, spec_version: int) -> None:
        """See `Chain.upgrade`; the metadata stays as it is."""
        self.chain.upgrade(spec_version)

    def stall_finality(self, stalled: bool) -> None:
        self.finality_stalled = stalled

    def stall_blocks(self, stalled: bool) -> None:
        self.blocks_stalled = stalled

    def refuse_rpc(self, refused: bool) -> None:
        """Refuses connections and requests, and cuts the open sockets."""
        self.rpc_refused = refused
        if refused:
            self.cut_sockets()

    def cut_sockets(self) -> None:
        """Cuts every open socket, now."""
        for cut in self.on_cut:
            cut()

    def cut_next_submits(self, count: int = 1) -> None:
        self.cuts_at_submit += count

    def loses(self, signer: bytes) -> bool:
        """Whether an extrinsic of this account is lost now; counts it."""
        for loss in self._losses:
            if loss.left and loss.signer in (None, signer):
                loss.left -= 1
                return True
        return False

    def cuts_this_request(self) -> bool:
        """Whether the socket is cut instead of an answer to whatever was asked; counts it."""
        if not self.cut_in_requests:
            return False
        self.cut_in_requests -= 1
        return not self.cut_in_requests

    def cuts_this_submit(self) -> bool:
        """Whether the socket is cut instead of an answer now; counts it."""
        if not self.cuts_at_submit:
            return False
        self.cuts_at_submit -= 1
        return True
