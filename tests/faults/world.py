"""What the tests of faults share: a service on a devnet, and videos wherever a fault is to meet them."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from channels.gateways import app_of_configuration
from channels.models import Channel
from tests.support.devnet import Devnet
from tests.support.factories import make_file, make_video, reload
from tests.support.service import join, whereabouts, work_until
from videos import media_store
from videos.models import ChainTransaction, Role, TransactionState, Video, VideoEvent
from videos.states import SOURCE, Stage, State
from ytsynch.config.loader import read
from ytsynch.dashboard import view
from ytsynch.dashboard.numbers import WINDOWS
from ytsynch.demo.configuration import write_configuration

MEDIA = {
    "duration": 4,
    "width": 1920,
    "height": 1080,
    "video_codec": "h264",
    "container": "mp4",
    "mime_type": "video/mp4",
}
SMALL = {"itags": [136, 140]}
"""Traits of a video on YouTube that is quick to make and to download. Its length is left as it comes:
files that were made once are kept by the video's id.
"""

ATTRIBUTED = """query Attributed($id: String!) {
  videos(where: {ytVideoId_eq: $id}) {
    id entryApp { name } media { isAccepted } thumbnailPhoto { isAccepted }
  }
}"""

OFF: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chain/refuse", {"on": False}),
    ("chain/stall-blocks", {"on": False}),
    ("chain/stall-finality", {"on": False}),
    ("chain/lag", {"blocks": 0}),
    ("chain/garble-events", {"on": False}),
    ("chain/block-share", {"share": 1}),
    ("query-node/lag", {"blocks": 0}),
    ("query-node/unavailable", {"on": False}),
    ("storage/unavailable", {"on": False}),
    ("storage/never-accept", {"on": False}),
    ("storage/blind", {"on": False}),
    ("storage/cut-uploads", {"after_bytes": None}),
    ("youtube/media", {"kind": "ok"}),
    ("youtube/unblock_proxy", {}),
    ("youtube/change_player", {"changed": False}),
    ("youtube/feed_404", {"missing": False}),
    ("youtube/feed_empty", {"empty": False}),
    ("youtube/hub_down", {"down": False}),
    ("youtube/api_down", {"down": False}),
    ("youtube/set_quota_left", {"units": 10_000}),
)
"""Every fault that these tests turn on. `reset` would take back new uploads too, and give their ids again."""


@dataclass(frozen=True)
class World:
    """The devnet, and the service that is configured for it in the folder `var`."""

    devnet: Devnet
    var: Path
    settings: Any

    def do(self, path: str, **parameters: Any) -> Any:
        return self.devnet.do(path, **parameters)

    def set(self, name: str, value: Any) -> None:
        """Another value of the configuration, by its name there (`youtube.breakerThreshold`)."""
        configuration = yaml.safe_load((self.var / "config.yml").read_text())
        *sections, key = name.split(".")
        section = configuration
        for part in sections:
            section = section.setdefault(part, {})
        section[key] = value
        write_configuration(self.var / "config.yml", configuration)
        self.settings.CONFIG = read({"CONFIG_PATH": str(self.var / "config.yml")})

    def channel(self, handle: str = "@alpinebeekeeping", **fields: Any) -> Channel:
        """The channel of a person of the devnet, as its sign-up leaves it."""
        known = Channel.objects.filter(handle=handle).first()
        return known or join(self.devnet.person(handle), **fields)

    def uploaded_to_youtube(self, handle: str = "@alpinebeekeeping", **traits: Any) -> Video:
        """A new upload that discovery has found."""
        added = self.do("youtube/add_video", channel=handle, title="New", traits={**SMALL, **traits})
        return make_video(self.channel(handle), youtube_id=added["id"], title="New", duration=4)

    def downloaded(self, handle: str = "@alpinebeekeeping") -> Video:
        """A video that no YouTube knows, with its files in the media store, ready to be created."""
        video = make_video(
            self.channel(handle),
            youtube_id=uuid.uuid4().hex[:11],
            state=State.DOWNLOADED,
            media=MEDIA,
            reserved_bytes=2_000,
        )
        for position in range(2):
            draft = self.var / "draft"
            draft.write_bytes(uuid.uuid4().bytes * 50_000)
            key = f"{video.youtube_id}/{position}"
            size, content_id = media_store.media_store().take(draft, key)
            make_file(video, key=key, size=size, content_id=content_id)
        return video

    def created(self, handle: str = "@alpinebeekeeping") -> Video:
        """A video that is on chain and not uploaded yet."""
        video = self.downloaded(handle)
        until(video, State.CREATED, Stage.CREATION)
        return reload(video)

    def on_joystream(self, video: Video) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.devnet.ask(ATTRIBUTED, id=video.youtube_id)["videos"]
        return found

    def is_published_exactly_once(self, *videos: Video) -> None:
        """Accepted and attributed on the query node, under the id that the row has."""
        for video in videos:
            (shown,) = self.on_joystream(video)
            row = reload(video)
            assert (row.state, int(shown["id"])) == (State.PUBLISHED, row.joystream_video_id)
            assert shown["entryApp"] == {"name": app_of_configuration().name}
            assert shown["media"]["isAccepted"] is shown["thumbnailPhoto"]["isAccepted"] is True


def until(video: Video, state: State, *stages: Stage, seconds: float = 90.0) -> None:
    """Work until the video has reached the state."""
    work_until(lambda: reload(video).state == state, *stages, seconds=seconds)


def until_published(*videos: Video, seconds: float = 90.0) -> None:
    """Work with every stage but discovery: the rest of the channel's catalogue is not of interest."""
    ids = [video.pk for video in videos]
    published = Video.objects.filter(pk__in=ids, state=State.PUBLISHED)
    work_until(lambda: published.count() == len(ids), *SOURCE, seconds=seconds)


def until_it_waits(video: Video, reason: str, *stages: Stage, seconds: float = 90.0) -> None:
    """Work until the video waits for that, in the state in which it is."""
    before = reload(video).state
    work_until(lambda: reload(video).reason == reason, *stages, seconds=seconds)
    assert reload(video).state == before, whereabouts()


def history(video: Video) -> list[str]:
    return list(VideoEvent.objects.filter(video=video).order_by("id").values_list("event", flat=True))


def extrinsics() -> list[TransactionState]:
    """What became of the extrinsics that were signed, in order."""
    return [TransactionState(row.state) for row in ChainTransaction.objects.order_by("id")]


def media_file(video: Video) -> Any:
    return video.files.get(role=Role.MEDIA)


def matters_of_staff() -> list[str]:
    """What the staff's dashboard says needs a human, now."""
    return [matter.text for matter in view.take(WINDOWS[0])["matters"]]
