"""One WebSocket connection to a Joystream node, opened when first needed, dropped when it fails.

The next request after a failure opens a new one, to the next endpoint where there are several. Nothing is
sent twice. Every failure is a `NodeUnavailable` that names the endpoint and what was asked. Not for several
threads at once: one `Connection` a thread.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from json import JSONDecodeError
from typing import Any, TypeVar

from scalecodec.exceptions import InvalidScaleTypeValueException, RemainingScaleBytesNotEmptyException
from substrateinterface import SubstrateInterface
from substrateinterface.exceptions import (
    BlockNotFound,
    StorageFunctionNotFound,
    SubstrateRequestException,
)
from websocket import WebSocketException

from ytsynch.joystream.errors import NodeUnavailable, RuntimeChanged, StateDiscarded
from ytsynch.joystream.keys import SS58_FORMAT
from ytsynch.joystream.runtime import TYPE_REGISTRY

T = TypeVar("T")

_BROKEN_CONNECTION = (OSError, WebSocketException, JSONDecodeError)
_UNUSABLE_ANSWER = (
    BlockNotFound,
    InvalidScaleTypeValueException,
    RemainingScaleBytesNotEmptyException,
    NotImplementedError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)

_DISCARDED = "State already discarded"
"""In the error text of `sc_client_api` for a state that was pruned."""


class Connection:
    """The node behind one of `urls` (`ws://…`), asked with `timeout` seconds for connecting and for every
    answer.
    """

    def __init__(self, urls: Sequence[str], timeout: float) -> None:
        if not urls:
            raise ValueError("a Joystream node needs at least one URL")
        self._urls, self._timeout = tuple(urls), timeout
        self._turn = 0
        self._substrate: SubstrateInterface | None = None
        self._genesis = ""

    @property
    def endpoint(self) -> str:
        """The URL in use, or to be tried next."""
        return self._urls[self._turn % len(self._urls)]

    def close(self) -> None:
        """Close the socket; the next request opens another."""
        substrate, self._substrate = self._substrate, None
        if substrate is not None:
            with suppress(*_BROKEN_CONNECTION):  # it may be the very socket that broke
                substrate.close()

    def rpc(self, method: str, params: list[Any], read: Callable[[Any], T]) -> T:
        """What `read` makes of the result of one JSON-RPC request.

        SubstrateRequestException carries an error that the node answered with.
        """
        with self._failures(method):
            return read(self._open().rpc_request(method, params)["result"])

    @contextmanager
    def asking(self, what: str, at: str | None = None) -> Iterator[SubstrateInterface]:
        """The substrate client with the runtime of block `at` (the best block without it) for requests that
        concern `what`.
        """
        try:
            with self._failures(what):
                substrate = self._open()
                _load_runtime(substrate, at)
                yield substrate
        except SubstrateRequestException as error:
            failure = StateDiscarded if _DISCARDED in str(error) else NodeUnavailable
            raise failure(self.endpoint, what, str(error)) from error

    @property
    def genesis(self) -> str:
        """The hash of block 0, by which a chain is known; empty before the first connection."""
        return self._genesis

    @contextmanager
    def _failures(self, what: str) -> Iterator[None]:
        try:
            yield
        except StorageFunctionNotFound as error:
            version = self._substrate.runtime_version if self._substrate else 0
            raise RuntimeChanged(version, [str(error)]) from error
        except (*_BROKEN_CONNECTION, *_UNUSABLE_ANSWER) as error:
            endpoint = self.endpoint
            self.close()
            self._turn += 1
            raise NodeUnavailable(endpoint, what, f"{type(error).__name__}: {error}") from error

    def _open(self) -> SubstrateInterface:
        if self._substrate is None:
            self._substrate = self._connect()
            genesis: str = self._substrate.get_block_hash(0)
            if self._genesis not in ("", genesis):
                raise ConnectionError(f"it serves another chain: genesis {genesis}, known is {self._genesis}")
            self._genesis = genesis
        return self._substrate

    def _connect(self) -> SubstrateInterface:
        """Connect to the first endpoint that can be reached, beginning with the one whose turn it is."""
        failures = []
        for _ in self._urls:
            try:
                return SubstrateInterface(
                    url=self.endpoint,
                    ss58_format=SS58_FORMAT,
                    type_registry=TYPE_REGISTRY,
                    auto_discover=False,
                    auto_reconnect=False,
                    ws_options={"timeout": self._timeout},
                )
            except (OSError, WebSocketException) as error:
                failures.append(f"{self.endpoint}: {error}")
                self._turn += 1
        raise ConnectionError("; ".join(failures))


def _load_runtime(substrate: SubstrateInterface, at: str | None) -> None:
    try:
        substrate.init_runtime(block_hash=at)
    except SubstrateRequestException:
        # half loaded: it would take the new version for known and keep the metadata of the old one
        substrate.block_hash = substrate.runtime_version = None
        raise
