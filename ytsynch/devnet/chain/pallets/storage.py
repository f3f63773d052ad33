"""Storage: bags of data objects, the buckets that store them, and what both may hold."""

from ytsynch.devnet.chain.types import enum, struct

from .pallet import Pallet

BAGS = (
    enum(
        "pallet_storage::BagIdType<MemberId, ChannelId>",
        "Static(StaticBagId)",
        "Dynamic(DynamicBagIdType<MemberId, ChannelId>)",
    ),
    enum("pallet_storage::StaticBagId", "Council", "WorkingGroup(WorkingGroup)"),
    enum("pallet_storage::DynamicBagIdType<MemberId, ChannelId>", "Member(MemberId)", "Channel(ChannelId)"),
    enum("pallet_storage::DynamicBagType", "Member Channel"),
    struct(
        "pallet_storage::BagRecord<StorageBucketIdsSet, DistributionBucketIdsSet>",
        "stored_by: StorageBucketIdsSet",
        "distributed_by: DistributionBucketIdsSet",
        "objects_total_size: u64",
        "objects_number: u64",
    ),
    struct(
        "pallet_storage::DynamicBagCreationPolicy<DistributionBucketFamilyToNumberOfBucketsMap>",
        "number_of_storage_buckets: u32",
        "families: DistributionBucketFamilyToNumberOfBucketsMap",
    ),
    struct(
        "pallet_storage::DynBagCreationParametersRecord"
        "<BagId = DynamicBagId, AccountId, Balance, StorageBucketId, DistributionBucketId>",
        "bag_id: BagId",
        "object_creation_list: Vec<DataObjectCreationParameters>",
        "state_bloat_bond_source_account_id: AccountId",
        "expected_data_size_fee: Balance",
        "expected_data_object_state_bloat_bond: Balance",
        "storage_buckets: BTreeSet<StorageBucketId>",
        "distribution_buckets: BTreeSet<DistributionBucketId>",
    ),
)

OBJECTS = (
    struct("pallet_storage::DataObjectCreationParameters", "size: u64", "ipfs_content_id: Vec<u8>"),
    struct(
        "pallet_storage::UploadParametersRecord<BagId, AccountId, Balance>",
        "bag_id: BagId",
        "object_creation_list: Vec<DataObjectCreationParameters>",
        "state_bloat_bond_source_account_id: AccountId",
        "expected_data_size_fee: Balance",
        "expected_data_object_state_bloat_bond: Balance",
    ),
    struct(
        "pallet_storage::DataObject<RepayableBloatBond>",
        "accepted: bool",
        "state_bloat_bond: RepayableBloatBond",
        "size: u64",
        "ipfs_content_id: Base58Multihash",
    ),
)

BUCKETS = (
    struct(
        "pallet_storage::StorageBucketRecord<WorkerId, AccountId>",
        "operator_status: StorageBucketOperatorStatus<WorkerId, AccountId>",
        "accepting_new_bags: bool",
        "voucher: Voucher",
        "assigned_bags: u64",
    ),
    enum(
        "pallet_storage::StorageBucketOperatorStatus<WorkerId, AccountId>",
        "Missing",
        "InvitedStorageWorker(WorkerId)",
        "StorageWorker(WorkerId, AccountId)",
    ),
    struct(
        "pallet_storage::Voucher",
        "size_limit: u64",
        "objects_limit: u64",
        "size_used: u64",
        "objects_used: u64",
    ),
    struct(
        "pallet_storage::DistributionBucketIdRecord<DistributionBucketFamilyId, DistributionBucketIndex>",
        "distribution_bucket_family_id: DistributionBucketFamilyId",
        "distribution_bucket_index: DistributionBucketIndex",
    ),
    struct(
        "pallet_storage::DistributionBucketFamilyRecord<DistributionBucketIndex>",
        "next_distribution_bucket_index: DistributionBucketIndex",
    ),
    struct(
        "pallet_storage::DistributionBucketRecord"
        "<DistributionBucketInvitedOperators, DistributionBucketOperators>",
        "accepting_new_bags: bool",
        "distributing: bool",
        "pending_invitations: DistributionBucketInvitedOperators",
        "operators: DistributionBucketOperators",
        "assigned_bags: u64",
    ),
)

