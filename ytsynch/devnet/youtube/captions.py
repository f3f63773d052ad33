"""Subtitles: which tracks a video has, and their text in every format that players ask for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from ytsynch.devnet.youtube.catalogue import Video

_NAMES = {"en": "English", "de": "German"}
_WORDS = {"en": ("Part", "of what is said"), "de": ("Teil", "dessen, was gesagt wird – äöü")}

MIME_TYPES = {
    "vtt": "text/vtt",
    "srt": "text/plain",
    "json3": "application/json",
    "srv1": "text/xml",
    "srv2": "text/xml",
    "srv3": "text/xml",
    "ttml": "text/xml",
}


@dataclass(frozen=True)
class Cue:
    """Times in milliseconds."""

    start: int
    end: int
    text: str


def tracks(video: Video) -> list[dict[str, Any]]:
    """The caption tracks as the player lists them; the automatic one is of kind `asr`."""
    listed = [(language, False) for language in video.subtitles]
    if video.automatic_captions:
        listed.append((video.automatic_captions, True))
    return [_track(video, language, is_automatic=is_automatic) for language, is_automatic in listed]


def _track(video: Video, language: str, *, is_automatic: bool) -> dict[str, Any]:
    kind = {"kind": "asr"} if is_automatic else {}
    name = _NAMES.get(language, language) + (" (auto-generated)" if is_automatic else "")
    return {
        "baseUrl": "https://www.youtube.com/api/timedtext?"
        + urlencode({"v": video.id, "lang": language, **kind}),
        "name": {"simpleText": name},
        "vssId": ("a." if is_automatic else ".") + language,
        "languageCode": language,
        "isTranslatable": False,
        **kind,
    }


def cues(video: Video, language: str, *, is_automatic: bool) -> list[Cue] | None:
    """One line a second; None when the video has no such track."""
    if is_automatic and video.automatic_captions != language:
        return None
    if not is_automatic and language not in video.subtitles:
        return None
    part, rest = _WORDS.get(language, _WORDS["en"])
    source = "heard by a machine" if is_automatic else rest
    return [Cue(i * 1000, i * 1000 + 900, f"{part} {i + 1} {source} & more") for i in range(video.seconds)]


def written(lines: list[Cue], fmt: str) -> str:
    """The text of a track in the format `fmt`. Raises KeyError for a format that is not in `MIME_TYPES`."""
    return _WRITERS[fmt](lines)


def _clock(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{rest:03d}"


def _vtt(lines: list[Cue]) -> str:
    blocks = [
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{escape(cue.text, quote=False)}\n"
        for cue in lines
    ]
    return "WEBVTT\nKind: captions\n\n" + "\n".join(blocks)


def _srt(lines: list[Cue]) -> str:
    blocks = [
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.text}\n"
        for number, cue in enumerate(lines, 1)
    ]
    return "\n".join(blocks)


def _json3(lines: list[Cue]) -> str:
    events = [
        {"tStartMs": cue.start, "dDurationMs": cue.end - cue.start, "segs": [{"utf8": cue.text}]}
        for cue in lines
    ]
    return json.dumps({"wireMagic": "pb3", "events": events}, ensure_ascii=False)


def _srv1(lines: list[Cue]) -> str:
    texts = (
        f'<text start="{cue.start / 1000}" dur="{(cue.end - cue.start) / 1000}">{escape(cue.text)}</text>'
        for cue in lines
    )
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(texts)}</transcript>'


def _srv2(lines: list[Cue]) -> str:
    texts = (f'<text t="{cue.start}" d="{cue.end - cue.start}">{escape(cue.text)}</text>' for cue in lines)
    return f'<?xml version="1.0" encoding="utf-8" ?><timedtext>{"".join(texts)}</timedtext>'


def _srv3(lines: list[Cue]) -> str:
    texts = (f'<p t="{cue.start}" d="{cue.end - cue.start}">{escape(cue.text)}</p>' for cue in lines)
    body = f"<body>{''.join(texts)}</body>"
    return f'<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">{body}</timedtext>'


def _ttml(lines: list[Cue]) -> str:
    texts = (
        f'<p begin="{_clock(cue.start, ".")}" end="{_clock(cue.end, ".")}">{escape(cue.text)}</p>'
        for cue in lines
    )
    return (
        '<?xml version="1.0" encoding="utf-8" ?><tt xmlns="http://www.w3.org/ns/ttml" xml:lang="">'
        f"<body><div>{''.join(texts)}</div></body></tt>"
    )


_WRITERS = {
    "vtt": _vtt,
    "srt": _srt,
    "json3": _json3,
    "srv1": _srv1,
    "srv2": _srv2,
    "srv3": _srv3,
    "ttml": _ttml,
}
