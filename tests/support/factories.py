"""Rows for tests, each different from all others; what a test is about it names itself."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from channels.models import App, Channel, Lane
from videos.models import MediaFile, Role, Video
from videos.states import ON_CHAIN, State

_numbers = count(1)

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def make_lane(**fields: Any) -> Lane:
    number = next(_numbers)
    return Lane.objects.create(**{"member_id": 1000 + number, "address": f"j4lane{number}", **fields})


def make_app(**fields: Any) -> App:
    """A gateway app with a lane of its own, unless one is named."""
    lane = fields.pop("lane", None) or make_lane()
    return App.objects.create(
        **{"name": f"gateway-{next(_numbers)}", "account_seed": "seed", "lane": lane, **fields}
    )


def make_channel(**fields: Any) -> Channel:
    """A channel that takes part and syncs."""
    number = next(_numbers)
    app = fields.pop("app", None) or make_app()
    return Channel.objects.create(
        **{
            "youtube_id": f"UC{number:022d}",
            "handle": f"@channel{number}",
            "title": f"Channel {number}",
            "uploads_playlist_id": f"UU{number:022d}",
            "published_at": PUBLISHED_AT,
            "joystream_channel_id": 10_000 + number,
            "app": app,
            **fields,
        }
    )


def draft_video(channel: Channel, **fields: Any) -> Video:
    """A video that is not saved yet."""
    number = next(_numbers)
    if fields.get("state") in ON_CHAIN:
        fields.setdefault("joystream_video_id", 10_000 + number)
    return Video(
        **{
            "channel": channel,
            "youtube_id": f"v{number:010d}",
            "title": f"Video {number}",
            "published_at": PUBLISHED_AT + timedelta(days=number),
            "duration": 60,
            "tag": float(number),
            **fields,
        }
    )


def make_video(channel: Channel | None = None, **fields: Any) -> Video:
    """A video in any state (`new` if none is named), with what that state demands."""
    video = draft_video(channel or make_channel(), **fields)
    video.save()
    return video


def make_file(video: Video, **fields: Any) -> MediaFile:
    """The video's next file: its media first."""
    position = video.files.count()
    return MediaFile.objects.create(
        **{
            "video": video,
            "position": position,
            "role": (Role.MEDIA, Role.THUMBNAIL)[position] if position < 2 else Role.SUBTITLE,
            "mime_type": ("video/mp4", "image/webp")[position] if position < 2 else "text/vtt",
            "key": f"{video.youtube_id}/{position}",
            "size": 1000 + position,
            "content_id": f"gW{position}",
            **fields,
        }
    )


def reload(video: Video) -> Video:
    """The video as the database has it now."""
    return Video.objects.select_related("channel__app").get(pk=video.pk)


def in_state(state: State, channel: Channel | None = None, **fields: Any) -> Video:
    return make_video(channel, state=state, **fields)
