"""The Atom feed of a channel: its fifteen newest public videos, no quota, no duration."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from ytsynch.devnet.youtube.catalogue import Channel, Video
from ytsynch.devnet.youtube.site import SITE

FEED_LENGTH = 15
TOPIC_PREFIX = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="

routes = web.RouteTableDef()


@routes.get("/feeds/videos.xml")
@routes.get("/xml/feeds/videos.xml")
async def feed(request: web.Request) -> web.Response:
    site = request.app[SITE]
    faults = site.state.faults
    channel = site.library.channels.get(request.query.get("channel_id", ""))
    if channel is None or channel.status != "public" or faults.is_feed_missing:
        raise web.HTTPNotFound(text="Error 404 (Not Found)!!1")
    videos = [] if faults.is_feed_empty else site.library.public_videos(channel.id)[:FEED_LENGTH]
    return web.Response(text=channel_feed(channel, videos), content_type="text/xml", charset="utf-8")


def channel_feed(channel: Channel, videos: list[Video]) -> str:
    address = f"http://www.youtube.com/feeds/videos.xml?channel_id={channel.id}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f'<link rel="self" href={quoteattr(address)}/><id>yt:channel:{channel.id[2:]}</id>'
        f"<yt:channelId>{channel.id[2:]}</yt:channelId><title>{escape(channel.title)}</title>"
        f'<link rel="alternate" href="https://www.youtube.com/channel/{channel.id}"/>{_author(channel)}'
        f"<published>{channel.published_at.isoformat()}</published>"
        + "".join(_entry(channel, video, with_media=True) for video in videos)
        + "</feed>"
    )


def upload_notice(channel: Channel, video: Video) -> str:
    """What the hub sends when a video appears or its title changes."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">'
        '<link rel="hub" href="https://pubsubhubbub.appspot.com"/>'
        f'<link rel="self" href="{TOPIC_PREFIX}{channel.id}"/><title>YouTube video feed</title>'
        f"<updated>{_now()}</updated>{_entry(channel, video, with_media=False)}</feed>"
    )


def deletion_notice(channel: Channel, video: Video) -> str:
    """What the hub sends when a video is gone."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom">'
        f'<at:deleted-entry ref="yt:video:{video.id}" when="{_now()}">'
        f'<link href="https://www.youtube.com/watch?v={video.id}"/><at:by><name>{escape(channel.title)}</name>'
        f"<uri>https://www.youtube.com/channel/{channel.id}</uri></at:by></at:deleted-entry></feed>"
    )


def _entry(channel: Channel, video: Video, *, with_media: bool) -> str:
    path = "shorts/" if video.is_short else "watch?v="
    described = (
        f"<media:group><media:title>{escape(video.title)}</media:title>"
        f'<media:thumbnail url="https://i2.ytimg.com/vi/{video.id}/hqdefault.jpg" width="480" height="360"/>'
        f"<media:description>{escape(video.description)}</media:description><media:community>"
        f'<media:starRating count="{video.like_count}" average="5.00" min="1" max="5"/>'
        f'<media:statistics views="{video.view_count}"/></media:community></media:group>'
        if with_media
        else ""
    )
    return (
        f"<entry><id>yt:video:{video.id}</id><yt:videoId>{video.id}</yt:videoId>"
        f"<yt:channelId>{channel.id}</yt:channelId><title>{escape(video.title)}</title>"
        f'<link rel="alternate" href="https://www.youtube.com/{path}{video.id}"/>{_author(channel)}'
        f"<published>{video.published_at.isoformat()}</published>"
        f"<updated>{video.published_at.isoformat()}</updated>{described}</entry>"
    )


def _author(channel: Channel) -> str:
    return (
        f"<author><name>{escape(channel.title)}</name>"
        f"<uri>https://www.youtube.com/channel/{channel.id}</uri></author>"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()
