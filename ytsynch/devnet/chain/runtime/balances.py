"""Balances: transfers, what accounts pay, and accounts that appear and vanish at the existential deposit."""

from dataclasses import replace
from typing import Any

from .context import Context, ensure

EXISTENTIAL_DEPOSIT = 266_666_560  # HAPI

#: Accounts that hold bonds: "modl" and the pallet's id, as Substrate derives them.
STORAGE_TREASURY = b"modlmstorage".ljust(32, b"\0")
CONTENT_TREASURY = b"modlmContent".ljust(32, b"\0")


def transfer(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    move(context, signer, args["dest"], args["value"])


def transfer_keep_alive(context: Context, signer: bytes, args: dict[str, Any]) -> None:
    remaining = context.state.account(signer).free - args["value"]
    ensure(not 0 <= remaining < EXISTENTIAL_DEPOSIT, "Balances.KeepAlive")
    move(context, signer, args["dest"], args["value"])


def move(context: Context, source: bytes, target: bytes, amount: int) -> None:
    """Moves HAPI and emits what the balances pallet emits. Nothing happens for 0 or to oneself."""
    if amount == 0 or source == target:
        return
    accounts = context.state.accounts
    payer, payee = context.state.account(source), context.state.account(target)
    ensure(payer.free >= amount, "Balances.InsufficientBalance")
    ensure(payee.exists or amount >= EXISTENTIAL_DEPOSIT, "Balances.ExistentialDeposit")
    accounts[source] = replace(payer, free=payer.free - amount)
    accounts[target] = replace(payee, free=payee.free + amount)
    if not payee.exists:
        context.emit("System", "NewAccount", target)
        context.emit("Balances", "Endowed", target, amount)
    context.emit("Balances", "Transfer", source, target, amount)
    _reap(context, source)


def burn(context: Context, account: bytes, amount: int) -> None:
    """Destroys HAPI that were paid for something (memberships, storage)."""
    if amount == 0:
        return
    payer = context.state.account(account)
    ensure(payer.free >= amount, "Balances.InsufficientBalance")
    context.state.accounts[account] = replace(payer, free=payer.free - amount)
    context.state.values["Balances.TotalIssuance"] -= amount
    context.emit("Balances", "Slashed", account, amount)
    _reap(context, account)


def withdraw_fee(context: Context, account: bytes, fee: int) -> None:
    """Takes a fee that `can_pay` has allowed."""
    payer = context.state.account(account)
    context.state.accounts[account] = replace(payer, free=payer.free - fee)
    context.state.values["Balances.TotalIssuance"] -= fee
    context.emit("Balances", "Withdraw", account, fee)


def can_pay(context: Context, account: bytes, amount: int) -> bool:
    """Whether the account exists still after paying `amount`."""
    return context.state.account(account).free >= amount + EXISTENTIAL_DEPOSIT


def _reap(context: Context, account: bytes) -> None:
    left = context.state.account(account)
    if left.free >= EXISTENTIAL_DEPOSIT or left.reserved:
        return
    del context.state.accounts[account]
    context.emit("System", "KilledAccount", account)
    if left.free:
        context.state.values["Balances.TotalIssuance"] -= left.free
        context.emit("Balances", "DustLost", account, left.free)
