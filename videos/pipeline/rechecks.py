"""Joystream channels are looked at again, by the clock: what paused one may be over, or it may be gone.

A healthy channel is asked for once a day, fifty in a question to the query node; only one that is missing
there, or that is paused by the world, is looked up on the chain. A pause ends by itself as soon as what
caused it is over. The questions about one become rarer: from `sync.intervals.recheck` to six hours.

A deleted Joystream channel leaves the programme once a final block and the query node both lack it, at two
looks. That is for good: the chain gives no channel id twice and has no way to restore one. Its owner may sign
up again with another Joystream channel.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from channels import sync
from channels.models import Channel, Pause, Status
from videos import errors, outside
from videos.discovery.rhythm import spread
from videos.pipeline import readiness, refusals
from videos.states import Stage
from ypp import membership
from ytsynch.clusters.bell import ring
from ytsynch.joystream.errors import JoystreamError

log = structlog.get_logger(__name__)

BATCH = 50
HOLD = timedelta(minutes=5)
"""For so long a batch is left to the worker that took it."""

EVERY = timedelta(days=1)
RAREST = timedelta(hours=6)

OF_JOYSTREAM = frozenset(
    {Pause.COLLABORATOR_MISSING, Pause.STORAGE_FULL, Pause.MODERATED, Pause.JOYSTREAM_CHANNEL_GONE}
)
"""Pauses that Joystream caused, and that end when Joystream says so."""

BY = "chain"
"""Who does it, in the history."""


def recheck_due() -> bool:
    """Look at the next channels that are due. False when none was, or Joystream cannot be asked now."""
    channels = _claim()
    if not channels:
        return False
    try:
        ids = {channel: channel.joystream_channel_id or 0 for channel in channels}
        known = outside.query_node().channels(list(ids.values()))
        for channel, joystream_id in ids.items():
            is_known = joystream_id in known
            if is_known and channel.pause not in OF_JOYSTREAM:
                _again(channel, spread(EVERY))
            else:
                _look_up(channel, joystream_id, is_known=is_known)
    except JoystreamError as error:
        log.warning("recheck.failed", reason=error.code, text=str(error))
        return False
    return True


@transaction.atomic
def _claim() -> list[Channel]:
    due = (
        Channel.objects.participating()
        .exclude(status=Status.SUSPENDED)
        .filter(next_recheck_at__lte=Now())
        .order_by("next_recheck_at")
    )
    rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("app__lane")
    channels = list(rows[:BATCH])
    Channel.objects.filter(pk__in=[channel.pk for channel in channels]).update(
        next_recheck_at=Now() + Value(HOLD)
    )
    return channels


def _again(channel: Channel, after: timedelta, *, next_time: timedelta | None = None) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        next_recheck_at=Now() + Value(after),
        recheck_every=round(next_time.total_seconds()) if next_time is not None else 0,
    )


def _look_up(channel: Channel, joystream_id: int, *, is_known: bool) -> None:
    """What the chain says of the channel at its last final block decides."""
    node = outside.node()
    at = node.finalized()
    on_chain = node.channel(joystream_id, at)
    try:
        found = readiness.require(channel, on_chain)
        if not readiness.Space(node, at).has_room(found, *readiness.next_size(channel)):
            raise errors.JoystreamStorageFull("there is still no room for the next video")
    except errors.JoystreamChannelGone as gone:
        _gone(channel, gone, is_known=is_known)
    except errors.ChannelTrouble as trouble:
        _still(channel, trouble)
    else:
        _over(channel)


def _over(channel: Channel) -> None:
    _again(channel, spread(EVERY))
    if channel.pause in OF_JOYSTREAM and sync.resume(channel, by=BY):
        for stage in (Stage.DISCOVERY, Stage.DOWNLOAD, Stage.CREATION):
            ring(stage)


def _still(channel: Channel, trouble: errors.ChannelTrouble) -> None:
    """It lasts, or another trouble has taken its place. What people decided comes first and stays."""
    if channel.pause in OF_JOYSTREAM:
        sync.pause(channel, trouble.pause, by=BY, detail={"text": str(trouble)})
    shortest = timedelta(seconds=settings.CONFIG.sync.intervals.recheck)
    wait = min(max(timedelta(seconds=channel.recheck_every), shortest), max(RAREST, shortest))
    _again(channel, spread(wait), next_time=wait * 2)


def _gone(channel: Channel, gone: errors.JoystreamChannelGone, *, is_known: bool) -> None:
    if channel.pause == Pause.JOYSTREAM_CHANNEL_GONE and not is_known:
        with transaction.atomic():
            sync.record(channel, "joystream_channel_gone", by=BY, detail={"text": str(gone)})
            membership.opt_out(channel, by=BY)
        return
    if channel.pause != Pause.JOYSTREAM_CHANNEL_GONE:
        refusals.pause_channel(channel, gone)
    else:
        _still(channel, gone)
