"""Refused sign-ups are measured again by themselves, with the devnet's YouTube behind it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from channels.gateways import app_of_configuration
from channels.models import Creator
from tests.support.devnet import devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.service import service_on
from videos import quota, upkeep
from videos.models import QuotaDay
from ypp import second_chance
from ypp.letters.models import Kind, Letter
from ypp.models import RefusedSignUp, Requirement

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(devnet, settings, tmp_path):  # noqa: F811 (the fixture)
    with service_on(devnet, tmp_path, settings):
        rule = {"min_subscribers": 5000, "min_videos": 1, "min_video_age_hours": 1}
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults=rule)
        yield devnet


def refused(world, handle="@alpinebeekeeping", **fields) -> RefusedSignUp:
    creator, _ = Creator.objects.get_or_create(subject="1001", email="maker@example.com")
    return RefusedSignUp.objects.create(
        **{
            "creator": creator,
            "app": app_of_configuration(),
            "youtube_id": world.person(handle).youtube_channel_id,
            "title": "As it was called",
            "unmet": [
                {"code": "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS", "message": "", "measured": 5, "required": 5000}
            ],
            "checked_at": timezone.now() - timedelta(days=7),
            "next_check_at": timezone.now() - timedelta(seconds=1),
            **fields,
        }
    )


def test_a_channel_that_still_does_not_pass_is_put_off_for_a_week_with_its_new_numbers(world):
    row = refused(world)
    assert upkeep.second_chances() == 1
    row.refresh_from_db()
    assert (row.title, row.unmet[0]["measured"], row.unmet[0]["required"]) == (
        "Alpine Beekeeping",
        1280,
        5000,
    )
    assert row.next_check_at is not None
    assert abs(row.next_check_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert not Letter.objects.exists()


def test_a_channel_that_passes_is_written_to_once(world):
    row = refused(world)
    Requirement.objects.update(min_subscribers=1000)
    assert upkeep.second_chances() == 1
    row.refresh_from_db()
    assert (row.unmet, row.next_check_at) == ([], None)
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == (Kind.REQUIREMENTS_MET, "maker@example.com")
    assert upkeep.second_chances() == 0
    assert Letter.objects.count() == 1


def test_only_what_is_due_is_measured(world):
    refused(world, next_check_at=timezone.now() + timedelta(hours=1))
    assert upkeep.second_chances() == 0
    assert not QuotaDay.objects.exists()


def test_a_channel_that_youtube_hides_is_asked_about_again_next_week(world):
    row = refused(world)
    world.do("youtube/hide_channel", channel="@alpinebeekeeping")
    assert upkeep.second_chances() == 1
    row.refresh_from_db()
    assert row.unmet[0]["measured"] == 5
    assert row.next_check_at is not None
    assert row.next_check_at > timezone.now() + timedelta(days=6)


@pytest.mark.parametrize("trouble", ["away", "spent"])
def test_trouble_puts_it_off_for_an_hour_only(world, trouble):
    row = refused(world)
    if trouble == "away":
        world.do("youtube/api_down", down=True)
    else:
        QuotaDay.objects.create(day=quota.quota_day(), signup_used=500)
    assert upkeep.second_chances() == 0
    row.refresh_from_db()
    assert row.next_check_at is not None
    left = row.next_check_at - timezone.now()
    assert timedelta(minutes=55) < left <= timedelta(hours=1)


def test_many_channels_are_looked_up_in_one_call(world):
    for handle in ("@alpinebeekeeping", "@clockworkrestoration", "@tworoadscycling"):
        refused(world, handle)
    assert upkeep.second_chances() == 3
    assert QuotaDay.objects.get().signup_used == 1 + 3 * 2


def test_passing_and_waiting_exclude_each_other(world):
    with pytest.raises(IntegrityError):
        refused(world, passed_at=timezone.now())


def test_a_channel_that_joins_needs_no_second_chance(world):
    row = refused(world)
    second_chance.forget(row.youtube_id)
    assert not RefusedSignUp.objects.exists()
