"""Signatures of every kind of key and every way that wallets write them."""

from hashlib import blake2b

import pytest
from eth_keys.datatypes import PrivateKey
from scalecodec.utils.ss58 import ss58_encode
from substrateinterface import Keypair, KeypairType

from ytsynch.joystream.signatures import account_of, is_signed_by

MESSAGE = '{"shouldBeIngested":false,"timestamp":"2026-01-02T03:04:05.678Z","note":"Grüße\u2028✓"}'.encode()
WRAPPED = b"<Bytes>" + MESSAGE + b"</Bytes>"
SECRET = blake2b(b"a creator", digest_size=32).digest()


def substrate(kind, text):
    """Address and signature by substrate-interface."""
    pair = Keypair.create_from_seed(SECRET, crypto_type=kind, ss58_format=126)
    return pair.ss58_address, pair.sign(text)


def ecdsa(text):
    """Address and signature as polkadot-js makes them: over BLAKE2b-256; the account is the key's hash."""
    key = PrivateKey(SECRET)
    account = blake2b(key.public_key.to_compressed_bytes(), digest_size=32).digest()
    signature = key.sign_msg_hash(blake2b(text, digest_size=32).digest())
    return ss58_encode(account, ss58_format=126), signature.to_bytes()


KINDS = {
    "ed25519": (0, lambda text: substrate(KeypairType.ED25519, text)),
    "sr25519": (1, lambda text: substrate(KeypairType.SR25519, text)),
    "ecdsa": (2, ecdsa),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [MESSAGE, WRAPPED], ids=["bare", "wrapped"])
@pytest.mark.parametrize("is_named", [False, True], ids=["signature alone", "after its type byte"])
@pytest.mark.parametrize("zero_x", ["0x", ""])
def test_the_owners_signature_is_recognised(kind, text, is_named, zero_x):
    number, sign = KINDS[kind]
    address, signature = sign(text)
    written = zero_x + (bytes([number]) * is_named + signature).hex()
    assert is_signed_by(address, MESSAGE, written)
    assert not is_signed_by(address, MESSAGE + b" ", written)


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_elses_signature_is_not_the_owners(kind):
    address, _ = KINDS[kind][1](MESSAGE)
    stranger = Keypair.create_from_uri("//Stranger", ss58_format=126)
    assert not is_signed_by(address, MESSAGE, stranger.sign(MESSAGE).hex())
    assert not is_signed_by(stranger.ss58_address, MESSAGE, KINDS[kind][1](MESSAGE)[1].hex())


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_bit_spoils_the_signature(kind):
    address, signature = KINDS[kind][1](MESSAGE)
    for place in (0, 31, 40):
        spoiled = bytearray(signature)
        spoiled[place] ^= 1
        assert not is_signed_by(address, MESSAGE, spoiled.hex())


def test_the_address_may_be_written_for_any_network():
    address, signature = substrate(KeypairType.SR25519, MESSAGE)
    assert is_signed_by(ss58_encode(account_of(address), ss58_format=42), MESSAGE, signature.hex())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "0x",
        "0x0",
        "no hex",
        "0x" + "00" * 64,
        "ff" * 64,
        "ff" * 65,
        "00" * 65,
        "01" * 66,
        "02" + "ff" * 65,
        "03" * 65,
        "ab" * 500,
    ],
)
def test_what_is_no_signature_is_refused_without_a_fuss(signature):
    address, _ = substrate(KeypairType.SR25519, MESSAGE)
    assert not is_signed_by(address, MESSAGE, signature)


@pytest.mark.parametrize(
    "address", ["", "0x" + "00" * 32, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX", "é", "F7Hs"]
)
def test_what_is_no_address_of_an_account_is_named(address):
    with pytest.raises(ValueError, match="not "):
        account_of(address)
