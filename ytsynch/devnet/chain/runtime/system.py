"""System: remarks, which change nothing."""

from typing import Any

from ytsynch.devnet.chain.hashing import blake2_256

from .context import Context


def remark(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    """Bytes in a block, and nothing else."""


def remark_with_event(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    context.emit("System", "Remarked", signer, blake2_256(args["remark"]))
