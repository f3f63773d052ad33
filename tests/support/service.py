"""The service inside the test's process, on a devnet: its real configuration, clients and stages.

    with service_on(devnet, folder, settings):
        channel = join(devnet.person("@oddsignals"))
        work()

What a cluster would do when a bell rings, `work` does at once, stage by stage; nothing of it is replaced.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from channels.gateways import app_of_configuration
from channels.models import Channel
from tests.support.devnet import Devnet, Person
from tests.support.factories import make_channel
from videos import outside
from videos.models import Video
from videos.states import Stage
from videos.tasks import run_stage
from ytsynch.config.loader import read
from ytsynch.demo.configuration import service_configuration, write_configuration

QUICK = {
    "sync.intervals": {"youtubePolling": 3600, "retry": 0.2, "wait": 0.2, "chain": 0.1, "acceptance": 0.1},
    "joystream.eraPeriod": 16,
}
"""A devnet that makes a block every fraction of a second deserves a service that looks as often."""


def facts_of(devnet: Devnet) -> dict[str, Any]:
    """What the devnet wrote down about itself."""
    facts: dict[str, Any] = json.loads((devnet.folder / "devnet.json").read_text())
    return facts


@contextlib.contextmanager
def service_on(devnet: Devnet, folder: Path, settings: Any, **changes: Any) -> Iterator[None]:
    """Configure the service as `demo` does, but quick; `changes` are keys with `__` for a dot."""
    configuration = service_configuration(facts_of(devnet), port=8000, owner_key="owner", var=folder)
    with configured(
        configuration, folder, settings, {name.replace("__", "."): value for name, value in changes.items()}
    ):
        yield


@contextlib.contextmanager
def configured(
    configuration: dict[str, Any], folder: Path, settings: Any, changes: Mapping[str, Any]
) -> Iterator[None]:
    """The configuration, read from a file like any other; clients made for another are forgotten."""
    for name, value in {**QUICK, **changes}.items():
        *sections, key = name.split(".")
        section = configuration
        for part in sections:
            section = section.setdefault(part, {})
        section[key] = section[key] | value if isinstance(section.get(key), dict) else value
    folder.mkdir(parents=True, exist_ok=True)
    write_configuration(folder / "config.yml", configuration)
    settings.CONFIG = read({"CONFIG_PATH": str(folder / "config.yml")})
    forget_clients()
    try:
        yield
    finally:
        forget_clients()


def forget_clients() -> None:
    """As if the process had just started: every client of the outside is made anew."""
    if outside.node.cache_info().currsize:
        outside.node().close()
    for made_once in (
        outside.node,
        outside.query_node,
        outside.storage_node,
        outside.attributing_app,
        outside.lane_signer,
    ):
        made_once.cache_clear()


def join(person: Person, **fields: Any) -> Channel:
    """The row that a person's sign-up leaves, without a permission at Google."""
    return make_channel(
        app=app_of_configuration(),
        youtube_id=person.youtube_channel_id,
        handle=person.handle,
        title=person.title,
        uploads_playlist_id="UU" + person.youtube_channel_id[2:],
        joystream_channel_id=person.joystream_channel_id,
        **fields,
    )


def work(*stages: Stage) -> None:
    """One shift of the stages, of all where none is named, in the order in which a video passes them."""
    for stage in stages or tuple(Stage):
        run_stage(stage)


def work_until(done: Callable[[], Any], *stages: Stage, seconds: float = 60.0) -> None:
    """Shift after shift until `done`; AssertionError with where every video is when it takes longer."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"not done within {seconds} s:\n{whereabouts()}"
        work(*stages)
        time.sleep(0.05)


def whereabouts() -> str:
    """Where every video is and why, a line each."""
    rows = Video.objects.order_by("id").values_list(
        "youtube_id", "state", "reason", "attempts", "held", "reason_text"
    )
    return "\n".join(" ".join(map(str, row)) for row in rows)
