"""What an extrinsic of payments holds, and what it takes."""

from collections.abc import Sequence

from django.conf import settings

from payments.models import Action, Line
from ytsynch.joystream.node import Call, ChannelPayment, Node
from ytsynch.joystream.remarks import channel_payment

MOST = 200
"""Payments in one extrinsic: about a tenth of a block."""

_WORDS = {
    Action.SIGN_UP: ("Sign-up reward", "sign-up rewards"),
    Action.VIDEOS: ("Reward for 1 new video", "Reward for {} new videos"),
    Action.REFERRALS: ("Reward for 1 referral", "Reward for {} referrals"),
}


def what_for(line: Line) -> str:
    """«Reward for 3 new videos»."""
    one, many = _WORDS[Action(line.action)]
    return one if line.count == 1 else many.format(line.count)


def rationale(line: Line) -> str:
    """What the chain, the payments table and Joystream's apps say of the payment."""
    end = line.round.period_end
    text = f"{what_for(line)}, until {end.day} {end:%B %Y} (round {line.round_id})"
    return f"{text}: {line.adjusted_reason}" if line.adjusted_cents is not None else text


def call_of(lines: Sequence[Line], accounts: dict[int, str], node: Node) -> Call:
    """The call that pays the lines to the reward accounts of their Joystream channels."""
    payments = [
        ChannelPayment(accounts[line.pk], line.amount, channel_payment(rationale(line))) for line in lines
    ]
    member_id = settings.CONFIG.payments.payer.member_id
    assert member_id is not None  # there is a lane
    return node.pay_channels_call(member_id, payments)
