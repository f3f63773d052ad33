"""Downloads through two addresses, one or both of which YouTube blocks (mission H12; faults.md Y11)."""

from collections.abc import Iterator

import pytest

from tests.support.devnet import Devnet, running_devnet
from tests.support.service import join, service_on, work, work_until
from videos.models import ProxyAddress, Standing, Video
from videos.states import Stage, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet"), extra=("--proxies", "1")) as devnet:
        yield devnet


@pytest.fixture
def service(world: Devnet, tmp_path, settings) -> Iterator[Devnet]:
    """Number 0 is the first address, number 1 the second."""
    world.reset()
    with service_on(world, tmp_path, settings, youtube__proxies=world.proxies):
        join(world.person("@alpinebeekeeping"))
        work(Stage.DISCOVERY)
        yield world


def downloaded() -> int:
    return Video.objects.filter(state=State.DOWNLOADED).count()


def all_downloaded() -> bool:
    return downloaded() == Video.objects.exclude(state=State.SKIPPED).count() > 0


def test_a_blocked_address_is_left_out_and_its_videos_go_through_the_other(service):
    service.do("youtube/block_proxy", kind="bot_check", proxy=0)
    work_until(all_downloaded, Stage.DOWNLOAD)
    blocked = ProxyAddress.objects.get(standing=Standing.COOLING)
    assert service.youtube.endswith(blocked.name)
    other = ProxyAddress.objects.get(standing=Standing.TRUSTED)
    assert other.successes == downloaded()


def test_while_every_address_is_blocked_nothing_is_taken_up_and_nothing_is_lost(service):
    for proxy in (0, 1):
        service.do("youtube/block_proxy", kind="http_429", proxy=proxy)
    work_until(lambda: ProxyAddress.objects.filter(standing=Standing.COOLING).count() == 2, Stage.DOWNLOAD)
    assert not Video.objects.filter(state=State.STUCK).exists()
    assert set(Video.objects.values_list("state", flat=True)) <= {State.NEW, State.DOWNLOADED, State.SKIPPED}
    for proxy in (0, 1):
        service.do("youtube/unblock_proxy", proxy=proxy)
    work_until(all_downloaded, Stage.DOWNLOAD)
    assert ProxyAddress.objects.filter(standing=Standing.TRUSTED).exists()
