"""Channel pages: the tabs Videos, Shorts and Live, in pages of thirty, as the yt-dlp extractor lists them."""

from __future__ import annotations

import base64
import binascii
import json
from html import escape
from typing import Any

from aiohttp import web

from ytsynch.devnet.youtube.catalogue import Channel, Video
from ytsynch.devnet.youtube.site import SITE, Site
from ytsynch.devnet.youtube.watch import page, refused_by_address

Json = dict[str, Any]

PAGE_SIZE = 30
#: Path of a tab → its title.
TABS = {"videos": "Videos", "shorts": "Shorts", "streams": "Live"}

routes = web.RouteTableDef()


def videos_of_tab(site: Site, channel_id: str, tab: str) -> list[Video]:
    return [video for video in site.library.public_videos(channel_id) if tab_of(video) == tab]


def tab_of(video: Video) -> str:
    """A premiere is among the videos, everything that was ever live among the streams."""
    if video.live not in ("no", "upcoming_premiere"):
        return "streams"
    return "shorts" if video.is_short else "videos"


@routes.get("/channel/{id}")
@routes.get("/channel/{id}/{tab:videos|shorts|streams|featured|about}")
@routes.get(r"/{handle:@[^/]+}")
@routes.get(r"/{handle:@[^/]+}/{tab:videos|shorts|streams|featured|about}")
async def channel_page(request: web.Request) -> web.Response:
    if refusal := refused_by_address(request):
        return refusal
    site = request.app[SITE]
    if handle := request.match_info.get("handle"):
        channel = site.library.channel_by_handle(handle)
    else:
        channel = site.library.channels.get(request.match_info["id"])
    if channel is None or channel.status == "hidden":
        return web.Response(status=404, text="404 Not Found", content_type="text/html")
    data = channel_data(site, channel, request.match_info.get("tab", "videos"))
    links = "".join(
        f'<li><a href="/watch?v={video.id}">{escape(video.title)}</a></li>'
        for video in site.library.public_videos(channel.id)
    )
    body = f'<p><a href="/">Devnet YouTube</a></p><h1>{escape(channel.title)}</h1><ul>{links}</ul>'
    return page(f"{channel.title} - YouTube", body, ytInitialData=data)


def channel_data(site: Site, channel: Channel, tab: str) -> Json:
    if channel.status == "terminated":
        text = "This account has been terminated for a violation of YouTube's Terms of Service."
        return {
            "contents": {"twoColumnBrowseResultsRenderer": {"tabs": []}},
            "alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}],
        }
    present = [name for name in TABS if videos_of_tab(site, channel.id, name)] or ["videos"]
    selected = tab if tab in present else present[0]  # YouTube shows another tab instead of an empty one
    tabs = [_tab(site, channel, name, is_selected=name == selected) for name in present]
    about = {
        "title": channel.title,
        "description": channel.description,
        "externalId": channel.id,
        "channelUrl": f"https://www.youtube.com/channel/{channel.id}",
        "vanityChannelUrl": f"http://www.youtube.com/{channel.handle}",
        "avatar": {
            "thumbnails": [
                {"url": f"https://yt3.ggpht.com/avatar/{channel.id}.jpg", "width": 800, "height": 800}
            ]
        },
    }
    header = {"subscriberCountText": {"simpleText": f"{channel.subscribers} subscribers"}}
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": tabs}},
        "metadata": {"channelMetadataRenderer": about},
        "header": {"c4TabbedHeaderRenderer": header},
        "microformat": {"microformatDataRenderer": {"noindex": False, "unlisted": False}},
    }


def _tab(site: Site, channel: Channel, name: str, *, is_selected: bool) -> Json:
    renderer: Json = {
        "title": TABS[name],
        "endpoint": {"commandMetadata": {"webCommandMetadata": {"url": f"/channel/{channel.id}/{name}"}}},
    }
    if is_selected:
        grid = {"contents": _page_of(site, channel.id, name, 0)}
        renderer |= {"selected": True, "content": {"richGridRenderer": grid}}
    return {"tabRenderer": renderer}


