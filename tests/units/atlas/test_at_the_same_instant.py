"""Requests at the same instant, against a real server: the database decides who was first, the others get
their code.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from channels.models import Channel, Creator
from tests.units.atlas.client import REDIRECT_URI, consent
from tests.units.atlas.factories import make_channel, make_creator
from ypp.sign_up import _hash

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "4/0the-code"


def at_once(url: str, bodies: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """POST all bodies at the same instant; the answers in the order of the bodies."""
    barrier = Barrier(len(bodies))

    def post(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        barrier.wait()
        response = requests.post(url, json=body, timeout=60)
        return response.status_code, response.json()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(post, bodies))


def proof(creator: Creator, **wish) -> dict[str, Any]:
    return {
        "userId": creator.subject,
        "authorizationCode": CODE,
        "email": "a@example.com",
        "shouldBeIngested": True,
        "videoCategoryId": "3",
        **wish,
    }


def test_one_of_eight_youtube_channels_gets_the_joystream_channel(world, lenient, live_server):
    creators = [
        make_creator(f"10{number}", code_hash=_hash(CODE), signed_in_channel=make_channel(None))
        for number in range(8)
    ]
    answers = at_once(f"{live_server.url}/channels", [proof(one, joystreamChannelId=1) for one in creators])
    assert sorted(status for status, _ in answers) == [201] + [400] * 7
    refused = [body for status, body in answers if status == 400]
    assert {(body["code"], body["result"]) for body in refused} == {("CHANNEL_ALREADY_REGISTERED", 1)}
    assert Channel.objects.participating().count() == 1


def test_one_of_eight_joystream_channels_gets_the_youtube_channel(world, lenient, live_server):
    channel = make_channel(None)
    creators = [
        make_creator(f"20{number}", code_hash=_hash(CODE), signed_in_channel=channel) for number in range(8)
    ]
    bodies = [proof(one, joystreamChannelId=number + 1) for number, one in enumerate(creators)]
    answers = at_once(f"{live_server.url}/channels", bodies)
    assert sorted(status for status, _ in answers) == [201] + [400] * 7
    channel.refresh_from_db()
    refused = [body for status, body in answers if status == 400]
    assert {(body["code"], body["result"]) for body in refused} == {
        ("CHANNEL_ALREADY_REGISTERED", channel.joystream_channel_id)
    }


def test_a_code_that_is_used_twice_at_once_serves_once(world, lenient, live_server):
    creator = make_creator("301", code_hash=_hash(CODE), signed_in_channel=make_channel(None))
    answers = at_once(f"{live_server.url}/channels", [proof(creator, joystreamChannelId=1)] * 6)
    assert sorted(status for status, _ in answers) == [201] + [400] * 5
    assert Channel.objects.get().events.filter(event="signed_up").count() == 1


def test_a_third_membership_is_refused_also_at_once(world, lenient, live_server):
    creator = make_creator("401", code_hash=_hash(CODE), signed_in_channel=make_channel(None))
    bodies = [
        {
            "userId": creator.subject,
            "authorizationCode": CODE,
            "account": account,
            "handle": f"new-member-{number}",
        }
        for number, account in enumerate(_new_accounts(4))
    ]
    answers = at_once(f"{live_server.url}/membership", bodies)
    assert sorted(status for status, _ in answers) == [201, 201, 400, 400]
    refused = [body["message"] for status, body in answers if status == 400]
    assert all(message.startswith("Already created Joysteam member") for message in refused)


def test_one_person_signs_in_many_times_at_once(world, lenient, live_server):
    person = world.person("@alpinebeekeeping")
    bodies = [
        {"authorizationCode": consent(world, person), "youtubeRedirectUri": REDIRECT_URI} for _ in range(6)
    ]
    answers = at_once(f"{live_server.url}/users", bodies)
    assert [status for status, _ in answers] == [201] * 6
    assert (Creator.objects.count(), Channel.objects.count()) == (1, 1)


def _new_accounts(count: int) -> list[str]:
    from substrateinterface import Keypair

    return [
        Keypair.create_from_mnemonic(Keypair.generate_mnemonic(), ss58_format=126).ss58_address
        for _ in range(count)
    ]
