"""Where the foreign truth lies: the real runtime's metadata, which is not part of the project."""

import os
from pathlib import Path

import pytest

from tests.conformance.node import javascript
from ytsynch.devnet.chain.codec import Codec, codec

__all__ = ["javascript"]  # a fixture of every test here

PROJECT = Path(__file__).resolve().parents[2]
BESIDE_THE_PROJECT = PROJECT.parent / "shared" / "joystream" / "metadata-2004.scale"


@pytest.fixture(scope="session")
def real_metadata() -> bytes:
    """Metadata of Joystream's runtime, spec 2004, as `state_getMetadata` answers it."""
    path = Path(os.environ.get("JOYSTREAM_METADATA", BESIDE_THE_PROJECT))
    if not path.is_file():
        pytest.skip(f"the real runtime's metadata is not at hand: no {path} (JOYSTREAM_METADATA says where)")
    return path.read_bytes()


@pytest.fixture(scope="session")
def real(real_metadata) -> Codec:
    return Codec(real_metadata)


@pytest.fixture(scope="session")
def ours() -> Codec:
    return codec()
