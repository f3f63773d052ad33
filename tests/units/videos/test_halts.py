"""What holds everybody up is told, with its end where that is known; nothing is told while nothing does."""

import pytest
from django.utils import timezone

from channels import switches
from channels.models import Lane, Switch
from tests.support.factories import make_channel, make_lane, make_video
from videos import halts, quota
from videos.models import QuotaDay
from videos.states import State

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return [halt.words.happened for halt in halts.for_everybody()]


def test_nothing_is_told_while_all_goes_well():
    make_video(make_channel())
    QuotaDay.objects.create(day=quota.quota_day(), sync_used=100)
    assert told() == []


@pytest.mark.parametrize("switch", [switch for switch in Switch if switch is not Switch.SIGN_UPS])
def test_a_switch_that_is_off_is_told_with_its_reason(switch):
    switches.turn_off(switch, reason="Joystream is being upgraded.", by="test")
    assert told() == ["Sync is paused for everybody: Joystream is being upgraded."]


def test_closed_sign_ups_hold_no_video_up():
    switches.turn_off(Switch.SIGN_UPS, reason="busy", by="test")
    assert told() == []


def test_a_sync_that_is_configured_off_is_told(settings):
    sync = settings.CONFIG.sync.model_copy(update={"enable": False})
    settings.CONFIG = settings.CONFIG.model_copy(update={"sync": sync})
    assert told() == ["The operators have paused the sync for everybody."]


@pytest.mark.parametrize(
    "fields", [{"exhausted_at": timezone.now()}, {"sync_used": 9500}], ids=["by Google", "by us"]
)
def test_a_spent_quota_is_told_with_its_end(fields):
    QuotaDay.objects.create(day=quota.quota_day(), **fields)
    (halt,) = halts.for_everybody()
    assert halt.ends_at == quota.resumes_at()


def test_lanes_that_are_all_paused_are_told_and_one_that_is_not_is_enough():
    make_lane(paused_reason="its nonce is out of step")
    assert told() == ["Nothing can be published on Joystream at the moment."]
    assert "nonce" not in str(halts.for_everybody())
    make_lane()
    assert told() == []


def test_an_account_without_funds_is_told():
    make_video(make_channel(), state=State.DOWNLOADED, reason="lane_dry")
    assert Lane.objects.exists()
    assert told() == ["This service's account on Joystream must be funded before it can go on."]
