"""Keys of the devnet's own actors (storage nodes, faucet, leads, people) and their signatures."""

from functools import cache

from substrateinterface import Keypair, KeypairType

from .codec import SS58_FORMAT
from .extrinsics import (
    ED25519,
    IMMORTAL,
    SR25519,
    Era,
    SigningContext,
    build_extrinsic,
    signed_extra,
    signing_payload,
)

_KINDS = {KeypairType.SR25519: SR25519, KeypairType.ED25519: ED25519}


@cache
def key_pair(suri: str) -> Keypair:
    """The sr25519 key pair of a SURI such as `//Ada`."""
    return Keypair.create_from_uri(suri, ss58_format=SS58_FORMAT)


def public_key(suri: str) -> bytes:
    return bytes(key_pair(suri).public_key)


def sign_extrinsic(
    keys: Keypair, call: bytes, *, nonce: int, context: SigningContext, tip: int = 0, era: Era = IMMORTAL
) -> bytes:
    """A whole signed extrinsic, with its length prefix."""
    extra = signed_extra(era, nonce, tip)
    return build_extrinsic(
        call,
        extra,
        signer=bytes(keys.public_key),
        signature_kind=_KINDS[keys.crypto_type],
        signature=keys.sign(signing_payload(call, extra, context)),
    )
