"""What the pool's refusals mean. Codes: `sc_rpc_api::author::error`; texts:
`sp_runtime::transaction_validity`.
"""

from typing import Any

from ytsynch.joystream.errors import ExtrinsicRefused, Refusal

_INVALID, _UNKNOWN_VALIDITY = 1010, 1011

_BY_CODE = {
    1001: Refusal.UNREADABLE,
    1002: Refusal.UNREADABLE,
    1012: Refusal.BANNED,
    1013: Refusal.ALREADY_KNOWN,
    1014: Refusal.NONCE_TAKEN,
    1016: Refusal.POOL_FULL,
    1020: Refusal.FUTURE_NONCE,
}
_BY_TEXT = {
    "transaction is outdated": Refusal.STALE_NONCE,
    "transaction will be valid in the future": Refusal.FUTURE_NONCE,
    "ancient birth block": Refusal.ERA_OVER,
    "bad signature": Refusal.BAD_SIGNATURE,
    "inability to pay some fees": Refusal.UNFUNDED,
    "exhaust the block limits": Refusal.TOO_HEAVY,
}


def refusal(error: Any) -> ExtrinsicRefused | None:
    """The refusal in a JSON-RPC error object, None where the error is not the pool's."""
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return None
    code, message, data = error["code"], str(error.get("message", "")), error.get("data")
    if not 1000 <= code < 1100:
        return None
    text = None if data is None else str(data)
    return ExtrinsicRefused(code, message, text, _reason(code, f"{message} {text or ''}".lower()))


def _reason(code: int, text: str) -> Refusal:
    if code in (_INVALID, _UNKNOWN_VALIDITY):
        return next((reason for part, reason in _BY_TEXT.items() if part in text), Refusal.OTHER)
    return _BY_CODE.get(code, Refusal.OTHER)
