"""The HTTP of the control port.

`GET /` lists every action with its parameters, `GET /state` says how the world stands, `GET /mailbox` shows
mails, `POST /reset` switches every fault off, and `POST /<part>/<action>` with a JSON object does one thing.
YouTube's actions are its own process's: they are passed on. Bad input is answered 400 with `{"error": …,
"field": …}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web
from pydantic import ValidationError

from .overview import reset_joystream, state_of_joystream
from .registry import ACTIONS, Action, BadRequest

if TYPE_CHECKING:
    from ytsynch.devnet.joystream_process import Joystream

YOUTUBE_SECONDS = 30.0


class ControlPort:
    def __init__(self, joystream: Joystream, *, youtube_url: str) -> None:
        self._joystream = joystream
        self._youtube_url = youtube_url

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_as_json])
        app.add_routes(
            [
                web.get("/", self._help),
                web.get("/state", self._state),
                web.post("/reset", self._reset),
                web.post("/youtube/{action}", self._youtube_action),
                web.post("/{part}/{action}", self._action),
            ]
        )
        self._joystream.mailbox.add_pages(app)
        return app

    async def _help(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "GET /state": "how the world stands",
                "POST /reset": "every fault off",
                "actions": [{"path": path, **action.description()} for path, action in ACTIONS.items()],
                "POST /youtube/<action>": (await self._youtube_says()).get("actions"),
            }
        )

    async def _state(self, _: web.Request) -> web.Response:
        state = state_of_joystream(self._joystream)
        youtube = await self._youtube_says()
        youtube.pop("actions", None)
        return web.json_response(state | {"youtube": youtube})

    async def _reset(self, _: web.Request) -> web.Response:
        reset_joystream(self._joystream)
        try:
            await self._ask_youtube("POST", {"action": "reset"})
        except BadRequest as error:
            return web.json_response({"done": True, "youtube": str(error)})
        return web.json_response({"done": True})

    async def _action(self, request: web.Request) -> web.Response:
        path = f"/{request.match_info['part']}/{request.match_info['action']}"
        if (action := ACTIONS.get(path)) is None:
            raise BadRequest("path", f"there is no {path}: GET / lists what there is", status=404)
        return web.json_response(_run(action, self._joystream, await _body(request)))

    async def _youtube_action(self, request: web.Request) -> web.Response:
        body = {"action": request.match_info["action"], **await _body(request)}
        return web.json_response(await self._ask_youtube("POST", body))

    async def _youtube_says(self) -> dict[str, Any]:
        """YouTube's actions, faults and quota, or why they cannot be told."""
        try:
            answer: dict[str, Any] = await self._ask_youtube("GET")
        except BadRequest as error:
            return {"error": str(error)}
        return answer

    async def _ask_youtube(self, method: str, body: dict[str, Any] | None = None) -> Any:
        timeout = aiohttp.ClientTimeout(total=YOUTUBE_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, self._youtube_url, json=body) as response,
            ):
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise BadRequest(
                "youtube", f"the YouTube process does not answer: {error}", status=502
            ) from error
        if response.status >= 400:
            raise PassedOn(answer, response.status)
        return answer


class PassedOn(Exception):
    """The YouTube process refused; its own words go to the client."""

    def __init__(self, answer: Any, status: int) -> None:
        super().__init__(str(answer))
        self.answer = answer
        self.status = status


def _run(action: Action, joystream: Joystream, body: dict[str, Any]) -> Any:
    try:
        return action.run(joystream, body)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadRequest(field, first["msg"]) from error


async def _body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; nothing sent counts as an empty one."""
    if not (sent := await request.read()):
        return {}
    try:
        body = json.loads(sent)
    except ValueError as error:
        raise BadRequest("body", f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadRequest("body", "expected a JSON object")
    return body


@web.middleware
async def _as_json(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except BadRequest as error:
        return web.json_response({"error": str(error), "field": error.field}, status=error.status)
    except PassedOn as refusal:
        return web.json_response(refusal.answer, status=refusal.status)
    except web.HTTPException as error:
        return web.json_response({"error": f"{error.reason}: GET / lists what there is"}, status=error.status)
    return response
