"""The simulated membership faucet: gifts a Joystream membership to a new account.

Body, codes and order of checks are those of Joystream's membership faucet (`src/register.ts`). Like a captcha
bypass key there, the bearer key lets a backend ask for its users.
"""

import asyncio
import hmac
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from aiohttp import web
from scalecodec.utils.ss58 import ss58_decode

from .chain.chain import Chain
from .chain.events import Block
from .world import FAUCET_SURI, HAPI_PER_JOY

MAX_HANDLE_LENGTH = 100
#: Given to the new member's account so that it can pay fees.
CREDIT = 10 * HAPI_PER_JOY
#: Seconds after which a membership that is in no block is given up.
PATIENCE = 60.0


@dataclass
class FaucetFaults:
    """`refuse_with`: the code that every request gets; `limit`: how many more memberships there are, then
    `TooManyRequests`; `unavailable`: 503."""

    unavailable: bool = False
    refuse_with: str | None = None
    limit: int | None = None


class Refused(Exception):
    """A request is refused with one of the faucet's codes."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.status = status


class Faucet:
    """Wire `on_block` to the chain's blocks: an answer waits for the block with the membership."""

    def __init__(self, chain: Chain, key: str) -> None:
        self.faults = FaucetFaults()
        self._chain = chain
        self._key = key
        self._waiting: dict[bytes, asyncio.Future[tuple[int, int]]] = {}  # by account: (member, block)
        self._reserved: set[str] = set()  # handles that are on their way into a block

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/register", self._register), web.get("/status", self._status)])
        return app

    def on_block(self, block: Block) -> None:
        for event in block.events:
            if (event.pallet, event.name) == ("Members", "MembershipGifted"):
                member_id, params = event.args[0], event.args[1]
                waiting = self._waiting.get(bytes(params["controller_account"]))
                if waiting and not waiting.done():
                    waiting.set_result((member_id, block.number))

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response({"isOnline": not self.faults.unavailable})

    async def _register(self, request: web.Request) -> web.Response:
        try:
            self._check_access(request)
            account, handle, metadata = self._checked(await _body(request))
            member_id, block = await self._gift(account, handle, metadata)
        except Refused as refusal:
            return web.json_response({"error": str(refusal)}, status=refusal.status)
        return web.json_response({"memberId": member_id, "block": block})

    def _check_access(self, request: web.Request) -> None:
        if self.faults.unavailable:
            raise Refused("InternalServerError", 503)
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            raise Refused("InvalidCaptchaToken")
        if self.faults.refuse_with:
            is_limit = self.faults.refuse_with.startswith("TooManyRequests")
            raise Refused(self.faults.refuse_with, 429 if is_limit else 400)
        if self.faults.limit == 0:
            raise Refused("TooManyRequests", 429)

    def _checked(self, body: dict[str, Any]) -> tuple[bytes, str, bytes]:
        """Account, handle and metadata of a request that may be granted."""
        account = _public_key(body.get("account"))
        state = self._chain.state()
        known = state.account(account)
        if known.exists or known.nonce or account in self._waiting:
            raise Refused("OnlyNewAccountsCanBeUsedForScreenedMembers")
        handle = body.get("handle")
        if not isinstance(handle, str) or not handle:
            raise Refused("HandleTooShort")
        if len(handle) > MAX_HANDLE_LENGTH:
            raise Refused("HandleTooLong")
        is_taken = blake2b(handle.encode(), digest_size=32).digest() in state.handles
        if is_taken or handle in self._reserved:
            raise Refused("HandleAlreadyRegistered")
        return account, handle, _metadata(body)

    async def _gift(self, account: bytes, handle: str, metadata: bytes) -> tuple[int, int]:
        if self.faults.limit is not None:
            self.faults.limit -= 1
        params = {
            "root_account": account,
            "controller_account": account,
            "handle": handle.encode(),
            "metadata": metadata,
            "credit_controller_account": CREDIT,
            "apply_controller_account_invitation_lock": None,
            "credit_root_account": 0,
            "apply_root_account_invitation_lock": None,
        }
        waiting = self._waiting[account] = asyncio.get_running_loop().create_future()
        self._reserved.add(handle)
        try:
            self._chain.submit_as(FAUCET_SURI, {"Members": {"gift_membership": {"params": params}}})
            return await asyncio.wait_for(waiting, PATIENCE)
        except TimeoutError as error:
            raise Refused("TransactionError", 500) from error
        finally:
            del self._waiting[account]
            self._reserved.discard(handle)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise Refused("InvalidRequest") from error
    if not isinstance(body, dict):
        raise Refused("InvalidRequest")
    return body


def _public_key(address: Any) -> bytes:
    try:
        return bytes.fromhex(ss58_decode(address))
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise Refused("InvalidAddress") from error


def _metadata(body: dict[str, Any]) -> bytes:
    """MembershipMetadata: name 1, about 3, avatar_uri 4."""
    encoded = b""
    for number, name in ((1, "name"), (3, "about"), (4, "avatar")):
        value = body.get(name)
        if isinstance(value, str) and value:
            text = value.encode()
            encoded += bytes([number << 3 | 2]) + _varint(len(text)) + text
    return encoded


def _varint(number: int) -> bytes:
    encoded = b""
    while number > 0x7F:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])
