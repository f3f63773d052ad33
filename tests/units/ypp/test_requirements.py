"""What is measured of a YouTube channel, on the devnet's Data API, and how it is judged."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.devnet import devnet, session_devnet  # noqa: F401 (fixtures)
from ypp import requirements
from ypp.models import Requirement
from ypp.requirements import AGE, NEW_VIDEOS, SUBSCRIBERS, VIDEOS, Measured
from ytsynch.youtube.data_api import DataApi

NOW = datetime(2026, 5, 6, tzinfo=UTC)
PASSING = Measured(subscribers=50, opened_at=NOW - timedelta(days=90), old_videos=10, new_videos=0)


def unmet(measured: Measured, **rule) -> list[str]:
    checks = requirements.evaluate(Requirement(**rule), measured, now=NOW)
    return [check.code for check in checks if not check.is_met]


def test_the_programmes_terms_are_the_default():
    assert unmet(PASSING) == []
    just_not = Measured(49, NOW - timedelta(days=90) + timedelta(seconds=1), 9, 0)
    assert unmet(just_not) == [SUBSCRIBERS, VIDEOS, AGE]


def test_new_videos_of_the_months_considered_are_counted_together():
    measured = Measured(50, PASSING.opened_at, 10, new_videos=5)
    assert unmet(measured, min_new_videos_a_month=2, months_considered=3) == [NEW_VIDEOS]
    assert unmet(measured, min_new_videos_a_month=2, months_considered=2) == []


def test_nothing_asked_for_is_nothing_to_fail():
    nothing = {"min_subscribers": 0, "min_videos": 0, "min_channel_age_hours": 0}
    assert requirements.evaluate(Requirement(**nothing), Measured(0, NOW, 0, 0), now=NOW) == []


def test_every_check_says_what_was_measured_and_what_is_required():
    checks = requirements.evaluate(Requirement(), PASSING, now=NOW)
    assert [(check.measured, check.required) for check in checks[:2]] == [(50, 50), (10, 10)]
    assert checks[2].required == NOW - timedelta(days=90)
    assert "it needs to be older than 3 months" in checks[2].message


def test_hidden_subscribers_are_not_none_at_all_and_the_creator_is_asked_to_show_them():
    (check,) = requirements.evaluate(
        Requirement(min_videos=0, min_channel_age_hours=0), Measured(None, NOW, 0, 0), now=NOW
    )
    assert (check.code, check.measured, check.required, check.is_met) == (SUBSCRIBERS, "hidden", 50, False)
    assert "hides how many subscribers it has" in check.message
    assert "Please show the number" in check.message
    nothing = Requirement(min_subscribers=0, min_videos=0, min_channel_age_hours=0)
    assert requirements.evaluate(nothing, Measured(None, NOW, 0, 0), now=NOW) == []


def test_an_age_that_nobody_asks_for_is_not_spoken_of():
    rule = Requirement(min_subscribers=1, min_videos=1, min_video_age_hours=0, min_channel_age_hours=0)
    texts = [asked.text.format(*asked.variables) for asked in requirements.templates(rule)]
    assert texts == ["YouTube channel has at least 1 subscriber.", "YouTube channel has at least 1 video."]
    messages = [check.message for check in requirements.evaluate(rule, Measured(0, NOW, 1, 0), now=NOW)]
    assert messages == [
        "The YouTube channel has 0 subscribers; it needs 1.",
        "The YouTube channel has 1 video; it needs 1.",
    ]
    aged = Requirement(min_subscribers=0, min_videos=2, min_video_age_hours=24, min_channel_age_hours=0)
    (asked,) = requirements.templates(aged)
    assert asked.text.format(*asked.variables) == (
        "YouTube channel has at least 2 videos, all published at least 1 day ago."
    )


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "0 hours"),
        (1, "1 hour"),
        (5, "5 hours"),
        (24, "1 day"),
        (36, "36 hours"),
        (240, "10 days"),
        (720, "1 month"),
        (2160, "3 months"),
    ],
)
def test_times_are_said_as_people_say_them(hours, words):
    assert requirements.span(hours) == words


@pytest.fixture
def measure(devnet):  # noqa: F811
    def of(handle: str, **rule) -> tuple[Measured, int]:
        """What is measured of a channel now, and the units of quota that it took."""
        calls = []
        api = DataApi(
            endpoint=devnet.google, api_key=devnet.youtube_api_key, before_call=lambda: calls.append(1)
        )
        channel = api.channel_by_handle(handle)
        assert channel is not None
        calls.clear()
        found = requirements.measure(api, channel, Requirement(**rule), now=datetime.now(UTC))
        return found, len(calls)

    return of


def test_young_videos_do_not_count_as_old_ones(measure):
    assert measure("@alpinebeekeeping", min_videos=1, min_video_age_hours=24)[0].old_videos == 2
    assert measure("@alpinebeekeeping", min_videos=1, min_video_age_hours=10 * 24)[0].old_videos == 1
    assert measure("@alpinebeekeeping", min_videos=1, min_video_age_hours=30 * 24)[0].old_videos == 0


def test_new_videos_are_counted_within_their_months(measure):
    rule = {"min_videos": 1, "min_video_age_hours": 24, "min_new_videos_a_month": 1}
    # stages of the journey appear every 6.5 days, the last one two days ago
    assert measure("@slowrailjourneys", **rule)[0].new_videos == 5
    assert measure("@slowrailjourneys", **rule, months_considered=12)[0].new_videos == 8


def test_a_page_of_uploads_costs_two_units_and_nothing_asked_for_costs_none(measure):
    assert measure("@alpinebeekeeping", min_videos=1)[1] == 2
    assert measure("@alpinebeekeeping", min_videos=0)[1] == 0
