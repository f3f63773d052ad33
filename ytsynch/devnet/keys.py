"""Key pairs of the people of the world, from their SURI (`//AlpineBeekeeping`)."""

from functools import cache

from substrateinterface import Keypair

SS58_PREFIX = 126


@cache
def keypair(suri: str) -> Keypair:
    """The sr25519 key pair of a development SURI."""
    return Keypair.create_from_uri(suri, ss58_format=SS58_PREFIX)


def public_key(suri: str) -> bytes:
    return bytes(keypair(suri).public_key)
