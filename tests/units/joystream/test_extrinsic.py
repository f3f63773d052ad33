"""Our bytes against those of substrate-interface, which asks the metadata what goes where."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as some
from substrateinterface import Keypair, KeypairType

from tests.units.joystream.offline import BIRTH_HASH, GENESIS, SPEC_VERSION, TRANSACTION_VERSION
from ytsynch.joystream import extrinsic
from ytsynch.joystream.chain import BlockRef
from ytsynch.joystream.keys import SS58_FORMAT, Signer

RUNTIME = extrinsic.RuntimeIdentity(SPEC_VERSION, TRANSACTION_VERSION, GENESIS)
SEED = "0x" + "22" * 32


def remark(substrate, length):
    return substrate.compose_call("System", "remark", {"remark": "0x" + "ab" * length})


@pytest.mark.parametrize("length", [1, 500], ids=["payload signed as it is", "payload signed by its hash"])
@pytest.mark.parametrize("nonce", [0, 70, 20_000])
def test_a_signed_extrinsic_is_byte_for_byte_that_of_substrate_interface(substrate, length, nonce):
    call = remark(substrate, length)
    keypair = Keypair.create_from_seed(SEED, ss58_format=SS58_FORMAT, crypto_type=KeypairType.ED25519)
    theirs = substrate.create_signed_extrinsic(
        call, keypair, era={"period": 64, "current": 1_000_005}, nonce=nonce
    )
    ours = extrinsic.sign(
        bytes(call.data.data),
        Signer.from_account(seed=SEED, type="ed25519"),  # ed25519 signs the same bytes the same way
        nonce=nonce,
        era_period=64,
        birth=BlockRef(1_000_005, BIRTH_HASH),
        runtime=RUNTIME,
    )
    assert ours.data == bytes(theirs.data.data)
    assert ours.hash == "0x" + theirs.extrinsic_hash.hex()


def test_an_sr25519_extrinsic_carries_a_signature_that_verifies_over_the_library_payload(substrate):
    call = remark(substrate, 1)
    signer = Signer.from_account(suri="//Collaborator")
    signed = extrinsic.sign(
        bytes(call.data.data),
        signer,
        nonce=3,
        era_period=64,
        birth=BlockRef(40, BIRTH_HASH),
        runtime=RUNTIME,
    )
    payload = substrate.generate_signature_payload(call, era={"period": 64, "current": 40}, nonce=3)
    decoded = substrate.create_scale_object("Extrinsic")
    read = decoded.decode(type(call.data)(signed.data))
    signature = read["signature"]["Sr25519"]
    assert Keypair(ss58_address=signer.address, ss58_format=SS58_FORMAT).verify(payload, signature)


def test_the_hash_is_known_before_sending_and_the_last_block_is_one_before_death():
    signer = Signer.from_account(suri="//Collaborator")
    signed = extrinsic.sign(
        b"\0\0", signer, nonce=0, era_period=64, birth=BlockRef(100, BIRTH_HASH), runtime=RUNTIME
    )
    assert signed.hash == "0x" + blake2b(signed.data, digest_size=32).hexdigest()
    assert (signed.birth, signed.death, signed.nonce) == (100, 164, 0)


@given(birth=some.integers(0, 2**32 - 1), exponent=some.integers(2, 11))
def test_a_mortal_era_begins_exactly_with_its_birth_block(substrate, birth, exponent):
    period = 2**exponent
    era = substrate.create_scale_object("Era")
    era.encode({"period": period, "current": birth})
    assert extrinsic.mortal_era(birth, period) == bytes(era.data.data)
    assert era.birth(birth) == birth


@pytest.mark.parametrize("period", [0, 3, 63, 4096])
def test_a_period_that_cannot_keep_its_birth_block_is_refused(period):
    with pytest.raises(ValueError, match="power of two"):
        extrinsic.mortal_era(1, period)


def test_the_likeness_that_is_weighed_is_no_shorter_than_the_signed_extrinsic():
    signer, call = Signer.from_account(suri="//Collaborator"), bytes(300)
    signed = extrinsic.sign(
        call, signer, nonce=9, era_period=64, birth=BlockRef(1, BIRTH_HASH), runtime=RUNTIME
    )
    assert 0 <= len(extrinsic.unsigned_likeness(call, signer)) - len(signed.data) <= 4
