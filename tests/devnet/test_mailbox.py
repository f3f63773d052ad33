"""The creators' mailbox, with Python's own SMTP client."""

import smtplib
import socket
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.devnet import running_devnet
from tests.support.joystream import running_joystream


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with running_joystream(tmp_path_factory.mktemp("mailbox")) as running:
        yield running


@pytest.fixture
def joystream(world):
    world.control_action("reset")
    world.control_action("mailbox/clear")
    return world


def smtp(joystream) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", joystream.config.ports.mailbox, timeout=10)


def mail(subject="A subject", text="Hello.\n", to="ada@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ytsynch <noreply@localhost>", to, subject
    message.set_content(text)
    message.add_alternative("<h1>Hello</h1>", subtype="html")
    return message


def arrived(joystream):
    return requests.get(f"{joystream.control}/mailbox.json", timeout=10).json()


def test_a_mail_arrives_as_it_was_sent(joystream):
    text = "A first line.\nGrüße, «voilà»\n"
    with smtp(joystream) as sender:
        sender.send_message(mail("Grüße", text))
    (got,) = arrived(joystream)
    assert got["subject"] == "Grüße"
    assert got["to"] == "ada@example.com"
    assert got["text"] == text
    assert got["html"].strip() == "<h1>Hello</h1>"
    assert got["headers"]["from"] == "ytsynch <noreply@localhost>"


def test_lines_that_begin_with_a_dot_arrive_whole(joystream):
    text = "Subject: dots\r\n\r\n.\r\n..two\r\nend\r\n"
    with smtp(joystream) as sender:
        sender.sendmail("noreply@localhost", ["ada@example.com"], text)
    assert arrived(joystream)[0]["text"] == ".\n..two\nend\n"


def test_one_connection_may_send_several_and_the_newest_is_first(joystream):
    with smtp(joystream) as sender:
        for number in range(3):
            sender.send_message(mail(f"number {number}"))
    assert [got["subject"] for got in arrived(joystream)] == ["number 2", "number 1", "number 0"]


def test_the_page_lists_mails_and_each_has_a_page_that_runs_nothing(joystream):
    with smtp(joystream) as sender:
        sender.send_message(mail("<script>alert(1)</script>"))
    page = requests.get(f"{joystream.control}/mailbox", timeout=10).text
    assert "&lt;script&gt;alert(1)" in page
    (got,) = arrived(joystream)
    one = requests.get(f"{joystream.control}/mailbox/{got['number']}", timeout=10)
    assert "<h1>Hello</h1>" in one.text
    assert one.headers["Content-Security-Policy"].startswith("sandbox")
    assert requests.get(f"{joystream.control}/mailbox/99", timeout=10).status_code == 404


def test_an_empty_mailbox_says_so(joystream):
    assert "No mail yet" in requests.get(f"{joystream.control}/mailbox", timeout=10).text


def test_while_it_is_away_it_says_421_and_takes_nothing(joystream):
    joystream.control_action("mailbox/unavailable")
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        smtp(joystream)
    assert refused.value.smtp_code == 421
    assert arrived(joystream) == []


def test_one_address_is_refused_for_good_and_others_are_not(joystream):
    joystream.control_action("mailbox/refuse", address="gone@example.com")
    with smtp(joystream) as sender:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            sender.send_message(mail(to="gone@example.com"))
        sender.send_message(mail(to="ada@example.com"))
    assert refused.value.recipients["gone@example.com"][0] == 550
    assert [got["to"] for got in arrived(joystream)] == ["ada@example.com"]


def test_greylisting_refuses_for_now(joystream):
    joystream.control_action("mailbox/greylist")
    with smtp(joystream) as sender, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        sender.send_message(mail())
    assert refused.value.recipients["ada@example.com"][0] == 450


@pytest.mark.parametrize(
    "said", [b"DATA\r\n", b"RCPT TO:<a@example.com>\r\n", b"STARTTLS\r\n", b"\xff\xfe\r\n", b"\r\n"]
)
def test_what_makes_no_sense_is_refused_and_the_conversation_goes_on(joystream, said):
    with socket.create_connection(("127.0.0.1", joystream.config.ports.mailbox), timeout=10) as sender:
        lines = sender.makefile("rb")
        assert lines.readline().startswith(b"220")
        sender.sendall(said)
        assert lines.readline()[:1] == b"5"
        sender.sendall(b"NOOP\r\n")
        assert lines.readline().startswith(b"250")


def test_a_line_without_an_end_is_cut_off(joystream):
    with socket.create_connection(("127.0.0.1", joystream.config.ports.mailbox), timeout=10) as sender:
        sender.recv(100)
        with pytest.raises(ConnectionError):
            sender.sendall(b"x" * 2**25)


def test_mails_outlive_the_devnet(tmp_path):
    with running_devnet(tmp_path) as devnet:
        address = urlsplit(devnet.mailbox["smtp"])
        with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=10) as sender:
            sender.send_message(mail("kept"))
        assert requests.get(devnet.mailbox["url"], timeout=10).ok
        assert devnet.state()["mailbox"]["mails"] == 1
    with running_devnet(tmp_path) as devnet:
        (got,) = requests.get(f"{devnet.mailbox['url']}.json", timeout=10).json()
    assert got["subject"] == "kept"
