"""Who may do what with a channel: its owner everything, a collaborator what its permissions say.

Sources: Joystream's pallet_content, module permissions. A collaborator acts as `Member`, like an owner.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ytsynch.devnet.chain.state import Channel

from .context import Context, DispatchError, ensure


def authorise(
    context: Context, signer: bytes, actor: Any, channel: Channel, needed: Iterable[str]
) -> frozenset[str] | None:
    """The permissions that a collaborator acts with, None for the owner.

    Raises Content.* for anybody else.
    """
    if actor == "Lead":
        ensure(signer == context.genesis.content_lead, "Content.LeadAuthFailed")
        raise DispatchError("Content.ActorNotAuthorized")  # every channel here is a member's
    if "Member" not in actor:
        raise DispatchError("Content.CuratorAuthFailed")
    ensure(controls(context, signer, actor["Member"]), "Content.MemberAuthFailed")
    if channel.owner == actor["Member"]:
        return None
    permissions = channel.collaborators.get(actor["Member"])
    if permissions is None:
        raise DispatchError("Content.ActorNotAuthorized")
    ensure(permissions >= set(needed), "Content.ChannelAgentInsufficientPermissions")
    return permissions


def controls(context: Context, signer: bytes, member_id: int) -> bool:
    member = context.state.members.get(member_id)
    return member is not None and member.controller_account == signer


def for_channel_update(params: Mapping[str, Any]) -> set[str]:
    needed = set()
    if params["collaborators"] is not None:
        needed.add("ManageChannelCollaborators")
    if params["new_meta"] is not None:
        needed.add("UpdateChannelMetadata")
    if _touches_assets(params):
        needed.add("ManageNonVideoChannelAssets")
    return needed


def for_video_update(params: Mapping[str, Any]) -> set[str]:
    needed = set()
    if params["new_meta"] is not None:
        needed.add("UpdateVideoMetadata")
    if _touches_assets(params):
        needed.add("ManageVideoAssets")
    if params["auto_issue_nft"] is not None:
        needed.add("ManageVideoNfts")
    return needed


def ensure_may_change_collaborators(
    own: frozenset[str] | None, channel: Channel, new: Mapping[int, frozenset[str]] | None
) -> None:
    """A collaborator can give and take only permissions that it has itself; `own` is None for the owner."""
    if own is None or new is None:
        return
    for member in channel.collaborators.keys() | new.keys():
        before, after = channel.collaborators.get(member, frozenset()), new.get(member, frozenset())
        changed = before != after or (member in new) != (member in channel.collaborators)
        ensure(not changed or (before | after) <= own, "Content.ChannelAgentInsufficientPermissions")


def _touches_assets(params: Mapping[str, Any]) -> bool:
    return params["assets_to_upload"] is not None or bool(params["assets_to_remove"])
