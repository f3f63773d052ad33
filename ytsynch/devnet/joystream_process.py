"""The process that is Joystream: chain, query node, storage nodes, faucet, mailbox and control port on one
loop.
"""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from .chain.chain import Chain
from .chain.genesis import Genesis, GenesisBucket, GenesisChannel, GenesisMember, GenesisObject
from .chain.node import Node
from .config import HOST, DevnetConfig
from .content_id import content_id
from .control import ControlPort
from .faucet import Faucet
from .keys import public_key
from .mailbox import Mailbox
from .query_node.indexer import Indexer
from .query_node.server import QueryNode
from .storage_node import Shelf, StorageNode
from .world import (
    BALANCES,
    CHANNEL_BUCKETS,
    COLLABORATOR,
    COLLABORATOR_PERMISSIONS,
    GENESIS_TIMESTAMP_MS,
    LEAD_SURI,
    World,
    build_world,
)


@dataclass(frozen=True)
class Joystream:
    """Every part of the simulated Joystream, wired together, and the mailbox of its people."""

    world: World
    chain: Chain
    node: Node
    indexer: Indexer
    query_node: QueryNode
    storage_nodes: tuple[StorageNode, ...]
    faucet: Faucet
    mailbox: Mailbox


def build(config: DevnetConfig) -> Joystream:
    """Everything but the listening ports."""
    world = build_world(config.seed)
    chain = Chain(
        genesis(world),
        store=None if config.in_memory else config.state_folder / "chain.sqlite3",
        block_time=config.block_time,
        finality_lag=config.finality_lag,
    )
    indexer = Indexer(
        chain,
        world,
        endpoints={bucket.id: storage_endpoint(config, bucket.id) for bucket in world.buckets},
        follows=config.query_node_follows,
        lag=config.query_node_lag,
    )
    storage = config.state_folder / "storage"
    shelf = Shelf(storage / "accepted", world)
    joystream = Joystream(
        world,
        chain,
        Node(chain),
        indexer,
        QueryNode(indexer),
        tuple(_storage_node(chain, shelf, storage, world, bucket.id) for bucket in world.buckets),
        Faucet(chain, world.faucet_key),
        Mailbox(config.state_folder / "mailbox"),
    )
    chain.on_reorg.append(indexer.unwind)
    chain.on_block += [indexer.follow, joystream.faucet.on_block]
    chain.on_block += [node.on_block for node in joystream.storage_nodes]
    chain.on_finalized.append(indexer.follow)
    return joystream


def storage_endpoint(config: DevnetConfig, bucket_id: int) -> str:
    """The address of a bucket's node: bucket 0 at the root of the port, the others below it."""
    path = f"bucket/{bucket_id}/" if bucket_id else ""
    return f"http://{HOST}:{config.ports.storage_node}/{path}"


def storage_app(joystream: Joystream) -> web.Application:
    first, *others = joystream.storage_nodes
    app = first.app()
    for node in others:
        app.add_subapp(f"/bucket/{node.bucket.id}", node.app())
    return app


def genesis(world: World) -> Genesis:
    """The chain's first state, with the world's people as public keys."""
    members = tuple(GenesisMember(m.id, m.handle, public_key(m.suri)) for m in world.members)
    channels = tuple(
        GenesisChannel(
            id=channel.id,
            owner=channel.owner_member,
            collaborators={COLLABORATOR.id: frozenset(COLLABORATOR_PERMISSIONS)}
            if channel.has_collaborator
            else {},
            stored_by=CHANNEL_BUCKETS,
            objects=tuple(
                GenesisObject(asset.id, len(asset.content), content_id(asset.content))
                for asset in channel.assets
            ),
        )
        for channel in world.channels
    )
    buckets = tuple(
        GenesisBucket(b.id, b.id, public_key(b.operator_suri), b.size_limit, b.objects_limit)
        for b in world.buckets
    )
    return Genesis(
        timestamp_ms=GENESIS_TIMESTAMP_MS,
        balances={public_key(suri): balance for suri, balance in BALANCES.items()},
        members=members,
        channels=channels,
        buckets=buckets,
        storage_lead=public_key(LEAD_SURI),
        content_lead=public_key(LEAD_SURI),
        buckets_per_new_channel=len(CHANNEL_BUCKETS),
    )


@contextlib.asynccontextmanager
async def listening(joystream: Joystream, config: DevnetConfig) -> AsyncIterator[None]:
    """Every port of Joystream and the control port, open while the block lasts. OSError when one is taken."""
    ports = config.ports
    control = ControlPort(joystream, youtube_url=f"http://{HOST}:{ports.google}/_control")
    apps = {
        ports.query_node: joystream.query_node.app(),
        ports.storage_node: storage_app(joystream),
        ports.faucet: joystream.faucet.app(),
        ports.control: control.app(),
    }
    async with contextlib.AsyncExitStack() as stack:
        await joystream.node.start(HOST, ports.chain)
        stack.push_async_callback(joystream.node.stop)
        await joystream.mailbox.start(HOST, ports.mailbox)
        stack.push_async_callback(joystream.mailbox.stop)
        for port, app in apps.items():
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, port).start()
        yield


async def run(config: DevnetConfig) -> None:
    """Serves until SIGTERM."""
    stopped = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stopped.set)
    joystream = build(config)
    with contextlib.closing(joystream.chain):
        async with listening(joystream, config):
            production = asyncio.create_task(joystream.chain.run())
            stop = asyncio.create_task(stopped.wait())
            sys.stdout.write(json.dumps({"ready": True}) + "\n")
            sys.stdout.flush()
            await asyncio.wait({production, stop}, return_when=asyncio.FIRST_COMPLETED)
            if production.done():
                production.result()  # block production ends only by failing
            production.cancel()


def _storage_node(chain: Chain, shelf: Shelf, folder: Path, world: World, bucket_id: int) -> StorageNode:
    return StorageNode(chain, world.buckets[bucket_id], shelf, folder / f"pending-{bucket_id}")


def main() -> int:
    """Exit status: 0 after a stop that was asked for, 2 when it could not start."""
    try:
        asyncio.run(run(DevnetConfig.from_json(sys.argv[1])))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"joystream: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
