"""The addresses that YouTube sees us by, at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from videos.errors import NoFreeAddress
from videos.models import ProxyAddress, Standing
from videos.pipeline import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(staff) -> ProxyAddress:
    """Our own: the configuration has no proxies."""
    assert addresses.any_free()
    return ProxyAddress.objects.get()


def test_an_address_is_set_aside_and_tried_again(desk, address):
    assert desk.order(address, "set-aside", hours=5, reason="its provider has trouble") == [
        "Set aside: 1 done."
    ]
    address.refresh_from_db()
    assert address.standing == Standing.COOLING
    assert timedelta(hours=4) < address.next_use_at - timezone.now() < timedelta(hours=6)
    assert "its provider has trouble" in desk.page(address)
    with pytest.raises(NoFreeAddress):
        addresses.take()
    desk.order(address, "try-now")
    assert addresses.take() == address


@pytest.mark.parametrize("hours", ["", "0", "-1", "100000", "many"])
def test_an_address_is_set_aside_for_a_time_that_makes_sense(desk, address, hours):
    desk.order(address, "set-aside", hours=hours, reason="why not")
    address.refresh_from_db()
    assert address.standing == Standing.TRUSTED


def test_an_address_that_the_configuration_no_longer_has_is_not_tried(desk, address):
    old = ProxyAddress.objects.create(key="a" * 64, name="old.example:1080")
    assert "no longer has it" in desk.ask(old, "try-now")
    assert "Not configured" in desk.client.get("/admin/videos/proxyaddress/").content.decode()
