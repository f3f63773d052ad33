"""Channels that are watched on the simulated YouTube, and looks at them. The fixture is in
`watching_fixtures`.
"""

from typing import Any

from channels.models import Channel
from tests.devnet.youtube_support import YouTube
from tests.support.factories import make_channel
from videos.models import Video
from videos.pipeline import discovery
from ytsynch.devnet.world import Person


def follow(person: Person, **fields: Any) -> Channel:
    """The person's channel in our tables, as a sign-up leaves it."""
    id = person.youtube_channel_id
    facts = {"youtube_id": id, "handle": person.handle, "title": person.title}
    return make_channel(**{**facts, "uploads_playlist_id": "UU" + id[2:], **fields})


def knowing_all(person: Person, **fields: Any) -> Channel:
    """The person's channel, whose back catalogue was listed before."""
    channel = follow(person, **fields)
    look(channel)
    channel.public_videos = Video.objects.filter(channel=channel, privacy="public").count()
    channel.save(update_fields=["public_videos"])
    return channel


def look(channel: Channel) -> int:
    """Look at the channel now, whenever it is due; how many videos are new."""
    Channel.objects.filter(pk=channel.pk).update(next_discovery_at="2000-01-01T00:00:00Z")
    claimed = discovery.claim_channel()
    assert claimed is not None
    assert claimed.pk == channel.pk
    found = discovery.discover(claimed)
    channel.refresh_from_db()
    return found


def units(youtube: YouTube) -> int:
    """Units of quota that YouTube has counted since the last time that it was asked so."""
    spent: int = youtube.control("spend_quota", units=0)["spent"]
    return spent


def known(channel: Channel) -> set[str]:
    return set(Video.objects.filter(channel=channel).values_list("youtube_id", flat=True))
