"""What creators choose for their videos on Joystream."""

from django.db import transaction

from channels import sync
from channels.models import Channel, WhenGone
from videos.discovery import second_looks


@transaction.atomic
def choose(channel: Channel, when_gone: WhenGone, *, by: str) -> bool:
    """What becomes on Joystream of videos that are made private or deleted on YouTube. False when it was so
    already.
    """
    before = Channel.objects.select_for_update().get(pk=channel.pk).when_gone
    if before == when_gone:
        return False
    Channel.objects.filter(pk=channel.pk).update(when_gone=when_gone)
    sync.record(channel, "choice_when_gone", by=by, detail={"from": before, "to": when_gone.value})
    channel.when_gone = when_gone
    second_looks.wish_changed(channel)
    return True
