"""Utility: several calls in one extrinsic. How each batch treats a failing call:

* `batch` stops there, keeps what was done, and the extrinsic succeeds (`BatchInterrupted`);
* `batch_all` undoes everything and fails with that call's error;
* `force_batch` goes on (`ItemFailed`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from .context import Context, DispatchError, ensure

Dispatch = Callable[[Context, bytes, Mapping[str, Any]], None]

_MOST_CALLS = 10_922  # the constant batched_calls_limit


def batch(context: Context, signer: bytes, args: dict[str, Any], dispatch: Dispatch) -> None:
    ensure(len(args["calls"]) <= _MOST_CALLS, "Utility.TooManyCalls")
    for index, call in enumerate(args["calls"]):
        try:
            dispatch(context, signer, call)
        except DispatchError as error:
            context.emit("Utility", "BatchInterrupted", index, error.value(context.codec))
            return
        context.emit("Utility", "ItemCompleted")
    context.emit("Utility", "BatchCompleted")


def batch_all(context: Context, signer: bytes, args: dict[str, Any], dispatch: Dispatch) -> None:
    ensure(len(args["calls"]) <= _MOST_CALLS, "Utility.TooManyCalls")
    for call in args["calls"]:
        if "batch_all" in call.get("Utility", ()):  # a batch_all may not lie directly in another
            raise DispatchError("System.CallFiltered")
        dispatch(context, signer, call)
        context.emit("Utility", "ItemCompleted")
    context.emit("Utility", "BatchCompleted")


def force_batch(context: Context, signer: bytes, args: dict[str, Any], dispatch: Dispatch) -> None:
    ensure(len(args["calls"]) <= _MOST_CALLS, "Utility.TooManyCalls")
    failed = False
    for call in args["calls"]:
        try:
            dispatch(context, signer, call)
        except DispatchError as error:
            failed = True
            context.emit("Utility", "ItemFailed", error.value(context.codec))
        else:
            context.emit("Utility", "ItemCompleted")
    context.emit("Utility", "BatchCompletedWithErrors" if failed else "BatchCompleted")
