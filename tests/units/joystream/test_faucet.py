import json
import socket

import pytest

from tests.units.joystream.foreign_http import Answer, foreign_server
from ytsynch.joystream.errors import FaucetRefused, FaucetUnavailable
from ytsynch.joystream.faucet import Faucet, Membership

ACCOUNT = "j4Up9jBn45n1xjiHVqx4EDjuoLbq2HnuzShupjtUYRDAzKna5"


@pytest.fixture
def server():
    with foreign_server(lambda asked: Answer(200, b'{"memberId": 12, "block": 345}')) as foreign:
        yield foreign


@pytest.fixture
def faucet(server):
    return Faucet(server.url + "/register", "the key", timeout=2.0)


def test_a_membership_is_asked_for_with_the_key_and_only_what_is_known_of_the_person(server, faucet):
    membership = faucet.create_membership(ACCOUNT, "hives", avatar="https://example.com/a.webp", name="Hives")
    assert membership == Membership(12, "hives", 345)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/register")
    assert asked.headers["Authorization"] == "Bearer the key"
    assert json.loads(asked.body) == {
        "account": ACCOUNT,
        "handle": "hives",
        "avatar": "https://example.com/a.webp",
        "name": "Hives",
    }


def test_a_faucet_that_names_no_block_is_content_too(server, faucet):
    server.answer = lambda asked: Answer(200, b'{"memberId": 12}')
    assert faucet.create_membership(ACCOUNT, "hives") == Membership(12, "hives", None)


@pytest.mark.parametrize("code", ["TooManyRequestsPerIp", "OnlyNewAccountsCanBeUsedForScreenedMembers"])
def test_a_refusal_keeps_the_faucets_own_code(server, faucet, code):
    server.answer = lambda asked: Answer(429, json.dumps({"error": code}).encode())
    with pytest.raises(FaucetRefused) as refused:
        faucet.create_membership(ACCOUNT, "hives")
    assert (refused.value.faucet_code, refused.value.status) == (code, 429)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(502, b"<html>Bad gateway</html>"),
        Answer(200, b'{"memberId": "none"}'),
        Answer(200, b"[]"),
        Answer(302, b"", {"Location": "/elsewhere"}),
    ],
)
def test_any_other_answer_leaves_open_whether_the_member_exists(server, faucet, answer):
    server.answer = lambda asked: answer
    with pytest.raises(FaucetUnavailable):
        faucet.create_membership(ACCOUNT, "hives")
    assert len(server.asked) == 1


def test_a_faucet_that_nobody_runs_is_unavailable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        faucet = Faucet(f"http://127.0.0.1:{taken.getsockname()[1]}/register", "key", timeout=2.0)
        with pytest.raises(FaucetUnavailable):
            faucet.create_membership(ACCOUNT, "hives")
