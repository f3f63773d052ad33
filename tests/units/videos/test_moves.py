"""The one place where a video's state changes: the moves, what each leaves behind, and the fence."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from tests.support.factories import make_video, reload
from videos import leases, moves
from videos.models import Video, VideoEvent
from videos.states import IN_PIPELINE, MOVES, ON_CHAIN, SOURCE, Stage, State
from ytsynch.joystream.errors import NodeUnavailable
from ytsynch.youtube.errors import DownloadStalled, VideoPrivate, VideoUnavailable

pytestmark = pytest.mark.django_db

PAIRS = list(itertools.product(State, State))
ALLOWED = [(before, after) for before, after in PAIRS if after in MOVES[before]]
FORBIDDEN = [pair for pair in PAIRS if pair not in ALLOWED]


def names(pair):
    return pair.value if isinstance(pair, State) else None


@pytest.mark.parametrize(("before", "after"), ALLOWED, ids=names)
def test_a_move_of_the_table_changes_the_state_and_writes_its_history(before, after):
    video = make_video(state=before)
    on_chain = {"joystream_video_id": 7} if after in ON_CHAIN and before not in ON_CHAIN else {}
    moves.move(video, after, event="moved", by="ada", detail={"why": "test"}, **on_chain)
    assert (video.state, reload(video).state) == (after, after)
    event = VideoEvent.objects.get(video=video)
    assert (event.event, event.from_state, event.to_state) == ("moved", before, after)
    assert (event.by, event.detail) == ("ada", {"why": "test"})


@pytest.mark.parametrize(("before", "after"), FORBIDDEN, ids=names)
def test_any_other_move_is_refused_and_changes_nothing(before, after):
    video = make_video(state=before)
    with pytest.raises(moves.ForbiddenMove):
        moves.move(video, after, event="moved", joystream_video_id=7)
    assert reload(video).state == before
    assert not VideoEvent.objects.exists()


def test_from_every_state_of_the_pipeline_a_human_can_be_asked_and_published_is_reached():
    assert all(State.STUCK in MOVES[state] for state in IN_PIPELINE)
    reached, found = {State.NEW}, {State.NEW}
    while found := {after for state in found for after in MOVES[state]} - reached:
        reached |= found
    assert reached == set(State)


def test_what_is_on_chain_never_goes_back_to_a_state_from_which_it_would_be_created_again():
    before_creation = {State.NEW, State.DOWNLOADED, State.CREATING}
    for state in ON_CHAIN:
        assert not MOVES[state] & before_creation


def test_the_database_refuses_a_state_that_does_not_exist():
    video = make_video()
    with pytest.raises(IntegrityError), transaction.atomic():
        Video.objects.filter(pk=video.pk).update(state="half-done")


def test_the_database_refuses_a_video_on_chain_without_its_id():
    video = make_video(state=State.CREATING)
    with pytest.raises(IntegrityError), transaction.atomic():
        moves.move(video, State.CREATED, event="created")
    assert reload(video).state == State.CREATING


def test_state_and_history_change_together_or_not_at_all():
    video = make_video()
    with pytest.raises(DataError):
        moves.move(video, State.SKIPPED, event="a verb that is longer than the column of events")
    assert reload(video).state == State.NEW
    assert not VideoEvent.objects.exists()


def test_a_move_ends_the_lease_and_forgets_the_troubles_of_the_state_before():
    video = make_video(reason="download_stalled", reason_text="…", attempts=4, crashes=2)
    (video,) = leases.claim(Stage.DOWNLOAD)
    moves.move(video, State.DOWNLOADED, event="downloaded", is_short=True)
    row = reload(video)
    assert (row.lease_token, row.leased_by, row.leased_until) == (None, "", None)
    assert (row.reason, row.reason_text, row.attempts, row.crashes) == ("", "", 0, 0)
    assert row.is_short is True
    assert row.next_attempt_at <= timezone.now()


LATE = {
    "moves it": lambda video: moves.move(video, State.DOWNLOADED, event="downloaded"),
    "skips it": lambda video: moves.skip(video, VideoPrivate()),
    "fails at it": lambda video: moves.fail(video, DownloadStalled()),
    "waits with it": lambda video: moves.fail(video, NodeUnavailable("ws://a", "chain_getBlock", "silence")),
    "looks again later": lambda video: moves.look_again(video, after=timedelta(seconds=9)),
}


@pytest.mark.parametrize("act", LATE.values(), ids=LATE.keys())
def test_a_worker_that_lost_its_lease_changes_nothing_when_it(act):
    make_video()
    (mine,) = leases.claim(Stage.DOWNLOAD)
    Video.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (theirs,) = leases.claim(Stage.DOWNLOAD)
    before = Video.objects.values().get()
    with pytest.raises(leases.LeaseLost):
        act(mine)
    assert Video.objects.values().get() == before
    assert not VideoEvent.objects.exists()
    moves.move(theirs, State.DOWNLOADED, event="downloaded")  # the one that has it is not disturbed


def test_a_worker_that_lost_its_lease_gives_nothing_back():
    make_video()
    (mine,) = leases.claim(Stage.DOWNLOAD)
    Video.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (theirs,) = leases.claim(Stage.DOWNLOAD)
    moves.release(mine)
    assert reload(mine).lease_token == theirs.lease_token


def test_a_video_that_was_moved_on_meanwhile_is_not_moved_from_its_old_state():
    video = make_video()
    late = reload(video)
    moves.move(video, State.SKIPPED, event="skipped", by="ada")
    with pytest.raises(leases.LeaseLost):
        moves.move(late, State.STUCK, event="stuck")


def test_a_skipped_video_keeps_the_reason_and_gives_its_budget_back():
    video = make_video(reserved_bytes=5_000)
    moves.skip(video, VideoPrivate("said the page"), by="ada")
    row = reload(video)
    assert (row.state, row.reason, row.reserved_bytes) == (State.SKIPPED, "video_private", 0)
    assert "said the page" in row.reason_text
    assert VideoEvent.objects.get().reason == "video_private"


def test_a_failed_try_is_counted_recorded_and_due_again_later():
    video = make_video()
    moves.fail(video, DownloadStalled("at 3 MB"))
    row = reload(video)
    assert (row.state, row.attempts, row.reason) == (State.NEW, 1, "download_stalled")
    assert row.next_attempt_at > timezone.now()
    event = VideoEvent.objects.get()
    assert (event.event, event.from_state, event.to_state) == ("failed", State.NEW, State.NEW)
    assert event.detail["next_in_seconds"] > 0


def test_a_wait_is_not_counted_and_recorded_once_however_long_it_lasts():
    video = make_video(state=State.CREATED)
    for _ in range(3):
        moves.fail(video, NodeUnavailable("ws://a", "chain_getBlock", "silence"))
    assert reload(video).attempts == 0
    assert [event.event for event in VideoEvent.objects.all()] == ["waits"]


def test_after_the_last_try_the_video_is_skipped_or_shown_to_a_human():
    given_up, shown = make_video(attempts=3), make_video(attempts=6)
    moves.fail(given_up, VideoUnavailable())
    moves.fail(shown, DownloadStalled("again"))
    assert reload(given_up).state == State.SKIPPED
    row = reload(shown)
    assert (row.state, row.reason) == (State.STUCK, "download_stalled")
    assert VideoEvent.objects.get(video=shown).detail["from"] == State.NEW


def test_looking_again_later_leaves_no_trace_in_the_history():
    video = make_video(state=State.UPLOADED, lease_token=uuid.uuid4(), leased_until=timezone.now())
    moves.look_again(video, after=timedelta(seconds=50))
    row = reload(video)
    assert (row.state, row.lease_token, row.attempts) == (State.UPLOADED, None, 0)
    assert row.next_attempt_at > timezone.now() + timedelta(seconds=40)
    assert not VideoEvent.objects.exists()


@pytest.mark.parametrize("stage", SOURCE)
def test_a_stage_sees_a_moved_video_at_once(stage):
    """A move sets `next_attempt_at` to the database's clock, which every claim compares with."""
    before = next(state for state in (State.UPLOADED, *State) if SOURCE[stage] in MOVES[state])
    video = make_video(state=before)
    moves.move(video, SOURCE[stage], event="moved", joystream_video_id=video.joystream_video_id or 7)
    assert leases.claim(stage) == [video]
