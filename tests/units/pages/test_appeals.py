"""What a suspended creator does on the dashboard."""

import pytest
from django.test import Client

from channels.models import Channel, Creator, SuspensionReason
from tests.units.pages.people import flat
from ypp import suspension
from ypp.appeals import hearing
from ypp.appeals.models import Appeal

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspended(channel) -> Channel:
    return suspension.suspend(
        channel, SuspensionReason.MISLEADING_CONTENT, by="staff grace", note="for staff only"
    )


def page_of(channel: Channel) -> str:
    return f"/dashboard/{channel.youtube_id}/appeal/"


def test_a_suspended_creator_appeals(visitor, suspended, creator):
    assert page_of(suspended) in visitor.get(f"/dashboard/{suspended.youtube_id}/").content.decode()
    page = visitor.get(page_of(suspended)).content.decode()
    assert "Misleading content" in page
    assert "for staff only" not in page
    response = visitor.post(page_of(suspended), {"text": "It is <em>not</em> so."}, follow=True)
    assert "Being read" in response.content.decode()
    assert "It is &lt;em&gt;not&lt;/em&gt; so." in response.content.decode()
    assert Appeal.objects.get().text == "It is <em>not</em> so."


def test_a_second_appeal_is_refused_in_words(visitor, suspended):
    visitor.post(page_of(suspended), {"text": "It is not so."})
    response = visitor.post(page_of(suspended), {"text": "It is not so!"})
    assert (response.status_code, Appeal.objects.count()) == (400, 1)
    assert "already" in response.content.decode()


@pytest.mark.parametrize("text", ["", " ", "x" * 4001, "with a \x00 in it"])
def test_an_appeal_that_cannot_be_taken_is_said_in_the_form(visitor, suspended, text):
    response = visitor.post(page_of(suspended), {"text": text})
    assert response.status_code == 400
    assert not Appeal.objects.exists()


def test_the_answer_is_on_the_page(visitor, suspended):
    made = hearing.appeal(suspended, "It is not so.", by="creator 1")
    hearing.reject(made, "Look at the third video.", by="staff grace")
    page = flat(visitor.get(page_of(suspended)).content.decode())
    assert "Look at the third video." in page
    assert "grace" not in page


def test_who_is_not_suspended_is_led_to_the_channel(visitor, channel):
    assert visitor.get(page_of(channel))["Location"] == f"/dashboard/{channel.youtube_id}/"


def test_nobody_appeals_for_another(suspended):
    other = Creator.objects.create(subject="2", email="other@example.com")
    browser = Client()
    session = browser.session
    session["creator"] = other.pk
    session.save()
    assert browser.post(page_of(suspended), {"text": "mine"}).status_code == 404
