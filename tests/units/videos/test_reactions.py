"""The table of reactions: every fault has one or inherits one on purpose; delays grow; waits do not count."""

import inspect
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from videos import errors as ours
from videos import outside, quota
from videos.reactions import (
    AFTER_START,
    JITTER,
    LONGEST,
    REACTIONS,
    UNEXPECTED,
    Then,
    is_waiting,
    reaction_to,
)
from ytsynch.config import Config
from ytsynch.joystream import errors as joystream
from ytsynch.youtube import errors as youtube

RETRY, WAIT, POLLING = 10.0, 7.0, 300.0

INHERITED: dict[type[Exception], set[type[Exception]]] = {
    youtube.VideoRefused: {
        youtube.VideoPrivate,
        youtube.VideoUnlisted,
        youtube.VideoDeleted,
        youtube.ChannelTerminated,
        youtube.MembersOnly,
        youtube.PaidOnly,
        youtube.AgeRestricted,
        youtube.DrmProtected,
        youtube.RecordingRefused,
    },
    youtube.NotYet: {
        youtube.LiveNow,
        youtube.LiveUpcoming,
        youtube.PremiereUpcoming,
        youtube.StillProcessing,
        youtube.RecordingNotReady,
    },
    youtube.NetworkTrouble: {youtube.YouTubeUnreachable},
    youtube.BadFile: {youtube.EmptyDownload, youtube.DamagedDownload},
    youtube.OverLimit: {youtube.TooLarge, youtube.TooLong},
    youtube.ApiUnavailable: {youtube.ApiAnswerInvalid, youtube.GoogleUnavailable},
    youtube.QuotaExceeded: {quota.ShareSpent},
    # of a channel, a sign-in or the service's own access: no video is to blame, and none is given up for it
    youtube.YouTubeError: {
        youtube.ChannelNotFound,
        youtube.ApiRefused,
        youtube.ApiKeyRefused,
        youtube.ClientRefused,
        youtube.PlaylistNotFound,
        youtube.SignInError,
        youtube.WrongCode,
        youtube.GrantRevoked,
        youtube.GrantExpired,
        youtube.ScopeMissing,
        youtube.EmailNotVerified,
        youtube.DownloadStopped,
        # stopped by ourselves: caught before it could become a reaction
        youtube.DownloadCancelled,
        # of push and feeds: no video is looked at there
        youtube.FeedSilent,
        youtube.HubUnavailable,
        youtube.HubRefused,
    },
    joystream.NodeUnavailable: {joystream.StateDiscarded},
    joystream.JoystreamError: {
        joystream.RuntimeChanged,
        joystream.ExtrinsicRefused,
        joystream.EventsDoNotAddUp,
        joystream.StorageError,
        # caught where a file is uploaded: it is there already
        joystream.AlreadyStored,
        # of sign-ups
        joystream.FaucetUnavailable,
        joystream.FaucetRefused,
        outside.WrongAppKey,
        outside.UnknownLane,
    },
    ours.ChannelTrouble: {
        ours.JoystreamChannelGone,
        ours.CollaboratorMissing,
        ours.ChannelModerated,
        ours.JoystreamStorageFull,
        ours.YouTubeChannelGone,
    },
}
"""Errors without a reaction of their own, under the one whose reaction is theirs."""

ROOTS = {ours.VideoError}
"""Raised by nobody."""


def errors_of(module: ModuleType) -> set[type[Exception]]:
    found = {
        kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__
    }
    return {kind for kind in found if issubclass(kind, Exception)}


MODULES = (ours, youtube, joystream, outside, quota)
ALL = sorted({kind for module in MODULES for kind in errors_of(module)}, key=lambda kind: kind.__qualname__)


@pytest.fixture(autouse=True)
def _intervals(settings):
    intervals = {"retry": RETRY, "wait": WAIT, "youtubePolling": POLLING}
    settings.CONFIG = Config.model_validate({"sync": {"intervals": intervals}})


def bare(kind: type[Exception]) -> Exception:
    """An error of the class; what it says does not matter here."""
    return kind.__new__(kind)


