"""What every call works with: the state it changes, the events it emits, and the error that undoes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ytsynch.devnet.chain.codec import Codec
from ytsynch.devnet.chain.events import Event
from ytsynch.devnet.chain.state import State

if TYPE_CHECKING:
    from ytsynch.devnet.chain.genesis import Genesis


class DispatchError(Exception):
    """A call failed: nothing of it stays.

    `error` is a pallet's error (`Content.ChannelDoesNotExist`) or `BadOrigin`.
    """

    def __init__(self, error: str) -> None:
        self.error = error
        super().__init__(error)

    def value(self, codec: Codec) -> Any:
        """As sp_runtime::DispatchError."""
        pallet, _, name = self.error.partition(".")
        return codec.module_error(pallet, name) if name else pallet


class Context:
    """The extrinsics of a block, one after the other; `extrinsic` is the present one's index in the block."""

    def __init__(self, state: State, genesis: "Genesis", codec: Codec) -> None:
        self.state = state
        self.genesis = genesis
        self.codec = codec
        self.extrinsic: int | None = None
        self.events: list[Event] = []

    def emit(self, pallet: str, name: str, *args: Any) -> None:
        self.events.append(Event(self.extrinsic, pallet, name, args))

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """A storage layer: an error inside takes back its changes and events, and goes on to the caller."""
        emitted = len(self.events)
        self.state.begin()
        try:
            yield
        except BaseException:
            self.state.rollback()
            del self.events[emitted:]
            raise
        self.state.commit()


def ensure(condition: bool, error: str) -> None:
    """The runtime's own `ensure!`."""
    if not condition:
        raise DispatchError(error)
