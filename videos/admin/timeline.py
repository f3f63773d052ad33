"""A video's history in words: one sentence an event, its reason explained, and what was noted beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from videos import words
from videos.models import VideoEvent

WORDS: dict[str, tuple[str, str, str]] = {
    # event: icon, colour, sentence
    "discovered": ("travel_explore", "grey", "Found on YouTube"),
    "downloaded": ("download", "blue", "Downloaded"),
    "signed": ("draw", "blue", "Put into a signed extrinsic"),
    "created": ("deployed_code", "blue", "Created on Joystream, in a final block"),
    "not_created": ("deployed_code_alert", "yellow", "Not created: waits for another extrinsic"),
    "uploaded": ("upload", "blue", "Uploaded to a storage node"),
    "never_accepted": ("cloud_off", "yellow", "Never accepted: uploaded again"),
    "published": ("check_circle", "green", "Published on Joystream"),
    "adopted": ("handshake", "green", "Found on the Joystream channel, and adopted"),
    "waits": ("hourglass_empty", "yellow", "Waits"),
    "failed": ("error", "red", "A try failed"),
    "skipped": ("block", "yellow", "Left out"),
    "stuck": ("report", "red", "Needs a human"),
    "retried": ("replay", "blue", "Ordered to be tried again"),
    "second_chance": ("replay", "blue", "What was said of it no longer holds: it is in the queue"),
    "edited_on_youtube": ("edit", "grey", "Edited on YouTube"),
    "gone_from_youtube": ("visibility_off", "yellow", "Taken off YouTube's public pages"),
    "back_on_youtube": ("visibility", "green", "Public on YouTube again"),
    "change_wanted": ("edit_note", "blue", "A change on Joystream was ordered"),
    "change_waits": ("hourglass_empty", "yellow", "The change on Joystream waits"),
    "change_dropped": ("edit_off", "yellow", "The change on Joystream is not made"),
    "change_called_off": ("edit_off", "grey", "The change on Joystream was called off"),
    "changed_on_joystream": ("edit", "green", "Changed on Joystream, in a final block"),
    "joystream_edit_kept": ("shield", "grey", "An edit made on Joystream was kept"),
    "deleted_on_joystream": ("delete", "yellow", "Deleted on Joystream, as its creator chose"),
    "removed_on_joystream": ("delete", "yellow", "Removed on Joystream: never brought over again"),
    "boosted": ("rocket_launch", "blue", "Boosted by staff"),
    "file_forgotten": ("delete_sweep", "yellow", "Its local file was deleted by staff"),
}


@dataclass(frozen=True)
class Moment:
    """An event as the page shows it."""

    at: datetime
    by: str
    icon: str
    colour: str
    sentence: str
    explanation: str
    notes: tuple[tuple[str, str], ...]


def of(events: Iterable[VideoEvent]) -> list[Moment]:
    return [_moment(event) for event in events]


def _moment(event: VideoEvent) -> Moment:
    plain = event.event.replace("_", " ").capitalize()
    icon, colour, sentence = WORDS.get(event.event, ("history", "grey", plain))
    explanation = words.of(event.reason).happened if event.reason else ""
    notes = tuple((name.replace("_", " "), str(value)) for name, value in event.detail.items())
    code = (("code", event.reason),) if event.reason else ()
    return Moment(event.at, event.by, icon, colour, sentence, explanation, (*code, *notes))
