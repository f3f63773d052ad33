"""Keys and signatures of wallets (polkadot-js) and ours: one secret is the same account on both sides."""

from hashlib import blake2b

import pytest
from eth_keys.datatypes import Signature
from substrateinterface import Keypair, KeypairType

from ytsynch.joystream.keys import Signer

pytestmark = pytest.mark.node

TEXT = "I own this channel – 2026-01-01"


@pytest.mark.parametrize("type", ["sr25519", "ed25519"])
@pytest.mark.parametrize("suri", ["//Collaborator", "//Gateway//videos"])
def test_a_secret_uri_is_the_same_account_in_a_wallet_and_here(javascript, suri, type):
    (wallet,) = javascript("sign_message.cjs", suri, type, "plain", stdin=TEXT)
    signer = Signer.from_account(suri=suri, type=type)
    assert (signer.address, f"0x{signer.public_key.hex()}") == (wallet["address"], wallet["publicKey"])


@pytest.mark.parametrize(("form", "message"), [("plain", TEXT), ("wrapped", f"<Bytes>{TEXT}</Bytes>")])
@pytest.mark.parametrize("type", ["sr25519", "ed25519"])
def test_a_wallets_signature_verifies_over_exactly_what_it_signed(javascript, type, form, message):
    (signed,) = javascript("sign_message.cjs", "//Ada", type, form, stdin=TEXT)
    key = Keypair(ss58_address=signed["address"], crypto_type=getattr(KeypairType, type.upper()))
    assert signed["message"] == message
    assert key.verify(message.encode(), signed["signature"])
    assert not key.verify(message.encode() + b"!", signed["signature"])


def test_a_wallets_ecdsa_signature_gives_away_its_account(javascript):
    (signed,) = javascript("sign_message.cjs", "//Ada", "ecdsa", "wrapped", stdin=TEXT)
    signature = Signature(bytes.fromhex(signed["signature"].removeprefix("0x")))
    digest = blake2b(signed["message"].encode(), digest_size=32).digest()
    recovered = signature.recover_public_key_from_msg_hash(digest).to_compressed_bytes()
    assert f"0x{recovered.hex()}" == signed["publicKey"]
