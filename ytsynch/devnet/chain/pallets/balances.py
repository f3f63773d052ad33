"""Balances and TransactionPayment: JOY in HAPI (1 JOY = 10^10 HAPI), and what an extrinsic costs."""

from ytsynch.devnet.chain.types import enum, struct

from .pallet import Pallet

BALANCES = Pallet(
    "Balances",
    5,
    calls=enum(
        "pallet_balances::pallet::Call<T = _, I = _>",
        "transfer(dest: AccountIdLookupOf<T>, value: T::Balance = Compact<u128>)",
        "3 transfer_keep_alive(dest: AccountIdLookupOf<T>, value: T::Balance = Compact<u128>)",
    ),
    events=enum(
        "pallet_balances::pallet::Event<T = _, I = _>",
        "Endowed(account: T::AccountId, free_balance: T::Balance)",
        "DustLost(account: T::AccountId, amount: T::Balance)",
        "Transfer(from: T::AccountId, to: T::AccountId, amount: T::Balance)",
        "BalanceSet(who: T::AccountId, free: T::Balance, reserved: T::Balance)",
        "Reserved(who: T::AccountId, amount: T::Balance)",
        "Unreserved(who: T::AccountId, amount: T::Balance)",
        "ReserveRepatriated(from: T::AccountId, to: T::AccountId, amount: T::Balance,"
        " destination_status: Status = BalanceStatus)",
        "Deposit(who: T::AccountId, amount: T::Balance)",
        "Withdraw(who: T::AccountId, amount: T::Balance)",
        "Slashed(who: T::AccountId, amount: T::Balance)",
    ),
    event_type_name="pallet_balances::Event<Runtime>",
    errors=enum(
        "pallet_balances::pallet::Error<T = _, I = _>",
        "VestingBalance LiquidityRestrictions InsufficientBalance ExistentialDeposit",
        "KeepAlive ExistingVestingSchedule DeadAccount TooManyReserves",
    ),
    storage=(
        "TotalIssuance: Balance",
        "InactiveIssuance: Balance",
        "Account: AccountId -> AccountData",
        "Locks: AccountId -> WeakBoundedVec<BalanceLock, _>",
        "Reserves: AccountId -> BoundedVec<ReserveData, _>",
    ),
    constants={"ExistentialDeposit: Balance": 266_666_560, "MaxLocks: u32": 50, "MaxReserves: u32": 50},
    types=(
        struct(
            "pallet_balances::AccountData<Balance>",
            "free: Balance",
            "reserved: Balance",
            "misc_frozen: Balance",
            "fee_frozen: Balance",
        ),
        struct(
            "pallet_balances::BalanceLock<Balance>",
            "id: LockIdentifier",
            "amount: Balance",
            "reasons: Reasons",
        ),
        enum("pallet_balances::Reasons", "Fee Misc All"),
        struct(
            "pallet_balances::ReserveData<ReserveIdentifier, Balance>",
            "id: ReserveIdentifier",
            "amount: Balance",
        ),
        enum("frame_support::traits::tokens::misc::BalanceStatus", "Free Reserved"),
    ),
    aliases={"ReserveIdentifier": "[u8; 8]"},
)

TRANSACTION_PAYMENT = Pallet(
    "TransactionPayment",
    6,
    events=enum(
        "pallet_transaction_payment::pallet::Event<T = _>",
        "TransactionFeePaid(who: T::AccountId, actual_fee: BalanceOf<T>, tip: BalanceOf<T>)",
    ),
    event_type_name="pallet_transaction_payment::Event<Runtime>",
    storage=(
        f"NextFeeMultiplier: FixedU128 = {10**18}",  # one
        "StorageVersion: Releases",
    ),
    constants={"OperationalFeeMultiplier: u8": 5},
    types=(enum("pallet_transaction_payment::Releases", "V1Ancient V2"),),
)
