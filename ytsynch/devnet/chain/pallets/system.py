"""System, Utility and Timestamp: blocks, batches and the clock."""

from hashlib import blake2b
from typing import Any

from ytsynch.devnet.chain.types import enum, struct

from .pallet import Pallet

VERSION = {
    "spec_name": "joystream-node",
    "impl_name": "joystream-node",
    "authoring_version": 12,
    "spec_version": 2004,
    "impl_version": 0,
    "transaction_version": 2,
    "state_version": 1,
}

# Runtime APIs and their versions, as Joystream announces them; each goes by a hash of its name.
RUNTIME_APIS = {
    "Core": 4,
    "Metadata": 1,
    "BlockBuilder": 6,
    "StakingApi": 1,
    "TaggedTransactionQueue": 3,
    "OffchainWorkerApi": 2,
    "GrandpaApi": 3,
    "BabeApi": 2,
    "AuthorityDiscoveryApi": 1,
    "AccountNonceApi": 1,
    "TransactionPaymentApi": 3,
    "SessionKeys": 1,
}

MAX_BLOCK = {"ref_time": 2 * 10**12, "proof_size": 2**64 - 1}  # two seconds of the reference machine
BASE_EXTRINSIC = {"ref_time": 110_530_000, "proof_size": 0}
MAX_LENGTH = 5 * 2**20  # bytes


