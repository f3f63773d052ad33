"""What can go wrong with the creators' e-mail server. Its mails are at GET /mailbox and /mailbox.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import action

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream


@action("/mailbox/unavailable")
def mailbox_unavailable(world: Joystream, on: bool = True) -> None:
    """Every connection is answered 421 and closed."""
    world.mailbox.faults.unavailable = on


@action("/mailbox/refuse")
def refuse_address(world: Joystream, address: str | None) -> None:
    """Mail to this address is refused for good; null: no more."""
    world.mailbox.faults.refuse = address


@action("/mailbox/greylist")
def greylist(world: Joystream, on: bool = True) -> None:
    """Mail to anybody is refused for now."""
    world.mailbox.faults.greylist = on


@action("/mailbox/clear")
def clear_mailbox(world: Joystream) -> None:
    """Throws all mails away."""
    world.mailbox.clear()
