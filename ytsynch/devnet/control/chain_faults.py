"""What can go wrong with the chain and its node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from .registry import BadRequest, Count, Positive, Result, account, action

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream


@action("/chain/drop-extrinsics")
def drop_extrinsics(world: Joystream, count: Positive = 1, signer: str | None = None) -> None:
    """The next extrinsics (of one account: SURI or address) are taken and never included."""
    world.chain.faults.drop_next_extrinsics(count, None if signer is None else account(signer))


@action("/chain/drop-blocks")
def drop_blocks(world: Joystream, count: Positive = 1, back_to_pool: bool = False) -> Result:
    """A fork: the last blocks are replaced by empty ones; their extrinsics are lost unless `back_to_pool`."""
    try:
        lost = world.chain.faults.drop_blocks(count, back_to_pool=back_to_pool)
    except ValueError as error:
        raise BadRequest("count", str(error)) from error
    return {"lost": [{"number": block.number, "hash": "0x" + block.hash.hex()} for block in lost]}


@action("/chain/stall-finality")
def stall_finality(world: Joystream, on: bool = True) -> None:
    """Blocks go on and none becomes final."""
    world.chain.faults.stall_finality(on)


@action("/chain/stall-blocks")
def stall_blocks(world: Joystream, on: bool = True) -> None:
    """No blocks are made."""
    world.chain.faults.stall_blocks(on)


@action("/chain/refuse")
def refuse_rpc(world: Joystream, on: bool = True) -> None:
    """The node cuts its sockets and takes no connection."""
    world.chain.faults.refuse_rpc(on)


@action("/chain/cut-sockets")
def cut_chain_sockets(world: Joystream) -> None:
    """Cuts every open socket of the node once."""
    world.chain.faults.cut_sockets()


@action("/chain/cut-at-submit")
def cut_at_submit(world: Joystream, count: Positive = 1) -> None:
    """The next submissions reach the pool, and the socket is cut in the place of an answer."""
    world.chain.faults.cut_next_submits(count)


@action("/chain/cut-at-request")
def cut_at_request(world: Joystream, number: Count = 1) -> None:
    """The n-th request from now is carried out, and the socket is cut in the place of an answer; 0: none is."""
    world.chain.faults.cut_in_requests = number


@action("/chain/lag")
def lag_behind(world: Joystream, blocks: Count) -> None:
    """Asked for a block by its number, the node knows so many fewer, as another one behind the same address."""
    world.chain.faults.blocks_behind = blocks


@action("/chain/garble-events")
def garble_events(world: Joystream, on: bool = True) -> None:
    """Clients that read the events of a block do not find the videos that were created in it."""
    world.chain.faults.is_events_garbled = on


@action("/chain/upgrade")
def upgrade(world: Joystream, spec_version: Positive, foreign: bool = False) -> None:
    """A runtime with another version takes over; `foreign`: one whose create_video has another parameter."""
    world.chain.faults.is_runtime_foreign = foreign
    world.chain.faults.upgrade_runtime(spec_version)


@action("/chain/block-share")
def block_share(world: Joystream, share: Annotated[float, Field(gt=0, le=1)]) -> None:
    """The part of a block that extrinsics may use: small makes blocks fill up."""
    world.chain.faults.block_share = share


@action("/chain/seal")
def seal(world: Joystream) -> Result:
    """Makes a block at once."""
    return {"number": world.chain.seal().number}
