"""What letters say, and how they look."""

import html
import re

import pytest
from django.core.mail import get_connection
from django.urls import resolve

from channels.gateways import Support
from channels.models import Channel, Pause, SuspensionReason
from tests.units.letters.conftest import ADDRESS
from ypp.letters.history import WORTH_A_LETTER
from ypp.letters.kinds import ABOUT, ACCOUNT_MATTERS
from ypp.letters.models import Kind, Letter
from ypp.letters.rendering import Block, blocks, message, render

TITLE = "Alpine Beekeeping"
CHANNEL = Channel(title=TITLE, youtube_id="UCTUjCW6SCY-Txb2vBLyxv_Q")
NOBODY = Support("", "")


def rendered(kind, **facts):
    return render(kind, channel=CHANNEL, address=ADDRESS, facts=ABOUT[kind].sample | facts, support=NOBODY)


def words(text):
    """The words of a text or page, without marks, so that both can be compared."""
    without_marks = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", text, flags=re.DOTALL)
    return html.unescape(without_marks).split()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_of_which_channel_it_tells_and_what_it_is_about(kind):
    letter = rendered(kind)
    assert TITLE in letter.subject
    assert TITLE in letter.text
    assert "{" not in letter.subject + letter.text
    assert "\n\n\n" not in letter.text
    assert len(letter.text.split("\n\n")) >= 4, "what happened, what to do, where, and who writes"


@pytest.mark.parametrize("kind", Kind)
def test_text_and_page_say_the_same(kind):
    letter = rendered(kind)
    body = letter.text.partition("--\n")[0].rpartition(f"{ABOUT[kind].action}: ")[0]
    page = " ".join(words(letter.html))
    for word in body.replace("\n- ", "\n").split():
        assert word in page or word == "-"


@pytest.mark.parametrize("kind", Kind)
def test_lines_are_as_short_as_mail_wants_them(kind):
    letter = rendered(kind)
    assert all(len(line) <= 76 for line in letter.text.splitlines() if "http" not in line)


@pytest.mark.parametrize("kind", Kind)
def test_only_account_matters_cannot_be_unsubscribed_from(kind):
    letter = rendered(kind)
    is_offered = "No more such letters" in letter.text and "No more such letters" in letter.html
    assert is_offered == (kind not in ACCOUNT_MATTERS) == bool(letter.unsubscribe_url)


@pytest.mark.parametrize("why", sorted(WORTH_A_LETTER - {Pause.STORAGE_FULL}))
def test_every_pause_that_is_told_has_its_own_words(why):
    others = [
        rendered(Kind.SYNC_PAUSED, why=other).text for other in WORTH_A_LETTER - {why, Pause.STORAGE_FULL}
    ]
    letter = rendered(Kind.SYNC_PAUSED, why=why)
    body = letter.text.partition("See your channel: ")[0]
    assert len(blocks(body)) == 2, "what happened, and what to do"
    assert letter.text not in others


@pytest.mark.parametrize("reason", SuspensionReason)
def test_every_suspension_says_its_reason(reason):
    assert "The reason: " in rendered(Kind.SUSPENDED, reason=reason.value).text


def test_an_answer_is_invited_where_there_is_somebody_to_read_it(settings, channel):
    letter = Letter(
        kind=Kind.SUSPENDED, channel=channel, address=ADDRESS, facts={"reason": "CopyrightBreach"}
    )
    letter.save()
    letter.refresh_from_db()
    assert "answer this letter" not in message(letter, get_connection()).body
    settings.SUPPORT_EMAIL = "help@example.com"
    mail = message(letter, get_connection())
    assert "answer this letter" in " ".join(mail.body.split())
    assert mail.reply_to == ["help@example.com"]


def test_who_came_through_an_app_finds_the_apps_own_help(settings, channel):
    settings.SUPPORT_EMAIL = "help@example.com"
    app = channel.app
    app.support_email, app.support_url = "desk@gleev.example", "https://gleev.example/help?a=1&b=2"
    app.save()
    letter = Letter(kind=Kind.LEFT, channel=channel, address=ADDRESS)
    letter.save()
    letter.refresh_from_db()
    mail = message(letter, get_connection())
    assert mail.reply_to == ["desk@gleev.example"]
    assert "Questions? https://gleev.example/help?a=1&b=2" in mail.body
    assert 'href="https://gleev.example/help?a=1&amp;b=2"' in str(mail.alternatives[0][0])


def test_what_a_channel_is_called_cannot_write_marks_into_the_page_or_lines_into_the_headers():
    letter = render(
        Kind.LEFT,
        channel=Channel(title='Bees <script>alert(1)</script> & "honey"\r\nBcc: all@example.com'),
        address=ADDRESS,
        facts={},
        support=NOBODY,
    )
    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert 'Bees <script>alert(1)</script> & "honey"' in letter.text, "plain text is not escaped"
    assert "\n" not in letter.subject


def test_braces_in_facts_stay_braces():
    letter = render(Kind.LEFT, channel=Channel(title="{tier}"), address=ADDRESS, facts={}, support=NOBODY)
    assert letter.subject.startswith("{tier} has left")


@pytest.mark.parametrize("kind", Kind)
def test_the_button_leads_to_a_page_that_there_is(kind):
    letter = rendered(kind)
    (address,) = re.findall(r'class="button" href="([^"]+)"', letter.html)
    assert f"{ABOUT[kind].action}: {address}" in letter.text
    assert address.startswith("http://localhost:8000/")
    resolve(address.removeprefix("http://localhost:8000"))


def test_what_became_of_a_channel_is_on_its_own_page():
    assert f"/dashboard/{CHANNEL.youtube_id}/" in rendered(Kind.SYNC_PAUSED).text


def test_paragraphs_are_joined_and_lists_are_told_from_them():
    assert blocks("One\n  line.\n\n- a\n- b\n\n\nEnd.") == [
        Block(("One line.",), is_list=False),
        Block(("a", "b"), is_list=True),
        Block(("End.",), is_list=False),
    ]


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    for kind in Kind:
        page = rendered(kind).html
        assert not re.search(r"<script|<img|<link|@import|url\(|\son\w+=", page)
