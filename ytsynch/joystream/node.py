"""The Joystream node: what the chain holds, and the way of an extrinsic from call to outcome.

An extrinsic's way, each step by itself so that the caller's outbox can be written between any two:

1. `create_videos_call` → `weight_of` → `sign`: afterwards hash, nonce and death block are known and nothing
is sent; 2. `submit`: handed to the node's pool, no waiting; 3. `find` by hash in the blocks of its era,
when they are final; 4. `outcome` of the block it was found in, then `batches.settle`.

Nothing is retried here. Any method raises `NodeUnavailable` where the node fails to answer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from scalecodec.base import ScaleBytes
from substrateinterface import SubstrateInterface
from substrateinterface.exceptions import SubstrateRequestException

from ytsynch.joystream import calls, events, extrinsic, runtime, scale
from ytsynch.joystream.chain import (
    Asset,
    BlockRef,
    Call,
    ChainChannel,
    ChainEvent,
    ChainVideo,
    ChannelBatch,
    ChannelPayment,
    DataObject,
    DispatchError,
    Inclusion,
    NewVideo,
    Outcome,
    Prices,
    SignedExtrinsic,
    VideoDeletion,
    VideoUpdate,
    Voucher,
    Weight,
)
from ytsynch.joystream.connection import Connection
from ytsynch.joystream.errors import ExtrinsicRefused, NodeUnavailable, Refusal, RuntimeChanged
from ytsynch.joystream.keys import Signer
from ytsynch.joystream.refusals import refusal

__all__ = [
    "Asset",
    "BlockRef",
    "Call",
    "ChainChannel",
    "ChainEvent",
    "ChainVideo",
    "ChannelBatch",
    "ChannelPayment",
    "DataObject",
    "DispatchError",
    "Inclusion",
    "NewVideo",
    "Node",
    "Outcome",
    "Prices",
    "SignedExtrinsic",
    "Signer",
    "VideoDeletion",
    "VideoUpdate",
    "Voucher",
    "Weight",
]

T = TypeVar("T")

StorageItem = tuple[str, str, list[Any]]
"""Pallet, storage item, keys."""

_HASHES_A_REQUEST = 256


class Node:
    """A client of the node behind `url`, or of the first of several that answers.

    `timeout` in seconds holds for connecting and for every answer. One thread at a time; `close` when done.
    """

    def __init__(self, url: str | Sequence[str], *, timeout: float = 30.0) -> None:
        self._connection = Connection([url] if isinstance(url, str) else url, timeout)
        self._known_runtimes: set[int] = set()
        self._signed_for: int | None = None

    def close(self) -> None:
        self._connection.close()

    # --- blocks --------------------------------------------------------------------------------

    def best(self) -> BlockRef:
        """The newest block; a fork may drop it."""
        return self._block(self._ask("chain_getBlockHash", [], _hash))

    def finalized(self) -> BlockRef:
        """The newest block that no fork can drop."""
        return self._block(self._ask("chain_getFinalizedHead", [], _hash))

    def block_hash(self, number: int) -> str | None:
        """The hash of block `number` on the best chain now, None where the chain is not that long."""
        return self._ask("chain_getBlockHash", [number], lambda found: found and _hash(found))

    def time_of(self, block: BlockRef) -> datetime:
        """When the block was made, by its own word. StateDiscarded where the node has forgotten its state."""
        item: StorageItem = ("Timestamp", "Now", [])
        return self._state([item], block, lambda millis: datetime.fromtimestamp(millis / 1000, UTC))

    def existential_deposit(self) -> int:
        """HAPI below which an account does not exist: the least that a new one may be paid."""
        with self._connection.asking("the existential deposit") as substrate:
            return int(substrate.get_constant("Balances", "ExistentialDeposit").value)

    def exist(self, addresses: Sequence[str], at: BlockRef | str | None = None) -> set[str]:
        """Those of the accounts that exist."""
        items: list[StorageItem] = [("System", "Account", [address]) for address in addresses]
        if not items:
            return set()
        return self._state(
            items,
            at,
            lambda *accounts: {a for a, account in zip(addresses, accounts, strict=True) if account},
        )

    def spec_version(self) -> int:
        """The version of the runtime at the best block."""
        with self._connection.asking("its runtime version") as substrate:
            version: int = substrate.runtime_version
        return version

    # --- state; `at` is a block or its hash, the best block without it ------------------------------

    def balance(self, address: str, at: BlockRef | str | None = None) -> int:
        """What the account can spend, in HAPI: free less frozen."""
        return self._state([("System", "Account", [address])], at, _spendable)

    def nonce(self, address: str, at: BlockRef | str | None = None) -> int:
        """The nonce of the account's next extrinsic by the state of the block: extrinsics in the pool do
        not count.
        """
        item: StorageItem = ("System", "Account", [address])
        return self._state([item], at, lambda account: 0 if account is None else int(account["nonce"]))

    def channel(self, id: int, at: BlockRef | str | None = None) -> ChainChannel | None:
        """The Joystream channel, None where it does not exist (or no longer)."""
        items = [("Content", "ChannelById", [id]), _bag(id)]
        return self._state(items, at, lambda record, bag: record and _channel(id, record, bag))

    def video(self, id: int, at: BlockRef | str | None = None) -> ChainVideo | None:
        """The video, None where it does not exist (or no longer)."""
        item: StorageItem = ("Content", "VideoById", [id])
        return self._state([item], at, lambda record: record and _video(id, record))

    def data_objects(
        self, channel_id: int, ids: Sequence[int], at: BlockRef | str | None = None
    ) -> dict[int, DataObject]:
        """The data objects of the channel's bag by id; those that do not exist are missing."""
        bag = {"Dynamic": {"Channel": channel_id}}
        items: list[StorageItem] = [("Storage", "DataObjectsById", [bag, id]) for id in ids]
        return self._state(items, at, lambda *records: _data_objects(ids, records)) if items else {}

    def prices(self, at: BlockRef | str | None = None) -> Prices:
        """What a `create_video` must name to be accepted."""
        items: list[StorageItem] = [
            ("Storage", "DataObjectPerMegabyteFee", []),
            ("Storage", "DataObjectStateBloatBondValue", []),
            ("Content", "VideoStateBloatBondValue", []),
        ]
        return self._state(items, at, lambda *values: Prices(*(value or 0 for value in values)))

    def bucket_vouchers(self, channel_id: int, at: BlockRef | str | None = None) -> list[Voucher]:
        """The vouchers of the storage buckets that hold the channel's bag: the fullest bounds what the
        channel may add.
        """
        block = at or self.best()
        buckets = self._state([_bag(channel_id)], block, lambda bag: bag["stored_by"] if bag else [])
        items: list[StorageItem] = [("Storage", "StorageBucketById", [bucket]) for bucket in buckets]
        return self._state(items, block, lambda *records: _vouchers(buckets, records)) if items else []

    # --- calls and their weight -------------------------------------------------------------------

    def create_videos_call(self, batches: Sequence[ChannelBatch]) -> Call:
        """One call for the videos of many channels: `force_batch` of one `batch_all` a channel.
        RuntimeChanged as `sign`.
        """
        with self._connection.asking("the runtime of create_video") as substrate:
            self._check_runtime(substrate)
            spec_version = int(substrate.runtime_version)
        return Call(calls.encode(substrate, calls.create_videos(batches)), spec_version)

    def pay_channels_call(self, member_id: int, payments: Sequence[ChannelPayment]) -> Call:
        """One call for payments to many channels: `force_batch` of one `member_remark` a payment.
        RuntimeChanged as `sign`.
        """
        with self._connection.asking("the runtime of member_remark") as substrate:
            self._check_runtime(substrate)
            spec_version = int(substrate.runtime_version)
        return Call(calls.encode(substrate, calls.pay_channels(member_id, payments)), spec_version)

    def change_videos_call(self, changes: Sequence[VideoUpdate | VideoDeletion]) -> Call:
        """One call for changes of many videos: `force_batch` of one call a video. RuntimeChanged as `sign`."""
        with self._connection.asking("the runtime of update_video") as substrate:
            self._check_runtime(substrate)
            spec_version = int(substrate.runtime_version)
        return Call(calls.encode(substrate, calls.change_videos(changes)), spec_version)

    def weight_of(self, call: Call, signer: Signer) -> tuple[Weight, int]:
        """The weight of the call as an extrinsic of `signer`, and its fee in HAPI."""
        likeness = extrinsic.unsigned_likeness(call.data, signer)
        question = "0x" + (likeness + scale.u32(len(likeness))).hex()
        with self._connection.asking("the weight and fee of a call") as substrate:
            answer = substrate.rpc_request("state_call", ["TransactionPaymentApi_query_info", question])[
                "result"
            ]
            info = substrate.runtime_config.create_scale_object("(Compact<u64>, Compact<u64>, u8, u128)")
            ref_time, proof_size, _, fee = info.decode(ScaleBytes(answer))
        return Weight(ref_time, proof_size, len(likeness)), fee

    def block_weight_limit(self) -> int:
        """The greatest reference time (picoseconds) of a single extrinsic; a block offers a little more to
        all together.
        """
        with self._connection.asking("the block weight limit") as substrate:
            normal = substrate.get_constant("System", "BlockWeights").value["per_class"]["normal"]
            return int((normal["max_extrinsic"] or normal["max_total"])["ref_time"])

    def block_length_limit(self) -> int:
        """The greatest length in bytes of all extrinsics of users in a block together."""
        with self._connection.asking("the block length limit") as substrate:
            return int(substrate.get_constant("System", "BlockLength").value["max"]["normal"])

    # --- the way of an extrinsic --------------------------------------------------------------------

    def sign(
        self, call: Call, signer: Signer, *, nonce: int, era_period: int, birth: BlockRef
    ) -> SignedExtrinsic:
        """The extrinsic, ready to send, with the hash by which it can be found.

        It can be included after block `birth` and within `era_period` blocks (a power of two, 4 to 2048). A
        final block is a good birth: a fork that drops the birth makes the signature worthless.
        RuntimeChanged where the runtime is not as this client knows it; ExtrinsicRefused (runtime_upgraded)
        where the call was built for another runtime than the present one: build it anew.
        """
        with self._connection.asking("the runtime to sign for") as substrate:
            self._check_runtime(substrate)
            spec, transaction = substrate.runtime_version, substrate.transaction_version
            identity = extrinsic.RuntimeIdentity(spec, transaction, self._connection.genesis)
        if spec != call.spec_version:
            message = f"the call was built for runtime {call.spec_version}, the chain runs {spec}"
            raise ExtrinsicRefused(0, message, None, Refusal.RUNTIME_UPGRADED)
        self._signed_for = spec
        return extrinsic.sign(
            call.data, signer, nonce=nonce, era_period=era_period, birth=birth, runtime=identity
        )

    def submit(self, signed: bytes) -> None:
        """Hand the extrinsic to the node's pool; what becomes of it is seen in the blocks.

        ExtrinsicRefused where the pool does not take it. After NodeUnavailable nobody knows: it may be
        included yet.
        """
        try:
            self._connection.rpc("author_submitExtrinsic", ["0x" + signed.hex()], _hash)
        except SubstrateRequestException as error:
            refused = refusal(error.args[0])
            if refused is None:
                raise NodeUnavailable(
                    self._connection.endpoint, "author_submitExtrinsic", str(error)
                ) from error
            raise self._blamed_on_upgrade(refused) from error

    def find(self, hash: str, first: int, last: int, *, final: BlockRef | None = None) -> Inclusion | None:
        """Where the extrinsic is in the blocks `first … last` of the best chain, as far as it goes; None
        where nowhere.

        Compares hashes of raw extrinsics and decodes nothing. Only an answer about final blocks is the last
        word: with `final`, a block at or above `last` that is known to be final, NodeUnavailable where the
        node that answers has not come so far, or follows another fork. (Several nodes may stand behind one
        address, and the next of several addresses may lag behind the one before.)
        """
        for block in self._blocks(first, last, final):
            hashes = self._ask("chain_getBlock", [block.hash], _extrinsic_hashes)
            if hash in hashes:
                return Inclusion(block, hashes.index(hash))
        return None

    def outcome(self, inclusion: Inclusion) -> Outcome:
        """What the included extrinsic did, by the events of its block. EventsDoNotAddUp where the block has
        no verdict on it.
        """
        with self._connection.asking("the events of a block", at=inclusion.block.hash) as substrate:
            records = substrate.query("System", "Events", block_hash=inclusion.block.hash).value
            found = events.outcome(records, inclusion.index, substrate.metadata)
        return replace(found, at=self.time_of(inclusion.block))

    # --- within --------------------------------------------------------------------------------------

    def _ask(self, method: str, params: list[Any], read: Callable[[Any], T]) -> T:
        try:
            return self._connection.rpc(method, params, read)
        except SubstrateRequestException as error:
            raise NodeUnavailable(self._connection.endpoint, method, str(error)) from error

    def _block(self, hash: str) -> BlockRef:
        return self._ask("chain_getHeader", [hash], lambda header: BlockRef(int(header["number"], 16), hash))

    def _blocks(self, first: int, last: int, final: BlockRef | None) -> Iterator[BlockRef]:
        for start in range(first, last + 1, _HASHES_A_REQUEST):
            numbers = list(range(start, min(start + _HASHES_A_REQUEST, last + 1)))
            # in the same request, so that the same node answers both
            witness = [final.number] if final is not None else []
            hashes = self._ask("chain_getBlockHash", [numbers + witness], list)
            if final is not None and hashes.pop() != final.hash:
                reason = f"it does not have final block {final.number} on its best chain"
                raise NodeUnavailable(self._connection.endpoint, "chain_getBlockHash", reason)
            for number, hash in zip(numbers, hashes, strict=True):
                if hash is None:
                    return
                yield BlockRef(number, hash)

    def _state(self, items: Sequence[StorageItem], at: BlockRef | str | None, read: Callable[..., T]) -> T:
        """What `read` makes of the decoded values of storage items, all of the same block.

        The value of an item that is not there is None.
        """
        block = at.hash if isinstance(at, BlockRef) else at or self._ask("chain_getBlockHash", [], _hash)
        with self._connection.asking(_named(items), at=block) as substrate:
            keys = [substrate.create_storage_key(*item) for item in items]
            values = {
                key.to_hex(): value.value if value.meta_info["result_found"] else None
                for key, value in substrate.query_multi(keys, block_hash=block)
            }
            return read(*(values[key.to_hex()] for key in keys))

    def _check_runtime(self, substrate: SubstrateInterface) -> None:
        version = substrate.runtime_version
        if version not in self._known_runtimes:
            if found := runtime.differences(substrate.metadata):
                raise RuntimeChanged(version, found)
            self._known_runtimes.add(version)

    def _blamed_on_upgrade(self, refused: ExtrinsicRefused) -> ExtrinsicRefused:
        """A signature for the runtime before an upgrade reads as a bad one: tells the two apart (N11)."""
        suspicious = refused.reason in (Refusal.BAD_SIGNATURE, Refusal.UNREADABLE)
        if not suspicious or self._signed_for in (None, self.spec_version()):
            return refused
        return ExtrinsicRefused(refused.rpc_code, refused.message, refused.data, Refusal.RUNTIME_UPGRADED)


