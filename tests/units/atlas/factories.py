"""Rows for tests, each different from all others; what a test is about it names itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from channels.models import App, Channel, Creator, Lane, Status
from videos.models import MediaFile, Role, Video


def make_app(name: str = "devnet-gateway") -> App:
    lane, _ = Lane.objects.get_or_create(member_id=10, defaults={"address": "j4-collaborator"})
    app, _ = App.objects.get_or_create(name=name, defaults={"account_seed": "seed", "lane": lane})
    return app


def make_channel(joystream_channel_id: int | None = 1, **fields: Any) -> Channel:
    """A registered channel, different from all others."""
    number = Channel.objects.count() + 1
    return Channel.objects.create(
        **{
            "youtube_id": f"UC{number:022d}",
            "handle": f"@channel{number}",
            "title": f"Channel {number}",
            "description": f"About channel {number}",
            "language": "en",
            "uploads_playlist_id": f"UU{number:022d}",
            "published_at": datetime(2020, 1, 1, tzinfo=UTC),
            "subscribers": 1280,
            "app": make_app(),
            "joystream_channel_id": joystream_channel_id,
            "category_id": "3",
            "status": Status.UNVERIFIED,
            "thumbnails": {"default": "http://p/1", "medium": "http://p/2", "high": "http://p/3"},
            **fields,
        }
    )


def make_creator(subject: str = "1001", **fields: Any) -> Creator:
    return Creator.objects.create(**{"subject": subject, "email": f"{subject}@example.com", **fields})


def make_video(channel: Channel, **fields: Any) -> Video:
    number = Video.objects.count() + 1
    return Video.objects.create(
        **{
            "channel": channel,
            "youtube_id": f"video{number:06d}",
            "title": f"Video {number}",
            "published_at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
            "duration": 60,
            "tag": float(number),
            **fields,
        }
    )


def make_files(video: Video, *object_ids: int | None, node: str = "") -> None:
    """Its media and its thumbnail."""
    for position, (role, object_id) in enumerate(zip((Role.MEDIA, Role.THUMBNAIL), object_ids, strict=False)):
        MediaFile.objects.create(
            video=video,
            position=position,
            role=role,
            mime_type="video/mp4",
            key=f"{video.youtube_id}/{position}",
            size=100,
            content_id="gW",
            object_id=object_id,
            uploaded_to=node,
        )
