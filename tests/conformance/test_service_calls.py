"""The service's chain client under the real runtime's metadata: it knows that runtime, to the byte."""

import pytest

from tests.units.joystream.offline import OfflineSubstrate
from ytsynch.devnet.chain.metadata import metadata_bytes
from ytsynch.joystream import calls, runtime
from ytsynch.joystream.chain import (
    Asset,
    ChannelBatch,
    ChannelPayment,
    NewVideo,
    Prices,
    VideoDeletion,
    VideoUpdate,
)
from ytsynch.joystream.keys import Signer


@pytest.fixture(scope="module")
def real_runtime(real_metadata) -> OfflineSubstrate:
    return OfflineSubstrate(real_metadata)


def test_the_real_runtime_differs_in_nothing_from_what_the_client_builds(real_runtime):
    assert runtime.differences(real_runtime.metadata) == []


def test_the_creation_of_videos_has_the_same_bytes_under_both_descriptions(real_runtime):
    assets = (Asset(123_456_789, "gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ"), Asset(5, "gWabc"))
    videos = [NewVideo(meta, assets) for meta in (b"\x01\xff", b"text", b"\x00" * 20_000)]
    batches = [ChannelBatch(channel, 10, videos, Prices(1000, 500, 700), 3) for channel in (1, 2**40)]
    tree = calls.create_videos(batches)
    assert calls.encode(real_runtime, tree) == calls.encode(OfflineSubstrate(metadata_bytes()), tree)


def test_payments_have_the_same_bytes_under_both_descriptions(real_runtime):
    accounts = [Signer.from_account(suri=suri).address for suri in ("//One", "//Two")]
    payments = [
        ChannelPayment(account, amount, b"\x52\x00") for account in accounts for amount in (1, 2**100)
    ]
    tree = calls.pay_channels(2**40, payments)
    assert calls.encode(real_runtime, tree) == calls.encode(OfflineSubstrate(metadata_bytes()), tree)


def test_errors_of_pallets_that_the_devnet_lacks_have_names_too(real_runtime):
    council = {"Module": {"index": 19, "error": "0x00000000"}}
    found = runtime.dispatch_error(real_runtime.metadata, council)
    assert found.pallet == "Council"

    assert not found.name.startswith("#")


def test_changes_of_videos_have_the_same_bytes_under_both_descriptions(real_runtime):
    prices = Prices(1000, 500, 700)
    changes: list[VideoUpdate | VideoDeletion] = [
        VideoUpdate(2**40, 10, b"\x0a\x02\x0a\x00", prices, 3),
        VideoUpdate(7, 10, None, prices, 3, assets=[Asset(5, "gWabc")], removed=[9, 2**40]),
        VideoDeletion(8, 10, object_count=2, stored_by_count=3),
    ]
    tree = calls.change_videos(changes)
    assert calls.encode(real_runtime, tree) == calls.encode(OfflineSubstrate(metadata_bytes()), tree)
