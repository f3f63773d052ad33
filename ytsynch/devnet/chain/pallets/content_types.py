"""What the Content pallet keeps and is given: channels, videos, permissions. (NFTs: `nft_types`.)"""

from ytsynch.devnet.chain.types import enum, struct

PERMISSIONS = (
    enum(
        "pallet_content::permissions::ContentActor<CuratorGroupId, CuratorId, MemberId>",
        "Curator(CuratorGroupId, CuratorId)",
        "Member(MemberId)",  # the owner, or a collaborator
        "Lead",
    ),
    enum(
        "pallet_content::types::iterable_enums::ChannelActionPermission",
        """
        UpdateChannelMetadata ManageNonVideoChannelAssets ManageChannelCollaborators UpdateVideoMetadata
        AddVideo ManageVideoAssets DeleteChannel DeleteVideo ManageVideoNfts AgentRemark TransferChannel
        ClaimChannelReward WithdrawFromChannelBalance IssueCreatorToken ClaimCreatorTokenPatronage
        InitAndManageCreatorTokenSale CreatorTokenIssuerTransfer MakeCreatorTokenPermissionless
        ReduceCreatorTokenPatronageRate ManageRevenueSplits DeissueCreatorToken AmmControl
        """,
    ),
    enum(
        "pallet_content::permissions::curator_group::iterable_enums::PausableChannelFeature",
        "ChannelFundsTransfer CreatorCashout VideoNftIssuance VideoCreation VideoUpdate ChannelUpdate",
        "CreatorTokenIssuance",
    ),
    enum(
        "pallet_content::permissions::curator_group::iterable_enums::ContentModerationAction",
        "HideVideo HideChannel",
        "ChangeChannelFeatureStatus(PausableChannelFeature)",
        "DeleteVideoAssets(bool)",
        "DeleteNonVideoChannelAssets UpdateChannelNftLimits",
    ),
    struct(
        "pallet_content::permissions::curator_group::CuratorGroupRecord"
        "<CuratorGroupCuratorsMap, ModerationPermissionsByLevel = StoredModerationPermissionsByLevel>",
        "curators: CuratorGroupCuratorsMap",
        "active: bool",
        "permissions_by_level: ModerationPermissionsByLevel",
    ),
)

CHANNELS = (
    struct(
        "pallet_content::types::ChannelRecord<MemberId, CuratorGroupId, Balance, ChannelPrivilegeLevel,"
        " BlockNumber, TokenId, TransferId, ChannelAssetsSet, ChannelCollaboratorsMap, PausedFeaturesSet,"
        " RepayableBloatBond>",
        "owner: ChannelOwner<MemberId, CuratorGroupId>",
        "num_videos: u64",
        "collaborators: ChannelCollaboratorsMap",
        "cumulative_reward_claimed: Balance",
        "privilege_level: ChannelPrivilegeLevel",
        "paused_features: PausedFeaturesSet",
        "transfer_status: ChannelTransferStatus<MemberId, CuratorGroupId, Balance, TransferId,"
        " ChannelCollaboratorsMap,>",
        "data_objects: ChannelAssetsSet",
        "daily_nft_limit: LimitPerPeriod<BlockNumber>",
        "weekly_nft_limit: LimitPerPeriod<BlockNumber>",
        "daily_nft_counter: NftCounter<BlockNumber>",
        "weekly_nft_counter: NftCounter<BlockNumber>",
        "creator_token_id: Option<TokenId>",
        "channel_state_bloat_bond: RepayableBloatBond",
    ),
    enum(
        "pallet_content::types::ChannelOwner<MemberId, CuratorGroupId>",
        "Member(MemberId)",
        "CuratorGroup(CuratorGroupId)",
    ),
    struct(
        "pallet_content::types::ChannelCreationParametersRecord"
        "<StorageAssets, MemberId, StorageBucketId, DistributionBucketId, Balance>",
        "assets: Option<StorageAssets>",
        "meta: Option<Vec<u8>>",
        "collaborators: BTreeMap<MemberId, ChannelAgentPermissions>",
        "storage_buckets: BTreeSet<StorageBucketId>",
        "distribution_buckets: BTreeSet<DistributionBucketId>",
        "expected_channel_state_bloat_bond: Balance",
        "expected_data_object_state_bloat_bond: Balance",
    ),
    struct(
        "pallet_content::types::ChannelUpdateParametersRecord"
        "<StorageAssets, DataObjectId, MemberId, Balance>",
        "assets_to_upload: Option<StorageAssets>",
        "new_meta: Option<Vec<u8>>",
        "assets_to_remove: BTreeSet<DataObjectId>",
        "collaborators: Option<BTreeMap<MemberId, ChannelAgentPermissions>>",
        "expected_data_object_state_bloat_bond: Balance",
        "storage_buckets_num_witness: Option<u32>",
    ),
    struct(
        "pallet_content::types::ChannelBagWitness",
        "storage_buckets_num: u32",
        "distribution_buckets_num: u32",
    ),
)

