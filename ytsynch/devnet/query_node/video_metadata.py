"""The `meta` bytes of create_video and update_video, turned into a video's row and its subtitles.

Creation may come wrapped in an `AppAction`. The wrapped content counts in any case; the app and the YouTube
id count only when the app's signature holds. An update never changes the app, the YouTube id or the date of
first publication. (Orion's `processVideoCreatedEvent` and `processVideoUpdatedEvent`.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from .attribution import is_signed_by
from .messages import APP_ACTION, APP_ACTION_METADATA, CONTENT_METADATA, MalformedMessage, Message
from .rows import App, License, Video, VideoCategory, VideoSubtitle
from .store import Store

_PLAIN_FIELDS = (
    "title",
    "description",
    "duration",
    "has_marketing",
    "is_public",
    "is_explicit",
    "is_short",
)
_ASSETS = {"video": "media_id", "thumbnail_photo": "thumbnail_photo_id"}


def integrate_creation(
    store: Store, video: Video, params: Mapping[str, Any], object_ids: Sequence[int], nonce: int
) -> None:
    """Puts the new video. `nonce` is how many videos its channel had been given before."""
    action, metadata = _read(params["meta"])
    if action and (app := _signing_app(store, video.channel_id, action, params["assets"], nonce)):
        attribution = _decoded(APP_ACTION_METADATA, action.get("metadata")) or {}
        video = replace(video, entry_app_id=app.id, yt_video_id=attribution.get("video_id"))
    _put(store, video, metadata, object_ids)


def integrate_update(
    store: Store, video: Video, params: Mapping[str, Any], object_ids: Sequence[int]
) -> None:
    _, metadata = _read(params["new_meta"])
    metadata.pop("published_before_joystream", None)
    _put(store, video, metadata, object_ids)


def _decoded(message: Message, data: bytes | None) -> dict[str, Any] | None:
    try:
        return message.decode(data or b"")
    except MalformedMessage:
        return None


def _read(meta: bytes | None) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """The app action, if it is one, and the video's metadata."""
    action = _decoded(APP_ACTION, meta)
    content = _decoded(CONTENT_METADATA, action.get("raw_action") if action else meta)
    return action, dict((content or {}).get("video_metadata", {}))


def _signing_app(
    store: Store, channel_id: str, action: Mapping[str, Any], assets: Mapping[str, Any] | None, nonce: int
) -> App | None:
    app = store.get(App, action["app_id"])
    if app is None or app.auth_key is None or "signature" not in action:
        return None
    is_valid = is_signed_by(
        app.auth_key,
        signature=action["signature"],
        nonce=nonce,
        channel_id=channel_id,
        assets=assets,
        raw_action=action.get("raw_action", b""),
        metadata=action.get("metadata", b""),
    )
    return app if is_valid else None


def _put(store: Store, video: Video, metadata: Mapping[str, Any], object_ids: Sequence[int]) -> None:
    changes: dict[str, Any] = {name: metadata[name] for name in _PLAIN_FIELDS if name in metadata}
    for index_field, row_field in _ASSETS.items():
        index = metadata.get(index_field)
        if index is not None and index < len(object_ids):
            changes[row_field] = str(object_ids[index])
    if "language" in metadata and len(metadata["language"]) == 2:  # ISO 639-1, anything else is ignored
        changes["language"] = metadata["language"]
    if "category" in metadata:
        category = store.get(VideoCategory, metadata["category"])
        changes["category_id"] = category.id if category else None
    if "license" in metadata:
        stated = metadata["license"]
        changes["license"] = License(stated.get("code"), stated.get("attribution"), stated.get("custom_text"))
    if "published_before_joystream" in metadata:
        changes["published_before_joystream"] = _first_published(metadata["published_before_joystream"])
    if "enable_comments" in metadata:
        changes["is_comment_section_enabled"] = metadata["enable_comments"]
    for name in ("pixel_width", "pixel_height"):
        if f"media_{name}" in metadata:
            changes[name] = metadata[f"media_{name}"]
    changes |= metadata.get("media_type", {})
    store.put(replace(video, **changes))
    _put_subtitles(store, video.id, metadata, object_ids)


def _first_published(stated: Mapping[str, Any]) -> datetime | None:
    if not stated.get("is_published"):
        return None
    try:
        moment = datetime.fromisoformat(stated.get("date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _put_subtitles(
    store: Store, video_id: str, metadata: Mapping[str, Any], object_ids: Sequence[int]
) -> None:
    if metadata.get("clear_subtitles"):
        for row in [row for row in store.all(VideoSubtitle) if row.video_id == video_id]:
            store.remove(VideoSubtitle, row.id)
    for subtitle in metadata.get("subtitles", []):
        index = subtitle.get("new_asset")
        store.put(
            VideoSubtitle(
                id=f"{video_id}-{subtitle['type']}-{subtitle['language']}",
                video_id=video_id,
                type=subtitle["type"],
                language=subtitle["language"],
                mime_type=subtitle["mime_type"],
                asset_id=str(object_ids[index]) if index is not None and index < len(object_ids) else None,
            )
        )
