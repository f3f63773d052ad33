"""The graphql-transport-ws protocol (github.com/enisdenjo/graphql-ws, PROTOCOL.md), server side."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Protocol

from aiohttp import WSMsgType, web
from graphql import ExecutionResult, OperationDefinitionNode, OperationType, get_operation_ast, parse
from graphql.error import GraphQLError


class Executor(Protocol):
    async def execute(
        self, query: str, variables: dict[str, Any] | None, operation: str | None
    ) -> ExecutionResult: ...

    async def stream(
        self, query: str, variables: dict[str, Any] | None, operation: str | None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult: ...


class ProtocolViolation(Exception):
    """The client broke the protocol; the socket is closed with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class GraphQLTransport:
    """One client's socket: any number of operations at a time, each under the id that the client chose."""

    def __init__(self, executor: Executor, socket: web.WebSocketResponse) -> None:
        self._executor = executor
        self._socket = socket
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._is_acknowledged = False

    async def run(self) -> None:
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._receive(message.data)
        except ProtocolViolation as violation:
            await self._socket.close(code=violation.code, message=str(violation).encode())
        finally:
            for task in self._operations.values():
                task.cancel()

    async def _receive(self, text: str) -> None:
        try:
            message = json.loads(text)
            kind = message["type"]
        except (ValueError, TypeError, KeyError) as error:
            raise ProtocolViolation(4400, "Invalid message received") from error
        if kind == "connection_init":
            if self._is_acknowledged:
                raise ProtocolViolation(4429, "Too many initialisation requests")
            self._is_acknowledged = True
            await self._send({"type": "connection_ack"})
        elif kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "subscribe":
            self._begin(message)
        elif kind == "complete":
            if task := self._operations.pop(message.get("id"), None):
                task.cancel()
        elif kind != "pong":
            raise ProtocolViolation(4400, f"Invalid message type {kind}")

    def _begin(self, message: dict[str, Any]) -> None:
        operation_id, payload = message.get("id"), message.get("payload")
        if not self._is_acknowledged:
            raise ProtocolViolation(4401, "Unauthorized")
        if not isinstance(operation_id, str) or not isinstance(payload, dict) or "query" not in payload:
            raise ProtocolViolation(4400, "Invalid subscribe message")
        if operation_id in self._operations:
            raise ProtocolViolation(4409, f"Subscriber for {operation_id} already exists")
        self._operations[operation_id] = asyncio.create_task(self._operate(operation_id, payload))

    async def _operate(self, operation_id: str, payload: dict[str, Any]) -> None:
        arguments = (payload["query"], payload.get("variables"), payload.get("operationName"))
        if _is_subscription(arguments[0], arguments[2]):
            results = await self._executor.stream(*arguments)
        else:
            results = await self._executor.execute(*arguments)
        try:
            if isinstance(results, ExecutionResult):
                await self._answer(operation_id, results)
            else:
                async for result in results:
                    await self._send({"id": operation_id, "type": "next", "payload": result.formatted})
                await self._send({"id": operation_id, "type": "complete"})
        except ConnectionResetError:
            return  # the client is gone, and `run` ends with it
        finally:
            self._operations.pop(operation_id, None)

    async def _answer(self, operation_id: str, result: ExecutionResult) -> None:
        if result.data is None and result.errors:
            errors = [error.formatted for error in result.errors]
            await self._send({"id": operation_id, "type": "error", "payload": errors})
            return
        await self._send({"id": operation_id, "type": "next", "payload": result.formatted})
        await self._send({"id": operation_id, "type": "complete"})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_str(json.dumps(message))


def _is_subscription(query: str, operation_name: str | None) -> bool:
    try:
        operation = get_operation_ast(parse(query), operation_name)
    except GraphQLError:
        return False
    return (
        isinstance(operation, OperationDefinitionNode) and operation.operation is OperationType.SUBSCRIPTION
    )
