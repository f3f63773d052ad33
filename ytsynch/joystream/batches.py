"""From the events of a creation extrinsic back to its channels: which videos exist now, which batch failed
and why.

The extrinsic is `force_batch([batch_all([create_video × n]) per channel])`. Its Utility events, in order
(`pallet_utility`; a failing call takes its own events back):

* a batch of n that succeeded: n × (`VideoCreated`, `ItemCompleted`), `BatchCompleted`, then the outer
  `ItemCompleted`;
* a batch that failed: the outer `ItemFailed(error)` alone;
* at the end `BatchCompleted`, or `BatchCompletedWithErrors` where any batch failed.

Anything else raises `EventsDoNotAddUp`: a video that is created twice or lost by a guess costs more than a
look.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ytsynch.joystream.chain import ChainEvent, DispatchError, Outcome, VideoDeletion, VideoUpdate
from ytsynch.joystream.errors import EventsDoNotAddUp
from ytsynch.joystream.signatures import account_of


class CreatedVideo(NamedTuple):
    """A video on chain; `object_ids` are its assets' data objects in the order of the assets."""

    video_id: int
    object_ids: tuple[int, ...]


@dataclass(frozen=True)
class Created:
    """A batch that succeeded: its videos in the order they were given."""

    channel_id: int
    videos: tuple[CreatedVideo, ...]


@dataclass(frozen=True)
class Failed:
    """A batch of which nothing exists."""

    error: DispatchError


def settle(outcome: Outcome, sizes: Sequence[int]) -> list[Created | Failed]:
    """What became of each batch, `sizes` being the number of videos of every batch in the order of the call.

    An extrinsic that failed as a whole failed for each. EventsDoNotAddUp as the module says.
    """
    if not outcome.success:
        if outcome.error is None:
            raise EventsDoNotAddUp("the extrinsic failed without an error")
        return [Failed(outcome.error) for _ in sizes]
    walk = _Walk(outcome.events)
    results = [walk.batch(size) for size in sizes]
    walk.end(any(isinstance(result, Failed) for result in results))
    return results


def settle_payments(outcome: Outcome, payments: Sequence[tuple[str, int]]) -> list[DispatchError | None]:
    """What became of each payment of a `force_batch([member_remark …])`: None where it was made, or why not.

    `payments` are (account, HAPI) in the order of the call. EventsDoNotAddUp where an event names another
    payment, or the events are not one remark and one verdict an item. An extrinsic that failed as a whole
    failed for each.
    """
    if not outcome.success:
        if outcome.error is None:
            raise EventsDoNotAddUp("the extrinsic failed without an error")
        return [outcome.error for _ in payments]
    walk = _Walk(outcome.events)
    results = [walk.payment(account, amount) for account, amount in payments]
    walk.end(any(result is not None for result in results))
    return results


@dataclass(frozen=True)
class Changed:
    """A video that was updated or deleted; `object_ids` are the data objects of its new files."""

    object_ids: tuple[int, ...] = ()


def settle_changes(
    outcome: Outcome, changes: Sequence[VideoUpdate | VideoDeletion]
) -> list[Changed | DispatchError]:
    """What became of each change of a `force_batch([update_video | delete_video …])`.

    EventsDoNotAddUp where an event names another video, or the events are not one change and one verdict an
    item. An extrinsic that failed as a whole failed for each.
    """
    if not outcome.success:
        if outcome.error is None:
            raise EventsDoNotAddUp("the extrinsic failed without an error")
        return [outcome.error for _ in changes]
    walk = _Walk(outcome.events)
    results = [walk.change(change) for change in changes]
    walk.end(any(isinstance(result, DispatchError) for result in results))
    return results


class _Walk:
    """Takes the events that matter one after the other and insists on each."""

    def __init__(self, events: Iterable[ChainEvent]) -> None:
        self._left = deque(event for event in events if _matters(event))
        self._taken = 0

    def batch(self, size: int) -> Created | Failed:
        if self._next_is("Utility", "ItemFailed"):
            return Failed(self._take("Utility", "ItemFailed").attributes["error"])
        created = []
        for _ in range(size):
            created.append(self._take("Content", "VideoCreated").attributes)
            self._take("Utility", "ItemCompleted")
        self._take("Utility", "BatchCompleted")
        self._take("Utility", "ItemCompleted")
        channels = {channel_id for _, channel_id, *_ in created}
        if len(channels) != 1:
            raise EventsDoNotAddUp(f"a batch of one channel created videos in channels {sorted(channels)}")
        videos = tuple(CreatedVideo(video_id, tuple(ids)) for _, _, video_id, _, ids in created)
        return Created(channels.pop(), videos)

    def payment(self, account: str, amount: int) -> DispatchError | None:
        if self._next_is("Utility", "ItemFailed"):
            error: DispatchError = self._take("Utility", "ItemFailed").attributes["error"]
            return error
        *_, paid = self._take("Members", "MemberRemarked").attributes
        self._take("Utility", "ItemCompleted")
        if paid is None or (account_of(paid[0]), int(paid[1])) != (account_of(account), amount):
            raise EventsDoNotAddUp(f"the chain paid {paid}, not {amount} HAPI to {account}")
        return None

    def change(self, change: VideoUpdate | VideoDeletion) -> Changed | DispatchError:
        if self._next_is("Utility", "ItemFailed"):
            error: DispatchError = self._take("Utility", "ItemFailed").attributes["error"]
            return error
        is_deletion = isinstance(change, VideoDeletion)
        _, video_id, *facts = self._take(
            "Content", "VideoDeleted" if is_deletion else "VideoUpdated"
        ).attributes
        self._take("Utility", "ItemCompleted")
        if video_id != change.video_id:
            raise EventsDoNotAddUp(f"the chain changed video {video_id}, not {change.video_id}")
        return Changed() if is_deletion else Changed(tuple(facts[1]))

    def end(self, failures: bool) -> None:
        self._take("Utility", "BatchCompletedWithErrors" if failures else "BatchCompleted")
        if self._left:
            raise EventsDoNotAddUp(
                f"{len(self._left)} events too many, beginning with {_name(self._left[0])}"
            )

    def _next_is(self, pallet: str, name: str) -> bool:
        return bool(self._left) and (self._left[0].pallet, self._left[0].name) == (pallet, name)

    def _take(self, pallet: str, name: str) -> ChainEvent:
        if not self._next_is(pallet, name):
            found = _name(self._left[0]) if self._left else "the end"
            raise EventsDoNotAddUp(f"event {self._taken + 1} is {found}, expected {pallet}.{name}")
        self._taken += 1
        return self._left.popleft()


def _matters(event: ChainEvent) -> bool:
    return event.pallet == "Utility" or (event.pallet, event.name) in (
        ("Content", "VideoCreated"),
        ("Content", "VideoUpdated"),
        ("Content", "VideoDeleted"),
        ("Members", "MemberRemarked"),
    )


def _name(event: ChainEvent) -> str:
    return f"{event.pallet}.{event.name}"
