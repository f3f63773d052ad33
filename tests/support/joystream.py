"""The devnet's Joystream inside the test's process: real sockets, blocks when the test asks for them.

`running_joystream` serves chain, query node, storage nodes, faucet and control port from a thread with its
own event loop. Everything that touches the chain runs in that loop: `seal`, `submit`, `in_loop`.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import requests

from ytsynch.devnet.config import HOST, DevnetConfig, Ports
from ytsynch.devnet.joystream_process import Joystream, build, listening
from ytsynch.devnet.supervisor import free_ports

T = TypeVar("T")


@dataclass(frozen=True)
class RunningJoystream:
    joystream: Joystream
    config: DevnetConfig
    loop: asyncio.AbstractEventLoop

    @property
    def query_node(self) -> str:
        return f"http://{HOST}:{self.config.ports.query_node}/graphql"

    @property
    def storage_node(self) -> str:
        return f"http://{HOST}:{self.config.ports.storage_node}/api/v1"

    @property
    def faucet(self) -> str:
        return f"http://{HOST}:{self.config.ports.faucet}/register"

    @property
    def control(self) -> str:
        return f"http://{HOST}:{self.config.ports.control}"

    @property
    def chain(self) -> str:
        return f"ws://{HOST}:{self.config.ports.chain}"

    def in_loop(self, act: Callable[[], T]) -> T:
        """`act()`, done in the event loop's thread."""
        result: Future[T] = Future()

        def run() -> None:
            try:
                result.set_result(act())
            except Exception as error:
                result.set_exception(error)

        self.loop.call_soon_threadsafe(run)
        return result.result(30)

    def seal(self, count: int = 1) -> None:
        """So many blocks at once."""
        for _ in range(count):
            self.in_loop(self.joystream.chain.seal)

    def submit(self, suri: str, call: Mapping[str, Any]) -> None:
        """A call signed by a person of the world, in the next block."""
        self.in_loop(lambda: self.joystream.chain.submit_as(suri, call))

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL query; its errors fail the test."""
        response = requests.post(self.query_node, json={"query": query, "variables": variables}, timeout=30)
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def control_action(self, path: str, **parameters: Any) -> requests.Response:
        return requests.post(f"{self.control}/{path}", json=parameters, timeout=30)


@contextlib.contextmanager
def running_joystream(folder: Path, **options: Any) -> Iterator[RunningJoystream]:
    """`options` are fields of DevnetConfig; by default nothing is kept and best blocks are followed."""
    settings: dict[str, Any] = {"in_memory": True, "query_node_follows": "best"} | options
    config = DevnetConfig(
        folder=folder,
        state_folder=folder,
        media_cache=folder,
        ports=Ports(*free_ports(len(fields(Ports)))),
        **settings,
    )
    loop = asyncio.new_event_loop()
    started: Future[Joystream] = Future()
    stopped = asyncio.Event()

    async def serve() -> None:
        try:
            joystream = build(config)
            async with listening(joystream, config):
                started.set_result(joystream)
                await stopped.wait()
            joystream.chain.close()
        except Exception as error:
            started.set_exception(error)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        yield RunningJoystream(started.result(60), config, loop)
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(30)
        loop.close()
