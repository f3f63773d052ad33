"""The faucet, asked as a sign-up backend asks it, while the chain goes on making blocks."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from substrateinterface import Keypair

from tests.support.joystream import RunningJoystream, running_joystream


@pytest.fixture
def joystream(tmp_path) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path, block_time=0.1) as running:
        running.in_loop(lambda: asyncio.ensure_future(running.joystream.chain.run()))
        yield running


def address(suri: str) -> str:
    return str(Keypair.create_from_uri(suri, ss58_format=126).ss58_address)


def register(joystream: RunningJoystream, key: str | None = None, **body: Any) -> requests.Response:
    key = joystream.joystream.world.faucet_key if key is None else key
    wanted = {"account": address("//Newcomer"), "handle": "newcomer"} | body
    headers = {"Authorization": f"Bearer {key}"}
    return requests.post(joystream.faucet, json=wanted, headers=headers, timeout=20)


def code(response: requests.Response) -> str:
    return str(response.json()["error"])


def test_a_newcomer_becomes_a_member_with_a_profile_and_some_funds(joystream):
    profile = {"name": "New Comer", "about": "Ünïcode " * 30, "avatar": "https://example.com/a.png"}
    answer = register(joystream, **profile).json()
    assert answer["memberId"] == 12
    assert answer["block"] >= 1
    query = """{ membershipByUniqueInput(where: {id: "12"}) { handle controllerAccount rootAccount
        metadata { name about avatar { ... on AvatarUri { avatarUri } } } } }"""
    assert joystream.ask(query)["membershipByUniqueInput"] == {
        "handle": "newcomer",
        "controllerAccount": address("//Newcomer"),
        "rootAccount": address("//Newcomer"),
        "metadata": {
            "name": "New Comer",
            "about": "Ünïcode " * 30,
            "avatar": {"avatarUri": "https://example.com/a.png"},
        },
    }
    key = Keypair.create_from_uri("//Newcomer").public_key
    assert joystream.in_loop(lambda: joystream.joystream.chain.state().account(key).free) == 10 * 10**10


def test_a_wrong_or_missing_key_is_refused(joystream):
    assert code(register(joystream, key="wrong")) == "InvalidCaptchaToken"
    assert code(register(joystream, key="")) == "InvalidCaptchaToken"
    assert requests.post(joystream.faucet, json={}, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"account": "nonsense"}, "InvalidAddress"),
        ({"account": 5}, "InvalidAddress"),
        ({"account": None}, "InvalidAddress"),
        ({"account": ""}, "InvalidAddress"),
        ({"account": "0x00"}, "InvalidAddress"),
        ({"account": address("//AlpineBeekeeping")}, "OnlyNewAccountsCanBeUsedForScreenedMembers"),
        ({"handle": ""}, "HandleTooShort"),
        ({"handle": None}, "HandleTooShort"),
        ({"handle": "x" * 101}, "HandleTooLong"),
        ({"handle": "alpinebeekeeping"}, "HandleAlreadyRegistered"),
    ],
)
def test_what_cannot_become_a_member_is_refused_with_its_code(joystream, body, expected):
    response = register(joystream, **body)
    assert (response.status_code, code(response)) == (400, expected)


@pytest.mark.parametrize("body", [b"not json", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(joystream, body):
    headers = {"Authorization": f"Bearer {joystream.joystream.world.faucet_key}"}
    response = requests.post(joystream.faucet, data=body, headers=headers, timeout=5)
    assert (response.status_code, code(response)) == (400, "InvalidRequest")


def test_an_account_and_a_handle_are_taken_once(joystream):
    assert register(joystream).ok
    assert code(register(joystream, handle="another")) == "OnlyNewAccountsCanBeUsedForScreenedMembers"
    assert code(register(joystream, account=address("//Second"))) == "HandleAlreadyRegistered"


def test_newcomers_at_the_same_time_each_get_their_own_membership(joystream):
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        account = address(f"//Newcomer{number}")
        answers[number] = register(joystream, account=account, handle=f"newcomer{number}").json()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["memberId"] for answer in answers.values()) == [12, 13, 14, 15, 16]


def test_two_newcomers_who_want_one_handle_at_the_same_time_do_not_both_get_it(joystream):
    answers: list[requests.Response] = []

    def ask(number: int) -> None:
        answers.append(register(joystream, account=address(f"//Newcomer{number}")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(response.status_code for response in answers) == [200, 400]


def test_limits_and_refusals_on_request(joystream):
    joystream.control_action("faucet/limit", memberships=0)
    limited = register(joystream)
    assert (limited.status_code, code(limited)) == (429, "TooManyRequests")
    joystream.control_action("faucet/refuse")
    refused = register(joystream)
    assert (refused.status_code, code(refused)) == (429, "TooManyRequestsPerIp")
    joystream.control_action("faucet/unavailable")
    assert register(joystream).status_code == 503
    joystream.control_action("reset")
    assert register(joystream).ok
