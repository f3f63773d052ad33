"""Subtitles that people made (automatic captions are left out), as WebVTT files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytsynch.youtube.languages import iso_language

MAX_FILES = 20  # the chain takes a limited number of assets a video
MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class SubtitleFile:
    """One file of subtitles; `language` is an ISO 639 code."""

    language: str
    path: Path
    mime_type: str = "text/vtt"
    kind: str = "subtitles"


def save_subtitles(
    tracks: dict[str, list[dict[str, Any]]], stem: Path, *, fetch: Callable[[str], bytes | None]
) -> tuple[SubtitleFile, ...]:
    """Save yt-dlp's `subtitles` beside the video as `<stem>.<language>.vtt`, one a language, at most 20.

    Files that cannot be fetched or hold no cue are left out: subtitles never stop a video.
    """
    saved: dict[str, SubtitleFile] = {}
    for language, url in _addresses(tracks):
        if len(saved) >= MAX_FILES:
            break
        if language in saved:
            continue
        body = fetch(url)
        if body and is_webvtt(body):
            path = stem.with_name(f"{stem.name}.{language}.vtt")
            path.write_bytes(body)
            saved[language] = SubtitleFile(language, path)
    return tuple(saved.values())


def is_webvtt(body: bytes) -> bool:
    """Whether the body is WebVTT with at least one cue (https://www.w3.org/TR/webvtt1/#file-structure)."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return text.startswith("WEBVTT") and "-->" in text


def _addresses(tracks: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """(language, address) of each track that has a WebVTT form; plain tags first («en» before «en-GB»)."""
    for tag in sorted(tracks, key=lambda tag: (len(tag), tag)):
        language = iso_language(tag) if tag != "live_chat" else None
        url = next((form.get("url") for form in tracks[tag] if form.get("ext") == "vtt"), None)
        if language and isinstance(url, str):
            yield language, url
