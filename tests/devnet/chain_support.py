"""A small devnet chain behind a real socket, and substrate-interface as its foreign client."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from substrateinterface import Keypair, SubstrateInterface

from ytsynch.devnet.chain.chain import Chain
from ytsynch.devnet.chain.extrinsics import IMMORTAL, Era
from ytsynch.devnet.chain.genesis import (
    Genesis,
    GenesisBucket,
    GenesisChannel,
    GenesisMember,
    GenesisObject,
    Prices,
)
from ytsynch.devnet.chain.node import Node
from ytsynch.devnet.chain.signer import key_pair, public_key, sign_extrinsic

T = TypeVar("T")

JOY = 10**10
PRICES = Prices()
OWNER, COLLABORATOR = 1, 10  # members
CHANNEL, OTHER_CHANNEL = 5, 6
CONTENT_ID = "gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ"

_LISTS = "bounded_collections::"
#: What substrate-interface needs for Joystream's types, see the project's own client.
TYPE_REGISTRY = {
    "types": {
        "*::Call": "Enum",
        "BTreeMap": "BTreeSet",
        f"{_LISTS}bounded_btree_set::BoundedBTreeSet": "BTreeSet",
        f"{_LISTS}bounded_btree_map::BoundedBTreeMap": "BTreeSet",
        f"{_LISTS}bounded_vec::BoundedVec": "BTreeSet",
        f"{_LISTS}weak_bounded_vec::WeakBoundedVec": "BTreeSet",
    }
}


def genesis(**changes: Any) -> Genesis:
    """Two channels of one owner; the collaborator may add, change and remove videos in both."""
    may = {COLLABORATOR: frozenset({"AddVideo", "UpdateVideoMetadata", "ManageVideoAssets", "DeleteVideo"})}
    rich = ("//Owner", "//Collaborator", "//Operator", "//StorageLead", "//ContentLead", "//Other")
    facts: dict[str, Any] = {
        "timestamp_ms": 1_700_000_000_000,
        "balances": {public_key(suri): 10_000 * JOY for suri in rich},
        "members": (
            GenesisMember(OWNER, "owner", public_key("//Owner")),
            GenesisMember(COLLABORATOR, "collaborator", public_key("//Collaborator")),
        ),
        "channels": (
            GenesisChannel(CHANNEL, OWNER, may, (0,), (GenesisObject(1, 10_000, CONTENT_ID),)),
            GenesisChannel(OTHER_CHANNEL, OWNER, may, (0, 1)),
        ),
        "buckets": (
            GenesisBucket(0, 70, public_key("//Operator"), 10**12, 10**6),
            GenesisBucket(1, 71, public_key("//Operator"), 10**12, 10**6),
        ),
        "storage_lead": public_key("//StorageLead"),
        "content_lead": public_key("//ContentLead"),
    }
    return Genesis(**{**facts, **changes})


def quiet_chain(store: Path | None = None, **changes: Any) -> Chain:
    """A chain without a socket that makes blocks only when `seal` is called."""
    return Chain(genesis(**changes), store=store, block_time=0.1)


class Devnet:
    """A chain with its node in a thread of their own; `do` runs a function there."""

    def __init__(self, chain: Chain, node: Node, loop: asyncio.AbstractEventLoop) -> None:
        self.chain = chain
        self._node = node
        self._loop = loop

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._node.port}"

    def do(self, function: Callable[[], T]) -> T:
        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(20)

    def connect(self) -> SubstrateInterface:
        return SubstrateInterface(
            self.url, ss58_format=126, auto_discover=False, type_registry=TYPE_REGISTRY
        )  # fmt: skip


@contextmanager
def running(chain: Chain, *, by_itself: bool = True) -> Iterator[Devnet]:
    """Serves a chain; it makes its blocks itself, or only on `seal`."""
    loop, node = asyncio.new_event_loop(), Node(chain)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    devnet = Devnet(chain, node, loop)
    asyncio.run_coroutine_threadsafe(node.start(), loop).result(10)
    production = asyncio.run_coroutine_threadsafe(chain.run(), loop) if by_itself else None
    try:
        yield devnet
    finally:
        if production is not None:
            production.cancel()
        asyncio.run_coroutine_threadsafe(node.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        chain.close()


def keys(suri: str) -> Keypair:
    return key_pair(suri)


def create_video(channel: int = CHANNEL, **changes: Any) -> dict[str, Any]:
    """A call of the collaborator, in the chain's plain form: two assets, prices and witness as they are."""
    objects = changes.pop("objects", [{"size": 1_500_000, "ipfs_content_id": CONTENT_ID.encode()}] * 2)
    actor = changes.pop("actor", {"Member": COLLABORATOR})
    fee = changes.pop("fee", PRICES.data_size_fee)
    params = {
        "assets": {"expected_data_size_fee": fee, "object_creation_list": objects} if objects else None,
        "meta": b"\x01\x02\xff",
        "auto_issue_nft": None,
        "expected_video_state_bloat_bond": PRICES.video_bond,
        "expected_data_object_state_bloat_bond": PRICES.object_bond,
        "storage_buckets_num_witness": 1 if channel == CHANNEL else 2,
        **changes,
    }
    return {"Content": {"create_video": {"actor": actor, "channel_id": channel, "params": params}}}


