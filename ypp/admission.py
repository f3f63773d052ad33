"""Sign-up on our own pages. The rules and the last step are those of `ypp.sign_up`; what differs is that a
signed-in creator is known already, that everything which was measured is shown, met or not, and that a
refusal is remembered (`ypp.second_chance`).

A ticket, which only the creator's session holds, takes the place of Google's code as the proof of the steps
that follow.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from django.db import transaction

from channels import grants, sync
from channels.creators import name_of
from channels.models import App, Channel, Creator
from ypp import second_chance, sign_up
from ypp.models import Requirement
from ypp.requirements import Check
from ytsynch.youtube.data_api import DataApi, YouTubeChannel
from ytsynch.youtube.errors import GrantRevoked
from ytsynch.youtube.sign_in import GoogleSignIn, Grant


@dataclass(frozen=True)
class Candidate:
    """A YouTube channel that wants to join, and everything that is asked of it; nothing where staff let it in
    as it is.
    """

    found: YouTubeChannel
    checks: tuple[Check, ...]

    @property
    def is_admitted(self) -> bool:
        return all(check.is_met for check in self.checks)


def measure(
    creator: Creator,
    ticket: str,
    *,
    app: App,
    google: GoogleSignIn,
    data_api: Callable[[Grant], DataApi],
) -> Candidate | Channel:
    """Measure the creator's YouTube channel; if it may join, the ticket proves so. A channel that takes part
    already is returned as it is, if it is theirs.

    Raises `GrantRevoked`, `Closed`, `NoYouTubeChannel`, `AlreadyRegistered`, `ChannelSuspended`, and what
    `GoogleSignIn.refresh` and `DataApi` raise.
    """
    rule = Requirement.objects.of_app(app)
    grant = grants.usable(creator, google)
    if grant is None:
        raise GrantRevoked("no permission is stored")
    with closing(data_api(grant)) as api:
        found = sign_up.own_channel(api)
        mine = _claim(creator, found)
        if mine is not None:
            return mine
        sign_up.require_open(rule)
        sign_up.require_free(found.id)
        candidate = Candidate(found, tuple(sign_up.asked_of(found, rule, api)))
    if candidate.is_admitted:
        second_chance.forget(found.id)
        sign_up.remember(grant, ticket, found, app)
    else:
        second_chance.keep(creator, found, candidate.checks, app)
    return candidate


@transaction.atomic
def _claim(creator: Creator, found: YouTubeChannel) -> Channel | None:
    """The registered channel, if it is the creator's or nobody's: Google has just shown that it is theirs.
    One that left, or that staff added, is not claimed: its owner signs up.
    """
    channel = Channel.objects.participating().select_for_update().filter(youtube_id=found.id).first()
    if channel is None or channel.waits_for_its_owner or channel.creator_id not in (None, creator.pk):
        return None
    if channel.creator_id is None:
        channel.creator = creator
        channel.save(update_fields=["creator"])
        sync.record(channel, "claimed", by=name_of(creator))
    return channel
