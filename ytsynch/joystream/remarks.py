"""What a member remarks on chain, in Joystream's protobuf: with a payment it says what the payment is for."""

from ytsynch.joystream.proto.metadata_pb2 import MakeChannelPayment, MemberRemarked


def channel_payment(rationale: str) -> bytes:
    """The remark of a payment to a channel's reward account. Without it the query node knows no payment."""
    remark = MemberRemarked(make_channel_payment=MakeChannelPayment(rationale=rationale))
    return remark.SerializeToString(deterministic=True)
