"""Titles and descriptions that are changed on YouTube after a video was published: noticed, and carried over to
Joystream where the app says so (mission H7).

Never over an edit made on Joystream: what the query node shows must be what we last wrote there. Videos of which
nobody knows what was written (those that were there before us) are left as they are.
"""

from typing import Any

from videos import changes, youtube_facts
from videos.models import ChangeKind, Video
from ytsynch.joystream.metadata import fitted_texts
from ytsynch.joystream.query_node import QnVideo
from ytsynch.youtube.data_api import YouTubeVideo

BY = "youtube"
TEXTS = ("title", "description")
NOTICED = (*TEXTS, "privacy")


def carry_over(video: Video, shown: YouTubeVideo, there: QnVideo) -> None:
    """Write down what YouTube shows of the video now, and order what is to be changed on Joystream."""
    edited = _note(video, shown)
    if not all(name in video.written for name in TEXTS):
        return
    title, description = fitted_texts(shown.title, shown.description, title_fallback=fallback_title(video))
    wanted: dict[str, Any] = {}
    for name, now in (("title", title), ("description", description)):
        last, here = video.written[name], getattr(there, name) or ""
        if now in (last, here):
            continue
        if here != last:
            if name in edited:
                changes.record(video, "joystream_edit_kept", by=BY, detail={"field": name})
        elif video.channel.app.carries_texts:
            wanted[name] = now
    if wanted:
        changes.want(video, ChangeKind.UPDATE, why=changes.EDITED, values=wanted, by=BY)


def _note(video: Video, shown: YouTubeVideo) -> set[str]:
    """Store the facts; what a creator changed gets a row in the history. Returns the names of those fields."""
    before = {name: getattr(video, name) for name in NOTICED}
    names = youtube_facts.fill(video, shown)
    Video.objects.filter(pk=video.pk).update(**{name: getattr(video, name) for name in names})
    edited = {name for name in NOTICED if before[name] != getattr(video, name)}
    if edited:
        detail = {
            name: {
                "from": str(before[name])[: changes.SHOWN],
                "to": str(getattr(video, name))[: changes.SHOWN],
            }
            for name in sorted(edited)
        }
        changes.record(video, changes.EDITED, by=BY, detail=detail)
    return edited


def fallback_title(video: Video) -> str:
    """What stands in for a title of which nothing can be shown."""
    return f"{video.channel.title}: {video.youtube_id}"
