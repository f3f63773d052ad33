"""One devnet for all tests of faults; each starts with every fault off and with videos of its own."""

from collections.abc import Iterator

import pytest

from tests.faults.world import OFF, World
from tests.support.devnet import Devnet, running_devnet
from tests.support.service import service_on


@pytest.fixture(scope="session")
def faulty_devnet(tmp_path_factory) -> Iterator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("faulty-devnet"), block_time=0.15) as devnet:
        yield devnet


@pytest.fixture
def world(faulty_devnet, tmp_path, settings, transactional_db) -> Iterator[World]:
    for path, parameters in OFF:
        faulty_devnet.do(path, **parameters)
    with service_on(faulty_devnet, tmp_path, settings):
        yield World(faulty_devnet, tmp_path, settings)
