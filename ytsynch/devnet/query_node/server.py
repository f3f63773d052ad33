"""The query node's port: GraphQL over HTTP and WebSocket (graphql-transport-ws), and a page for people."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, cast

from aiohttp import web
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    graphql,
    parse,
    subscribe,
    validate,
)

from .fields import field_value, type_name
from .filters import matches, ordered
from .indexer import Indexer
from .rows import (
    App,
    Channel,
    Event,
    Membership,
    Row,
    StorageBag,
    StorageBucket,
    StorageDataObject,
    Video,
    VideoCategory,
    VideoSubtitle,
)
from .schema import ENTITIES, build_schema
from .transport import GraphQLTransport

_ROW_CLASSES: dict[str, type[Row]] = {
    kind.__name__: kind
    for kind in (
        App,
        Channel,
        Event,
        Membership,
        StorageBag,
        StorageBucket,
        StorageDataObject,
        Video,
        VideoCategory,
        VideoSubtitle,
    )
}


@dataclass
class QueryNodeFaults:
    """Faults of the port; those of indexing belong to the `Indexer`."""

    unavailable: bool = False  # every request is answered 503
    cut: bool = False  # every request loses its connection
    graphql_error: str | None = None  # every query is answered with this error
    delay: float = 0.0  # seconds before each answer


class QueryNode:
    """The GraphQL face of an indexer."""

    def __init__(self, indexer: Indexer) -> None:
        self.faults = QueryNodeFaults()
        self._indexer = indexer
        self._schema = _executable_schema(indexer)
        self._sockets: set[asyncio.Transport] = set()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._suffer])
        app.add_routes([web.post("/graphql", self._post), web.get("/graphql", self._get)])
        return app

    def cut_sockets(self) -> None:
        """Cuts every open WebSocket without a word."""
        for transport in self._sockets:
            transport.abort()

    async def execute(
        self, query: str, variables: dict[str, Any] | None, operation: str | None
    ) -> ExecutionResult:
        if self.faults.graphql_error:
            return ExecutionResult(errors=[GraphQLError(self.faults.graphql_error)])
        return await graphql(self._schema, query, variable_values=variables, operation_name=operation)

    async def stream(
        self, query: str, variables: dict[str, Any] | None, operation: str | None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        """The results of a subscription, or the one result that says why it could not begin."""
        try:
            document = parse(query)
        except GraphQLError as error:
            return ExecutionResult(errors=[error])
        if errors := validate(self._schema, document):
            return ExecutionResult(errors=errors)
        result = subscribe(self._schema, document, variable_values=variables, operation_name=operation)
        return await result if isinstance(result, Awaitable) else result

    @web.middleware
    async def _suffer(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        if self.faults.cut and request.transport:
            request.transport.abort()
        if self.faults.unavailable:
            return web.Response(status=503, text="Service Unavailable")
        return await handler(request)

    async def _post(self, request: web.Request) -> web.Response:
        try:
            body = await request.json()
            query, variables, operation = _request_parts(body)
        except ValueError as error:
            return web.json_response({"errors": [{"message": str(error)}]}, status=400)
        result = await self.execute(query, variables, operation)
        return web.json_response(result.formatted)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._serve_socket(request)
        return web.Response(text=self._page(), content_type="text/html")

    async def _serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        if (transport := request.transport) is None:
            return socket  # the client has gone already
        self._sockets.add(transport)
        try:
            await GraphQLTransport(self, socket).run()
        finally:
            self._sockets.discard(transport)
        return socket

    def _page(self) -> str:
        indexer = self._indexer
        counts = "".join(
            f"<tr><td>{escape(many)}</td><td>{len(indexer.store.all(_ROW_CLASSES[name]))}</td></tr>"
            for name, (_, many) in ENTITIES.items()
        )
        return _PAGE.format(last=indexer.last_processed, head=indexer.chain_head, counts=counts)


def _request_parts(body: Any) -> tuple[str, dict[str, Any] | None, str | None]:
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise ValueError("the body must be a JSON object with a text «query»")
    variables, operation = body.get("variables"), body.get("operationName")
    if variables is not None and not isinstance(variables, dict):
        raise ValueError("«variables» must be an object")
    if operation is not None and not isinstance(operation, str):
        raise ValueError("«operationName» must be text")
    return body["query"], variables, operation


def _executable_schema(indexer: Indexer) -> GraphQLSchema:
    schema = build_schema()
    store = indexer.store
    for name in ("BigInt", "DateTime"):
        scalar = cast("GraphQLScalarType", schema.type_map[name])
        scalar.coerce_output_value = str if name == "BigInt" else _serialize_time
        scalar.coerce_input_value = int if name == "BigInt" else _parse_time

    def resolve(row: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return field_value(store, row, info.field_name)

    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in ("Query", "Subscription", "Counted", "ProcessorState"):
            continue
        for field in getattr(kind, "fields", {}).values():
            if hasattr(field, "resolve"):
                field.resolve = resolve
        if hasattr(kind, "resolve_type"):
            kind.resolve_type = lambda row, *_: type_name(row)
    _attach_root(schema, indexer)
    return schema


def _attach_root(schema: GraphQLSchema, indexer: Indexer) -> None:
    store = indexer.store
    root = cast("GraphQLObjectType", schema.query_type).fields

    def select(kind: type[Row], where: Any, order_by: Any) -> list[Any]:
        return ordered(store, [row for row in store.all(kind) if matches(store, row, where)], order_by)

    def attach(name: str, kind: type[Row]) -> None:
        one, many = ENTITIES[name]
        root[f"{one}ById"].resolve = lambda _, info, id: store.get(kind, id)
        root[f"{one}ByUniqueInput"].resolve = lambda _, info, where: store.get(kind, where["id"])
        root[many].resolve = lambda _, info, where=None, orderBy=None, limit=None, offset=None: _page_of(
            select(kind, where, orderBy), limit, offset
        )
        root[f"{many}Connection"].resolve = lambda _, info, where=None, orderBy=None: {
            "totalCount": len(select(kind, where, None))
        }

    for name in ENTITIES:
        attach(name, _ROW_CLASSES[name])

    async def states(*_: Any) -> AsyncIterator[dict[str, int]]:
        async for last, head in indexer.states():
            yield {"lastProcessedBlock": last, "chainHead": head}

    root["processorState"].resolve = lambda *_: {
        "lastProcessedBlock": indexer.last_processed,
        "chainHead": indexer.chain_head,
    }
    field = cast("GraphQLObjectType", schema.subscription_type).fields["processorState"]
    field.subscribe = states
    field.resolve = lambda state, info: state


def _page_of(rows: list[Any], limit: int | None, offset: int | None) -> list[Any]:
    start = offset or 0
    return rows[start:] if limit is None else rows[start : start + limit]


def _serialize_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _parse_time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Devnet query node</title>
<style>body{{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}}
textarea{{width:100%;height:9rem;font:14px monospace}}pre{{background:#8882;padding:1rem;overflow:auto}}
td{{padding-right:2rem}}</style>
<h1>Devnet query node</h1><p>Block {last} of {head} indexed. POST GraphQL here, or try it:</p>
<textarea id="q" aria-label="Query">{{ videos(limit: 10, orderBy: createdAt_DESC) {{
  id title ytVideoId channel {{ id title }} media {{ id isAccepted }} }} }}</textarea>
<p><button id="run">Run</button></p><pre id="out" aria-live="polite"></pre><table>{counts}</table>
<script>document.getElementById("run").onclick = async () => {{
  const answer = await fetch("/graphql", {{method: "POST", headers: {{"Content-Type": "application/json"}},
    body: JSON.stringify({{query: document.getElementById("q").value}})}});
  document.getElementById("out").textContent = JSON.stringify(await answer.json(), null, 2);
}};</script></html>"""
