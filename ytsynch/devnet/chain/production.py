"""How a block is made: which extrinsics fit, what each is charged, what its events are."""

from dataclasses import replace
from typing import Any

from .extrinsics import Extrinsic, with_length
from .runtime import Context, DispatchError, dispatch
from .runtime.balances import can_pay, withdraw_fee
from .scale import compact
from .weights import BASE_EXTRINSIC, MOST_A_BLOCK, MOST_BYTES_A_BLOCK, Load

TIMESTAMP_WEIGHT = 160_000_000


class BlockInProgress:
    """Carries out extrinsics one after the other on the state of `context`."""

    def __init__(self, context: Context, timestamp_ms: int, share: float = 1.0) -> None:
        self._context = context
        self._weight_left = int(MOST_A_BLOCK * share)
        self._bytes_left = int(MOST_BYTES_A_BLOCK * share)
        self.included: list[Extrinsic] = []
        inherent = with_length(b"\x04\x03\x00" + compact(timestamp_ms))  # unsigned Timestamp.set
        self.raws = [inherent]
        context.extrinsic = 0
        context.emit("System", "ExtrinsicSuccess", _dispatch_info(TIMESTAMP_WEIGHT, "Mandatory"))

    def has_room(self, load: Load) -> bool:
        return BASE_EXTRINSIC + load.weight <= self._weight_left and load.length <= self._bytes_left

    def can_include(self, extrinsic: Extrinsic) -> bool:
        """Whether its nonce is the next one and its account pays the fee."""
        account = self._context.state.account(extrinsic.signer)
        return account.nonce == extrinsic.nonce and can_pay(
            self._context, extrinsic.signer, extrinsic.load.fee + extrinsic.tip
        )

    def include(self, extrinsic: Extrinsic) -> None:
        """Charges and carries it out. A failing call stays in the block: paid for, and without effect."""
        context, signer, fee = self._context, extrinsic.signer, extrinsic.load.fee + extrinsic.tip
        self._weight_left -= BASE_EXTRINSIC + extrinsic.load.weight
        self._bytes_left -= extrinsic.load.length
        context.extrinsic = len(self.raws)
        self.raws.append(extrinsic.raw)
        self.included.append(extrinsic)
        account = context.state.account(signer)
        context.state.accounts[signer] = replace(account, nonce=account.nonce + 1)
        withdraw_fee(context, signer, fee)
        info = _dispatch_info(BASE_EXTRINSIC + extrinsic.load.weight, "Normal")
        outcome: tuple[str, tuple[Any, ...]] = ("ExtrinsicSuccess", (info,))
        try:
            dispatch(context, signer, extrinsic.call)
        except DispatchError as error:
            outcome = ("ExtrinsicFailed", (error.value(context.codec), info))
        context.emit("TransactionPayment", "TransactionFeePaid", signer, fee, extrinsic.tip)
        context.emit("System", outcome[0], *outcome[1])


def _dispatch_info(weight: int, dispatch_class: str) -> dict[str, Any]:
    return {"weight": {"ref_time": weight, "proof_size": 0}, "class": dispatch_class, "pays_fee": "Yes"}
