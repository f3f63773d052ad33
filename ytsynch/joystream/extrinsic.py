"""Framing and signing of extrinsics, byte by byte, so that the hash is known before anything is sent.

Format 4, plain AccountId32 addresses, and exactly the signed extensions of `SIGNED_EXTENSIONS` (the runtime
is held against them before anything is signed). Of these only mortality, nonce and tip are in the extrinsic;
the payload that is signed adds spec and transaction version, genesis hash and birth hash. A test holds the
bytes against substrate-interface.
"""

from dataclasses import dataclass
from hashlib import blake2b

from ytsynch.joystream import scale
from ytsynch.joystream.chain import BlockRef, SignedExtrinsic
from ytsynch.joystream.keys import Signer

SIGNED_EXTENSIONS = (
    "CheckNonZeroSender",
    "CheckSpecVersion",
    "CheckTxVersion",
    "CheckGenesis",
    "CheckMortality",
    "CheckNonce",
    "CheckWeight",
    "ChargeTransactionPayment",
)

_SIGNED_VERSION_4 = bytes([0x84])
_NO_TIP = scale.compact(0)
_LONGEST_PAYLOAD = 256
"""Longer payloads are signed by their blake2b-256 hash (`sp_runtime::generic::SignedPayload`)."""


@dataclass(frozen=True)
class RuntimeIdentity:
    """What a signature binds itself to besides the call."""

    spec_version: int
    transaction_version: int
    genesis: str


def extrinsic_hash(data: bytes) -> str:
    """`0x` + blake2b-256: the name of an extrinsic in pool and block."""
    return "0x" + blake2b(data, digest_size=32).hexdigest()


def mortal_era(birth: int, period: int) -> bytes:
    """The two bytes of a mortal era that begins with block `birth` (`sp_runtime::generic::Era`).

    `period` is a power of two from 4 to 2048: beyond 4096 the birth would be rounded, and beyond
    2400 blocks (`BlockHashCount`) the chain has forgotten the birth's hash.
    """
    if not (4 <= period <= 2048 and period.bit_count() == 1):
        raise ValueError(f"an era's period is a power of two from 4 to 2048, not {period}")
    trailing_zeros = period.bit_length() - 1
    return ((trailing_zeros - 1) | (birth % period) << 4).to_bytes(2, "little")


def sign(
    call: bytes, signer: Signer, *, nonce: int, era_period: int, birth: BlockRef, runtime: RuntimeIdentity
) -> SignedExtrinsic:
    """The signed extrinsic of `call`, valid from the block after `birth` for `era_period` blocks less one."""
    extra = mortal_era(birth.number, era_period) + scale.compact(nonce) + _NO_TIP
    payload = call + extra + scale.u32(runtime.spec_version) + scale.u32(runtime.transaction_version)
    payload += bytes.fromhex(runtime.genesis[2:]) + bytes.fromhex(birth.hash[2:])
    if len(payload) > _LONGEST_PAYLOAD:
        payload = blake2b(payload, digest_size=32).digest()
    data = _frame(call, extra, signer, signer.sign(payload))
    return SignedExtrinsic(data, extrinsic_hash(data), nonce, birth.number, birth.number + era_period)


def unsigned_likeness(call: bytes, signer: Signer) -> bytes:
    """An extrinsic of the size of the signed one, with a signature of zeros: enough to ask for its weight
    and fee.
    """
    longest_extra = mortal_era(0, 64) + scale.compact(2**32 - 1) + _NO_TIP
    return _frame(call, longest_extra, signer, bytes(64))


def _frame(call: bytes, extra: bytes, signer: Signer, signature: bytes) -> bytes:
    body = _SIGNED_VERSION_4 + signer.public_key + bytes([signer.crypto_type]) + signature + extra + call
    return scale.octets(body)
