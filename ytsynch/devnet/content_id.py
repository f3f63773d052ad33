"""How Joystream names a file: base58 of the multihash of its blake3, beginning with `gW`."""

import base58
from blake3 import blake3

_BLAKE3_256 = b"\x1e\x20"  # multihash: code of blake3, length 32


def content_id(content: bytes) -> str:
    return content_id_of_digest(blake3(content).digest())


def content_id_of_digest(digest: bytes) -> str:
    return base58.b58encode(_BLAKE3_256 + digest).decode()
