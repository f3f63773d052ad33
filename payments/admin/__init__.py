"""The staff's desk for payments: what is rewarded, payout rounds with their lines, and the payments table."""

from payments.admin import earning, line, payment, round, rules

__all__ = ["earning", "line", "payment", "round", "rules"]
