"""A video's facts as Joystream's `ContentMetadata` (protobuf), what viewers, search and players go by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ytsynch.joystream.languages import iso_639_1
from ytsynch.joystream.proto.metadata_pb2 import (
    ContentMetadata,
    License,
    MediaType,
    PublishedBeforeJoystream,
    SubtitleMetadata,
    VideoMetadata,
)
from ytsynch.joystream.texts import fit_description, fit_title

MEDIA_ASSET, THUMBNAIL_ASSET, FIRST_SUBTITLE_ASSET = 0, 1, 2
"""Indexes of a video's files in the assets of its call."""

LICENCE_CODES = {"creativeCommon": 1002, "youtube": 1009}
"""Joystream's licence codes by YouTube's names (`status.license`)."""


@dataclass(frozen=True)
class Subtitle:
    """A subtitle file: `language` as a BCP 47 tag, `asset` its index in the call, at least
    `FIRST_SUBTITLE_ASSET`.
    """

    language: str
    mime_type: str
    asset: int
    type: str = "subtitles"


@dataclass(frozen=True)
class VideoFacts:
    """Everything that Joystream shows of a video.

    `title_fallback` stands in for an empty title. `duration` in seconds; `width` and `height` in pixels of
    the media file. `licence` is YouTube's name for it; `licence_attribution` names the author where the
    licence asks for it. `language` is any BCP 47 tag; what has no ISO 639-1 code is left out.
    `published_at` is aware, the moment the video appeared on YouTube. `category_id` is the query node's.
    """

    title: str
    title_fallback: str
    description: str
    duration: int
    width: int
    height: int
    mime_type: str
    container: str
    codec: str
    licence: str
    language: str | None
    category_id: str | None
    published_at: datetime
    is_short: bool
    is_explicit: bool
    has_marketing: bool = False
    licence_attribution: str | None = None
    subtitles: Sequence[Subtitle] = ()


def video_metadata(facts: VideoFacts) -> bytes:
    """The `ContentMetadata` bytes of the video. ValueError for an impossible licence, date or asset index."""
    video = VideoMetadata(
        title=fit_title(facts.title, facts.title_fallback).text,
        description=fit_description(facts.description).text,
        video=MEDIA_ASSET,
        thumbnail_photo=THUMBNAIL_ASSET,
        duration=facts.duration,
        media_pixel_height=facts.height,
        media_pixel_width=facts.width,
        media_type=MediaType(
            codec_name=facts.codec, container=facts.container, mime_media_type=facts.mime_type
        ),
        language=iso_639_1(facts.language),
        license=_licence(facts),
        published_before_joystream=PublishedBeforeJoystream(is_published=True, date=_iso(facts.published_at)),
        has_marketing=facts.has_marketing,
        is_public=True,
        is_explicit=facts.is_explicit,
        category=facts.category_id,
        subtitles=[found for subtitle in facts.subtitles if (found := _subtitle(subtitle))],
        is_short=facts.is_short,
    )
    return ContentMetadata(video_metadata=video).SerializeToString(deterministic=True)


def update_metadata(
    *,
    title: str | None = None,
    description: str | None = None,
    is_public: bool | None = None,
) -> bytes:
    """The `ContentMetadata` bytes of an update: only what is given is changed. Texts are those of
    `fitted_texts`.
    """
    video = VideoMetadata(title=title, description=description, is_public=is_public)
    return ContentMetadata(video_metadata=video).SerializeToString(deterministic=True)


def fitted_texts(title: str, description: str, *, title_fallback: str) -> tuple[str, str]:
    """Title and description as they are written on Joystream."""
    return fit_title(title, title_fallback).text, fit_description(description).text


def text_notes(facts: VideoFacts) -> tuple[str, ...]:
    """In plain words what `video_metadata` changes in title and description; empty where nothing."""
    title = fit_title(facts.title, facts.title_fallback)
    return title.notes + fit_description(facts.description).notes


def _licence(facts: VideoFacts) -> License:
    if facts.licence not in LICENCE_CODES:
        raise ValueError(f"unknown licence {facts.licence!r}, expected one of {', '.join(LICENCE_CODES)}")
    return License(code=LICENCE_CODES[facts.licence], attribution=facts.licence_attribution)


def _subtitle(subtitle: Subtitle) -> SubtitleMetadata | None:
    """None for a language that Joystream has no code for: the message requires one."""
    if subtitle.asset < FIRST_SUBTITLE_ASSET:
        raise ValueError(f"a subtitle cannot be asset {subtitle.asset}: 0 is the media, 1 the thumbnail")
    language = iso_639_1(subtitle.language)
    if language is None:
        return None
    return SubtitleMetadata(
        type=subtitle.type, new_asset=subtitle.asset, language=language, mimeType=subtitle.mime_type
    )


def _iso(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("the publication date needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
