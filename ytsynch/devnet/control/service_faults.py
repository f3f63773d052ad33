"""What can go wrong with the query node, the storage nodes and the faucet.

Where an action of storage takes a `bucket_id`, null stands for the nodes of all buckets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import BadRequest, Count, Positive, Seconds, action

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream
    from ytsynch.devnet.storage_node import StorageNode


@action("/query-node/lag")
def lag(world: Joystream, blocks: Count) -> None:
    """The query node stays so many blocks behind."""
    world.indexer.faults.lag = blocks
    world.indexer.follow()


@action("/query-node/stop")
def stop_indexing(world: Joystream, on: bool = True) -> None:
    """The query node answers and indexes nothing."""
    world.indexer.faults.stopped = on
    world.indexer.follow()


@action("/query-node/unavailable")
def query_node_unavailable(world: Joystream, on: bool = True) -> None:
    """Every request is answered 503."""
    world.query_node.faults.unavailable = on


@action("/query-node/cut")
def cut_query_node(world: Joystream, on: bool = True) -> None:
    """Every request and every open WebSocket loses its connection."""
    world.query_node.faults.cut = on
    if on:
        world.query_node.cut_sockets()


@action("/query-node/error")
def graphql_error(world: Joystream, message: str | None = "internal error") -> None:
    """Every query is answered with a GraphQL error of this text; null: no more."""
    world.query_node.faults.graphql_error = message


@action("/query-node/delay")
def delay_query_node(world: Joystream, seconds: Seconds) -> None:
    """Every answer takes so much longer."""
    world.query_node.faults.delay = seconds


@action("/storage/unavailable")
def storage_unavailable(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """Every request is answered 503."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.unavailable = on


@action("/storage/silent")
def storage_silent(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """Requests are taken and not answered until this is off."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.silent = on


@action("/storage/refuse-uploads")
def refuse_uploads(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """Uploads are answered 503, everything else works."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.refuse_uploads = on


@action("/storage/cut-uploads")
def cut_uploads(
    world: Joystream,
    after_bytes: Count | None = 0,
    count: Positive | None = None,
    bucket_id: int | None = None,
) -> None:
    """Uploads (the next `count`, or all) lose their connection after so many bytes; null: no more."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.cut_after_bytes, node.faults.cuts_left = after_bytes, count


@action("/storage/slow")
def slow_uploads(world: Joystream, bytes_per_second: Positive | None, bucket_id: int | None = None) -> None:
    """Uploads are read at this speed; null: as fast as they come."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.bytes_per_second = bytes_per_second


@action("/storage/never-accept")
def never_accept(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """Uploads are answered 201 and never accepted on chain; when it goes off, they are."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.never_accept = on


@action("/storage/blind")
def blind(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """The node does not see data objects of new blocks: «doesn't exist in storage bag»."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.sees_no_new_objects = on


@action("/storage/corrupt")
def corrupt(world: Joystream, on: bool = True, bucket_id: int | None = None) -> None:
    """Files are served with one byte changed."""
    for node in _storage_nodes(world, bucket_id):
        node.faults.corrupt = on


@action("/storage/forget-file")
def forget_file(world: Joystream, object_id: int) -> None:
    """The nodes lose an accepted file."""
    lost = [node.forget(object_id) for node in world.storage_nodes]
    if not any(lost):
        raise BadRequest("object_id", f"no node has a file of data object {object_id}")


@action("/faucet/unavailable")
def faucet_unavailable(world: Joystream, on: bool = True) -> None:
    """Every request is answered 503."""
    world.faucet.faults.unavailable = on


@action("/faucet/refuse")
def refuse_membership(world: Joystream, code: str | None = "TooManyRequestsPerIp") -> None:
    """Every request is refused with this code; null: no more."""
    world.faucet.faults.refuse_with = code


@action("/faucet/limit")
def limit_memberships(world: Joystream, memberships: Count | None) -> None:
    """So many more memberships, then TooManyRequests; null: no limit."""
    world.faucet.faults.limit = memberships


def _storage_nodes(world: Joystream, bucket_id: int | None) -> list[StorageNode]:
    nodes = [node for node in world.storage_nodes if bucket_id in (None, node.bucket.id)]
    if not nodes:
        raise BadRequest("bucket_id", f"there is no bucket {bucket_id}")
    return nodes
