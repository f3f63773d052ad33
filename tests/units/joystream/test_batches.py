"""`settle` against a model of pallet_utility: whatever happened, the events tell it back exactly."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ytsynch.joystream.batches import (
    Changed,
    Created,
    CreatedVideo,
    Failed,
    settle,
    settle_changes,
)
from ytsynch.joystream.chain import (
    ChainEvent,
    DispatchError,
    Outcome,
    Prices,
    VideoDeletion,
    VideoUpdate,
)
from ytsynch.joystream.errors import EventsDoNotAddUp

CHANNEL_GONE = DispatchError("Content", "ChannelDoesNotExist")
NOISE = ChainEvent("Balances", "Withdraw", {"who": "j4…", "amount": 5})

object_ids = some.lists(some.integers(1, 10**6), min_size=2, max_size=4, unique=True).map(sorted).map(tuple)
videos = some.builds(CreatedVideo, some.integers(1, 10**6), object_ids)
created = some.builds(Created, some.integers(1, 10**6), some.lists(videos, min_size=1, max_size=6).map(tuple))
failed = some.builds(Failed, some.builds(DispatchError, some.just("Content"), some.text(max_size=9)))
histories = some.lists(created | failed, min_size=1, max_size=12)


def utility(name, **attributes):
    return ChainEvent("Utility", name, attributes or None)


def events_of(history):
    """What the runtime deposits for a force_batch that went as `history` says."""
    for result in history:
        if isinstance(result, Failed):
            yield utility("ItemFailed", error=result.error)
            continue
        for video in result.videos:
            yield NOISE
            facts = ({"Member": 12}, result.channel_id, video.video_id, {"meta": "0x"}, video.object_ids)
            yield ChainEvent("Content", "VideoCreated", facts)
            yield utility("ItemCompleted")
        yield utility("BatchCompleted")
        yield utility("ItemCompleted")
    failures = any(isinstance(result, Failed) for result in history)
    yield utility("BatchCompletedWithErrors" if failures else "BatchCompleted")


def outcome_of(history):
    verdict = ChainEvent("System", "ExtrinsicSuccess", {})
    return Outcome(True, None, (NOISE, *events_of(history), verdict), 100)


def sizes_of(history):
    return [len(result.videos) if isinstance(result, Created) else 3 for result in history]


@given(histories)
def test_the_events_of_any_history_settle_to_that_history(history):
    assert settle(outcome_of(history), sizes_of(history)) == history


@given(histories, some.data())
def test_no_event_can_be_missing_unnoticed(history, data):
    outcome = outcome_of(history)
    telling = [i for i, event in enumerate(outcome.events) if event.pallet in ("Utility", "Content")]
    gone = data.draw(some.sampled_from(telling))
    shortened = replace(outcome, events=outcome.events[:gone] + outcome.events[gone + 1 :])
    with pytest.raises(EventsDoNotAddUp):
        settle(shortened, sizes_of(history))


@given(histories, some.data())
def test_no_event_can_be_doubled_unnoticed(history, data):
    outcome = outcome_of(history)
    telling = [i for i, event in enumerate(outcome.events) if event.pallet in ("Utility", "Content")]
    twice = data.draw(some.sampled_from(telling))
    longer = replace(outcome, events=outcome.events[: twice + 1] + outcome.events[twice:])
    with pytest.raises(EventsDoNotAddUp):
        settle(longer, sizes_of(history))


def test_an_extrinsic_that_failed_as_a_whole_failed_for_every_batch():
    outcome = Outcome(False, CHANNEL_GONE, (), 100)
    assert settle(outcome, [2, 1]) == [Failed(CHANNEL_GONE), Failed(CHANNEL_GONE)]


def test_a_batch_whose_videos_are_in_two_channels_does_not_add_up():
    ours = Created(5, (CreatedVideo(1, (1, 2)),))
    theirs = Created(6, (CreatedVideo(2, (3, 4)),))
    (_, first, item, *_), (_, second, *_) = list(events_of([ours])), list(events_of([theirs]))
    end = (utility("BatchCompleted"), utility("ItemCompleted"), utility("BatchCompleted"))
    mixed = Outcome(True, None, (first, item, second, item, *end), 100)
    with pytest.raises(EventsDoNotAddUp, match=r"channels \[5, 6\]"):
        settle(mixed, [2])


def test_what_does_not_add_up_is_told_by_the_first_event_that_is_wrong():
    history = [Created(5, (CreatedVideo(1, (1, 2)),))]
    with pytest.raises(
        EventsDoNotAddUp, match=r"event 3 is Utility\.BatchCompleted, expected Content\.Video"
    ):
        settle(outcome_of(history), [2])


def change_events(*results):
    """Of a force_batch of changes: each a video id with new objects, or an error."""
    for result in results:
        if isinstance(result, DispatchError):
            yield utility("ItemFailed", error=result)
            continue
        name, video_id, *objects = result
        facts = ({"Member": 12}, video_id) + (({"new_meta": "0x"}, objects) if name == "VideoUpdated" else ())
        yield ChainEvent("Content", name, facts)
        yield utility("ItemCompleted")
    failures = any(isinstance(result, DispatchError) for result in results)
    yield utility("BatchCompletedWithErrors" if failures else "BatchCompleted")


PRICES = Prices(1, 2, 3)
CHANGES: list[VideoUpdate | VideoDeletion] = [
    VideoUpdate(5, 12, b"", PRICES, 2),
    VideoDeletion(6, 12, object_count=2, stored_by_count=2),
    VideoUpdate(7, 12, b"", PRICES, 2),
]


def test_changes_are_told_one_by_one():
    events = change_events(("VideoUpdated", 5, 77, 78), ("VideoDeleted", 6), CHANNEL_GONE)
    outcome = Outcome(True, None, tuple(events), 100)
    assert settle_changes(outcome, CHANGES) == [Changed((77, 78)), Changed(), CHANNEL_GONE]


@pytest.mark.parametrize(
    "events",
    [
        [("VideoUpdated", 5), ("VideoDeleted", 6)],
        [("VideoUpdated", 6), ("VideoDeleted", 6), CHANNEL_GONE],
        [("VideoDeleted", 5), ("VideoDeleted", 6), CHANNEL_GONE],
        [("VideoUpdated", 5), ("VideoDeleted", 6), CHANNEL_GONE, CHANNEL_GONE],
    ],
)
def test_changes_of_other_videos_or_another_number_do_not_add_up(events):
    with pytest.raises(EventsDoNotAddUp):
        settle_changes(Outcome(True, None, tuple(change_events(*events)), 100), CHANGES)


def test_changes_of_an_extrinsic_that_failed_as_a_whole_failed_each():
    assert settle_changes(Outcome(False, CHANNEL_GONE, (), 100), CHANGES) == [CHANNEL_GONE] * 3
