"""The hosts that serve bytes: streams with ranges, live playlists, subtitles, pictures."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Literal

from aiohttp import web

from ytsynch.devnet.youtube import captions, media, pictures
from ytsynch.devnet.youtube.catalogue import Video
from ytsynch.devnet.youtube.faults import MediaFault
from ytsynch.devnet.youtube.formats import BY_ITAG, LOW
from ytsynch.devnet.youtube.site import SITE, Site

CHUNK = 64 * 1024
#: How many pieces of a live stream its playlist shows.
LIVE_WINDOW = 5
#: A stalled answer holds its connection for so long at most.
STALL_SECONDS = 3600

routes = web.RouteTableDef()


@routes.get("/videoplayback")
async def videoplayback(request: web.Request) -> web.StreamResponse:
    site = request.app[SITE]
    video = _video(site, request.query.get("id", ""))
    itag = request.query.get("itag", "")
    if not itag.isdigit() or int(itag) not in (*video.itags, *LOW):
        raise web.HTTPForbidden(text="No such stream")
    if site.block_on(request) == "http_403" or _has_expired(site, request):
        raise web.HTTPForbidden(text="Forbidden")
    path = await site.media.stream(video, int(itag))
    mime_type = BY_ITAG[int(itag)].mime_type
    if video.is_empty:
        return web.Response(content_type=mime_type)
    return await _send(request, path, mime_type, site.state.faults.media_fault_for(video.id))


def _has_expired(site: Site, request: web.Request) -> bool:
    expires = request.query.get("expire", "")
    return expires.isdigit() and int(expires) < site.now()


async def _send(
    request: web.Request, path: Path, mime_type: str, fault: MediaFault | None
) -> web.StreamResponse:
    """The file or the range asked for (header `Range` or query `range`), spoilt by `fault`."""
    if fault and fault.kind == "refuse":
        raise web.HTTPServiceUnavailable
    size = path.stat().st_size
    start, end, is_part = _range(request, size)
    response = web.StreamResponse(status=206 if is_part else 200)
    response.content_type = mime_type
    response.content_length = end - start
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Access-Control-Allow-Origin"] = "*"
    if is_part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    with path.open("rb") as file:
        file.seek(start)
        await _write(request, response, file.read(end - start) if fault else None, fault)
        left = end - start
        while fault is None and left:
            chunk = file.read(min(CHUNK, left))
            left -= len(chunk)
            await response.write(chunk)
    await response.write_eof()
    return response


async def _write(
    request: web.Request, response: web.StreamResponse, body: bytes | None, fault: MediaFault | None
) -> None:
    """Write `body` as `fault` wants it: a part and silence, a part and a cut, or drop by drop."""
    if body is None or fault is None:
        return
    await response.write(body[: fault.after_bytes])
    rest = body[fault.after_bytes :]
    if fault.kind == "slow":
        step = max(1, fault.bytes_per_second // 10)
        for offset in range(0, len(rest), step):
            await response.write(rest[offset : offset + step])
            await asyncio.sleep(0.1)
        return
    if not rest:
        return
    if fault.kind == "stall":
        await asyncio.sleep(STALL_SECONDS)
    if request.transport:
        request.transport.close()
    raise ConnectionResetError("the answer was cut, as asked")


def _range(request: web.Request, size: int) -> tuple[int, int, bool]:
    """First byte, end (exclusive), and whether a part was asked for. Answers 416 to an impossible one."""
    header = request.headers.get("Range", "")
    in_query = re.fullmatch(r"(\d+)-(\d*)", request.query.get("range", ""))
    in_header = re.fullmatch(r"bytes=(\d+)-(\d*)", header)
    if suffix := re.fullmatch(r"bytes=-(\d+)", header):
        return max(0, size - int(suffix[1])), size, True
    asked = in_header or in_query
    if not asked:
        return 0, size, False
    start, end = int(asked[1]), min(int(asked[2] or size - 1), size - 1) + 1
    if start >= size or start >= end:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return start, end, in_header is not None


def _video(site: Site, video_id: str) -> Video:
    """Raises HTTPForbidden, as the media servers do, for a video that nobody may have."""
    video = site.library.videos.get(video_id)
    if (
        video is None
        or video.obstacle == "removed"
        or site.library.channels[video.channel_id].status != "public"
    ):
        raise web.HTTPForbidden(text="Forbidden")
    return video


@routes.get("/api/manifest/hls_variant/id/{id}/master.m3u8")
async def live_master(request: web.Request) -> web.Response:
    video = _video(request.app[SITE], request.match_info["id"])
    address = f"https://manifest.googlevideo.com/api/manifest/hls_playlist/id/{video.id}/itag/95/index.m3u8"
    text = (
        "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        f'#EXT-X-STREAM-INF:BANDWIDTH=500000,CODECS="{media.LIVE_SEGMENT.codecs}",RESOLUTION=640x360,FRAME-RATE=6\n'
        f"{address}\n"
    )
    return web.Response(text=text, content_type="application/vnd.apple.mpegurl")


@routes.get("/api/manifest/hls_playlist/id/{id}/itag/95/index.m3u8")
async def live_playlist(request: web.Request) -> web.Response:
    """A window that moves with the clock; every piece shows the same two seconds."""
    site = request.app[SITE]
    video = _video(site, request.match_info["id"])
    first = int(site.now()) // media.LIVE_SEGMENT_SECONDS - LIVE_WINDOW
    pieces = "".join(
        f"#EXTINF:{media.LIVE_SEGMENT_SECONDS}.0,\n"
        f"https://rr1---sn-devnet.googlevideo.com/videoplayback/id/{video.id}/sq/{number}/file/seg.ts\n"
        for number in range(first, first + LIVE_WINDOW)
    )
    text = (
        f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{media.LIVE_SEGMENT_SECONDS}\n"
        f"#EXT-X-MEDIA-SEQUENCE:{first}\n{pieces}" + ("" if video.live == "live" else "#EXT-X-ENDLIST\n")
    )
    return web.Response(text=text, content_type="application/vnd.apple.mpegurl")


@routes.get("/videoplayback/id/{id}/sq/{number}/file/seg.ts")
async def live_piece(request: web.Request) -> web.StreamResponse:
    site = request.app[SITE]
    path = await site.media.live_segment(_video(site, request.match_info["id"]))
    return await _send(request, path, "video/mp2t", None)


@routes.get("/api/timedtext")
async def timedtext(request: web.Request) -> web.Response:
    site, query = request.app[SITE], request.query
    video = site.library.videos.get(query.get("v", ""))
    fmt = query.get("fmt", "srv1")
    lines = (
        captions.cues(video, query.get("lang", ""), is_automatic=query.get("kind") == "asr")
        if video
        else None
    )
    if lines is None or fmt not in captions.MIME_TYPES:
        raise web.HTTPNotFound
    return web.Response(text=captions.written(lines, fmt), content_type=captions.MIME_TYPES[fmt])


@routes.get("/vi/{id}/{name}.jpg")
@routes.get("/vi_webp/{id}/{name}.webp")
async def thumbnail(request: web.Request) -> web.StreamResponse:
    """YouTube answers 404 with a grey picture where there is none."""
    site = request.app[SITE]
    video = site.library.videos.get(request.match_info["id"])
    suffix: Literal["jpg", "webp"] = "webp" if request.path.endswith("webp") else "jpg"
    path = None
    if video and video.privacy != "private" and video.obstacle != "removed":
        path = await site.media.thumbnail(video, request.match_info["name"].removesuffix("_live"), suffix)
    if path is None:
        return web.Response(body=pictures.grey_default(), status=404, content_type="image/jpeg")
    return web.Response(
        body=path.read_bytes(), content_type="image/webp" if suffix == "webp" else "image/jpeg"
    )


@routes.get("/{kind:avatar|banner}/{id}.jpg")
async def channel_picture(request: web.Request) -> web.Response:
    """Avatar of 800×800 or banner of 2048×1152; a size asked for in the query is not minded."""
    channel = request.app[SITE].library.channels.get(request.match_info["id"])
    if channel is None:
        raise web.HTTPNotFound
    draw = pictures.avatar if request.match_info["kind"] == "avatar" else pictures.banner
    return web.Response(body=await asyncio.to_thread(draw, channel), content_type="image/jpeg")
