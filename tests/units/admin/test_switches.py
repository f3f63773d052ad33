"""The switches of the whole service: who turns them, what obeys them, what everybody reads."""

import pytest
from django.db import IntegrityError, transaction

from channels import switches
from channels.models import ServiceSwitch, Switch, SwitchEvent
from tests.support.factories import make_video
from videos import brakes, leases, tasks
from videos.leases import Keeper, LeaseLost
from videos.states import Stage, State

pytestmark = pytest.mark.django_db
BY = "a test"
WHY = "the chain is being upgraded"


def test_all_is_on_until_somebody_turns_it_off():
    assert switches.turned_off() == {}
    assert switches.notice() is None
    assert not any(brakes.begins_nothing(stage) for stage in Stage)


def test_a_switch_that_is_off_says_why_and_its_history_keeps_who():
    assert switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert switches.turned_off() == {Switch.SYNC: WHY}
    assert switches.notice() == WHY
    assert switches.turn_on(Switch.SYNC, by="another")
    assert switches.turned_off() == {}
    history = SwitchEvent.objects.order_by("id").values_list("switch", "is_on", "reason", "by")
    assert list(history) == [("sync", False, WHY, BY), ("sync", True, "", "another")]


def test_turning_a_switch_twice_is_noted_once():
    switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert not switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert SwitchEvent.objects.count() == 1
    assert not switches.turn_on(Switch.DOWNLOAD, by=BY)


def test_the_database_takes_no_switch_that_is_off_without_a_reason():
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceSwitch.objects.create(name=Switch.SYNC, is_on=False)


def test_closed_sign_ups_hold_no_videos_up():
    switches.turn_off(Switch.SIGN_UPS, reason=WHY, by=BY)
    assert switches.notice() is None
    assert not any(brakes.begins_nothing(stage) for stage in Stage)


@pytest.mark.parametrize("stage", Stage)
def test_no_stage_begins_anything_while_the_sync_is_off(stage):
    switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert brakes.begins_nothing(stage)
    assert brakes.must_stop(stage)


def test_a_stage_that_is_off_leaves_the_others_alone():
    switches.turn_off(Switch.UPLOAD, reason=WHY, by=BY)
    assert [stage for stage in Stage if brakes.begins_nothing(stage)] == [Stage.UPLOAD]


def test_a_drained_service_finishes_what_is_under_way():
    switches.turn_off(Switch.NEW_WORK, reason=WHY, by=BY)
    assert [stage for stage in Stage if brakes.begins_nothing(stage)] == [Stage.DISCOVERY, Stage.DOWNLOAD]
    assert not any(brakes.must_stop(stage) for stage in Stage)


def test_a_worker_takes_nothing_while_its_stage_is_off():
    video = make_video(state=State.NEW)
    switches.turn_off(Switch.DOWNLOAD, reason=WHY, by=BY)
    assert tasks.run_stage("download") == 0
    video.refresh_from_db()
    assert (video.state, video.attempts, video.lease_token) == (State.NEW, 0, None)


def test_a_download_that_runs_stops_when_its_stage_is_switched_off():
    make_video(state=State.NEW)
    videos = leases.claim(Stage.DOWNLOAD)
    keeper = Keeper(videos)
    keeper.report({"phase": "video", "done": 1, "total": 2})
    switches.turn_off(Switch.DOWNLOAD, reason=WHY, by=BY)
    keeper._reported_at = 0.0  # a second later
    with pytest.raises(LeaseLost):
        keeper.report({"phase": "video", "done": 2, "total": 2})


def test_staff_turn_a_switch_off_and_on_with_the_mouse(staff):
    page = staff.get("/admin/channels/serviceswitch/").content.decode()
    assert page.count("Turn off …") == len(Switch)
    address = "/admin/channels/serviceswitch/sync/order/turn-off/"
    assert "Every stage stops within seconds" in staff.get(address).content.decode()
    assert switches.turned_off() == {}
    staff.post(address, {"confirmed": "yes", "reason": WHY})
    assert switches.turned_off() == {Switch.SYNC: WHY}
    page = staff.get("/admin/channels/serviceswitch/").content.decode()
    assert "Turn on …" in page
    assert f"{WHY} (staff boss" in page
    staff.post("/admin/channels/serviceswitch/sync/order/turn-on/", {"confirmed": "yes"})
    assert switches.turned_off() == {}


def test_a_switch_is_not_turned_off_without_a_reason(staff):
    staff.post("/admin/channels/serviceswitch/sync/order/turn-off/", {"confirmed": "yes", "reason": ""})
    assert switches.turned_off() == {}


def test_every_page_of_the_admin_says_what_is_off(staff):
    switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert "Off: Sync of all channels" in staff.get("/admin/videos/video/").content.decode()
    assert f"Sync of all channels is switched off: {WHY}" in staff.get("/admin/").content.decode()


def test_the_status_of_the_api_says_that_the_sync_is_off(client):
    assert client.get("/status").json()["syncStatus"] == "enabled"
    switches.turn_off(Switch.SYNC, reason=WHY, by=BY)
    assert client.get("/status").json()["syncStatus"] == "disabled"
