"""Amounts, in integers alone: rewards in US cents, prices in billionths of a US dollar, payments in HAPI."""

from decimal import Decimal

HAPI_PER_JOY = 10**10
NANOS_PER_DOLLAR = 10**9
MOST = 2**63 - 1
"""HAPI of one payment: about as many as there are in all."""

NANOS_PER_CENT = NANOS_PER_DOLLAR // 100


def hapi_of(cents: int, *, joy_price: int, round_down_to: int) -> int:
    """What so many US cents are in HAPI at `joy_price` (billionths of a US dollar for one JOY), rounded down
    to a multiple of `round_down_to` HAPI.
    """
    exact = cents * NANOS_PER_CENT * HAPI_PER_JOY // joy_price
    return exact - exact % round_down_to


def joy(hapi: int) -> str:
    """«1,234.5» JOY: exact, without needless zeros."""
    text = f"{Decimal(hapi) / HAPI_PER_JOY:,.10f}"
    return text.rstrip("0").rstrip(".")


def dollars(cents: int) -> str:
    """«$1,234.50»."""
    return f"${cents // 100:,}.{cents % 100:02}"


def price(joy_price: int) -> str:
    """«$0.0045» for one JOY."""
    text = f"{Decimal(joy_price) / NANOS_PER_DOLLAR:,.9f}"
    return f"${text.rstrip('0').rstrip('.')}"
