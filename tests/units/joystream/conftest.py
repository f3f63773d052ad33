"""The runtime as the devnet describes it; `tests/conformance` holds that description against the real one."""

import pytest

from tests.units.joystream.offline import OfflineSubstrate
from ytsynch.devnet.chain.metadata import metadata_bytes


@pytest.fixture(scope="session")
def substrate() -> OfflineSubstrate:
    return OfflineSubstrate(metadata_bytes())
