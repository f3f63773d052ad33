"""The hash of blocks, extrinsics and accounts."""

from hashlib import blake2b


def blake2_256(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()