def _hash(answer: Any) -> str:
    if not isinstance(answer, str) or not answer.startswith("0x"):
        raise TypeError(f"expected a hash, not {answer!r}")
    return answer


def _named(items: Sequence[StorageItem]) -> str:
    return ", ".join(f"{pallet}.{item}({', '.join(map(str, keys))})" for pallet, item, keys in items)


def _bag(channel_id: int) -> StorageItem:
    return ("Storage", "Bags", [{"Dynamic": {"Channel": channel_id}}])


def _data_objects(ids: Sequence[int], records: Sequence[dict[str, Any] | None]) -> dict[int, DataObject]:
    return {
        id: DataObject(record["size"], _text(record["ipfs_content_id"]), record["accepted"])
        for id, record in zip(ids, records, strict=True)
        if record is not None
    }


def _text(value: str) -> str:
    """Bytes that were no text were left in hexadecimal by the codec."""
    return bytes.fromhex(value[2:]).decode(errors="replace") if value.startswith("0x") else value


def _extrinsic_hashes(answer: dict[str, Any]) -> list[str]:
    return [extrinsic.extrinsic_hash(bytes.fromhex(raw[2:])) for raw in answer["block"]["extrinsics"]]


def _spendable(account: dict[str, Any] | None) -> int:
    if account is None:
        return 0
    free, frozen = account["data"]["free"], (account["data"]["misc_frozen"], account["data"]["fee_frozen"])
    return max(0, int(free) - int(max(frozen)))


def _video(id: int, record: dict[str, Any]) -> ChainVideo:
    return ChainVideo(id, record["in_channel"], tuple(record["data_objects"]))


def _vouchers(buckets: Sequence[int], records: Sequence[dict[str, Any] | None]) -> list[Voucher]:
    return [
        Voucher(bucket, **record["voucher"])
        for bucket, record in zip(buckets, records, strict=True)
        if record is not None
    ]


def _channel(id: int, record: dict[str, Any], bag: dict[str, Any] | None) -> ChainChannel:
    return ChainChannel(
        id=id,
        owner_member=record["owner"].get("Member"),
        collaborators={member: frozenset(permissions) for member, permissions in record["collaborators"]},
        paused_features=frozenset(record["paused_features"]),
        video_count=record["num_videos"],
        stored_by=tuple(bag["stored_by"]) if bag else (),
        bag_objects=bag["objects_number"] if bag else 0,
        bag_bytes=bag["objects_total_size"] if bag else 0,
    )
