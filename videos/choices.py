"""What creators choose for their videos on Joystream."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from channels import sync
from channels.models import Channel, WhenGone
from videos import words
from videos.discovery import departures, second_looks
from videos.models import ChangeState, Video, VideoChange
from videos.states import State


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


OFFERED: dict[WhenGone, str] = {
    WhenGone.KEEP: "It stays on Joystream, as it is.",
    WhenGone.UNLIST: "It is hidden on Joystream too. It is shown again when you make it public on YouTube.",
    WhenGone.DELETE: "It is deleted on Joystream too, for good. For this our member also needs the permission to "
    "delete videos (DeleteVideo).",
}
"""What each choice means, in words for the creator."""

_WAYS = {
    "video_private": "You have made it private on YouTube.",
    "video_unlisted": "You have made it unlisted on YouTube.",
}
_OTHERWISE = "It is no longer on YouTube."


def notes_on(videos: Sequence[Video]) -> dict[int, str]:
    """What is to be said of published videos beside that they are, by primary key: that YouTube no longer shows
    one and what follows, or what keeps a change from being made. One query; the videos have their channels.
    """
    ids = [video.pk for video in videos]
    waiting = VideoChange.objects.filter(video__in=ids, state=ChangeState.WANTED).exclude(reason="")
    reasons = dict(waiting.values_list("video", "reason"))
    notes = {video.pk: _note(video, reasons.get(video.pk, "")) for video in videos}
    return {pk: note for pk, note in notes.items() if note}


def _note(video: Video, reason: str) -> str:
    parts = []
    if video.state == State.PUBLISHED and video.gone_since is not None:
        parts += [_WAYS.get(video.gone_reason, _OTHERWISE), _what_follows(video, video.gone_since)]
    if reason:
        said = words.of(reason)
        parts += [said.happened, said.next]
    return " ".join(parts)


def _what_follows(video: Video, since: datetime) -> str:
    ends = since + departures.grace()
    choice = WhenGone(video.channel.when_gone)
    if choice is WhenGone.KEEP:
        return "It stays on Joystream, as you chose."
    done = "hidden" if choice is WhenGone.UNLIST else "deleted"
    if ends < timezone.now():
        return f"It is {done} on Joystream, as you chose."
    return f"It is {done} on Joystream on {ends:%-d %B %Y}, as you chose, unless it comes back."
