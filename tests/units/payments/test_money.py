"""Amounts are integers, exact and rounded down as the round says."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from payments import money


@given(cents=some.integers(0, 10**9), price=some.integers(1, 10**12), unit=some.integers(1, 10**12))
def test_an_amount_is_the_greatest_multiple_of_the_unit_that_is_not_worth_more(cents, price, unit):
    amount = money.hapi_of(cents, joy_price=price, round_down_to=unit)
    exact = Fraction(cents, 100) / Fraction(price, 10**9) * 10**10
    assert amount % unit == 0
    assert amount <= exact < amount + unit


@pytest.mark.parametrize(
    ("hapi", "text"),
    [(0, "0"), (1, "0.0000000001"), (10**10, "1"), (12_345_600_000_000, "1,234.56"), (10**13, "1,000")],
)
def test_joy_is_said_exactly(hapi, text):
    assert money.joy(hapi) == text


def test_dollars_and_prices_are_said_as_people_write_them():
    assert money.dollars(123_405) == "$1,234.05"
    assert money.price(4_500_000) == "$0.0045"
