"""Everything that can go wrong between the service and Joystream.

`code` names the class for the state table, the history and the API; the message is for a human and
says which endpoint was asked for what. No client retries by itself: whoever catches one of these decides.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar


class JoystreamError(Exception):
    """Base of all errors of `ytsynch.joystream`."""

    code: ClassVar[str] = "JOYSTREAM_ERROR"


# --- chain ---------------------------------------------------------------------------------------


class NodeUnavailable(JoystreamError):
    """The node did not answer, or answered something that cannot be used. Says nothing of what the node did
    with the request.
    """

    code = "NODE_UNAVAILABLE"

    def __init__(self, endpoint: str, asked: str, reason: str) -> None:
        self.endpoint, self.asked, self.reason = endpoint, asked, reason
        super().__init__(f"Joystream node {endpoint} gave no answer to {asked}: {reason}")


class StateDiscarded(NodeUnavailable):
    """The node has forgotten the state of that block (256 blocks are usual): an archive node still has it."""

    code = "STATE_DISCARDED"


class RuntimeChanged(JoystreamError):
    """The runtime describes calls, extensions or types otherwise than this client builds them: nothing may
    be sent until a human has looked.
    """

    code = "RUNTIME_CHANGED"

    def __init__(self, spec_version: int, differences: Sequence[str]) -> None:
        self.spec_version, self.differences = spec_version, tuple(differences)
        super().__init__(f"runtime {spec_version} differs from what is known: " + "; ".join(differences))


class Refusal(StrEnum):
    """Why the node's pool did not take an extrinsic."""

    STALE_NONCE = "stale_nonce"
    FUTURE_NONCE = "future_nonce"
    ERA_OVER = "era_over"
    BAD_SIGNATURE = "bad_signature"
    RUNTIME_UPGRADED = "runtime_upgraded"
    UNFUNDED = "unfunded"
    TOO_HEAVY = "too_heavy"
    ALREADY_KNOWN = "already_known"
    NONCE_TAKEN = "nonce_taken"
    POOL_FULL = "pool_full"
    BANNED = "banned"
    UNREADABLE = "unreadable"
    OTHER = "other"


class ExtrinsicRefused(JoystreamError):
    """The node's pool refused an extrinsic. `rpc_code`, `message` and `data` are the node's own words,
    `reason` is their meaning.

    An `ALREADY_KNOWN` extrinsic is in the pool: nothing was lost.
    """

    code = "EXTRINSIC_REFUSED"

    def __init__(self, rpc_code: int, message: str, data: str | None, reason: Refusal) -> None:
        self.rpc_code, self.message, self.data, self.reason = rpc_code, message, data, reason
        super().__init__(f"{message} ({rpc_code}){f': {data}' if data else ''}")


class EventsDoNotAddUp(JoystreamError):
    """The events of an extrinsic are not those that its batches must give: what was created is unknown, a
    human must look.
    """

    code = "EVENTS_DO_NOT_ADD_UP"


# --- query node ----------------------------------------------------------------------------------


class QueryNodeUnavailable(JoystreamError):
    """The query node was not reached, reported an error, or gave an answer of another shape."""

    code = "QUERY_NODE_NOT_CONNECTED"

    def __init__(self, endpoint: str, asked: str, reason: str) -> None:
        self.endpoint, self.asked, self.reason = endpoint, asked, reason
        super().__init__(f"query node {endpoint} gave no usable answer to {asked}: {reason}")


# --- storage node --------------------------------------------------------------------------------


class StorageError(JoystreamError):
    """Base of what a storage node answers; `message` holds the node's own words, or those of the broken
    connection.
    """

    code = "STORAGE_ERROR"

    def __init__(self, endpoint: str, message: str) -> None:
        self.endpoint, self.message = endpoint, message
        super().__init__(f"storage node {endpoint}: {message}")


class StorageUnavailable(StorageError):
    """No answer, a cut connection, or an error that says nothing of the file: try later or another node of
    the bag.
    """

    code = "STORAGE_UNAVAILABLE"


class ObjectUnknown(StorageError):
    """The node does not know the data object yet (its query node lags): wait, then another node."""

    code = "STORAGE_OBJECT_UNKNOWN"


class AlreadyStored(StorageError):
    """The node has the object: as good as uploaded."""

    code = "STORAGE_ALREADY_STORED"


class FileRejected(StorageError):
    """The node's check of hash, size or presence failed: the bytes sent are not those promised on chain."""

    code = "STORAGE_FILE_REJECTED"


class UploadsBlocked(StorageError):
    """The node takes no uploads for this bucket at the moment."""

    code = "STORAGE_UPLOADS_BLOCKED"


# --- faucet --------------------------------------------------------------------------------------


class FaucetUnavailable(JoystreamError):
    """The faucet was not reached or gave an answer of another shape. It may have created the member
    nevertheless.
    """

    code = "FAUCET_UNAVAILABLE"

    def __init__(self, endpoint: str, reason: str) -> None:
        self.endpoint, self.reason = endpoint, reason
        super().__init__(f"faucet {endpoint}: {reason}")


class FaucetRefused(JoystreamError):
    """The faucet said no; `faucet_code` is its own code (`TooManyRequestsPerIp` …), which callers pass on."""

    code = "FAUCET_REFUSED"

    def __init__(self, faucet_code: str, status: int) -> None:
        self.faucet_code, self.status = faucet_code, status
        super().__init__(f"the faucet refused: {faucet_code} (HTTP {status})")
