"""The queue of appeals at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Status, SuspensionReason
from ypp import suspension
from ypp.appeals import hearing
from ypp.appeals.models import Appeal, Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(channel) -> Appeal:
    suspension.suspend(channel, SuspensionReason.COPYRIGHT_BREACH, by="a test", note="see video 3")
    return hearing.appeal(channel, "The music is <mine>.", by="creator 1")


def test_the_page_has_both_sides(desk, appeal):
    page = desk.page(appeal)
    assert "The music is &lt;mine&gt;." in page
    assert "see video 3" in page
    assert "Copyright breach" in page


def test_an_appeal_is_accepted_with_the_mouse(desk, appeal, channel):
    assert desk.order(appeal, "accept", answer="Thank you.") == ["Accept: 1 done."]
    channel.refresh_from_db()
    assert channel.status == Status.UNVERIFIED
    assert Appeal.objects.get().decided_by == "staff boss"


def test_an_appeal_is_rejected_with_words_only(desk, appeal):
    desk.order(appeal, "reject", answer="")
    assert Appeal.objects.get().decision == Decision.OPEN
    desk.order(appeal, "reject", answer="It is not.")
    assert Appeal.objects.get().answer == "It is not."


def test_what_was_decided_takes_no_orders(desk, appeal):
    desk.order(appeal, "reject", answer="No.")
    assert "It was decided before." in desk.ask(appeal, "accept")
    assert desk.order(appeal, "accept") == [f"{appeal}: it was decided before"]


@pytest.mark.parametrize(("view", "shown"), [("open", 1), ("overdue", 0), ("decided", 0), ("nonsense", 1)])
def test_the_saved_views_of_the_queue(staff, appeal, view, shown):
    response = staff.get("/admin/ypp/appeal/", {"view": view})
    assert len(response.context["cl"].result_list) == shown


def test_the_dashboard_and_the_sidebar_tell_of_appeals(staff, appeal):
    page = staff.get("/admin/").content.decode()
    assert "1 appeal to be answered" in page
    assert "?view=open" in page


def test_an_overdue_appeal_is_red_on_the_dashboard(staff, appeal):
    Appeal.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = staff.get("/admin/").content.decode()
    assert "1 appeal should have been answered by now" in page
    assert "Overdue" in staff.get("/admin/ypp/appeal/").content.decode()