def update_video(video: int, **changes: Any) -> dict[str, Any]:
    params = {
        "assets_to_upload": None,
        "new_meta": None,
        "assets_to_remove": [],
        "auto_issue_nft": None,
        "expected_data_object_state_bloat_bond": PRICES.object_bond,
        "storage_buckets_num_witness": None,
        **changes,
    }
    actor = {"Member": COLLABORATOR}
    return {"Content": {"update_video": {"actor": actor, "video_id": video, "params": params}}}


def update_channel(channel: int = CHANNEL, actor: int = OWNER, **changes: Any) -> dict[str, Any]:
    params = {
        "assets_to_upload": None,
        "new_meta": None,
        "assets_to_remove": [],
        "collaborators": None,
        "expected_data_object_state_bloat_bond": PRICES.object_bond,
        "storage_buckets_num_witness": None,
        **changes,
    }
    arguments = {"actor": {"Member": actor}, "channel_id": channel, "params": params}
    return {"Content": {"update_channel": arguments}}


def delete_video(video: int, objects: int = 2, witness: int | None = 1) -> dict[str, Any]:
    arguments = {
        "actor": {"Member": COLLABORATOR},
        "video_id": video,
        "num_objects_to_delete": objects,
        "storage_buckets_num_witness": witness,
    }
    return {"Content": {"delete_video": arguments}}


def batch(kind: str, *calls: Any) -> dict[str, Any]:
    return {"Utility": {kind: {"calls": list(calls)}}}


def transfer(target: str, amount: int) -> dict[str, Any]:
    return {"Balances": {"transfer": {"dest": public_key(target), "value": amount}}}


def sealed(chain: Chain, signer: str, call: dict[str, Any]) -> list[tuple[str, Any]]:
    """Carries out one call in a block of its own; gives its events as (`Pallet.Name`, arguments)."""
    chain.submit_as(signer, call)
    return [(f"{e.pallet}.{e.name}", e.args) for e in chain.seal().events if e.extrinsic == 1]


def failure(chain: Chain, signer: str, call: dict[str, Any]) -> str | None:
    """The error that a call ends with, as `Pallet.Name` or plain; None when it succeeds."""
    name, args = sealed(chain, signer, call)[-1]
    return None if name == "System.ExtrinsicSuccess" else error_name(chain, args[0])


def error_name(chain: Chain, error: Any) -> str:
    return ".".join(chain.codec.module_error_name(error)) if isinstance(error, dict) else str(error)


def signed(
    chain: Chain,
    call: dict[str, Any],
    suri: str = "//Collaborator",
    *,
    nonce: int,
    tip: int = 0,
    era: Era = IMMORTAL,
) -> bytes:
    """A whole extrinsic with a nonce of one's choice; a mortal one is signed at the best block."""
    context = chain.signing_context(chain.block(era.birth(chain.best.number)).hash)
    return sign_extrinsic(
        key_pair(suri), chain.codec.encode_call(call), nonce=nonce, tip=tip, era=era, context=context
    )


def statuses(chain: Chain) -> list[tuple[bytes, Any]]:
    """The list that from now on grows with what watchers of extrinsics are told."""
    told: list[tuple[bytes, Any]] = []
    chain.on_status.append(lambda extrinsic, status: told.append((extrinsic, status)))
    return told
