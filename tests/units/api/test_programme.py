"""Tiers, requirements and gateway apps."""

import pytest

from channels.models import App
from tests.support.factories import make_app, make_lane
from ypp.models import Requirement, Tier

pytestmark = pytest.mark.django_db


def test_a_tier_ends_where_the_next_one_begins(api):
    Tier.objects.filter(name="silver").update(
        min_subscribers=2000, max_old_videos=7, max_old_bytes=10**12, weight=3, referral_reward=9
    )
    tiers = api.found("tiers/")
    assert [(tier["name"], tier["min_subscribers"], tier["max_subscribers"]) for tier in tiers] == [
        ("bronze", 0, 1999),
        ("silver", 2000, 9999),
        ("gold", 10_000, 99_999),
        ("diamond", 100_000, None),
    ]
    assert tiers[1] == {
        "name": "silver",
        "min_subscribers": 2000,
        "max_subscribers": 9999,
        "max_old_videos": 7,
        "max_old_bytes": 10**12,
        "weight": 3,
        "sign_up_reward": 0,
        "video_reward": 0,
        "referral_reward": 9,
    }


def test_requirements_by_app_and_those_for_all_others(api):
    Requirement.objects.filter(app=None).update(sign_ups_open=False)
    Requirement.objects.create(
        app=make_app(name="gleev"),
        min_subscribers=7,
        min_videos=0,
        min_channel_age_hours=0,
        needs_avatar=True,
    )
    gleev, others = api.found("requirements/")
    assert gleev == {
        "app": "gleev",
        "sign_ups_open": True,
        "min_subscribers": 7,
        "min_videos": 0,
        "min_video_age_hours": 720,
        "min_channel_age_hours": 0,
        "min_new_videos_a_month": 0,
        "months_considered": 1,
        "needs_title": False,
        "needs_description": False,
        "needs_avatar": True,
        "needs_cover": False,
        "needs_collaborator": False,
        "texts": ["YouTube channel has at least 7 subscribers."],
    }
    assert (others["app"], others["sign_ups_open"]) == (None, False)
    assert others["texts"] == [
        "YouTube channel has at least 50 subscribers.",
        "YouTube channel has at least 10 videos, all published at least 1 month ago.",
        "YouTube channel needs to be older than 3 months.",
    ]


def test_apps_with_the_member_whom_creators_invite(api):
    make_app(name="gleev", lane=make_lane(member_id=77, address="j4gleev"))
    (app,) = api.found("apps/")
    assert app.pop("created_at")
    assert app == {
        "name": "gleev",
        "collaborator_member_id": 77,
        "collaborator_account": "j4gleev",
        "categories": [],
        "support_url": "",
    }


@pytest.mark.parametrize("path", ["apps/", "requirements/", "tiers/"])
def test_one_query_however_many_there_are(api, path, django_assert_num_queries):
    App.objects.all().delete()
    for _ in range(5):
        Requirement.objects.create(app=make_app())
    with django_assert_num_queries(1):
        api.found(path)
