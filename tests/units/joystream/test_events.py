import pytest

from ytsynch.joystream import events
from ytsynch.joystream.chain import DispatchError
from ytsynch.joystream.errors import EventsDoNotAddUp

CHANNEL_GONE = {"Module": {"index": 26, "error": "0x1c000000"}}
FEE = {"who": "j4…", "actual_fee": 100, "tip": 3}


def record(index, pallet, name, attributes=None):
    return {"extrinsic_idx": index, "module_id": pallet, "event_id": name, "attributes": attributes}


def test_the_outcome_is_of_the_asked_extrinsic_alone(substrate):
    records = [
        record(0, "System", "ExtrinsicSuccess", {"dispatch_info": {}}),
        record(1, "TransactionPayment", "TransactionFeePaid", FEE),
        record(1, "System", "ExtrinsicFailed", {"dispatch_error": CHANNEL_GONE, "dispatch_info": {}}),
        record(2, "System", "ExtrinsicSuccess", {"dispatch_info": {}}),
        record(None, "Balances", "Deposit", {"who": "j4…", "amount": 1}),
    ]
    outcome = events.outcome(records, 1, substrate.metadata)
    assert not outcome.success
    assert outcome.error == DispatchError("Content", "ChannelDoesNotExist")
    assert str(outcome.error) == "Content.ChannelDoesNotExist"
    assert [event.name for event in outcome.events] == ["TransactionFeePaid", "ExtrinsicFailed"]
    assert outcome.fee == 103


def test_the_error_of_a_failed_batch_item_comes_by_name(substrate):
    records = [
        record(1, "Utility", "ItemFailed", {"error": CHANNEL_GONE}),
        record(1, "Utility", "BatchCompletedWithErrors"),
        record(1, "System", "ExtrinsicSuccess", {"dispatch_info": {}}),
    ]
    outcome = events.outcome(records, 1, substrate.metadata)
    assert outcome.success
    assert outcome.events[0].attributes["error"] == DispatchError("Content", "ChannelDoesNotExist")


def test_a_block_without_a_verdict_on_the_extrinsic_does_not_add_up(substrate):
    with pytest.raises(EventsDoNotAddUp, match="0 verdicts on extrinsic 7"):
        events.outcome([record(1, "System", "ExtrinsicSuccess")], 7, substrate.metadata)