def _page_of(site: Site, channel_id: str, tab: str, start: int) -> list[Json]:
    videos = videos_of_tab(site, channel_id, tab)
    make = _short_item if tab == "shorts" else _video_item
    items = [
        {"richItemRenderer": {"content": make(site, video)}} for video in videos[start : start + PAGE_SIZE]
    ]
    if start + PAGE_SIZE < len(videos):
        command = {
            "token": _token(channel_id, tab, start + PAGE_SIZE),
            "request": "CONTINUATION_REQUEST_TYPE_BROWSE",
        }
        items.append({"continuationItemRenderer": {"continuationEndpoint": {"continuationCommand": command}}})
    return items


def _video_item(site: Site, video: Video) -> Json:
    badge = {"text": _length(video.duration), "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT"}
    if video.live == "live":
        badge = {"text": "LIVE", "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_LIVE"}
    elif video.live.startswith("upcoming"):
        badge = {"text": "Upcoming", "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT"}
    days = (site.today() - video.published_at).days
    when = ("Streamed " if video.live in ("recording", "finishing") else "") + f"{max(days, 1)} days ago"
    parts = [
        {"text": {"content": f"{video.view_count} views"}},
        {"text": {"content": when}, "accessibilityLabel": when},
    ]
    rows: list[Json] = [{"metadataParts": parts}]
    if video.obstacle == "members_only":
        rows.append({"badges": [{"badgeViewModel": {"badgeStyle": "BADGE_MEMBERS_ONLY"}}]})
    metadata = {
        "title": {"content": video.title},
        "metadata": {"contentMetadataViewModel": {"metadataRows": rows}},
    }
    overlay = {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": badge}]}}
    return {
        "lockupViewModel": {
            "contentId": video.id,
            "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
            "contentImage": {"thumbnailViewModel": {"image": _image(video), "overlays": [overlay]}},
            "metadata": {"lockupMetadataViewModel": metadata},
        }
    }


def _short_item(_: Site, video: Video) -> Json:
    return {
        "shortsLockupViewModel": {
            "entityId": f"shorts-shelf-item-{video.id}",
            "accessibilityText": f"{video.title}, {video.view_count} views - play Short",
            "thumbnailViewModel": {"thumbnailViewModel": {"image": _image(video)}},
            "onTap": {"innertubeCommand": {"reelWatchEndpoint": {"videoId": video.id}}},
            "overlayMetadata": {
                "primaryText": {"content": video.title},
                "secondaryText": {"content": f"{video.view_count} views"},
            },
        }
    }


def _image(video: Video) -> Json:
    return {
        "sources": [{"url": f"https://i.ytimg.com/vi/{video.id}/hqdefault.jpg", "width": 480, "height": 360}]
    }


def _length(seconds: int) -> str:
    hours, minutes, left = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def _token(channel_id: str, tab: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([channel_id, tab, start]).encode()).decode()


@routes.post("/youtubei/v1/browse")
async def browse(request: web.Request) -> web.Response:
    """The next page of a tab, or a channel by its id."""
    if refusal := refused_by_address(request):
        return refusal
    site = request.app[SITE]
    try:
        asked = await request.json()
        if "continuation" in asked:
            channel_id, tab, start = json.loads(base64.urlsafe_b64decode(asked["continuation"]))
            items = _page_of(site, channel_id, tab, start)
            action = {"appendContinuationItemsAction": {"continuationItems": items}}
            return web.json_response({"responseContext": {}, "onResponseReceivedActions": [action]})
        channel = site.library.channels[asked["browseId"]]
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise web.HTTPBadRequest(text="Neither a known continuation nor a known browseId") from error
    return web.json_response(channel_data(site, channel, "videos"))
