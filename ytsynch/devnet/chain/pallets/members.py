"""Members: who may act on Joystream, with which account, and what they remark."""

from ytsynch.devnet.chain.types import enum, struct

from .pallet import Pallet

MEMBERSHIP_PRICE = 166_666_666_666  # HAPI
INVITATION_BALANCE = 83_333_333_300  # HAPI

MEMBERS = Pallet(
    "Members",
    21,
    calls=enum(
        "pallet_membership::Call<T = _>",
        "0 buy_membership(params: BuyMembershipParameters<T::AccountId, T::MemberId>)",
        "2 update_accounts(member_id: T::MemberId, new_root_account: Option<T::AccountId>,"
        " new_controller_account: Option<T::AccountId>)",
        "7 gift_membership(params: GiftMembershipParameters<T::AccountId, BalanceOf<T>>)",
        "15 member_remark(member_id: T::MemberId, msg: Vec<u8>, payment: Option<(T::AccountId, T::Balance)>)",
    ),
    events=enum(
        "pallet_membership::RawEvent<MemberId, Balance, AccountId, BuyMembershipParameters, ActorId,"
        " InviteMembershipParameters, CreateMemberParameters, GiftMembershipParameters>",
        "MemberInvited(MemberId, InviteMembershipParameters, Balance)",
        "MembershipGifted(MemberId, GiftMembershipParameters)",
        "MembershipBought(MemberId, BuyMembershipParameters, u32)",
        "MemberProfileUpdated(MemberId, Option<Vec<u8>>, Option<Vec<u8>>)",
        "MemberAccountsUpdated(MemberId, Option<AccountId>, Option<AccountId>)",
        "MemberVerificationStatusUpdated(MemberId, bool, ActorId)",
        "ReferralCutUpdated(u8)",
        "InvitesTransferred(MemberId, MemberId, u32)",
        "MembershipPriceUpdated(Balance)",
        "InitialInvitationBalanceUpdated(Balance)",
        "LeaderInvitationQuotaUpdated(u32)",
        "InitialInvitationCountUpdated(u32)",
        "StakingAccountAdded(AccountId, MemberId)",
        "StakingAccountRemoved(AccountId, MemberId)",
        "StakingAccountConfirmed(AccountId, MemberId)",
        "MemberRemarked(MemberId, Vec<u8>, Option<(AccountId, Balance)>)",
        "MemberCreated(MemberId, CreateMemberParameters, u32)",
    ),
    event_type_name="membership::Event<Runtime>",
    errors=enum(
        "pallet_membership::Error<T = _>",
        """
        NotEnoughBalanceToBuyMembership ControllerAccountRequired RootAccountRequired UnsignedOrigin
        MemberProfileNotFound HandleAlreadyRegistered HandleMustBeProvidedDuringRegistration
        ReferrerIsNotMember CannotTransferInvitesForNotMember NotEnoughInvites WorkingGroupLeaderNotSet
        StakingAccountIsAlreadyRegistered StakingAccountDoesntExist StakingAccountAlreadyConfirmed
        WorkingGroupBudgetIsNotSufficientForInviting ConflictingLock CannotExceedReferralCutPercentLimit
        ConflictStakesOnAccount InsufficientBalanceToCoverStake GifLockExceedsCredit
        InsufficientBalanceToGift InsufficientBalanceToCoverPayment
        """,
    ),
    storage_prefix="Membership",
    storage=(
        "NextMemberId: MemberId",
        "MembershipById: MemberId -> MembershipObject?",
        "MemberIdByHandleHash: Hash -> MemberId",
        "ReferralCut: u8",
        f"MembershipPrice: Balance = {MEMBERSHIP_PRICE}",
        "InitialInvitationCount: u32",
        f"InitialInvitationBalance: Balance = {INVITATION_BALANCE}",
        "StakingAccountIdMemberStatus: AccountId -> StakingAccountMemberBinding",
    ),
    constants={
        "DefaultMembershipPrice: Balance": MEMBERSHIP_PRICE,
        "ReferralCutMaximumPercent: u8": 50,
        "DefaultInitialInvitationBalance: Balance": INVITATION_BALANCE,
        "CandidateStake: Balance": 1_666_666_666_660,
        "InvitedMemberLockId: LockIdentifier": b"invitemb",
        "StakingCandidateLockId: LockIdentifier": b"boundsta",
    },
    types=(
        struct(
            "pallet_membership::BuyMembershipParameters<AccountId, MemberId>",
            "root_account: AccountId",
            "controller_account: AccountId",
            "handle: Option<Vec<u8>>",
            "metadata: Vec<u8>",
            "referrer_id: Option<MemberId>",
        ),
        struct(
            "pallet_membership::InviteMembershipParameters<AccountId, MemberId>",
            "inviting_member_id: MemberId",
            "root_account: AccountId",
            "controller_account: AccountId",
            "handle: Option<Vec<u8>>",
            "metadata: Vec<u8>",
        ),
        struct(
            "pallet_membership::CreateMemberParameters<AccountId>",
            "root_account: AccountId",
            "controller_account: AccountId",
            "handle: Vec<u8>",
            "metadata: Vec<u8>",
            "is_founding_member: bool",
        ),
        struct(
            "pallet_membership::GiftMembershipParameters<AccountId, Balance>",
            "root_account: AccountId",
            "controller_account: AccountId",
            "handle: Option<Vec<u8>>",
            "metadata: Vec<u8>",
            "credit_controller_account: Balance",
            "apply_controller_account_invitation_lock: Option<Balance>",
            "credit_root_account: Balance",
            "apply_root_account_invitation_lock: Option<Balance>",
        ),
        struct(
            "pallet_membership::MembershipObject<AccountId, Hash>",
            "handle_hash: Hash",
            "root_account: AccountId",
            "controller_account: AccountId",
            "verified: bool",
            "invites: u32",
        ),
        struct(
            "pallet_membership::StakingAccountMemberBinding<MemberId>",
            "member_id: MemberId",
            "confirmed: bool",
        ),
    ),
)
