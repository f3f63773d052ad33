from collections.abc import Iterator

import pytest

from tests.support.joystream import RunningJoystream, running_joystream
from tests.units.payments.chain import service_on_chain


@pytest.fixture(scope="module")
def joystream(tmp_path_factory) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path_factory.mktemp("joystream")) as running:
        running.seal(3)
        yield running


@pytest.fixture
def service(joystream, tmp_path, settings):
    with service_on_chain(joystream, tmp_path, settings):
        yield
    joystream.control_action("reset")
