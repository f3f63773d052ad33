"""What everybody sees: the first page, its numbers, and the pages for what goes wrong."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from channels import switches
from channels.gateways import app_of_configuration
from channels.models import Status, Switch
from pages import numbers
from tests.support.factories import draft_video, make_channel, make_video
from tests.units.pages.people import flat
from videos import tally
from videos.models import StagePace, Video
from videos.states import Stage, State
from ypp.models import Requirement

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html,application/xhtml+xml"}


def test_of_much_the_numbers_are_estimates_that_cost_no_more(client, monkeypatch, django_assert_num_queries):
    channel = make_channel()
    Video.objects.bulk_create(draft_video(channel, state=State.PUBLISHED) for _ in range(8000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_video")
    monkeypatch.setattr(tally, "SAMPLE", 2000)
    with django_assert_num_queries(5):  # two sizes, two samples, the last day
        shown = numbers.of_programme()
    assert shown.is_estimate
    assert shown.published == pytest.approx(8000, rel=0.5)
    assert len(str(shown.published).rstrip("0")) <= 2  # no more figures than are known
    assert "about" in client.get("/numbers/").text
    with django_assert_num_queries(0):
        numbers.of_programme()


def test_every_page_leads_to_the_apps_help(client, settings):
    settings.SUPPORT_EMAIL = "help@example.com"
    assert 'href="mailto:help@example.com"' in client.get("/terms/").text
    app = app_of_configuration()
    app.support_email, app.support_url = "desk@gleev.example", "https://gleev.example/help"
    app.save()
    cache.clear()
    page = client.get("/terms/").text
    assert 'href="mailto:desk@gleev.example"' in page
    assert 'href="https://gleev.example/help"' in page
    assert "help@example.com" not in page


def test_the_first_page_counts_the_programme(client):
    channel = make_channel()
    make_channel(status=Status.OPTED_OUT)
    for _ in range(3):
        make_video(channel, state=State.PUBLISHED)
    make_video(channel)
    StagePace.objects.create(stage=Stage.ACCEPTANCE, slot=timezone.now(), finished=2)
    for path in ("/", "/numbers/"):
        page = flat(client.get(path).text)
        for name, count in (
            ("channels", 1),
            ("videos on Joystream", 3),
            ("in the last 24 hours", 2),
            ("on their way", 1),
        ):
            assert f"<dt>{name}</dt><dd>{count}</dd>" in page


def test_the_numbers_are_not_counted_for_everybody_who_looks(client, django_assert_num_queries):
    numbers.of_programme()
    with django_assert_num_queries(0):
        numbers.of_programme()
    cache.clear()
    with django_assert_num_queries(5):
        numbers.of_programme()


def test_the_first_page_says_what_it_takes(client):
    Requirement.objects.update(min_subscribers=1234, min_videos=0, min_channel_age_hours=0)
    page = client.get("/").text
    assert "YouTube channel has at least 1234 subscribers." in page
    assert "Bronze" in page


def test_the_first_page_says_when_sign_ups_are_closed(client):
    assert "Sign-ups are closed" not in client.get("/").text
    switches.turn_off(Switch.SIGN_UPS, reason="busy", by="test")
    assert "Sign-ups are closed at the moment." in client.get("/").text


@pytest.mark.parametrize("referrer", ["x", "-1", "1" * 40, "1;2", "<b>"])
def test_an_invitation_that_makes_no_sense_is_passed_over(client, referrer):
    assert client.get("/", {"referrer": referrer}).status_code == 200
    assert "referrer" not in client.session


def test_robots_find_the_first_page_and_nothing_personal(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Allow: /$" in lines
    assert lines[-1] == "Disallow: /"


@pytest.mark.parametrize("path", ["/", "/terms/", "/sign-in/", "/nowhere/"])
def test_nothing_of_a_page_runs_or_looks_inline(client, path):
    page = client.get(path, headers=HTML)
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert " style=" not in page.text
    assert " onclick=" not in page.text
    assert page.text.count("<script") == page.text.count("<script src=")


@pytest.mark.parametrize("path", ["/nowhere/", "/dashboard/x/", "/channels/x/y/z"])
def test_what_does_not_exist_is_told_on_a_page_of_ours(client, path):
    answer = client.get(path, headers=HTML)
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_programs_are_told_in_json(client):
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (
        404,
        {"statusCode": 404, "message": "Not Found", "error": "Not Found"},
    )
    assert client.put("/nowhere", headers=HTML).json()["statusCode"] == 404


def test_a_form_without_its_token_is_told_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/sign-out/", headers=HTML)
    assert (answer.status_code, "This page was too old" in answer.text) == (403, True)


@pytest.fixture
def broken(monkeypatch):
    """A first page that fails in the way that is asked for."""

    def breaks(error: Exception):
        def fail():
            raise error

        monkeypatch.setattr(numbers, "of_programme", fail)
        return Client(raise_request_exception=False)

    return breaks


def test_a_mistake_of_ours_is_told_without_its_words(broken):
    answer = broken(RuntimeError("secret words")).get("/", headers=HTML)
    assert (answer.status_code, "Something broke" in answer.text) == (500, True)
    assert "secret words" not in answer.text


def test_a_database_that_is_away_is_a_passing_trouble(broken):
    client = broken(OperationalError("connection refused"))
    answer = client.get("/", headers=HTML)
    assert (answer.status_code, "Back in a moment" in answer.text) == (503, True)
    assert answer["Retry-After"] == "30"
    assert client.get("/").json()["statusCode"] == 503