STORAGE = Pallet(
    "Storage",
    27,
    calls=enum(
        "pallet_storage::Call<T = _>",
        "1 update_uploading_blocked_status(new_status: bool)",
        "2 update_data_size_fee(new_data_size_fee: BalanceOf<T>)",
        "5 update_data_object_state_bloat_bond(state_bloat_bond: BalanceOf<T>)",
        "9 update_storage_buckets_for_bag(bag_id: BagId<T>, add_buckets: BTreeSet<T::StorageBucketId>,"
        " remove_buckets: BTreeSet<T::StorageBucketId>)",
        "14 set_storage_bucket_voucher_limits(storage_bucket_id: T::StorageBucketId,"
        " new_objects_size_limit: u64, new_objects_number_limit: u64)",
        "17 accept_pending_data_objects(worker_id: WorkerId<T>, storage_bucket_id: T::StorageBucketId,"
        " bag_id: BagId<T>, data_objects: BTreeSet<T::DataObjectId>)",
    ),
    events=enum(
        "pallet_storage::RawEvent<StorageBucketId, WorkerId, DataObjectId, UploadParameters, BagId,"
        " DynamicBagId, AccountId, Balance, DistributionBucketFamilyId, DistributionBucketId,"
        " DistributionBucketIndex, DynamicBagCreationParameters>",
        "StorageBucketCreated(StorageBucketId, Option<WorkerId>, bool, u64, u64)",
        "StorageBucketInvitationAccepted(StorageBucketId, WorkerId, AccountId)",
        "StorageBucketsUpdatedForBag(BagId, BTreeSet<StorageBucketId>, BTreeSet<StorageBucketId>)",
        "DataObjectsUploaded(BTreeSet<DataObjectId>, UploadParameters, Balance)",
        "StorageOperatorMetadataSet(StorageBucketId, WorkerId, Vec<u8>)",
        "StorageBucketVoucherLimitsSet(StorageBucketId, u64, u64)",
        "PendingDataObjectsAccepted(StorageBucketId, WorkerId, BagId, BTreeSet<DataObjectId>)",
        "StorageBucketInvitationCancelled(StorageBucketId)",
        "StorageBucketOperatorInvited(StorageBucketId, WorkerId)",
        "StorageBucketOperatorRemoved(StorageBucketId)",
        "UploadingBlockStatusUpdated(bool)",
        "DataObjectPerMegabyteFeeUpdated(Balance)",
        "StorageBucketsPerBagLimitUpdated(u32)",
        "StorageBucketsVoucherMaxLimitsUpdated(u64, u64)",
        "DataObjectsMoved(BagId, BagId, BTreeSet<DataObjectId>)",
        "DataObjectsDeleted(AccountId, BagId, BTreeSet<DataObjectId>)",
        "StorageBucketStatusUpdated(StorageBucketId, bool)",
        "UpdateBlacklist(BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>)",
        "DynamicBagDeleted(DynamicBagId)",
        "DynamicBagCreated(DynamicBagCreationParameters, BTreeSet<DataObjectId>)",
        "VoucherChanged(StorageBucketId, Voucher)",
        "StorageBucketDeleted(StorageBucketId)",
        "NumberOfStorageBucketsInDynamicBagCreationPolicyUpdated(DynamicBagType, u32)",
        "DistributionBucketFamilyCreated(DistributionBucketFamilyId)",
        "DistributionBucketFamilyDeleted(DistributionBucketFamilyId)",
        "DistributionBucketCreated(DistributionBucketFamilyId, bool, DistributionBucketId)",
        "DistributionBucketStatusUpdated(DistributionBucketId, bool)",
        "DistributionBucketDeleted(DistributionBucketId)",
        "DistributionBucketsUpdatedForBag(BagId, DistributionBucketFamilyId,"
        " BTreeSet<DistributionBucketIndex>, BTreeSet<DistributionBucketIndex>)",
        "DistributionBucketsPerBagLimitUpdated(u32)",
        "DistributionBucketModeUpdated(DistributionBucketId, bool)",
        "FamiliesInDynamicBagCreationPolicyUpdated(DynamicBagType,"
        " BTreeMap<DistributionBucketFamilyId, u32>)",
        "DistributionBucketOperatorInvited(DistributionBucketId, WorkerId)",
        "DistributionBucketInvitationCancelled(DistributionBucketId, WorkerId)",
        "DistributionBucketInvitationAccepted(WorkerId, DistributionBucketId)",
        "DistributionBucketMetadataSet(WorkerId, DistributionBucketId, Vec<u8>)",
        "DistributionBucketOperatorRemoved(DistributionBucketId, WorkerId)",
        "DistributionBucketFamilyMetadataSet(DistributionBucketFamilyId, Vec<u8>)",
        "DataObjectStateBloatBondValueUpdated(Balance)",
        "DataObjectsUpdated(UploadParameters, BTreeSet<DataObjectId>, BTreeSet<DataObjectId>)",
        "StorageOperatorRemarked(WorkerId, StorageBucketId, Vec<u8>)",
        "DistributionOperatorRemarked(WorkerId, DistributionBucketId, Vec<u8>)",
    ),
    event_type_name="storage::Event<Runtime>",
    errors=enum(
        "pallet_storage::Error<T = _>",
        """
        ArithmeticError InvalidCidLength NoObjectsOnUpload StorageBucketDoesntExist
        StorageBucketIsNotBoundToBag StorageBucketIsBoundToBag NoStorageBucketInvitation
        StorageProviderAlreadySet StorageProviderMustBeSet DifferentStorageProviderInvited
        InvitedStorageProvider StorageBucketIdCollectionsAreEmpty
        StorageBucketsNumberViolatesDynamicBagCreationPolicy
        DistributionBucketsViolatesDynamicBagCreationPolicy EmptyContentId ZeroObjectSize
        InvalidStateBloatBondSourceAccount InvalidStorageProvider InsufficientBalance
        DataObjectDoesntExist UploadingBlocked DataObjectIdCollectionIsEmpty
        SourceAndDestinationBagsAreEqual DataObjectBlacklisted BlacklistSizeLimitExceeded
        VoucherMaxObjectSizeLimitExceeded VoucherMaxObjectNumberLimitExceeded
        StorageBucketObjectNumberLimitReached StorageBucketObjectSizeLimitReached
        InsufficientTreasuryBalance CannotDeleteNonEmptyStorageBucket DataObjectIdParamsAreEmpty
        StorageBucketsPerBagLimitTooLow StorageBucketsPerBagLimitTooHigh StorageBucketPerBagLimitExceeded
        StorageBucketDoesntAcceptNewBags DynamicBagExists DynamicBagDoesntExist
        StorageProviderOperatorDoesntExist DataSizeFeeChanged DataObjectStateBloatBondChanged
        CannotDeleteNonEmptyDynamicBag MaxDistributionBucketFamilyNumberLimitExceeded
        DistributionBucketFamilyDoesntExist DistributionBucketDoesntExist
        DistributionBucketIdCollectionsAreEmpty DistributionBucketDoesntAcceptNewBags
        MaxDistributionBucketNumberPerBagLimitExceeded DistributionBucketIsNotBoundToBag
        DistributionBucketIsBoundToBag DistributionBucketsPerBagLimitTooLow
        DistributionBucketsPerBagLimitTooHigh DistributionProviderOperatorDoesntExist
        DistributionProviderOperatorAlreadyInvited DistributionProviderOperatorSet
        NoDistributionBucketInvitation MustBeDistributionProviderOperatorForBucket
        MaxNumberOfPendingInvitationsLimitForDistributionBucketReached
        MaxNumberOfOperatorsPerDistributionBucketReached DistributionFamilyBoundToBagCreationPolicy
        MaxDataObjectSizeExceeded InvalidTransactorAccount
        NumberOfStorageBucketsOutsideOfAllowedContraints
        NumberOfDistributionBucketsOutsideOfAllowedContraints CallDisabled
        """,
    ),
    storage=(
        "UploadingBlocked: bool",
        "Bags: BagId -> BagRecord",
        "NextStorageBucketId: StorageBucketId",
        "NextDataObjectId: DataObjectId",
        "StorageBucketById: StorageBucketId -> StorageBucketRecord?",
        "Blacklist: Base58Multihash -> ()",
        "CurrentBlacklistSize: u64",
        "DataObjectPerMegabyteFee: Balance",
        "StorageBucketsPerBagLimit: u32",
        "VoucherMaxObjectsSizeLimit: u64",
        "VoucherMaxObjectsNumberLimit: u64",
        "DataObjectStateBloatBondValue: Balance",
        "DynamicBagCreationPolicies: DynamicBagType -> DynamicBagCreationPolicy",
        "DataObjectsById: BagId, DataObjectId -> DataObject",
        "NextDistributionBucketFamilyId: DistributionBucketFamilyId",
        "DistributionBucketFamilyById: DistributionBucketFamilyId -> DistributionBucketFamilyRecord",
        "DistributionBucketByFamilyIdById: DistributionBucketFamilyId, DistributionBucketIndex"
        " -> DistributionBucketRecord",
        "DistributionBucketFamilyNumber: u64",
        "DistributionBucketsPerBagLimit: u32",
    ),
    constants={
        "BlacklistSizeLimit: u64": 1000,
        "MinStorageBucketsPerBag: u32": 3,
        "MaxStorageBucketsPerBag: u32": 13,
        "MinDistributionBucketsPerBag: u32": 1,
        "MaxDistributionBucketsPerBag: u32": 51,
        "DefaultMemberDynamicBagNumberOfStorageBuckets: u32": 5,
        "DefaultChannelDynamicBagNumberOfStorageBuckets: u32": 5,
        "MaxDistributionBucketFamilyNumber: u64": 200,
        "MaxNumberOfPendingInvitationsPerDistributionBucket: u32": 20,
        "MaxNumberOfOperatorsPerDistributionBucket: u32": 20,
        "MaxDataObjectSize: u64": 60 * 2**30,
    },
    types=BAGS + OBJECTS + BUCKETS,
    aliases={
        "DataObjectId": "u64",
        "StorageBucketId": "u64",
        "DistributionBucketFamilyId": "u64",
        "DistributionBucketIndex": "u64",
        "DistributionBucketId": "DistributionBucketIdRecord",
        "BagId": "BagIdType",
        "DynamicBagId": "DynamicBagIdType",
        "DynamicBagCreationParameters": "DynBagCreationParametersRecord",
        "UploadParameters": "UploadParametersRecord",
        "Base58Multihash": "BoundedVec<u8, _>",
        "StorageBucketIdsSet": "BoundedBTreeSet<StorageBucketId, _>",
        "DistributionBucketIdsSet": "BoundedBTreeSet<DistributionBucketId, _>",
        "DistributionBucketInvitedOperators": "BoundedBTreeSet<WorkerId, _>",
        "DistributionBucketOperators": "BoundedBTreeSet<WorkerId, _>",
        "DistributionBucketFamilyToNumberOfBucketsMap": "BoundedBTreeMap<DistributionBucketFamilyId, u32, _>",
    },
)
