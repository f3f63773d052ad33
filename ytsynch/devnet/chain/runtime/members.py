"""Members: buying and gifting memberships, remarks with or without a payment."""

from dataclasses import replace
from typing import Any

from ytsynch.devnet.chain.hashing import blake2_256
from ytsynch.devnet.chain.state import Member

from .balances import EXISTENTIAL_DEPOSIT, burn, can_pay, move
from .context import Context, DispatchError, ensure

_INVITATIONS = 5  # that a new member may give


def buy_membership(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    params = args["params"]
    price = context.state.values["Members.MembershipPrice"]
    ensure(can_pay(context, signer, price), "Members.NotEnoughBalanceToBuyMembership")
    hashed = _free_handle(context, params["handle"])
    referrer = params["referrer_id"]
    ensure(referrer is None or referrer in context.state.members, "Members.ReferrerIsNotMember")
    member_id = _add(context, params, hashed, _INVITATIONS)
    burn(context, signer, price)
    context.emit("Members", "MembershipBought", member_id, params, _INVITATIONS)


def gift_membership(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    """The signer pays the membership, and credits for the accounts of the new member."""
    params = args["params"]
    price = context.state.values["Members.MembershipPrice"]
    for account in ("controller", "root"):
        lock, credit = params[f"apply_{account}_account_invitation_lock"], params[f"credit_{account}_account"]
        ensure(lock is None or lock <= credit, "Members.GifLockExceedsCredit")
    credits_sum = params["credit_controller_account"] + params["credit_root_account"]
    ensure(can_pay(context, signer, price + credits_sum), "Members.InsufficientBalanceToGift")
    member_id = _add(context, params, _free_handle(context, params["handle"]), 0)
    burn(context, signer, price)
    move(context, signer, params["controller_account"], params["credit_controller_account"])
    move(context, signer, params["root_account"], params["credit_root_account"])
    context.emit("Members", "MembershipGifted", member_id, params)


def update_accounts(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    member_id, root, controller = args["member_id"], args["new_root_account"], args["new_controller_account"]
    member = context.state.members.get(member_id)
    if member is None:
        raise DispatchError("Members.MemberProfileNotFound")
    ensure(member.root_account == signer, "Members.RootAccountRequired")
    context.state.members[member_id] = replace(
        member,
        root_account=root or member.root_account,
        controller_account=controller or member.controller_account,
    )
    context.emit("Members", "MemberAccountsUpdated", member_id, root, controller)


def member_remark(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    member = context.state.members.get(args["member_id"])
    if member is None:
        raise DispatchError("Members.MemberProfileNotFound")
    ensure(member.controller_account == signer, "Members.ControllerAccountRequired")
    if args["payment"] is not None:
        target, amount = args["payment"]
        free = context.state.account(signer).free
        ensure(free >= amount + EXISTENTIAL_DEPOSIT, "Members.InsufficientBalanceToCoverPayment")
        move(context, signer, target, amount)
    context.emit("Members", "MemberRemarked", args["member_id"], args["msg"], args["payment"])


def _free_handle(context: Context, handle: bytes | None) -> bytes:
    ensure(bool(handle), "Members.HandleMustBeProvidedDuringRegistration")
    hashed = blake2_256(handle or b"")
    ensure(hashed not in context.state.handles, "Members.HandleAlreadyRegistered")
    return hashed


def _add(context: Context, params: dict[str, Any], hashed: bytes, invites: int) -> int:
    member_id = context.state.take("Members.NextMemberId")
    accounts = params["root_account"], params["controller_account"]
    context.state.members[member_id] = Member(hashed, *accounts, invites=invites)
    context.state.handles[hashed] = member_id
    return member_id
