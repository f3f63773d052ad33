"""Starts the two processes of a devnet, says where everything listens, and stops them together."""

import contextlib
import fcntl
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from .config import HOST, DevnetConfig
from .world import COLLABORATOR, PAYER, build_world

NEEDED_BYTES = 500 * 2**20
#: Making the pictures and sounds of the catalogue for the first time takes a while.
START_SECONDS = 300.0
STOP_SECONDS = 10.0


class CannotStart(Exception):
    """The devnet cannot be started here and now; the message says what to do."""


class ChildDied(Exception):
    """One of the two processes ended by itself."""


def run(config: DevnetConfig, say: Callable[[str], None]) -> None:
    """Runs a devnet until SIGINT or SIGTERM. Raises CannotStart, ChildDied."""
    stop = _stop_on_signals()
    with _locked(config.folder), contextlib.ExitStack() as stack:
        check_ports(config)
        check_space(config.state_folder)
        check_seed(config)
        announcement = config.folder / "devnet.json"
        announcement.unlink(missing_ok=True)
        children = [Child(name, command) for name, command in commands(config).items()]
        stack.callback(_stop_all, children)
        if not _wait_until_ready(children, stop):
            return
        facts = describe(config, proxies=children[-1].says["proxies"])
        write_atomically(announcement, json.dumps(facts, indent=2, ensure_ascii=False))
        stack.callback(announcement.unlink, missing_ok=True)
        for line in summary(facts):
            say(line)
        while not stop.wait(0.5):
            for child in children:
                child.check()


def commands(config: DevnetConfig) -> dict[str, list[str]]:
    """Module and arguments of each child process, by its name."""
    youtube = {
        "--google-port": config.ports.google,
        "--youtube-port": config.ports.youtube,
        "--folder": config.folder,
        "--media-cache": config.media_cache,
        "--seed": config.seed,
        "--proxies": config.proxies,
    }
    if config.media:
        youtube["--media"] = config.media
    switches = [
        *(["--in-memory"] if config.in_memory else []),
        *(["--small"] if config.small else []),
    ]
    options = [str(word) for pair in youtube.items() for word in pair]
    return {
        "joystream": ["ytsynch.devnet.joystream_process", config.to_json()],
        "youtube": ["ytsynch.devnet.youtube", *options, *switches],
    }


def describe(config: DevnetConfig, *, proxies: list[str]) -> dict[str, Any]:
    """The content of devnet.json: addresses, secrets and people, all that a client of this world needs."""
    world, ports = build_world(config.seed), config.ports
    return {
        "control": f"http://{HOST}:{ports.control}",
        "google": f"http://{HOST}:{ports.google}",
        "youtube": f"http://{HOST}:{ports.youtube}",
        "proxies": proxies,
        "chain": f"ws://{HOST}:{ports.chain}",
        "query_node": f"http://{HOST}:{ports.query_node}/graphql",
        "storage_node": f"http://{HOST}:{ports.storage_node}",
        "faucet": f"http://{HOST}:{ports.faucet}/register",
        "mailbox": {
            "smtp": f"smtp://{HOST}:{ports.mailbox}",
            "url": f"http://{HOST}:{ports.control}/mailbox",
        },
        "ca_file": str(config.folder / "ca.pem"),
        "youtube_api_key": world.youtube_api_key,
        "google_client_id": world.google_client_id,
        "google_client_secret": world.google_client_secret,
        "faucet_key": world.faucet_key,
        "app": {"name": world.app.name, "account_seed": world.app.account_seed},
        "collaborator": {"member_id": COLLABORATOR.id, "suri": COLLABORATOR.suri},
        "payer": {"member_id": PAYER.id, "suri": PAYER.suri},
        "categories": [asdict(category) for category in world.categories],
        "people": [
            {
                "google_user": person.google_user,
                "youtube_channel_id": person.youtube_channel_id,
                "handle": person.handle,
                "title": person.title,
                "joystream_member_id": person.joystream_member_id,
                "joystream_channel_id": person.joystream_channel_id,
                "suri": person.suri,
            }
            for person in world.people
        ],
    }


def summary(facts: dict[str, Any]) -> Iterator[str]:
    parts = ("control", "google", "youtube", "chain", "query_node", "storage_node", "faucet")
    yield from (f"{part:<13} {facts[part]}" for part in parts)
    yield f"{'mailbox':<13} {facts['mailbox']['url']}, {facts['mailbox']['smtp']}"


def check_ports(config: DevnetConfig) -> None:
    """Raises CannotStart for the first port that somebody else holds."""
    for part, port in asdict(config.ports).items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CannotStart(
                    f"port {port} is taken ({part}): choose another with --ports {part}=…"
                ) from error


def check_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise CannotStart(
            f"only {free // 2**20} MB are free in {folder}: the devnet needs {NEEDED_BYTES // 2**20} MB, "
            "choose another place with --folder"
        )


def check_seed(config: DevnetConfig) -> None:
    """A folder belongs to the seed that it began with: keys and ids in it come from there."""
    note = config.state_folder / "seed"
    if not note.exists():
        note.write_text(str(config.seed))
    elif (first := note.read_text()) != str(config.seed):
        raise CannotStart(
            f"{config.folder} holds the world of --seed {first}: take that, or another --folder"
        )


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


@contextlib.contextmanager
def state_folder(folder: Path, *, in_memory: bool) -> Iterator[Path]:
    """Where the state lives: the folder, or one that is thrown away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"the folder {folder} cannot be made: {error.strerror}") from error
    if not in_memory:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="devnet-") as temporary:
        yield Path(temporary)


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_suffix(".part")
    temporary.write_text(text)
    temporary.replace(path)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask(_signum: int, _frame: FrameType | None) -> None:
        stop.set()

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, ask)
    return stop


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keeps a second devnet out of the folder."""
    with (folder / "devnet.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                f"another devnet runs in {folder}: choose another place with --folder"
            ) from error
        yield


class Child:
    """A process of the devnet. `says` is what its first line of output says: it is ready."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.says: dict[str, Any] = {}
        self.is_ready = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ytsynch.devnet.child", *command],
            stdin=subprocess.PIPE,  # its end is how the child learns that we are gone
            stdout=subprocess.PIPE,
            start_new_session=True,  # a terminal's Ctrl-C reaches the parent alone
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def check(self) -> None:
        """Raises CannotStart or ChildDied when it has ended."""
        if (status := self.process.poll()) is None:
            return
        how = f"signal {-status}" if status < 0 else f"status {status}"
        trouble = ChildDied if self.is_ready.is_set() else CannotStart
        raise trouble(f"the {self.name} process ended by itself ({how}); its own words are above")

    def stop(self, deadline: float) -> None:
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            if not self.is_ready.is_set():
                self.says = json.loads(line)
                self.is_ready.set()


def _wait_until_ready(children: list[Child], stop: threading.Event) -> bool:
    """False when it was asked to stop before."""
    deadline = time.monotonic() + START_SECONDS
    while waiting := [child for child in children if not child.is_ready.is_set()]:
        for child in children:
            child.check()
        if time.monotonic() > deadline:
            names = ", ".join(child.name for child in waiting)
            raise CannotStart(f"{names}: not ready within {START_SECONDS:.0f} s")
        if stop.wait(0.1):
            return False
    return True


def _stop_all(children: list[Child]) -> None:
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(deadline)
