"""Rows as the API shows them; what a test is about it names itself."""

from typing import Any

from channels.models import App, Channel, Creator, Lane
from tests.support import factories
from tests.support.factories import make_file, make_video
from videos.models import Video

__all__ = ["make_app", "make_channel", "make_creator", "make_files", "make_video"]


def make_app(name: str = "devnet-gateway") -> App:
    """The app of the configuration."""
    lane, _ = Lane.objects.get_or_create(member_id=10, defaults={"address": "j4-collaborator"})
    app, _ = App.objects.get_or_create(name=name, defaults={"account_seed": "seed", "lane": lane})
    return app


def make_channel(joystream_channel_id: int | None = 1, **fields: Any) -> Channel:
    """A registered channel that waits for its verification."""
    return factories.make_channel(
        **{
            "joystream_channel_id": joystream_channel_id,
            "app": fields.pop("app", None) or make_app(),
            "description": "About the channel",
            "language": "en",
            "subscribers": 1280,
            "category_id": "3",
            "thumbnails": {"default": "http://p/1", "medium": "http://p/2", "high": "http://p/3"},
            **fields,
        }
    )


def make_creator(subject: str = "1001", **fields: Any) -> Creator:
    return Creator.objects.create(**{"subject": subject, "email": f"{subject}@example.com", **fields})


def make_files(video: Video, *object_ids: int | None, node: str = "") -> None:
    """Its media and its thumbnail."""
    for object_id in object_ids:
        make_file(video, object_id=object_id, uploaded_to=node)
