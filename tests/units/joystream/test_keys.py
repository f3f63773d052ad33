"""Addresses are those that @polkadot/keyring 12.6 gives for the same secrets (ss58 prefix 126)."""

import ed25519_zebra
import pytest
import sr25519

from ytsynch.joystream.keys import Signer

SEED = "0x" + "11" * 32
WORDS = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"


@pytest.mark.parametrize(
    ("type", "suri", "address"),
    [
        ("sr25519", "//Collaborator", "j4Up9jBn45n1xjiHVqx4EDjuoLbq2HnuzShupjtUYRDAzKna5"),
        ("ed25519", "//Collaborator", "j4RfQHoAMiBSzHS1aVgBQo7ARSX2bNWDWwkoBwaktCKpnQbMZ"),
        ("ed25519", "//a//1", "j4Up7zJXiTJkcFy9s7Hvj6WDkfqkqexWotBcNscsbTSPBWob1"),
        ("sr25519", SEED + "//x/soft", "j4SHmEQh7gBh8qYs2rxsAa1fg282YXrZ6uHV62VwT7yhRbwjC"),
        ("ed25519", SEED, "j4W2iaNXezjGGgYdxfMZbXCoSyjc8Hw95fRuu1vjhSLxfNnRQ"),
    ],
)
def test_a_secret_uri_gives_the_address_that_wallets_give(type, suri, address):
    assert Signer.from_account(suri=suri, type=type).address == address


def test_words_seed_and_uri_of_the_same_secret_are_the_same_account():
    by_words = Signer.from_account(mnemonic=WORDS)
    by_uri = Signer.from_account(suri=WORDS)
    assert by_words.address == by_uri.address
    assert Signer.from_account(seed=SEED).address == Signer.from_account(suri=SEED).address


def test_an_sr25519_signature_verifies_under_the_public_key():
    signer = Signer.from_account(suri="//Collaborator")
    assert sr25519.verify(signer.sign(b"payload"), b"payload", signer.public_key)


def test_an_ed25519_signature_of_a_derived_key_verifies_under_its_public_key():
    signer = Signer.from_account(suri="//Collaborator//2", type="ed25519")
    assert ed25519_zebra.ed_verify(signer.sign(b"payload"), b"payload", signer.public_key)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"mnemonic": WORDS, "seed": SEED},
        {"mnemonic": "not twelve words of the list"},
        {"seed": "0x1234"},
        {"suri": "//a", "type": "ecdsa"},
        {"suri": "//a/soft", "type": "ed25519"},
    ],
)
def test_an_impossible_account_is_refused_without_showing_its_secret(arguments):
    with pytest.raises(ValueError, match=r".+") as refused:
        Signer.from_account(**arguments)
    assert all(secret not in str(refused.value) for secret in (WORDS, SEED, "0x1234", "not twelve"))


def test_a_signer_shows_its_address_and_nothing_secret():
    signer = Signer.from_account(seed=SEED)
    assert repr(signer) == f"<Signer {signer.address}>"