def seconds(kind: type[Exception], attempts: int = 0) -> float | None:
    error = bare(kind)
    delay = reaction_to(error).delay(error, attempts)
    return None if delay is None else delay.total_seconds()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__qualname__)
def test_every_error_has_a_reaction_or_inherits_one_on_purpose(kind):
    parents = [parent for parent, children in INHERITED.items() if kind in children]
    if kind in ROOTS:
        assert kind not in REACTIONS
    elif kind in REACTIONS:
        assert parents == []
    else:
        (parent,) = parents
        assert reaction_to(bare(kind)) is REACTIONS[parent]


def test_an_error_that_nobody_classified_is_tried_twice_more_and_then_shown_to_a_human():
    assert reaction_to(KeyError("x")) is UNEXPECTED
    assert (UNEXPECTED.tries, UNEXPECTED.then) == (2, Then.ASK)


@pytest.mark.parametrize(
    ("kind", "tries", "then"),
    [
        (youtube.VideoPrivate, 0, Then.SKIP),  # Y1
        (youtube.VideoUnavailable, 3, Then.SKIP),  # Y3
        (youtube.GeoBlocked, 1, Then.SKIP),  # Y10
        (youtube.DamagedDownload, 1, Then.SKIP),  # Y13
        (youtube.TooLarge, 0, Then.SKIP),  # Y14
        (youtube.PostprocessingFailed, 1, Then.ASK),  # Y15
        (ours.FoundElsewhere, 0, Then.ASK),
        (ours.FileChanged, 0, Then.ASK),  # S7
        (ours.Poison, 0, Then.ASK),  # O8
    ],
)
def test_the_reaction_is_that_of_the_list_of_faults(kind, tries, then):
    reaction = reaction_to(bare(kind))
    assert (reaction.tries, reaction.then) == (tries, then)


def test_delays_grow_with_every_failed_try_up_to_a_day():
    delays = [seconds(youtube.DownloadStalled, attempts) for attempts in range(6)]
    for attempts, delay in enumerate(delays):
        assert delay == pytest.approx(RETRY * 4**attempts, rel=JITTER)
    assert seconds(ours.ExtrinsicLost, 9) == LONGEST.total_seconds()


def test_after_its_last_try_there_is_no_delay():
    assert seconds(youtube.DownloadStalled, 5) is not None
    assert seconds(youtube.DownloadStalled, 6) is None
    assert seconds(youtube.VideoPrivate) is None


def test_what_failed_together_does_not_come_back_together():
    assert len({seconds(youtube.DownloadStalled) for _ in range(20)}) > 15


@pytest.mark.parametrize(
    ("kind", "interval"), [(joystream.NodeUnavailable, WAIT), (youtube.StillProcessing, POLLING)]
)
def test_a_wait_is_no_failed_try_and_never_ends_by_itself_nor_grows(kind, interval):
    reaction = reaction_to(bare(kind))
    assert reaction.counted is False
    for attempts in (0, 5, 1000):
        assert seconds(kind, attempts) == pytest.approx(interval, rel=JITTER)


def test_an_announced_start_is_waited_for_and_an_hour_more():
    starts_at = datetime.now(UTC) + timedelta(days=40)
    error = youtube.PremiereUpcoming("soon", starts_at=starts_at)
    delay = reaction_to(error).delay(error, 0)
    assert delay is not None
    assert abs(datetime.now(UTC) + delay - starts_at - AFTER_START) < timedelta(seconds=5)


@pytest.mark.parametrize("starts_at", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_start_that_is_unknown_or_over_is_looked_for_like_anything_unfinished(starts_at):
    error = youtube.LiveUpcoming("soon", starts_at=starts_at)
    delay = reaction_to(error).delay(error, 0)
    assert delay is not None
    assert delay.total_seconds() == pytest.approx(POLLING, rel=JITTER)


def test_waiting_codes_are_those_of_waits():
    assert is_waiting(youtube.LiveNow.code)
    assert is_waiting(ours.JoystreamStorageFull.code)
    assert not is_waiting(youtube.DownloadStalled.code)
    assert not is_waiting("unexpected")