def _share_of_block(percent: int, *, without: int = 0) -> dict[str, int]:
    shares = {name: (whole * percent + 50) // 100 for name, whole in MAX_BLOCK.items()}
    return {**shares, "ref_time": shares["ref_time"] - without}


def _weights_per_class(max_extrinsic: int, max_total: int, reserved: int) -> dict[str, Any]:
    """The limits of a class in per cent of a block; an extrinsic's own is less by its base weight."""
    return {
        "base_extrinsic": BASE_EXTRINSIC,
        "max_extrinsic": _share_of_block(max_extrinsic, without=BASE_EXTRINSIC["ref_time"]),
        "max_total": _share_of_block(max_total),
        "reserved": _share_of_block(reserved),
    }


SYSTEM = Pallet(
    "System",
    0,
    calls=enum(
        "frame_system::pallet::Call<T = _>",
        "remark(remark: Vec<u8>)",
        "7 remark_with_event(remark: Vec<u8>)",
    ),
    events=enum(
        "frame_system::pallet::Event<T = _>",
        "ExtrinsicSuccess(dispatch_info: DispatchInfo)",
        "ExtrinsicFailed(dispatch_error: DispatchError, dispatch_info: DispatchInfo)",
        "CodeUpdated",
        "NewAccount(account: T::AccountId)",
        "KilledAccount(account: T::AccountId)",
        "Remarked(sender: T::AccountId, hash: T::Hash)",
    ),
    event_type_name="frame_system::Event<Runtime>",
    errors=enum(
        "frame_system::pallet::Error<T = _>",
        "InvalidSpecName SpecVersionNeedsToIncrease FailedToExtractRuntimeVersion",
        "NonDefaultComposite NonZeroRefCount CallFiltered",
    ),
    storage=(
        "Account: AccountId -> AccountInfo",
        "ExtrinsicCount: u32?",
        "BlockWeight: PerDispatchClass<Weight>",
        "AllExtrinsicsLen: u32?",
        "BlockHash: Twox64Concat(BlockNumber) -> Hash",
        "ExtrinsicData: Twox64Concat(u32) -> Vec<u8>",
        "Number: BlockNumber",
        "ParentHash: Hash",
        "Digest: Digest",
        "Events: Vec<EventRecord>",
        "EventCount: u32",
        "EventTopics: Hash -> Vec<(BlockNumber, u32)>",
        "LastRuntimeUpgrade: LastRuntimeUpgradeInfo?",
        "UpgradedToU32RefCount: bool",
        "UpgradedToTripleRefCount: bool",
        "ExecutionPhase: Phase?",
    ),
    constants={
        "BlockWeights: BlockWeights": {
            "base_block": {"ref_time": 441_686_000, "proof_size": 0},
            "max_block": MAX_BLOCK,
            "per_class": {
                "normal": _weights_per_class(max_extrinsic=65, max_total=75, reserved=0),
                "operational": _weights_per_class(max_extrinsic=90, max_total=100, reserved=25),
                "mandatory": {
                    "base_extrinsic": BASE_EXTRINSIC,
                    "max_extrinsic": None,
                    "max_total": None,
                    "reserved": None,
                },
            },
        },
        "BlockLength: BlockLength": {
            "max": {"normal": MAX_LENGTH * 75 // 100, "operational": MAX_LENGTH, "mandatory": MAX_LENGTH}
        },
        "BlockHashCount: BlockNumber": 2400,
        "DbWeight: RuntimeDbWeight": {"read": 4_968_000, "write": 64_373_000},
        "Version: RuntimeVersion": {
            **VERSION,
            "apis": [
                (blake2b(name.encode(), digest_size=8).digest(), version)
                for name, version in RUNTIME_APIS.items()
            ],
        },
        "SS58Prefix: u16": 126,
    },
    types=(
        struct(
            "frame_system::AccountInfo<Index, AccountData>",
            "nonce: Index",
            "consumers: RefCount",
            "providers: RefCount",
            "sufficients: RefCount",
            "data: AccountData",
        ),
        struct(
            "frame_system::EventRecord<E = RuntimeEvent, T = Hash>",
            "phase: Phase",
            "event: E",
            "topics: Vec<T>",
        ),
        enum("frame_system::Phase", "ApplyExtrinsic(u32)", "Finalization Initialization"),
        struct(
            "frame_system::LastRuntimeUpgradeInfo",
            "spec_version: codec::Compact<u32>",
            "spec_name: sp_runtime::RuntimeString",
        ),
        struct("sp_runtime::generic::digest::Digest", "logs: Vec<DigestItem>"),
        enum(
            "sp_runtime::generic::digest::DigestItem",
            "6 PreRuntime(ConsensusEngineId, Vec<u8>)",
            "4 Consensus(ConsensusEngineId, Vec<u8>)",
            "5 Seal(ConsensusEngineId, Vec<u8>)",
            "0 Other(Vec<u8>)",
            "8 RuntimeEnvironmentUpdated",
        ),
        struct(
            "frame_system::limits::BlockWeights",
            "base_block: Weight",
            "max_block: Weight",
            "per_class: PerDispatchClass<WeightsPerClass>",
        ),
        struct(
            "frame_system::limits::WeightsPerClass",
            "base_extrinsic: Weight",
            "max_extrinsic: Option<Weight>",
            "max_total: Option<Weight>",
            "reserved: Option<Weight>",
        ),
        struct("frame_system::limits::BlockLength", "max: PerDispatchClass<u32>"),
        struct(
            "sp_version::RuntimeVersion",
            "spec_name: RuntimeString",
            "impl_name: RuntimeString",
            "authoring_version: u32",
            "spec_version: u32",
            "impl_version: u32",
            "apis: ApisVec",
            "transaction_version: u32",
            "state_version: u8",
        ),
    ),
    aliases={"RefCount": "u32", "ApisVec": "Cow<Vec<([u8; 8], u32)>>"},
)

UTILITY = Pallet(
    "Utility",
    1,
    calls=enum(
        "pallet_utility::pallet::Call<T = _>",
        "batch(calls: Vec<<T as Config>::RuntimeCall>)",
        "2 batch_all(calls: Vec<<T as Config>::RuntimeCall>)",
        "4 force_batch(calls: Vec<<T as Config>::RuntimeCall>)",
    ),
    events=enum(
        "pallet_utility::pallet::Event",
        "BatchInterrupted(index: u32, error: DispatchError)",
        "BatchCompleted BatchCompletedWithErrors ItemCompleted",
        "ItemFailed(error: DispatchError)",
        "DispatchedAs(result: DispatchResult)",
    ),
    event_type_name="substrate_utility::Event",
    errors=enum("pallet_utility::pallet::Error<T = _>", "TooManyCalls"),
    constants={"batched_calls_limit: u32": 10_922},
)

TIMESTAMP = Pallet(
    "Timestamp",
    3,
    calls=enum("pallet_timestamp::pallet::Call<T = _>", "set(now: T::Moment = Compact<u64>)"),
    storage=("Now: u64", "DidUpdate: bool"),
    constants={"MinimumPeriod: u64": 3000},  # ms: half of the time between blocks
)
