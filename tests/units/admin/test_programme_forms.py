"""Tiers, requirements and exemptions: what the forms refuse, foretell and remember."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from channels.models import Channel, Creator, TierName
from tests.support.factories import make_app, make_channel
from ypp import membership, requirements, tiers, whitelist
from ypp.models import RefusedSignUp, Requirement, Tier, WhitelistedHandle

pytestmark = pytest.mark.django_db


@pytest.fixture
def silver() -> Tier:
    return Tier.objects.get(name=TierName.SILVER)


def form_of(tier: Tier, **changes):
    names = (
        "min_subscribers",
        "max_old_videos",
        "max_old_bytes",
        "weight",
        "sign_up_reward",
        "video_reward",
        "referral_reward",
    )
    return {name: getattr(tier, name) for name in names} | changes


def test_a_change_of_a_tier_is_remembered_with_before_and_after(staff, silver):
    staff.post(f"/admin/ypp/tier/{silver.pk}/change/", form_of(silver, weight=5))
    silver.refresh_from_db()
    assert silver.weight == 5
    assert LogEntry.objects.get().get_change_message() == "Changed Weight: 2 → 5."


@pytest.mark.parametrize("begins", [0, 10_000, 20_000])
def test_a_tier_cannot_begin_beyond_its_neighbours(staff, silver, begins):
    answer = staff.post(f"/admin/ypp/tier/{silver.pk}/change/", form_of(silver, min_subscribers=begins))
    assert "this tier must begin" in answer.content.decode()
    silver.refresh_from_db()
    assert silver.min_subscribers == 1_000


def test_tiers_are_neither_added_nor_deleted(staff, silver):
    assert staff.get("/admin/ypp/tier/add/").status_code == 403
    assert staff.post(f"/admin/ypp/tier/{silver.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_effect_of_a_new_range_is_foretold_before_it_is_saved(staff, silver):
    for subscribers in (1_500, 2_500, 9_000):
        membership.verify(make_channel(subscribers=subscribers), by="a test")
    membership.verify(
        make_channel(subscribers=1_500), by="a test", tier=TierName.GOLD
    )  # staff's own choice stays
    make_channel(subscribers=1_500)  # not verified
    answer = staff.post(f"/admin/ypp/tier/{silver.pk}/effect/", {"min_subscribers": "3000"}).content.decode()
    assert "<strong>2</strong> channels would change from Silver to Bronze" in answer
    silver.refresh_from_db()
    assert silver.min_subscribers == 1_000


def test_a_forecast_agrees_with_what_then_happens(silver):
    for subscribers in (50, 999, 1_000, 5_000, 10_000, 250_000):
        membership.verify(make_channel(subscribers=subscribers), by="a test")
    foretold = tiers.changes_if(silver, begins=5_000)
    before = dict(Channel.objects.values_list("pk", "tier"))
    Tier.objects.filter(pk=silver.pk).update(min_subscribers=5_000)
    for channel in Channel.objects.all():
        membership.follow_subscribers(channel, by="a worker")
    changed = [pk for pk, tier in Channel.objects.values_list("pk", "tier") if before[pk] != tier]
    assert sum(change.count for change in foretold) == len(changed) == 1


def test_the_requirements_of_all_other_apps_cannot_be_deleted(staff):
    general = Requirement.objects.get(app=None)
    assert staff.post(f"/admin/ypp/requirement/{general.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_handle_is_exempted_in_small_letters_and_no_longer(staff):
    staff.post("/admin/ypp/whitelistedhandle/add/", {"handle": "@AdaLovelace"})
    row = WhitelistedHandle.objects.get()
    assert (row.handle, row.added_by) == ("@adalovelace", "staff boss")
    staff.post(f"/admin/ypp/whitelistedhandle/{row.pk}/delete/", {"post": "yes"})
    assert not whitelist.holds("@adalovelace")
    assert LogEntry.objects.count() == 2


def test_a_handle_begins_with_at(staff):
    answer = staff.post("/admin/ypp/whitelistedhandle/add/", {"handle": "ada"})
    assert answer.status_code == 200
    assert not WhitelistedHandle.objects.exists()


def test_the_log_of_staffs_acts_can_be_neither_changed_nor_deleted(staff, silver):
    staff.post(f"/admin/ypp/tier/{silver.pk}/change/", form_of(silver, weight=5))
    entry = LogEntry.objects.get()
    assert staff.post(f"/admin/admin/logentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"/admin/admin/logentry/{entry.pk}/change/", {}).status_code == 403
    assert LogEntry.objects.count() == 1


RULE = {
    "min_subscribers": 50,
    "min_videos": 0,
    "min_video_age_hours": 0,
    "min_channel_age_hours": 0,
    "min_new_videos_a_month": 0,
    "months_considered": 1,
}


def foretold(staff, **changes) -> str:
    general = Requirement.objects.get(app=None)
    page = staff.post(f"/admin/ypp/requirement/effect/?of={general.pk}", RULE | changes).content.decode()
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_requirements_say_who_would_not_be_let_in_today(staff):
    for subscribers, videos in ((10, 5), (70, 5), (70, 1)):
        make_channel(subscribers=subscribers, public_videos=videos)
    make_channel(subscribers=1, joystream_channel_id=None)
    text = foretold(staff, min_videos=2)
    assert "2 of 3 channels that take part would not be let in today" in text
    assert "1 for their subscribers, 1 for their number of videos" in text
    assert "All 3 channels that take part would be let in today." in foretold(staff, min_subscribers=0)


def test_whoever_is_exempted_is_not_counted(staff):
    channel = make_channel(subscribers=1)
    whitelist.add([channel.handle], by="a test")
    assert "would be let in" in foretold(staff)


def test_requirements_of_an_app_are_about_its_channels_alone(staff):
    mine = make_channel(subscribers=1)
    make_channel(subscribers=1)
    assert "1 of 1 channel that takes part" in foretold(staff, app=mine.app_id)
    Requirement.objects.create(app=mine.app)
    assert "1 of 1 channel that takes part" in foretold(staff)


def test_requirements_say_who_of_the_refused_would_pass(staff):
    creator = Creator.objects.create(subject="1", email="ada@example.com")
    for number, measured in enumerate((20, 40, "hidden")):
        unmet = [{"code": requirements.SUBSCRIBERS, "message": "", "measured": measured, "required": 50}]
        RefusedSignUp.objects.create(
            creator=creator,
            app=make_app(),
            youtube_id=f"UC{number:022d}",
            title="Bees",
            unmet=unmet,
            checked_at=timezone.now(),
            next_check_at=timezone.now(),
        )
    assert "1 of 3 refused sign-ups would have what they lack" in foretold(staff, min_subscribers=30)
    assert "0 of 3 refused sign-ups" in foretold(staff)
    assert "3 of 3 refused sign-ups" in foretold(staff, min_subscribers=0)


@pytest.mark.parametrize("changes", [{"min_subscribers": "many"}, {"min_videos": -1}, {"app": 999_999}])
def test_a_form_that_is_not_right_foretells_nothing(staff, changes):
    assert "Fill in every number." in foretold(staff, **changes)


@pytest.mark.parametrize("of", ["", "nonsense", "9" * 30, "999"])
def test_a_rule_that_is_not_there_is_taken_as_a_new_one(staff, of):
    assert staff.post(f"/admin/ypp/requirement/effect/?of={of}", RULE).status_code == 200


def test_the_form_asks_what_saving_it_would_mean(staff):
    general = Requirement.objects.get(app=None)
    address = f"/admin/ypp/requirement/effect/?of={general.pk}"
    assert address in staff.get(f"/admin/ypp/requirement/{general.pk}/change/").content.decode()
    assert "/admin/ypp/requirement/effect/" in staff.get("/admin/ypp/requirement/add/").content.decode()
