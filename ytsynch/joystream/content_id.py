"""Content ids: how Joystream names a file by its bytes.

`base58btc(0x1e 0x20 ‖ blake3-256(file))` without multibase prefix: a multihash that begins `gW` or, rarely,
`gV`.
"""

from pathlib import Path

import base58
from blake3 import blake3

_BLAKE3_MULTIHASH_32 = bytes([0x1E, 32])
_CHUNK = 1 << 20


class ContentHasher:
    """Hashes a file while it passes by: `update` with its chunks in order, then `digest`."""

    def __init__(self) -> None:
        self._hash = blake3()

    def update(self, chunk: bytes) -> None:
        self._hash.update(chunk)

    def digest(self) -> str:
        """The content id (`gW…`) of what has passed so far."""
        return base58.b58encode(_BLAKE3_MULTIHASH_32 + self._hash.digest()).decode()


def content_id(path: Path) -> str:
    """The content id of the file at `path`, read in chunks. OSError as the file system raises it."""
    hasher = ContentHasher()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return hasher.digest()
