import pytest
from hypothesis import given
from hypothesis import strategies as some
from scalecodec.base import RuntimeConfigurationObject
from scalecodec.type_registry import load_type_registry_preset

from ytsynch.joystream import scale

CODEC = RuntimeConfigurationObject()
CODEC.update_type_registry(load_type_registry_preset("core"))


def encoded(type_name, value):
    return bytes(CODEC.create_scale_object(type_name).encode(value).data)


@pytest.mark.parametrize("number", [0, 63, 64, 2**14 - 1, 2**14, 2**30 - 1, 2**30, 2**64, 2**128 - 1])
def test_compact_numbers_at_the_borders_of_each_mode_are_those_of_the_library(number):
    assert scale.compact(number) == encoded("Compact<u128>", number)


@given(some.integers(0, 2**128 - 1))
def test_any_compact_number_is_that_of_the_library(number):
    assert scale.compact(number) == encoded("Compact<u128>", number)


@given(some.binary(max_size=20_000))
def test_bytes_are_those_of_the_library(data):
    assert scale.octets(data) == encoded("Bytes", "0x" + data.hex())


@given(some.lists(some.integers(0, 2**64 - 1)))
def test_a_sequence_is_that_of_the_library(numbers):
    assert scale.sequence([scale.u64(number) for number in numbers]) == encoded("Vec<u64>", numbers)
