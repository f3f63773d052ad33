"""A real devnet for tests: `manage.py devnet` as a process of its own, on free ports, in a folder of its own.

    with running_devnet(tmp_path) as devnet:
        devnet.do("chain/stall-finality")
        devnet.person("@oddsignals").joystream_channel_id

The fixture `devnet` is one devnet for a whole session; it is reset (every fault off) before each test that
asks for it. A test that changes the world for good starts its own.
"""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0
STOP_SECONDS = 30.0
#: The catalogue's pictures and sounds are the same for all tests: made once.
MEDIA_CACHE = ROOT / "var" / "test-media"

T = TypeVar("T")


class ControlRefused(Exception):
    """The control port refused; `answer` is its JSON."""

    def __init__(self, status: int, answer: Any) -> None:
        super().__init__(f"{status}: {answer}")
        self.status = status
        self.answer = answer


@dataclass(frozen=True)
class Person:
    google_user: str
    youtube_channel_id: str
    handle: str
    title: str
    joystream_member_id: int
    joystream_channel_id: int
    suri: str


@dataclass(frozen=True)
class Devnet:
    """The facts of devnet.json, and its control port as methods."""

    folder: Path
    process: "subprocess.Popen[str]"
    control: str
    google: str
    youtube: str
    proxies: list[str]
    chain: str
    query_node: str
    storage_node: str
    faucet: str
    mailbox: dict[str, str]
    ca_file: str
    youtube_api_key: str
    google_client_id: str
    google_client_secret: str
    faucet_key: str
    app: dict[str, str]
    collaborator: dict[str, Any]
    payer: dict[str, Any]
    categories: list[dict[str, str]]
    people: tuple[Person, ...]

    def person(self, handle: str) -> Person:
        return next(person for person in self.people if person.handle == handle)

    def do(self, path: str, **parameters: Any) -> Any:
        """One action of the control port, e.g. `do("chain/drop-blocks", count=2)`. Raises ControlRefused."""
        response = requests.post(f"{self.control}/{path}", json=parameters, timeout=60)
        if not response.ok:
            raise ControlRefused(response.status_code, response.json())
        return response.json()

    def state(self) -> dict[str, Any]:
        response = requests.get(f"{self.control}/state", timeout=60)
        response.raise_for_status()
        state: dict[str, Any] = response.json()
        return state

    def reset(self) -> None:
        self.do("reset")

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL query to the query node."""
        response = requests.post(self.query_node, json={"query": query, "variables": variables}, timeout=60)
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def wait_for_blocks(self, count: int = 1) -> None:
        """Until the chain is `count` blocks further."""
        goal = self.state()["chain"]["best"]["number"] + count
        wait_until(lambda: self.state()["chain"]["best"]["number"] >= goal, what=f"block {goal}")


def wait_until(question: Callable[[], T], *, seconds: float = 30.0, what: str = "it") -> T:
    """The first true answer of `question`, asked every 50 ms; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)
    return answer


@contextlib.contextmanager
def running_devnet(
    folder: Path,
    *,
    block_time: float = 0.3,
    finality_lag: int = 2,
    small: bool = True,
    media: Path | None = None,
    extra: tuple[str, ...] = (),
) -> Iterator[Devnet]:
    """A devnet in `folder` until the block ends; a folder that was used before goes on from its state."""
    command = [
        *(sys.executable, str(ROOT / "manage.py"), "devnet"),
        *("--folder", str(folder), "--ports", ",".join(f"{part}=0" for part in _PORTS)),
        *("--block-time", str(block_time), "--finality-lag", str(finality_lag)),
        *("--media-cache", str(MEDIA_CACHE)),
        *(["--small"] if small else []),
        *(["--media", str(media)] if media else []),
        *extra,
    ]
    log = folder / "devnet.log"
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, text=True, cwd=ROOT)
    try:
        yield _facts(folder, process, log)
    finally:
        stop(process)


def stop(process: "subprocess.Popen[str]", by: signal.Signals = signal.SIGTERM) -> int:
    """Ends a devnet and gives its exit status."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


@pytest.fixture(scope="session")
def session_devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet")) as devnet:
        yield devnet


@pytest.fixture
def devnet(session_devnet: Devnet) -> Devnet:
    session_devnet.reset()
    return session_devnet


_PORTS = ("control", "google", "youtube", "chain", "query_node", "storage_node", "faucet", "mailbox")


def _facts(folder: Path, process: "subprocess.Popen[str]", log: Path) -> Devnet:
    announcement = folder / "devnet.json"
    deadline = time.monotonic() + START_SECONDS
    while not announcement.exists():
        assert process.poll() is None, f"the devnet did not start:\n{log.read_text()}"
        assert time.monotonic() < deadline, f"no devnet after {START_SECONDS} s:\n{log.read_text()}"
        time.sleep(0.05)
    facts = json.loads(announcement.read_text())
    people = tuple(Person(**person) for person in facts.pop("people"))
    return Devnet(folder=folder, process=process, people=people, **facts)
