"""Signed extrinsics, version 4: their bytes, what is signed, and who signed it.

Layout: compact length, 0x84, account (32 bytes, no MultiAddress), signature (kind, bytes), era, compact
nonce, compact tip, call. Signed are: call, era, nonce, tip, spec version, transaction version, genesis
hash, hash of the era's first block (`Signed extensions` of the runtime); hashed with blake2b-256 when
longer than 256 bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ed25519_zebra
import sr25519
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from .codec import Codec
from .hashing import blake2_256
from .scale import ScaleError, decode_compact, encode_compact, take
from .weights import Load, weight_of

SPEC_VERSION, TRANSACTION_VERSION = 2004, 2
BLOCK_HASH_COUNT = 2400  # blocks whose hashes the runtime remembers

_SIGNED_V4 = 0x84
ED25519, SR25519, ECDSA = 0, 1, 2
_SIGNATURE_LENGTH = {ED25519: 64, SR25519: 64, ECDSA: 65}


@dataclass(frozen=True)
class Era:
    """The blocks in which an extrinsic is good: all (period 0), or `period` from each one of the `phase`."""

    period: int
    phase: int = 0

    def birth(self, current: int) -> int:
        """First block of the era that block `current` lies in."""
        if not self.period:
            return 0
        return (max(current, self.phase) - self.phase) // self.period * self.period + self.phase

    def death(self, current: int) -> int | None:
        """First block behind that era; None when there is no end."""
        return self.birth(current) + self.period if self.period else None

    def encode(self) -> bytes:
        if not self.period:
            return b"\0"
        quantum = max(self.period >> 12, 1)
        low = min(15, max(1, self.period.bit_length() - 2))
        return (low | (self.phase // quantum) << 4).to_bytes(2, "little")


IMMORTAL = Era(0)


@dataclass(frozen=True)
class SigningContext:
    """What is signed without being sent: for which runtime, for which chain, and since which block."""

    spec_version: int
    genesis_hash: bytes
    birth_hash: bytes  # of the era's first block; of the genesis for immortal ones


@dataclass(frozen=True)
class Extrinsic:
    raw: bytes
    hash: bytes
    signer: bytes
    signature_kind: int
    signature: bytes
    era: Era
    nonce: int
    tip: int
    call: Mapping[str, Any]
    call_bytes: bytes
    extra: bytes  # era, nonce and tip as they were signed
    load: Load

    def is_signed_properly(self, context: SigningContext) -> bool:
        payload = signing_payload(self.call_bytes, self.extra, context)
        return _VERIFY[self.signature_kind](self.signature, payload, self.signer)


def signing_payload(call: bytes, extra: bytes, context: SigningContext) -> bytes:
    versions = context.spec_version.to_bytes(4, "little") + TRANSACTION_VERSION.to_bytes(4, "little")
    payload = call + extra + versions + context.genesis_hash + context.birth_hash
    return blake2_256(payload) if len(payload) > 256 else payload


def decode_extrinsic(codec: Codec, raw: bytes) -> Extrinsic:
    """Raises ScaleError when the bytes are no signed extrinsic of this runtime."""
    size, at = decode_compact(raw, 0)
    if size != len(raw) - at or take(raw, at, 1)[0] != _SIGNED_V4:
        raise ScaleError("not a signed extrinsic of version 4")
    signer, kind = take(raw, at + 1, 32), take(raw, at + 33, 1)[0]
    if kind not in _SIGNATURE_LENGTH:
        raise ScaleError("unknown kind of signature")
    signature = take(raw, at + 34, _SIGNATURE_LENGTH[kind])
    start = at + 34 + len(signature)
    era, at = _decode_era(raw, start)
    nonce, at = decode_compact(raw, at)
    tip, at = decode_compact(raw, at)
    call = codec.decode_call(raw[at:])
    return Extrinsic(
        raw=raw,
        hash=blake2_256(raw),
        signer=signer,
        signature_kind=kind,
        signature=signature,
        era=era,
        nonce=nonce,
        tip=tip,
        call=call,
        call_bytes=raw[at:],
        extra=raw[start:at],
        load=Load(weight_of(call), len(raw)),
    )


def build_extrinsic(
    call: bytes, extra: bytes, *, signer: bytes, signature_kind: int, signature: bytes
) -> bytes:
    """The bytes of a signed extrinsic; `extra` is that of `signed_extra`."""
    return with_length(bytes([_SIGNED_V4]) + signer + bytes([signature_kind]) + signature + extra + call)


def signed_extra(era: Era, nonce: int, tip: int) -> bytes:
    out = bytearray(era.encode())
    encode_compact(nonce, out)
    encode_compact(tip, out)
    return bytes(out)


def with_length(body: bytes) -> bytes:
    out = bytearray()
    encode_compact(len(body), out)
    return bytes(out) + body


def _decode_era(raw: bytes, at: int) -> tuple[Era, int]:
    first = take(raw, at, 1)[0]
    if first == 0:
        return IMMORTAL, at + 1
    encoded = int.from_bytes(take(raw, at, 2), "little")
    period = 2 << (encoded & 15)
    phase = (encoded >> 4) * max(period >> 12, 1)
    if period < 4 or phase >= period:
        raise ScaleError("an era's phase lies within its period")
    return Era(period, phase), at + 2


def _verify_ecdsa(signature: bytes, payload: bytes, signer: bytes) -> bool:
    try:
        key = Signature(signature).recover_public_key_from_msg_hash(blake2_256(payload))
    except (BadSignature, ValidationError):
        return False
    return blake2_256(key.to_compressed_bytes()) == signer


_VERIFY: dict[int, Callable[[bytes, bytes, bytes], bool]] = {
    ED25519: ed25519_zebra.ed_verify,
    SR25519: sr25519.verify,
    ECDSA: _verify_ecdsa,
}
