"""What a refusal of the chain means: its error names, translated into the faults that the table of reactions
knows (faults.md N7–N14).

The names are those of the runtime's metadata (spec 2004).
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Now

from channels import sync
from channels.models import Channel
from videos import errors
from ytsynch.joystream.node import DispatchError

_BY_NAME: dict[str, type[errors.VideoError]] = {
    "Content.ChannelDoesNotExist": errors.JoystreamChannelGone,
    "Storage.DynamicBagDoesntExist": errors.JoystreamChannelGone,
    "Content.ActorNotAuthorized": errors.CollaboratorMissing,
    "Content.ChannelAgentInsufficientPermissions": errors.CollaboratorMissing,
    "Content.ChannelFeaturePaused": errors.ChannelModerated,
    "Storage.StorageBucketObjectNumberLimitReached": errors.JoystreamStorageFull,
    "Storage.StorageBucketObjectSizeLimitReached": errors.JoystreamStorageFull,
    "Storage.MaxDataObjectSizeExceeded": errors.TooLargeForJoystream,
    "Storage.UploadingBlocked": errors.UploadingBlocked,
    "Content.InsufficientBalanceForVideoCreation": errors.LaneDry,
    "Storage.InsufficientBalance": errors.LaneDry,
    "Content.VideoDoesNotExist": errors.GoneOnJoystream,
    "Content.InvalidVideoDataObjectsCountProvided": errors.StaleFacts,
    "Storage.DataSizeFeeChanged": errors.StaleFacts,
    "Storage.DataObjectStateBloatBondChanged": errors.StaleFacts,
    "Content.VideoStateBloatBondChanged": errors.StaleFacts,
    "Content.InvalidStorageBucketsNumWitnessProvided": errors.StaleFacts,
    "Content.MissingStorageBucketsNumWitness": errors.StaleFacts,
}


def error_of(refusal: DispatchError | None) -> errors.VideoError:
    """The fault behind a dispatch error; one that has no reaction of its own is `CreationRefused`."""
    name = f"{refusal.pallet}.{refusal.name}" if refusal is not None else "unknown"
    return _BY_NAME.get(name, errors.CreationRefused)(f"the chain answered {name}")


def pause_channel(channel: Channel, error: errors.ChannelTrouble) -> None:
    """A fault of the whole channel: it is paused, with the reason that its creator reads.

    Whether it is over is asked soon after, and then again and again: see `rechecks`.
    """
    if sync.pause(channel, error.pause, by="chain", detail={"text": str(error)}):
        soon = settings.CONFIG.sync.intervals.recheck
        Channel.objects.filter(pk=channel.pk).update(
            next_recheck_at=Now() + Value(timedelta(seconds=soon)), recheck_every=round(soon)
        )
