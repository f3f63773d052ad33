"""Exactly once on chain, whatever goes wrong in whatever order: random stories against a real node's wire.

Chain and query node of the devnet are served over sockets from this process, and blocks are made when a story
says so. More stories: OUTBOX_STORIES=200.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from channels.gateways import app_of_configuration
from channels.models import App, Lane, LanePurpose
from tests.support.factories import draft_video, make_channel, make_file
from tests.support.joystream import RunningJoystream, running_joystream
from tests.support.service import configured
from videos import outside
from videos.models import ChainTransaction, TransactionState, Video
from videos.pipeline import creation, lanes, outbox
from videos.pipeline.settlement import VideoCargo
from videos.states import State
from ytsynch.demo.configuration import service_configuration
from ytsynch.devnet.content_id import content_id
from ytsynch.devnet.world import COLLABORATOR, PAYER
from ytsynch.joystream.errors import JoystreamError

pytestmark = pytest.mark.django_db

STORIES = int(os.environ.get("OUTBOX_STORIES", "25"))
HEALING_STEPS = 80
MEDIA = {
    "duration": 4,
    "width": 1920,
    "height": 1080,
    "video_codec": "h264",
    "container": "mp4",
    "mime_type": "video/mp4",
}
ATTRIBUTED = """query Attributed($ids: [String!]!) {
  videos(where: {ytVideoId_in: $ids}) { id ytVideoId channel { id } entryApp { name } }
}"""


@pytest.fixture(scope="module")
def joystream(tmp_path_factory) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path_factory.mktemp("joystream")) as running:
        running.seal(3)
        yield running


@pytest.fixture
def service(joystream, tmp_path, settings):
    """The service's real clients, on that chain; an extrinsic lives for eight blocks."""
    world = joystream.joystream.world
    nowhere = "http://127.0.0.1:9"
    facts: dict[str, Any] = {
        "query_node": joystream.query_node,
        "chain": joystream.chain,
        "faucet": joystream.faucet,
        "faucet_key": "key",
        "google": nowhere,
        "youtube": nowhere,
        "google_client_id": "id",
        "google_client_secret": "secret",
        "youtube_api_key": "key",
        "ca_file": str(tmp_path / "ca.pem"),
        "app": {"name": world.app.name, "account_seed": world.app.account_seed},
        "collaborator": {"member_id": COLLABORATOR.id, "suri": COLLABORATOR.suri},
        "payer": {"member_id": PAYER.id, "suri": PAYER.suri},
    }
    configuration = service_configuration(facts, port=8000, owner_key="owner", var=tmp_path)
    with configured(configuration, tmp_path, settings, {"joystream.eraPeriod": 8}):
        yield


class Killed(BaseException):
    """The process dies: nothing after this line is done, and nothing is cleaned up."""


class Story:
    """A lane's workers, and the world around them. Each public method is something that may happen."""

    def __init__(self, joystream: RunningJoystream, app: App) -> None:
        self._joystream = joystream
        self._faults = joystream.joystream.chain.faults
        self._app, self._lane = app, app.lane
        self._breaks = 0
        for joystream_channel_id in (1, 1, 2):
            downloaded_video(app, joystream_channel_id)

    def one_more_video_is_downloaded(self) -> None:
        downloaded_video(self._app, 1)

    def work(self) -> None:
        """A worker takes the lane and makes a step, as `tasks` does."""
        lane = self._take_lane()
        with suppress(JoystreamError):
            creation.advance(lane)
        lanes.release(lane)

    def dies_before_sending(self) -> None:
        with pytest.MonkeyPatch.context() as process:
            process.setattr(outbox, "send", _die)
            with suppress(Killed, JoystreamError):
                creation.advance(self._take_lane())

    def loses_the_connection_while_sending(self) -> None:
        self._joystream.in_loop(lambda: self._faults.cut_next_submits(1))
        self.work()

    def the_connection_breaks(self) -> None:
        """At another request of the step each time."""
        self._breaks += 17
        self.breaks_at(1 + self._breaks % REQUESTS_OF_A_STEP)

    def breaks_at(self, number: int) -> None:
        """Whatever it is that the node is asked then, it hears it, and its answer is lost."""
        self._control("chain/cut-at-request", number=number)
        self.work()
        self._control("chain/cut-at-request", number=0)

    def the_node_loses_the_extrinsic(self) -> None:
        self._joystream.in_loop(lambda: self._faults.drop_next_extrinsics(1, COLLABORATOR.suri))
        self.work()

    def a_block_is_made(self) -> None:
        self._joystream.seal()

    def some_blocks_are_made(self) -> None:
        self._joystream.seal(4)

    def a_fork_drops_a_block(self) -> None:
        self._fork(1, back_to_pool=False)

    def a_fork_puts_two_blocks_back(self) -> None:
        self._fork(2, back_to_pool=True)

    def the_query_node_lags(self) -> None:
        self._control("query-node/lag", blocks=5)

    def the_query_node_catches_up(self) -> None:
        self._control("query-node/lag", blocks=0)

    def prices_change(self) -> None:
        chain = self._joystream.joystream.chain
        self._control("chain/set-prices", object_bond=10_000_000 + chain.best.number)

    def two_workers_settle_the_same_extrinsic(self) -> None:
        """The first was slow: it goes on with the row that it read before the second had the lane."""
        slow, quick = outbox.outstanding(self._lane.pk), outbox.outstanding(self._lane.pk)
        with suppress(JoystreamError):
            for row in (quick, slow):
                if row is not None:
                    outbox.reconcile(row, outside.node(), VideoCargo())

    def half_a_minute_passes(self) -> None:
        long_ago = timezone.now() - outbox.SEND_AGAIN_AFTER - timedelta(seconds=1)
        ChainTransaction.objects.exclude(sent_at=None).update(sent_at=long_ago)
        self.work()

    def heal(self) -> None:
        """Every fault is over; what was to be waited for is due."""
        self._joystream.control_action("reset")
        for _ in range(HEALING_STEPS):
            Video.objects.update(next_attempt_at=timezone.now())
            self.work()
            self._joystream.seal()
            if not Video.objects.exclude(state=State.CREATED).exists():
                return

    def _take_lane(self) -> Lane:
        """The lane of a worker that died is free when its lease has ended."""
        Lane.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        lane = lanes.claim(LanePurpose.VIDEOS)
        assert lane is not None
        return lane

    def _fork(self, depth: int, *, back_to_pool: bool) -> None:
        chain = self._joystream.joystream.chain
        if chain.best.number - chain.finalized.number >= depth:
            self._joystream.in_loop(lambda: chain.fork(depth, back_to_pool=back_to_pool))

    def _control(self, path: str, **parameters: Any) -> None:
        assert self._joystream.control_action(path, **parameters).ok


