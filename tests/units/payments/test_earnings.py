"""What is earned: once, by whom it is due, at what it was worth when it happened."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels.models import Status, SuspensionReason, TierName
from payments import earnings
from payments.models import Action, Earning, RewardRules
from tests.support.factories import draft_video
from tests.units.payments.programme import START, begin, day, published, verified
from videos.models import Video
from videos.states import State
from ypp import membership, suspension
from ypp.models import Tier

pytestmark = pytest.mark.django_db


def of(channel, action=None):
    found = Earning.objects.filter(channel=channel).order_by("id")
    return [row.cents for row in (found.filter(action=action) if action else found)]


def test_nothing_is_earned_before_the_programme_begins():
    begin()
    RewardRules.objects.update(starts_at=None)
    verified()
    assert earnings.collect() == 0


def test_a_verified_channel_earns_its_sign_up_once_at_its_tier():
    begin()
    bronze, diamond = verified(), verified(TierName.DIAMOND)
    for _ in range(2):
        earnings.collect()
    assert (of(bronze), of(diamond)) == ([200], [9000])


def test_neither_the_unverified_nor_the_suspended_nor_those_from_before_earn():
    begin()
    verified(created_at=START - timedelta(seconds=1))
    waiting = verified()
    waiting.status = Status.UNVERIFIED
    waiting.save()
    suspension.suspend(verified(), SuspensionReason.MISLEADING_CONTENT, by="test")
    assert earnings.collect() == 0


def test_whoever_left_keeps_what_was_earned_and_earns_no_referral_any_more():
    begin()
    channel = verified()
    published(channel, at=day(3))
    membership.opt_out(channel, by="owner")
    verified(referrer_channel_id=channel.joystream_channel_id)
    earnings.collect()
    assert of(channel) == [200, 50]


def test_new_long_videos_earn_and_others_do_not():
    begin()
    channel = verified()
    new = published(channel, at=day(2))
    published(channel, at=day(0), on_joystream=day(3))  # from before the sign-up
    published(channel, at=day(2), duration=299)
    published(channel, at=day(2), adopted=True)  # it was on Joystream already
    Video.objects.filter(pk=published(channel, at=day(2)).pk).update(state="removed")
    earnings.collect()
    (row,) = Earning.objects.filter(action=Action.VIDEOS)
    assert (row.video, row.cents, row.earned_at) == (new, 50, new.published_on_joystream_at)


def test_three_videos_of_a_week_are_rewarded_the_first_ones_on_youtube():
    begin()
    channel = verified()
    week = [published(channel, at=day(2, hour)) for hour in (20, 8, 14, 11)]
    next_week = published(channel, at=day(7, 10))  # Monday, noon in Berlin
    earnings.collect()
    rewarded = {row.video_id: (str(row.week), row.place) for row in Earning.objects.exclude(video=None)}
    assert rewarded == {
        week[1].pk: ("2026-05-04", 1),
        week[3].pk: ("2026-05-04", 2),
        week[2].pk: ("2026-05-04", 3),
        next_week.pk: ("2026-05-11", 1),
    }


def test_a_week_that_is_full_stays_full_when_another_of_its_videos_comes_late():
    begin()
    channel = verified()
    for hour in (8, 9):
        published(channel, at=day(2, hour))
    earnings.collect()
    for hour in (6, 7):
        published(channel, at=day(2, hour), on_joystream=day(9))
    earnings.collect()
    assert of(channel, Action.VIDEOS) == [50, 50, 50]


def test_a_referral_is_earned_once_by_whoever_holds_the_channel_that_the_newcomer_named():
    begin()
    referrer = verified()
    verified(TierName.SILVER, referrer_channel_id=referrer.joystream_channel_id)
    verified(referrer_channel_id=1)  # nobody of ours
    for _ in range(2):
        earnings.collect()
    assert of(referrer, Action.REFERRALS) == [700]


def test_while_the_referral_programme_is_off_referrals_wait():
    begin(referrals_count=False)
    referrer = verified()
    verified(referrer_channel_id=referrer.joystream_channel_id)
    earnings.collect()
    assert of(referrer, Action.REFERRALS) == []
    RewardRules.objects.update(referrals_count=True)
    earnings.collect()
    assert of(referrer, Action.REFERRALS) == [100]


def test_raising_a_reward_pays_for_what_comes_not_for_what_was():
    begin()
    Tier.objects.update(sign_up_reward=0)
    early = verified()
    earnings.collect()
    Tier.objects.update(sign_up_reward=300)
    late = verified()
    earnings.collect()
    assert (of(early), of(late)) == ([0], [300])


def test_the_database_lets_nothing_be_rewarded_twice():
    begin()
    channel = verified()
    published(channel, at=day(2))
    verified(referrer_channel_id=channel.joystream_channel_id)
    earnings.collect()
    for row in Earning.objects.filter(channel=channel):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_collecting_takes_the_same_number_of_queries_for_many_as_for_few(django_assert_num_queries):
    begin()
    for _ in range(20):
        channel = verified()
        published(channel, at=day(2))
    with django_assert_num_queries(7):  # three statements, the rules twice, and the transaction
        assert earnings.collect() == 40


def test_the_hourly_collection_looks_only_at_what_was_published_lately():
    begin()
    channel = verified(created_at=timezone.now() - timedelta(days=3))
    old = [draft_video(channel, state=State.PUBLISHED, published_on_joystream_at=day(1)) for _ in range(4000)]
    Video.objects.bulk_create(old)
    published(channel, at=timezone.now() - timedelta(hours=2))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video")
        with CaptureQueriesContext(connection) as queries:
            assert earnings.collect_lately() == 2  # the sign-up and the new video
        (insert,) = [one["sql"] for one in queries if "'videos', n.id" in one["sql"]]
        cursor.execute(f"EXPLAIN {insert}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "video_by_arrival" in plan, plan
    assert "Seq Scan on videos_video" not in plan
