"""Keys that sign extrinsics, from what operators write into the configuration.

substrate-interface derives paths for sr25519 and from words only; here seeds may have paths too, and
ed25519 its hard derivation as Substrate defines it (`sp_core::ed25519`: blake2b-256 of the SCALE tuple
("Ed25519HDKD", seed, chain code)).
"""

import re
from functools import reduce
from hashlib import blake2b

import sr25519
from substrateinterface import Keypair, KeypairType
from substrateinterface.constants import DEV_PHRASE
from substrateinterface.key import DeriveJunction, extract_derive_path

from ytsynch.joystream import scale

SS58_FORMAT = 126
"""Joystream's address prefix."""

KEY_TYPES = {"sr25519": KeypairType.SR25519, "ed25519": KeypairType.ED25519}

_SURI = re.compile(r"(?P<root>[^/]*)(?P<path>(//?[^/]+)*)")


class Signer:
    """A key pair that signs for one account. `address` is its ss58 text with Joystream's prefix,
    `public_key` its 32 bytes.
    """

    def __init__(self, keypair: Keypair) -> None:
        self._keypair = keypair
        self.address: str = keypair.ss58_address
        self.public_key: bytes = keypair.public_key
        self.crypto_type: int = keypair.crypto_type

    @classmethod
    def from_account(
        cls,
        *,
        mnemonic: str | None = None,
        seed: str | None = None,
        suri: str | None = None,
        type: str = "sr25519",
    ) -> "Signer":
        """The signer of exactly one of: twelve or more words, a seed of 32 bytes in hexadecimal, or a
        secret URI.

        A secret URI is words, a `0x` seed or nothing (the development words), followed by `//hard` and
        `/soft` derivations. ed25519 has no soft ones. ValueError says what is wrong, without the secret.
        """
        given = [way for way in (mnemonic, seed, suri) if way is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of mnemonic, seed and suri")
        if type not in KEY_TYPES:
            raise ValueError(f"key type {type!r} is not one of {', '.join(KEY_TYPES)}")
        if suri is not None:
            return cls(_from_suri(suri, type))
        return cls(_from_root(given[0], type))

    def sign(self, payload: bytes) -> bytes:
        """The 64 bytes of the signature over `payload`."""
        signature: bytes = self._keypair.sign(payload)
        return signature

    def __repr__(self) -> str:
        return f"<Signer {self.address}>"


def _from_suri(suri: str, type: str) -> Keypair:
    parts = _SURI.fullmatch(suri)
    if parts is None:
        raise ValueError("not a secret URI: words or 0x seed, then //hard and /soft derivations")
    root = _from_root(parts["root"] or DEV_PHRASE, type)
    derive = _derive_sr25519 if type == "sr25519" else _derive_ed25519
    return reduce(derive, extract_derive_path(parts["path"]), root)


def _from_root(secret: str, type: str) -> Keypair:
    crypto_type = KEY_TYPES[type]
    if " " in secret.strip():
        try:
            return Keypair.create_from_mnemonic(
                secret.strip(), ss58_format=SS58_FORMAT, crypto_type=crypto_type
            )
        except ValueError:
            raise ValueError("the words are not a valid mnemonic") from None
    if not re.fullmatch(r"(0x)?[0-9a-fA-F]{64}", secret):
        raise ValueError("a seed is 32 bytes in hexadecimal")
    return Keypair.create_from_seed(secret, ss58_format=SS58_FORMAT, crypto_type=crypto_type)


def _derive_sr25519(parent: Keypair, junction: DeriveJunction) -> Keypair:
    derive = sr25519.hard_derive_keypair if junction.is_hard else sr25519.derive_keypair
    _, public, private = derive((junction.chain_code, parent.public_key, parent.private_key), b"")
    return Keypair(
        public_key=public, private_key=private, ss58_format=SS58_FORMAT, crypto_type=KeypairType.SR25519
    )


def _derive_ed25519(parent: Keypair, junction: DeriveJunction) -> Keypair:
    if not junction.is_hard:
        raise ValueError("ed25519 keys have hard derivations (//) only")
    material = scale.octets(b"Ed25519HDKD") + parent.seed_hex + junction.chain_code
    return Keypair.create_from_seed(
        blake2b(material, digest_size=32).digest(), ss58_format=SS58_FORMAT, crypto_type=KeypairType.ED25519
    )
