"""Memberships through the devnet's faucet."""

import pytest
from substrateinterface import Keypair

from channels.models import Creator
from tests.units.atlas.factories import make_channel, make_creator
from ypp.sign_up import _hash

pytestmark = pytest.mark.django_db

CODE = "4/0the-code"


@pytest.fixture
def creator(db):
    return make_creator("55", code_hash=_hash(CODE), signed_in_channel=make_channel(None))


def wanted(**more):
    pair = Keypair.create_from_mnemonic(Keypair.generate_mnemonic(), ss58_format=126)
    body = {
        "userId": "55",
        "authorizationCode": CODE,
        "account": pair.ss58_address,
        "handle": f"member-{pair.public_key.hex()[:12]}",
        "avatar": "https://example.com/a.png",
        "about": "",
        "name": "A new member",
    }
    return {**body, **more}


def test_a_membership_is_made_and_its_block_told(world, atlas, creator):
    body = wanted()
    status, answer = atlas.post("/membership", body)
    assert status == 201
    assert answer["handle"] == body["handle"]
    assert answer["memberId"] > 10
    assert answer["block"] > 0
    assert set(answer) == {"memberId", "handle", "block"}
    query = "query M($id: String!) { membershipByUniqueInput(where: {id: $id}) { handle controllerAccount } }"

    def member():
        return world.ask(query, id=str(answer["memberId"]))["membershipByUniqueInput"]

    world.wait_for_blocks(4)
    assert member() == {"handle": body["handle"], "controllerAccount": body["account"]}


def test_the_code_still_serves_the_next_step(world, atlas, lenient, creator):
    atlas.post("/membership", wanted())
    proof = {"userId": "55", "authorizationCode": CODE, "email": "a@example.com"}
    assert atlas.join(proof, joystreamChannelId=1)[0] == 201


def test_two_memberships_are_the_most(world, atlas, creator):
    assert [atlas.post("/membership", wanted())[0] for _ in range(2)] == [201, 201]
    status, answer = atlas.post("/membership", wanted())
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")
    assert answer["message"].startswith("Already created Joysteam memberships")


@pytest.mark.parametrize(
    "code", ["TooManyRequestsPerIp", "TooManyRequests", "OnlyNewAccountsCanBeUsedForScreenedMembers"]
)
def test_a_refusal_of_the_faucet_keeps_its_code(world, atlas, creator, code):
    world.do("faucet/refuse", code=code)
    status, answer = atlas.post("/membership", wanted())
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, code)
    assert Creator.objects.get().memberships_created == 0


def test_a_known_account_is_refused_by_the_faucet(world, atlas, creator):
    account = Keypair.create_from_uri("//AlpineBeekeeping", ss58_format=126).ss58_address
    status, answer = atlas.post("/membership", wanted(account=account))
    assert (status, answer["error"]) == (400, "OnlyNewAccountsCanBeUsedForScreenedMembers")


def test_a_faucet_that_is_away_is_told(atlas, creator):
    status, answer = atlas.post("/membership", wanted())
    assert (status, answer["error"]) == (503, "Service Unavailable")
    assert Creator.objects.get().memberships_created == 0


def test_a_wrong_code_makes_no_membership(world, atlas, creator):
    status, answer = atlas.post("/membership", wanted(authorizationCode="4/0guess"))
    assert (status, answer["error"]) == (400, "Bad Request")
    assert atlas.post("/membership", wanted(userId="56"))[0] == 404
