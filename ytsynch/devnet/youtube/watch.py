"""Watch pages, the player's own API, the embed page, the script that names the player, the home page."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from aiohttp import web

from ytsynch.devnet.youtube.player import count_visit, player_response
from ytsynch.devnet.youtube.site import SITE, Site

_PLAYER_ID = "0004de42"
_PLAYER = f"/s/player/{_PLAYER_ID}/player_es6.vflset/en_US/base.js"
_VERSION = "2.20260101.00.00"

_STYLE = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}video{width:100%}"

routes = web.RouteTableDef()


def page(title: str, body: str, *, client: str = "WEB", **scripts: dict[str, Any]) -> web.Response:
    """A YouTube page: the client's settings and the named JSON objects in scripts, and `body` for people."""
    settings = {
        "INNERTUBE_API_KEY": "devnet",
        "INNERTUBE_CONTEXT": {
            "client": {
                "clientName": client,
                "clientVersion": _VERSION,
                "hl": "en",
                "visitorData": "CgtkZXZuZXQ%3D",
            }
        },
        "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
        "INNERTUBE_CLIENT_VERSION": _VERSION,
        "PLAYER_JS_URL": _PLAYER,
        "STS": 20500,
    }
    objects = "".join(
        f"<script>var {name} = {_in_script(value)};</script>" for name, value in scripts.items()
    )
    return web.Response(
        text=f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><script>ytcfg.set({_in_script(settings)});</script></head>"
        f"<body>{body}{objects}</body></html>",
        content_type="text/html",
    )


def _in_script(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def refused_by_address(request: web.Request) -> web.Response | None:
    """The plain refusal that YouTube's pages have for an address it distrusts."""
    if request.app[SITE].block_on(request) != "http_429":
        return None
    return web.Response(status=429, text="Too Many Requests", headers={"Retry-After": "3600"})


@routes.get("/watch")
@routes.get("/shorts/{id}")
async def watch(request: web.Request) -> web.Response:
    if refusal := refused_by_address(request):
        return refusal
    site = request.app[SITE]
    video_id = request.match_info.get("id") or request.query.get("v", "")
    count_visit(site, video_id)
    response = await player_response(site, video_id, site.block_on(request))
    body = _watch_body(site, video_id, response)
    response.pop("streamingData", None)  # the page of today names no streams that would play
    return page(
        f"{response.get('videoDetails', {}).get('title', '')} - YouTube",
        body,
        ytInitialPlayerResponse=response,
        ytInitialData=watch_data(site, video_id),
    )


def _watch_body(site: Site, video_id: str, response: dict[str, Any]) -> str:
    """For people: the video itself, so that one can see and hear what is being copied."""
    video = site.library.videos.get(video_id)
    if video is None or "streamingData" not in response:
        reason = response["playabilityStatus"].get("reason", "Video unavailable")
        return f'<p><a href="/">Devnet YouTube</a></p><h1>{escape(reason)}</h1>'
    channel = site.library.channels[video.channel_id]
    return (
        f'<p><a href="/">Devnet YouTube</a> › '
        f'<a href="/channel/{channel.id}/videos">{escape(channel.title)}</a></p>'
        f'<video controls poster="/vi/{video.id}/hq720.jpg" '
        f'src="/videoplayback?id={video.id}&amp;itag=18"></video>'
        f"<h1>{escape(video.title)}</h1><p>{escape(video.description).replace(chr(10), '<br>')}</p>"
    )


def watch_data(site: Site, video_id: str) -> dict[str, Any]:
    """What stands beside the player: title, owner, licence."""
    video = site.library.videos.get(video_id)
    contents: list[dict[str, Any]] = []
    if video:
        channel = site.library.channels[video.channel_id]
        owner: dict[str, Any] = {
            "title": {"runs": [{"text": channel.title}]},
            "subscriberCountText": {"simpleText": f"{channel.subscribers} subscribers"},
            "navigationEndpoint": {
                "browseEndpoint": {"browseId": channel.id, "canonicalBaseUrl": f"/{channel.handle}"}
            },
        }
        rows = []
        if video.license == "creativeCommon":
            text = {"runs": [{"text": "Creative Commons Attribution license (reuse allowed)"}]}
            rows = [{"metadataRowRenderer": {"title": {"simpleText": "License"}, "contents": [text]}}]
        secondary = {
            "owner": {"videoOwnerRenderer": owner},
            "metadataRowContainer": {"metadataRowContainerRenderer": {"rows": rows}},
        }
        contents = [
            {"videoPrimaryInfoRenderer": {"title": {"runs": [{"text": video.title}]}}},
            {"videoSecondaryInfoRenderer": secondary},
        ]
    return {"contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": contents}}}}}


@routes.post("/youtubei/v1/player")
async def player(request: web.Request) -> web.Response:
    if refusal := refused_by_address(request):
        return refusal
    site = request.app[SITE]
    video_id = await _asked_video(request)
    return web.json_response(await player_response(site, video_id, site.block_on(request)))


@routes.post("/youtubei/v1/next")
async def next_(request: web.Request) -> web.Response:
    if refusal := refused_by_address(request):
        return refusal
    return web.json_response(watch_data(request.app[SITE], await _asked_video(request)))


async def _asked_video(request: web.Request) -> str:
    try:
        asked = await request.json()
    except json.JSONDecodeError as error:
        raise web.HTTPBadRequest(text="The request is not JSON") from error
    video_id = asked.get("videoId") if isinstance(asked, dict) else None
    if not isinstance(video_id, str):
        raise web.HTTPBadRequest(text="The request names no videoId")
    return video_id


@routes.get("/embed/{id}")
async def embed(request: web.Request) -> web.Response:
    return refused_by_address(request) or page("YouTube", "", client="WEB_EMBEDDED_PLAYER")


@routes.get("/iframe_api")
async def iframe_api(_: web.Request) -> web.Response:
    script = rf"var scriptUrl = 'https:\/\/www.youtube.com\/s\/player\/{_PLAYER_ID}\/api.js';"
    return web.Response(text=script, content_type="text/javascript")


@routes.get("/s/player/{rest:.*}")
async def player_script(_: web.Request) -> web.Response:
    """No player runs here; only its signature timestamp is read out of it."""
    return web.Response(text="var devnet = {signatureTimestamp:20500};", content_type="text/javascript")


@routes.get("/")
@routes.get("/tv")
async def home(request: web.Request) -> web.Response:
    if refusal := refused_by_address(request):
        return refusal
    site = request.app[SITE]
    channels = "".join(
        f'<li><a href="/channel/{channel.id}/videos">{escape(channel.title)}</a> — '
        f"{len(site.library.public_videos(channel.id))} videos</li>"
        for channel in site.library.channels.values()
        if channel.status == "public"
    )
    return page("Devnet YouTube", f"<h1>Devnet YouTube</h1><ul>{channels}</ul>")
