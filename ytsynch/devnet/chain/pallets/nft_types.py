"""The Content pallet's NFTs. The devnet issues none, but records of channels and videos contain them."""

from ytsynch.devnet.chain.types import enum, struct

LIMITS = (
    struct(
        "pallet_content::types::LimitPerPeriod<BlockNumber>", "limit: u64", "block_number_period: BlockNumber"
    ),
    struct("pallet_content::types::NftCounter<BlockNumber>", "counter: u64", "last_updated: BlockNumber"),
    enum("pallet_content::types::NftLimitPeriod", "Daily Weekly"),
)

ISSUANCE = (
    struct(
        "pallet_content::nft::types::NftIssuanceParametersRecord<MemberId, InitTransactionalStatus>",
        "royalty: Option<Royalty>",
        "nft_metadata: NftMetadata",
        "non_channel_owner: Option<MemberId>",
        "init_transactional_status: InitTransactionalStatus",
    ),
    enum(
        "pallet_content::nft::types::InitTransactionalStatusRecord"
        "<EnglishAuctionParams, OpenAuctionParams, MemberId, Balance>",
        "Idle",
        "BuyNow(Balance)",
        "InitiatedOfferToMember(MemberId, Option<Balance>)",
        "EnglishAuction(EnglishAuctionParams)",
        "OpenAuction(OpenAuctionParams)",
    ),
    struct(
        "pallet_content::nft::types::EnglishAuctionParamsRecord<BlockNumber, Balance, MemberId>",
        "starting_price: Balance",
        "buy_now_price: Option<Balance>",
        "whitelist: BTreeSet<MemberId>",
        "starts_at: Option<BlockNumber>",
        "duration: BlockNumber",
        "extension_period: BlockNumber",
        "min_bid_step: Balance",
    ),
    struct(
        "pallet_content::nft::types::OpenAuctionParamsRecord<BlockNumber, Balance, MemberId>",
        "starting_price: Balance",
        "buy_now_price: Option<Balance>",
        "starts_at: Option<BlockNumber>",
        "whitelist: BTreeSet<MemberId>",
        "bid_lock_duration: BlockNumber",
    ),
)

OWNERSHIP = (
    struct(
        "pallet_content::nft::types::OwnedNft<TransactionalStatus, MemberId, AuctionId>",
        "owner: NftOwner<MemberId>",
        "transactional_status: TransactionalStatus",
        "creator_royalty: Option<Royalty>",
        "open_auctions_nonce: AuctionId",
    ),
    enum("pallet_content::nft::types::NftOwner<MemberId>", "ChannelOwner", "Member(MemberId)"),
    enum(
        "pallet_content::nft::types::TransactionalStatusRecord"
        "<MemberId, Balance, EnglishAuctionType, OpenAuctionType>",
        "Idle",
        "InitiatedOfferToMember(MemberId, Option<Balance>)",
        "EnglishAuction(EnglishAuctionType)",
        "OpenAuction(OpenAuctionType)",
        "BuyNow(Balance)",
    ),
    struct(
        "pallet_content::nft::types::EnglishAuctionRecord"
        "<BlockNumber, Balance, MemberId, NftAuctionWhitelist>",
        "starting_price: Balance",
        "buy_now_price: Option<Balance>",
        "whitelist: NftAuctionWhitelist",
        "end: BlockNumber",
        "start: BlockNumber",
        "extension_period: BlockNumber",
        "min_bid_step: Balance",
        "top_bid: Option<EnglishAuctionBid<Balance, MemberId>>",
    ),
    struct(
        "pallet_content::nft::types::EnglishAuctionBid<Balance, MemberId>",
        "amount: Balance",
        "bidder_id: MemberId",
    ),
    struct(
        "pallet_content::nft::types::OpenAuctionRecord<BlockNumber, AuctionId, Balance, NftAuctionWhitelist>",
        "starting_price: Balance",
        "buy_now_price: Option<Balance>",
        "whitelist: NftAuctionWhitelist",
        "bid_lock_duration: BlockNumber",
        "auction_id: AuctionId",
        "start: BlockNumber",
    ),
    struct(
        "pallet_content::nft::types::OpenAuctionBidRecord<Balance, BlockNumber, AuctionId>",
        "amount: Balance",
        "made_at_block: BlockNumber",
        "auction_id: AuctionId",
    ),
)

TYPES = LIMITS + ISSUANCE + OWNERSHIP

ALIASES = {
    "AuctionId": "u64",
    "OpenAuctionId": "AuctionId",
    "Royalty": "Perbill",
    "NftMetadata": "Vec<u8>",
    "NftIssuanceParameters": "NftIssuanceParametersRecord",
    "InitTransactionalStatus": "InitTransactionalStatusRecord",
    "TransactionalStatus": "TransactionalStatusRecord",
    "EnglishAuctionParams": "EnglishAuctionParamsRecord",
    "OpenAuctionParams": "OpenAuctionParamsRecord",
    "EnglishAuctionType": "EnglishAuctionRecord",
    "OpenAuctionType": "OpenAuctionRecord",
    "NftAuctionWhitelist": "BoundedBTreeSet<MemberId, _>",
}
