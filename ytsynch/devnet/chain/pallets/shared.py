"""What several pallets, or the extrinsic itself, are made of: collections, accounts, weights, errors."""

from ytsynch.devnet.chain.types import enum, struct

ALIASES = {
    "AccountId": "AccountId32",
    "AccountIdLookupOf": "AccountId",  # Joystream has no MultiAddress
    "Balance": "u128",
    "BalanceOf": "Balance",
    "BlockNumber": "u32",
    "ConsensusEngineId": "[u8; 4]",
    "Hash": "H256",
    "Index": "u32",
    "RuntimeString": "str",
    "MemberId": "u64",
    "WorkerId": "u64",
    "ActorId": "WorkerId",
    "DispatchResult": "Result<(), DispatchError>",
    "LockIdentifier": "[u8; 8]",
}

COLLECTIONS = (
    enum("Option<T>", "None", "Some(= T)"),
    enum("Result<T, E>", "Ok(= T)", "Err(= E)"),
    struct("BTreeSet<T>", "= Vec<T>"),
    struct("BTreeMap<K, V>", "= Vec<(K, V)>"),
    struct("Cow<T>", "= T"),
    struct("bounded_collections::bounded_btree_map::BoundedBTreeMap<K, V, S>", "BTreeMap<K, V>"),
    struct("bounded_collections::bounded_btree_set::BoundedBTreeSet<T, S>", "BTreeSet<T>"),
    struct("bounded_collections::bounded_vec::BoundedVec<T, S>", "Vec<T>"),
    struct("bounded_collections::weak_bounded_vec::WeakBoundedVec<T, S>", "Vec<T>"),
)

VALUES = (
    struct("sp_core::crypto::AccountId32", "[u8; 32]"),
    struct("primitive_types::H256", "[u8; 32]"),
    struct("sp_arithmetic::per_things::Perbill", "u32"),
    struct("sp_arithmetic::fixed_point::FixedU128", "u128"),
    struct("sp_weights::weight_v2::Weight", "ref_time: u64 = Compact<u64>", "proof_size: u64 = Compact<u64>"),
    struct("sp_weights::RuntimeDbWeight", "read: u64", "write: u64"),
    struct(
        "pallet_common::bloat_bond::RepayableBloatBond<AccountId, Balance>",
        "repayment_restricted_to: Option<AccountId>",
        "amount: Balance",
    ),
    enum(
        "pallet_common::working_group::iterable_enums::WorkingGroup",
        "Forum Storage Content OperationsAlpha App Distribution OperationsBeta OperationsGamma Membership",
    ),
)

DISPATCH = (
    struct(
        "frame_support::dispatch::DispatchInfo", "weight: Weight", "class: DispatchClass", "pays_fee: Pays"
    ),
    enum("frame_support::dispatch::DispatchClass", "Normal Operational Mandatory"),
    enum("frame_support::dispatch::Pays", "Yes No"),
    struct("frame_support::dispatch::PerDispatchClass<T>", "normal: T", "operational: T", "mandatory: T"),
    enum(
        "sp_runtime::DispatchError",
        "Other CannotLookup BadOrigin",
        "Module(ModuleError)",
        "ConsumerRemaining NoProviders TooManyConsumers",
        "Token(TokenError)",
        "Arithmetic(ArithmeticError)",
        "Transactional(TransactionalError)",
        "Exhausted Corruption Unavailable",
    ),
    struct("sp_runtime::ModuleError", "index: u8", "error: [u8; MAX_MODULE_ERROR_ENCODED_SIZE] = [u8; 4]"),
    enum(
        "sp_runtime::TokenError", "NoFunds WouldDie BelowMinimum CannotCreate UnknownAsset Frozen Unsupported"
    ),
    enum("sp_arithmetic::ArithmeticError", "Underflow Overflow DivisionByZero"),
    enum("sp_runtime::TransactionalError", "LimitReached NoLayer"),
)

EXTRINSIC = (
    struct(
        "sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic"
        "<Address = AccountId, Call = RuntimeCall, Signature = MultiSignature, Extra = SignedExtra>",
        "= Vec<u8>",
    ),
    enum(
        "sp_runtime::MultiSignature",
        "Ed25519(ed25519::Signature)",
        "Sr25519(sr25519::Signature)",
        "Ecdsa(ecdsa::Signature)",
    ),
    struct("sp_core::ed25519::Signature", "[u8; 64]"),
    struct("sp_core::sr25519::Signature", "[u8; 64]"),
    struct("sp_core::ecdsa::Signature", "[u8; 65]"),
    # The period is in the variant's number, the phase in the byte.
    enum("sp_runtime::generic::era::Era", "Immortal", *(f"Mortal{number}(= u8)" for number in range(1, 256))),
    struct("frame_system::extensions::check_non_zero_sender::CheckNonZeroSender<T = _>"),
    struct("frame_system::extensions::check_spec_version::CheckSpecVersion<T = _>"),
    struct("frame_system::extensions::check_tx_version::CheckTxVersion<T = _>"),
    struct("frame_system::extensions::check_genesis::CheckGenesis<T = _>"),
    struct("frame_system::extensions::check_mortality::CheckMortality<T = _>", "Era"),
    struct("frame_system::extensions::check_nonce::CheckNonce<T = _>", "T::Index = Compact<u32>"),
    struct("frame_system::extensions::check_weight::CheckWeight<T = _>"),
    struct("pallet_transaction_payment::ChargeTransactionPayment<T = _>", "BalanceOf<T> = Compact<u128>"),
)

# What each extension signs besides what it puts into the extrinsic, in the order of both.
SIGNED_EXTENSIONS = {
    "CheckNonZeroSender": "()",
    "CheckSpecVersion": "u32",
    "CheckTxVersion": "u32",
    "CheckGenesis": "H256",
    "CheckMortality": "H256",
    "CheckNonce": "()",
    "CheckWeight": "()",
    "ChargeTransactionPayment": "()",
}

TYPES = COLLECTIONS + VALUES + DISPATCH + EXTRINSIC
