"""From the decoded event records of a block to the outcome of one of its extrinsics."""

from collections.abc import Iterable
from typing import Any

from scalecodec.types import GenericMetadataVersioned

from ytsynch.joystream.chain import ChainEvent, DispatchError, Outcome
from ytsynch.joystream.errors import EventsDoNotAddUp
from ytsynch.joystream.runtime import dispatch_error

_WITH_ERROR = {("Utility", "ItemFailed"), ("Utility", "BatchInterrupted")}


def outcome(records: Iterable[dict[str, Any]], index: int, metadata: GenericMetadataVersioned) -> Outcome:
    """The outcome of extrinsic `index` of a block with these event records (decoded
    `frame_system::EventRecord`).

    The errors of batch items come resolved to a `DispatchError`. EventsDoNotAddUp where the block says
    neither success nor failure of the extrinsic, or both.
    """
    events = tuple(_event(record, metadata) for record in records if record["extrinsic_idx"] == index)
    verdicts = [
        event
        for event in events
        if event.pallet == "System" and event.name in ("ExtrinsicSuccess", "ExtrinsicFailed")
    ]
    if len(verdicts) != 1:
        raise EventsDoNotAddUp(
            f"{len(verdicts)} verdicts on extrinsic {index} among its {len(events)} events"
        )
    success = verdicts[0].name == "ExtrinsicSuccess"
    error: DispatchError | None = None
    if not success:
        error = dispatch_error(metadata, verdicts[0].attributes["dispatch_error"])
    return Outcome(success, error, events, _fee(events))


def _event(record: dict[str, Any], metadata: GenericMetadataVersioned) -> ChainEvent:
    pallet, name, attributes = record["module_id"], record["event_id"], record["attributes"]
    if (pallet, name) in _WITH_ERROR:
        attributes = {**attributes, "error": dispatch_error(metadata, attributes["error"])}
    return ChainEvent(pallet, name, attributes)


def _fee(events: Iterable[ChainEvent]) -> int:
    """What the signer paid for inclusion, with the tip; 0 for an extrinsic that pays none."""
    paid = [
        event.attributes["actual_fee"] + event.attributes["tip"]
        for event in events
        if (event.pallet, event.name) == ("TransactionPayment", "TransactionFeePaid")
    ]
    return sum(paid)