TRANSFERS = (
    enum(
        "pallet_content::types::ChannelTransferStatus"
        "<MemberId, CuratorGroupId, Balance, TransferId, ChannelCollaboratorsMap>",
        "NoActiveTransfer",
        "PendingTransfer(PendingTransfer<MemberId, CuratorGroupId, Balance, TransferId,"
        " ChannelCollaboratorsMap>)",
    ),
    struct(
        "pallet_content::types::PendingTransfer"
        "<MemberId, CuratorGroupId, Balance, TransferId, ChannelCollaboratorsMap>",
        "new_owner: ChannelOwner<MemberId, CuratorGroupId>",
        "transfer_params: TransferCommitmentParameters<ChannelCollaboratorsMap, Balance, TransferId>",
    ),
    struct(
        "pallet_content::types::TransferCommitmentParameters<ChannelCollaboratorsMap, Balance, TransferId>",
        "new_collaborators: ChannelCollaboratorsMap",
        "price: Balance",
        "transfer_id: TransferId",
    ),
)

PAYOUTS = (
    struct(
        "pallet_content::types::UpdateChannelPayoutsParametersRecord"
        "<ChannelPayoutsPayloadParameters, Balance, Hash>",
        "commitment: Option<Hash>",
        "payload: Option<ChannelPayoutsPayloadParameters>",
        "min_cashout_allowed: Option<Balance>",
        "max_cashout_allowed: Option<Balance>",
        "channel_cashouts_enabled: Option<bool>",
    ),
    struct(
        "pallet_content::types::ChannelPayoutsPayloadParametersRecord<Balance>",
        "object_creation_params: DataObjectCreationParameters",
        "expected_data_size_fee: Balance",
        "expected_data_object_state_bloat_bond: Balance",
    ),
    enum(
        "pallet_content::types::ChannelFundsDestination<AccountId>", "AccountId(AccountId)", "CouncilBudget"
    ),
)

VIDEOS = (
    struct(
        "pallet_content::types::VideoRecord<ChannelId, OwnedNft, VideoAssetsSet, RepayableBloatBond>",
        "in_channel: ChannelId",
        "nft_status: Option<OwnedNft>",
        "data_objects: VideoAssetsSet",
        "video_state_bloat_bond: RepayableBloatBond",
    ),
    struct(
        "pallet_content::types::StorageAssetsRecord<Balance>",
        "object_creation_list: Vec<DataObjectCreationParameters>",
        "expected_data_size_fee: Balance",
    ),
    struct(
        "pallet_content::types::VideoCreationParametersRecord<StorageAssets, NftIssuanceParameters, Balance>",
        "assets: Option<StorageAssets>",
        "meta: Option<Vec<u8>>",
        "auto_issue_nft: Option<NftIssuanceParameters>",
        "expected_video_state_bloat_bond: Balance",
        "expected_data_object_state_bloat_bond: Balance",
        "storage_buckets_num_witness: u32",
    ),
    struct(
        "pallet_content::types::VideoUpdateParametersRecord"
        "<StorageAssets, DataObjectId, NftIssuanceParameters, Balance>",
        "assets_to_upload: Option<StorageAssets>",
        "new_meta: Option<Vec<u8>>",
        "assets_to_remove: BTreeSet<DataObjectId>",
        "auto_issue_nft: Option<NftIssuanceParameters>",
        "expected_data_object_state_bloat_bond: Balance",
        "storage_buckets_num_witness: Option<u32>",
    ),
)

TYPES = PERMISSIONS + CHANNELS + TRANSFERS + PAYOUTS + VIDEOS
