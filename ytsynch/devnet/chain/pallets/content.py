"""Content: channels and their videos."""

from ytsynch.devnet.chain.types import enum

from . import content_types, nft_types
from .pallet import Pallet

_ACTOR = "actor: ContentActor<T::CuratorGroupId, T::CuratorId, T::MemberId>"
_BLOCKS_A_DAY = 24 * 60 * 60 // 6


def _nft_limit(limit: int, days: int) -> dict[str, int]:
    return {"limit": limit, "block_number_period": days * _BLOCKS_A_DAY}


CONTENT = Pallet(
    "Content",
    26,
    calls=enum(
        "pallet_content::Call<T = _>",
        "5 create_channel(channel_owner: ChannelOwner<T::MemberId, T::CuratorGroupId>,"
        " params: ChannelCreationParameters<T>)",
        f"6 update_channel({_ACTOR}, channel_id: T::ChannelId, params: ChannelUpdateParameters<T>)",
        f"8 set_channel_paused_features_as_moderator({_ACTOR}, channel_id: T::ChannelId,"
        " new_paused_features: BTreeSet<PausableChannelFeature>, rationale: Vec<u8>)",
        f"9 delete_channel({_ACTOR}, channel_id: T::ChannelId, channel_bag_witness: ChannelBagWitness,"
        " num_objects_to_delete: u64)",
        f"12 create_video({_ACTOR}, channel_id: T::ChannelId, params: VideoCreationParameters<T>)",
        f"13 update_video({_ACTOR}, video_id: T::VideoId, params: VideoUpdateParameters<T>)",
        f"14 delete_video({_ACTOR}, video_id: T::VideoId, num_objects_to_delete: u64,"
        " storage_buckets_num_witness: Option<u32>)",
        "21 update_video_state_bloat_bond(new_video_state_bloat_bond: BalanceOf<T>)",
        "42 channel_owner_remark(channel_id: T::ChannelId, msg: Vec<u8>)",
    ),
    events=enum(
        "pallet_content::RawEvent<ContentActor, MemberId, CuratorGroupId, CuratorId, VideoId, ChannelId,"
        " Channel, DataObjectId, EnglishAuctionParams, OpenAuctionParams, OpenAuctionId,"
        " NftIssuanceParameters, Balance, ChannelCreationParameters, ChannelUpdateParameters,"
        " VideoCreationParameters, VideoUpdateParameters, ChannelPrivilegeLevel,"
        " ModerationPermissionsByLevel, TransferCommitmentWitness, PendingTransfer, AccountId,"
        " UpdateChannelPayoutsParameters, TokenId, ChannelFundsDestination>",
        "CuratorGroupCreated(CuratorGroupId)",
        "CuratorGroupPermissionsUpdated(CuratorGroupId, ModerationPermissionsByLevel)",
        "CuratorGroupStatusSet(CuratorGroupId, bool)",
        "CuratorAdded(CuratorGroupId, CuratorId, ChannelAgentPermissions)",
        "CuratorRemoved(CuratorGroupId, CuratorId)",
        "ChannelCreated(ChannelId, Channel, ChannelCreationParameters, AccountId)",
        "ChannelUpdated(ContentActor, ChannelId, ChannelUpdateParameters, BTreeSet<DataObjectId>)",
        "ChannelPrivilegeLevelUpdated(ChannelId, ChannelPrivilegeLevel)",
        "ChannelStateBloatBondValueUpdated(Balance)",
        "VideoStateBloatBondValueUpdated(Balance)",
        "ChannelAssetsRemoved(ContentActor, ChannelId, BTreeSet<DataObjectId>, Channel)",
        "ChannelDeleted(ContentActor, ChannelId)",
        "ChannelVisibilitySetByModerator(ContentActor, ChannelId, bool, Vec<u8>)",
        "ChannelPausedFeaturesUpdatedByModerator(ContentActor, ChannelId, BTreeSet<PausableChannelFeature>,"
        " Vec<u8>)",
        "ChannelAssetsDeletedByModerator(ContentActor, ChannelId, BTreeSet<DataObjectId>, Vec<u8>)",
        "ChannelFundsWithdrawn(ContentActor, ChannelId, Balance, ChannelFundsDestination)",
        "ChannelRewardClaimedAndWithdrawn(ContentActor, ChannelId, Balance, ChannelFundsDestination)",
        "VideoCreated(ContentActor, ChannelId, VideoId, VideoCreationParameters, BTreeSet<DataObjectId>)",
        "VideoUpdated(ContentActor, VideoId, VideoUpdateParameters, BTreeSet<DataObjectId>)",
        "VideoDeleted(ContentActor, VideoId)",
        "VideoVisibilitySetByModerator(ContentActor, VideoId, bool, Vec<u8>)",
        "VideoAssetsDeletedByModerator(ContentActor, VideoId, BTreeSet<DataObjectId>, bool, Vec<u8>)",
        "ChannelPayoutsUpdated(UpdateChannelPayoutsParameters, Option<DataObjectId>, AccountId)",
        "ChannelRewardUpdated(Balance, Balance, ChannelId)",
        "EnglishAuctionStarted(ContentActor, VideoId, EnglishAuctionParams)",
        "OpenAuctionStarted(ContentActor, VideoId, OpenAuctionParams, OpenAuctionId)",
        "NftIssued(ContentActor, VideoId, NftIssuanceParameters)",
        "NftDestroyed(ContentActor, VideoId)",
        "AuctionBidMade(MemberId, VideoId, Balance, Option<MemberId>)",
        "AuctionBidCanceled(MemberId, VideoId)",
        "AuctionCanceled(ContentActor, VideoId)",
        "EnglishAuctionSettled(MemberId, AccountId, VideoId)",
        "BidMadeCompletingAuction(MemberId, VideoId, Option<MemberId>)",
        "OpenAuctionBidAccepted(ContentActor, VideoId, MemberId, Balance)",
        "OfferStarted(VideoId, ContentActor, MemberId, Option<Balance>)",
        "OfferAccepted(VideoId)",
        "OfferCanceled(VideoId, ContentActor)",
        "NftSellOrderMade(VideoId, ContentActor, Balance)",
        "NftBought(VideoId, MemberId)",
        "BuyNowCanceled(VideoId, ContentActor)",
        "BuyNowPriceUpdated(VideoId, ContentActor, Balance)",
        "NftSlingedBackToTheOriginalArtist(VideoId, ContentActor)",
        "ChannelOwnerRemarked(ChannelId, Vec<u8>)",
        "ChannelAgentRemarked(ContentActor, ChannelId, Vec<u8>)",
        "NftOwnerRemarked(ContentActor, VideoId, Vec<u8>)",
        "InitializedChannelTransfer(ChannelId, ContentActor, PendingTransfer)",
        "CancelChannelTransfer(ChannelId, ContentActor)",
        "ChannelTransferAccepted(ChannelId, TransferCommitmentWitness)",
        "GlobalNftLimitUpdated(NftLimitPeriod, u64)",
        "ChannelNftLimitUpdated(ContentActor, NftLimitPeriod, ChannelId, u64)",
        "ToggledNftLimits(bool)",
        "CreatorTokenIssued(ContentActor, ChannelId, TokenId)",
        "CreatorTokenIssuerRemarked(ChannelId, TokenId, Vec<u8>)",
    ),
    event_type_name="content::Event<Runtime>",
    errors=enum(
        "pallet_content::errors::Error<T = _>",
        """
        ChannelStateBloatBondChanged VideoStateBloatBondChanged MinCashoutValueTooLow
        MaxCashoutValueTooHigh MaxNumberOfChannelCollaboratorsExceeded MaxNumberOfChannelAssetsExceeded
        MaxNumberOfVideoAssetsExceeded MaxNumberOfChannelAgentPermissionsExceeded
        MaxNumberOfPausedFeaturesPerChannelExceeded InvalidChannelBagWitnessProvided
        InvalidStorageBucketsNumWitnessProvided MissingStorageBucketsNumWitness
        ChannelOwnerMemberDoesNotExist ChannelOwnerCuratorGroupDoesNotExist
        ChannelStateBloatBondBelowExistentialDeposit NumberOfAssetsToRemoveIsZero
        CuratorIsNotAMemberOfGivenCuratorGroup CuratorIsAlreadyAMemberOfGivenCuratorGroup
        CuratorGroupDoesNotExist CuratorsPerGroupLimitReached CuratorGroupIsNotActive CuratorIdInvalid
        LeadAuthFailed MemberAuthFailed CuratorAuthFailed BadOrigin ActorNotAuthorized
        CategoryDoesNotExist ChannelDoesNotExist VideoDoesNotExist VideoInSeason ActorCannotBeLead
        ActorCannotOwnChannel NftAlreadyOwnedByChannel NftAlreadyExists NftDoesNotExist
        OverflowOrUnderflowHappened DoesNotOwnNft RoyaltyUpperBoundExceeded RoyaltyLowerBoundExceeded
        AuctionDurationUpperBoundExceeded AuctionDurationLowerBoundExceeded
        ExtensionPeriodUpperBoundExceeded ExtensionPeriodLowerBoundExceeded
        BidLockDurationUpperBoundExceeded BidLockDurationLowerBoundExceeded
        StartingPriceUpperBoundExceeded StartingPriceLowerBoundExceeded AuctionBidStepUpperBoundExceeded
        AuctionBidStepLowerBoundExceeded InsufficientBalance BidStepConstraintViolated
        InvalidBidAmountSpecified StartingPriceConstraintViolated ActionHasBidsAlready NftIsNotIdle
        PendingOfferDoesNotExist RewardAccountIsNotSet ActorIsNotBidder AuctionCannotBeCompleted
        BidDoesNotExist BidIsForPastAuction StartsAtLowerBoundExceeded StartsAtUpperBoundExceeded
        AuctionDidNotStart NotInAuctionState MemberIsNotAllowedToParticipate MemberProfileNotFound
        NftNotInBuyNowState InvalidBuyNowWitnessPriceProvided IsNotOpenAuctionType IsNotEnglishAuctionType
        BidLockDurationIsNotExpired NftAuctionIsAlreadyExpired BuyNowMustBeGreaterThanStartingPrice
        TargetMemberDoesNotExist InvalidNftOfferWitnessPriceProvided
        MaxAuctionWhiteListLengthUpperBoundExceeded WhitelistHasOnlyOneMember
        WhitelistedMemberDoesNotExist NftNonChannelOwnerDoesNotExist
        ExtensionPeriodIsGreaterThenAuctionDuration NoAssetsSpecified InvalidAssetsProvided
        ChannelContainsVideos ChannelContainsAssets InvalidBagSizeSpecified MigrationNotFinished
        ReplyDoesNotExist UnsufficientBalance InsufficientTreasuryBalance InvalidMemberProvided
        ActorNotAMember PaymentProofVerificationFailed CashoutAmountExceedsMaximumAmount
        CashoutAmountBelowMinimumAmount WithdrawalAmountExceedsChannelAccountWithdrawableBalance
        WithdrawFromChannelAmountIsZero ChannelCashoutsDisabled MinCashoutAllowedExceedsMaxCashoutAllowed
        CuratorModerationActionNotAllowed MaxCuratorPermissionsPerLevelExceeded
        CuratorGroupMaxPermissionsByLevelMapSizeExceeded ChannelFeaturePaused ChannelBagMissing
        AssetsToRemoveBeyondEntityAssetsSet InvalidVideoDataObjectsCountProvided
        InvalidChannelTransferStatus InvalidChannelTransferAcceptor InvalidChannelTransferCommitmentParams
        ChannelAgentInsufficientPermissions InvalidChannelOwner ZeroReward InsufficientBalanceForTransfer
        InsufficientBalanceForChannelCreation InsufficientBalanceForVideoCreation
        InsufficientCouncilBudget GlobalNftDailyLimitExceeded GlobalNftWeeklyLimitExceeded
        ChannelNftDailyLimitExceeded ChannelNftWeeklyLimitExceeded CreatorTokenAlreadyIssued
        CreatorTokenNotIssued MemberIdCouldNotBeDerivedFromActor
        CannotWithdrawFromChannelWithCreatorTokenIssued PatronageCanOnlyBeClaimedForMemberOwnedChannels
        ChannelTransfersBlockedDuringRevenueSplits ChannelTransfersBlockedDuringTokenSales
        ChannelTransfersBlockedDuringActiveAmm
        """,
    ),
    storage=(
        "ChannelById: ChannelId -> Channel",
        "VideoById: VideoId -> VideoRecord",
        "NextChannelId: ChannelId",
        "NextVideoId: VideoId",
        "NextTransferId: TransferId",
        "NextCuratorGroupId: CuratorGroupId",
        "CuratorGroupById: CuratorGroupId -> CuratorGroupRecord",
        "Commitment: Hash",
        "ChannelStateBloatBondValue: Balance",
        "VideoStateBloatBondValue: Balance",
        "MaxCashoutAllowed: Balance",
        "MinCashoutAllowed: Balance",
        "ChannelCashoutsEnabled: bool",
        "MinAuctionDuration: BlockNumber",
        "MaxAuctionDuration: BlockNumber",
        "MinAuctionExtensionPeriod: BlockNumber",
        "MaxAuctionExtensionPeriod: BlockNumber",
        "MinBidLockDuration: BlockNumber",
        "MaxBidLockDuration: BlockNumber",
        "MinStartingPrice: Balance",
        "MaxStartingPrice: Balance",
        "MinCreatorRoyalty: Perbill",
        "MaxCreatorRoyalty: Perbill",
        "MinBidStep: Balance",
        "MaxBidStep: Balance",
        "PlatfromFeePercentage: Perbill",
        "AuctionStartsAtMaxDelta: BlockNumber",
        "OpenAuctionBidByVideoAndMember: VideoId, MemberId -> OpenAuctionBidRecord",
        "GlobalDailyNftCounter: NftCounter",
        "GlobalWeeklyNftCounter: NftCounter",
        "GlobalDailyNftLimit: LimitPerPeriod",
        "GlobalWeeklyNftLimit: LimitPerPeriod",
        "NftLimitsEnabled: bool",
    ),
    constants={
        "MaxNumberOfCuratorsPerGroup: u32": 10,
        "MaxKeysPerCuratorGroupPermissionsByLevelMap: u32": 25,
        "MaxNftAuctionWhitelistLength: u32": 20,
        "DefaultGlobalDailyNftLimit: LimitPerPeriod": _nft_limit(100, days=1),
        "DefaultGlobalWeeklyNftLimit: LimitPerPeriod": _nft_limit(400, days=7),
        "DefaultChannelDailyNftLimit: LimitPerPeriod": _nft_limit(10, days=1),
        "DefaultChannelWeeklyNftLimit: LimitPerPeriod": _nft_limit(40, days=7),
        "MinimumCashoutAllowedLimit: Balance": 1_666_666_666_660,
        "MaximumCashoutAllowedLimit: Balance": 16_666_666_666_600_000,
    },
    types=content_types.TYPES + nft_types.TYPES,
    aliases={
        **nft_types.ALIASES,
        "ChannelId": "u64",
        "VideoId": "u64",
        "CuratorGroupId": "u64",
        "CuratorId": "WorkerId",
        "TokenId": "u64",
        "TransferId": "u64",
        "ChannelPrivilegeLevel": "u8",
        "Channel": "ChannelRecord",
        "ChannelAgentPermissions": "BTreeSet<ChannelActionPermission>",
        "ChannelAssetsSet": "BoundedBTreeSet<DataObjectId, _>",
        "VideoAssetsSet": "BoundedBTreeSet<DataObjectId, _>",
        "PausedFeaturesSet": "BoundedBTreeSet<PausableChannelFeature, _>",
        "StoredChannelAgentPermissions": "BoundedBTreeSet<ChannelActionPermission, _>",
        "ChannelCollaboratorsMap": "BoundedBTreeMap<MemberId, StoredChannelAgentPermissions, _>",
        "CuratorGroupCuratorsMap": "BoundedBTreeMap<CuratorId, StoredChannelAgentPermissions, _>",
        "ModerationPermissionsByLevel": "BTreeMap<ChannelPrivilegeLevel, BTreeSet<ContentModerationAction>>",
        "StoredModerationActions": "BoundedBTreeSet<ContentModerationAction, _>",
        "StoredModerationPermissionsByLevel": (
            "BoundedBTreeMap<ChannelPrivilegeLevel, StoredModerationActions, _>"
        ),
        "TransferCommitmentWitness": (
            "TransferCommitmentParameters<BTreeMap<MemberId, ChannelAgentPermissions>, Balance, TransferId>"
        ),
        "StorageAssets": "StorageAssetsRecord",
        "ChannelCreationParameters": "ChannelCreationParametersRecord",
        "ChannelUpdateParameters": "ChannelUpdateParametersRecord",
        "VideoCreationParameters": "VideoCreationParametersRecord",
        "VideoUpdateParameters": "VideoUpdateParametersRecord",
        "ChannelPayoutsPayloadParameters": "ChannelPayoutsPayloadParametersRecord",
        "UpdateChannelPayoutsParameters": "UpdateChannelPayoutsParametersRecord",
    },
)
