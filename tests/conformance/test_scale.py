"""The devnet's SCALE: numbers as the foreign library writes them, and no value out of wrong bytes."""

import pytest
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from tests.conformance.samples import CREATE_VIDEO, TRANSFER, batch
from ytsynch.devnet.chain.scale import ScaleError, compact, decode_compact

EDGES = [0, 1, 63, 64, 2**14 - 1, 2**14, 2**30 - 1, 2**30, 2**32, 2**64 - 1, 2**128 - 1]


@pytest.fixture(scope="module")
def foreign_compact():
    config = RuntimeConfigurationObject()
    config.update_type_registry(load_type_registry_preset("core"))
    return lambda data=None: config.create_scale_object("Compact<u128>", data=data)


@pytest.mark.parametrize("number", EDGES)
def test_a_compact_number_has_the_bytes_of_the_foreign_library(foreign_compact, number):
    encoded = compact(number)
    assert encoded == bytes(foreign_compact().encode(number).data)
    assert foreign_compact(ScaleBytes(encoded)).decode() == number
    assert decode_compact(b"\xff" + encoded, 1) == (number, 1 + len(encoded))


def test_no_compact_is_negative():
    with pytest.raises(ScaleError):
        compact(-1)


@pytest.mark.parametrize("length", [0, 1, 2, 20, 100])
def test_a_call_that_is_cut_is_no_call(ours, length):
    with pytest.raises(ScaleError):
        ours.decode_call(ours.encode_call(CREATE_VIDEO)[:length])


def test_a_call_with_something_behind_it_is_no_call(ours):
    with pytest.raises(ScaleError, match="left over"):
        ours.decode_call(ours.encode_call(TRANSFER) + b"\x00")


def test_a_call_that_the_runtime_does_not_have_is_refused(ours):
    with pytest.raises(ScaleError, match="pallet_content::Call has no variant 63"):
        ours.decode_call(bytes([26, 63]))
    with pytest.raises(ScaleError, match="pallet_content::Call has no publish_video"):
        ours.encode_call({"Content": {"publish_video": {}}})


def test_a_number_too_large_for_its_type_is_refused(ours):
    call = {"Content": {"channel_owner_remark": {"channel_id": 2**64, "msg": b""}}}
    with pytest.raises(ScaleError, match="does not fit u64"):
        ours.encode_call(call)


def test_a_set_is_written_in_order_whatever_order_it_is_given_in(ours):
    def accept(objects):
        return {
            "Storage": {
                "accept_pending_data_objects": {
                    "worker_id": 0,
                    "storage_bucket_id": 0,
                    "bag_id": {"Dynamic": {"Channel": 1}},
                    "data_objects": objects,
                }
            }
        }

    assert ours.encode_call(accept([300, 2, 70_000])) == ours.encode_call(accept([2, 300, 70_000]))


def test_batches_nest_as_deep_as_somebody_wants(ours):
    call = TRANSFER
    for _ in range(20):
        call = batch("batch", call)
    assert ours.decode_call(ours.encode_call(call)) == call
