"""How the world stands, and every fault off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any

from ytsynch.devnet.chain.events import Block
from ytsynch.devnet.keys import public_key
from ytsynch.devnet.world import COLLABORATOR

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream


def reset_joystream(world: Joystream) -> None:
    """Every fault off; world changes stay."""
    switches = [world.chain.faults, world.indexer.faults, world.query_node.faults, world.faucet.faults]
    storage = [node.faults for node in world.storage_nodes]
    for faults in [*switches, world.mailbox.faults, *storage]:
        for field, default in _switches(faults):
            setattr(faults, field.name, default)
    world.indexer.follow()


def state_of_joystream(world: Joystream) -> dict[str, Any]:
    """Heads, counts, and the faults that are on."""
    chain, state = world.chain, world.chain.state()
    return {
        "chain": {
            "best": _named(chain.best),
            "finalized": _named(chain.finalized),
            "pool": len(chain.pool),
            "channels": len(state.channels),
            "videos": len(state.videos),
            "data_objects": len(state.data_objects),
            "collaborator_balance": state.account(public_key(COLLABORATOR.suri)).free,
            "faults": _switched_on(chain.faults),
        },
        "query_node": {
            "last_processed": world.indexer.last_processed,
            "faults": _switched_on(world.query_node.faults) | _switched_on(world.indexer.faults),
        },
        "storage": [
            {
                "bucket_id": node.bucket.id,
                "pending": node.pending_count(),
                "faults": _switched_on(node.faults),
            }
            for node in world.storage_nodes
        ],
        "faucet": {"faults": _switched_on(world.faucet.faults)},
        "mailbox": {"mails": world.mailbox.count(), "faults": _switched_on(world.mailbox.faults)},
    }


def _named(block: Block) -> dict[str, Any]:
    return {"number": block.number, "hash": "0x" + block.hash.hex()}


def _switched_on(faults: Any) -> dict[str, Any]:
    return {
        field.name: value
        for field, default in _switches(faults)
        if not field.name.startswith("_") and (value := getattr(faults, field.name)) != default
    }


def _switches(faults: Any) -> Iterator[tuple[Field[Any], Any]]:
    """The fields of a dataclass of faults that are faults, with their values when off."""
    for field in fields(faults):
        is_wiring = field.default is MISSING and field.default_factory is MISSING
        if not is_wiring and field.name != "on_cut":  # the chain's node hangs on that
            yield field, field.default if field.default_factory is MISSING else field.default_factory()
