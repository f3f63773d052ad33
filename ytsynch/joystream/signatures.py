"""Is this signature the owner's? Pure checks of what Joystream's wallets make, with no node in between.

Wallets sign a text as it is or wrapped in `<Bytes>…</Bytes>` (polkadot-js wraps whatever is not an
extrinsic); the signature comes bare or after the byte of a Substrate `MultiSignature` that names its kind. An
account is 32 bytes: the public key itself for sr25519 and ed25519, for ecdsa the BLAKE2b-256 of the
compressed public key (`sp_runtime::MultiSigner::into_account`).
"""

import re
from collections.abc import Callable
from hashlib import blake2b

import ed25519_zebra
import sr25519
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from scalecodec.utils.ss58 import ss58_decode

_HEX = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2})+)")


def is_signed_by(address: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (hexadecimal) over `message` was made with the key of `address` (ss58, whatever its
    prefix).
    """
    found = _HEX.fullmatch(signature)
    if found is None:
        return False
    account = account_of(address)
    texts = (message, b"<Bytes>" + message + b"</Bytes>")
    candidates = _candidates(bytes.fromhex(found[1]))
    return any(verify(text, raw, account) for verify, raw in candidates for text in texts)


def account_of(address: str) -> bytes:
    """The 32 bytes of an ss58 address. Raises ValueError for anything else."""
    try:
        account = bytes.fromhex(ss58_decode(address))
    except (ValueError, IndexError, TypeError) as error:
        raise ValueError(f"not an ss58 address: {address[:60]!r}") from error
    if len(account) != 32:
        raise ValueError(f"not the address of an account: {address[:60]!r}")
    return account


Verify = Callable[[bytes, bytes, bytes], bool]


def _sr25519(text: bytes, signature: bytes, account: bytes) -> bool:
    try:
        return bool(sr25519.verify(signature, text, account))
    except ValueError:  # bytes that cannot be an sr25519 signature at all
        return False


def _ed25519(text: bytes, signature: bytes, account: bytes) -> bool:
    return bool(ed25519_zebra.ed_verify(signature, text, account))


def _ecdsa(text: bytes, signature: bytes, account: bytes) -> bool:
    """The key is recovered from the signature (r, s and the recovery id), then compared."""
    try:
        recovered = Signature(signature).recover_public_key_from_msg_hash(
            blake2b(text, digest_size=32).digest()
        )
    except BadSignature:
        return False
    return blake2b(recovered.to_compressed_bytes(), digest_size=32).digest() == account


_BY_KIND: dict[int, tuple[Verify, int]] = {0: (_ed25519, 64), 1: (_sr25519, 64), 2: (_ecdsa, 65)}
"""The kind's number in a MultiSignature → how it is checked, and its length in bytes."""


def _candidates(signature: bytes) -> list[tuple[Verify, bytes]]:
    """What the bytes may be: 65 of them are a bare ecdsa signature, or one of 64 with its kind before it."""
    bare = [(verify, signature) for verify, length in _BY_KIND.values() if len(signature) == length]
    verify, length = _BY_KIND.get(signature[0], (_ecdsa, 0))
    named = [(verify, signature[1:])] if len(signature) == length + 1 else []
    return named + bare