def _die(*_: Any) -> None:
    raise Killed


EVENTS: list[Callable[[Story], None]] = [
    event
    for name, event in vars(Story).items()
    if not name.startswith("_") and name not in ("heal", "breaks_at")
]

REQUESTS_OF_A_STEP = 45
"""A step from the claim to the submission asks the node a little less often."""


CREATED = [Story.work, Story.some_blocks_are_made]
"""Sent, included and final; nobody has looked yet."""

DEATH = [Story.some_blocks_are_made] * 3
"""More blocks than an extrinsic lives for."""


def downloaded_video(app: App, joystream_channel_id: int) -> None:
    """A video that is ready to be created, as no story had before."""
    channel = _channel_of(app, joystream_channel_id)
    video = draft_video(channel, youtube_id=f"s{next(_ids):010d}", state=State.DOWNLOADED, media=MEDIA)
    video.save()
    for part in (b"media", b"thumbnail"):
        make_file(video, content_id=content_id(part + video.youtube_id.encode()))


def _channel_of(app: App, joystream_channel_id: int) -> Any:
    known = app.channels.filter(joystream_channel_id=joystream_channel_id).first()
    return known or make_channel(app=app, joystream_channel_id=joystream_channel_id, category_id="1")


_ids = count()


@settings(
    max_examples=STORIES,
    deadline=None,
    derandomize="OUTBOX_STORIES" not in os.environ,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@example(events=[*CREATED, Story.two_workers_settle_the_same_extrinsic])
@example(events=[Story.the_node_loses_the_extrinsic, *DEATH, Story.two_workers_settle_the_same_extrinsic])
@example(
    events=[
        Story.the_query_node_lags,
        *CREATED,
        Story.work,
        Story.one_more_video_is_downloaded,
        Story.work,
        *CREATED,
    ]
)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=4, max_size=12))
@pytest.mark.usefixtures("service")
def test_whatever_happens_every_video_is_on_chain_exactly_once_and_attributed(joystream, events):
    chain = joystream.joystream.chain
    with transaction.atomic():
        app = app_of_configuration()
        before = joystream.in_loop(lambda: len(chain.state().videos))
        story = Story(joystream, app)
        for event in events:
            note(event.__name__)
            event(story)
        story.heal()
        rows = {video.youtube_id: video for video in Video.objects.select_related("channel")}
        assert {video.state for video in rows.values()} == {State.CREATED}
        assert not ChainTransaction.objects.filter(state=TransactionState.SIGNED).exists()
        assert joystream.in_loop(lambda: len(chain.state().videos)) == before + len(rows)
        shown = joystream.ask(ATTRIBUTED, ids=list(rows))["videos"]
        assert sorted(video["ytVideoId"] for video in shown) == sorted(rows)
        for video in shown:
            row = rows[video["ytVideoId"]]
            assert int(video["id"]) == row.joystream_video_id
            assert int(video["channel"]["id"]) == row.channel.joystream_channel_id
            assert video["entryApp"] == {"name": app.name}
        transaction.set_rollback(True)


@pytest.mark.usefixtures("service")
def test_a_connection_that_breaks_at_any_request_of_a_step_leaves_nothing_half_done(joystream):
    """Every other request, until a step asks no more of the node; the stories above break at any."""
    chain = joystream.joystream.chain
    with transaction.atomic():
        app = app_of_configuration()
        before = joystream.in_loop(lambda: len(chain.state().videos))
        story = Story(joystream, app)
        for number in range(1, REQUESTS_OF_A_STEP, 4):
            story.breaks_at(number)
            story.one_more_video_is_downloaded()
            story.a_block_is_made()
            Video.objects.update(next_attempt_at=timezone.now())
        story.heal()
        states = list(Video.objects.values_list("state", flat=True))
        assert set(states) == {State.CREATED}
        assert joystream.in_loop(lambda: len(chain.state().videos)) == before + len(states)
        transaction.set_rollback(True)
