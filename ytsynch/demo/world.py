"""The processes of the demo: a devnet, and the service on top of it. They end with the demo, however it ends."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ytsynch.demo.configuration import service_configuration, write_configuration, write_secret
from ytsynch.orphans import die_with

START_SECONDS = 300.0
STOP_SECONDS = 30.0
DEVNET_PORTS = range(19700, 19708)
PARTS = ("control", "google", "youtube", "chain", "query_node", "storage_node", "faucet", "mailbox")


class CannotStart(Exception):
    """A part of the demo did not start; the message is what it said itself."""


class Process:
    """A `manage.py` command of ours in the background, its output in a file."""

    def __init__(
        self, name: str, arguments: Sequence[str], *, log: Path, environment: dict[str, str]
    ) -> None:
        self.name, self.log = name, log
        parent = os.getpid()
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a terminal's Ctrl-C reaches the demo alone, which stops the others in order
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 (no thread of ours runs yet)
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def check(self) -> None:
        """Raises `CannotStart` if the process has ended."""
        if self._popen.poll() is not None:
            said = self.log.read_text(errors="replace").strip().splitlines()[-3:]
            raise CannotStart(
                f"{self.name} ended (status {self._popen.returncode}): {' / '.join(said) or 'no word'}"
            )

    def stop(self) -> None:
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
            try:
                self._popen.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._popen.pid, signal.SIGKILL)


class World:
    """Everything that runs for the demo, in the folder `var`."""

    def __init__(self, var: Path, *, port: int | None, media: Path | None) -> None:
        self.var = var
        self.port = port or free_port(8000)
        self.media = media
        self.owner_key = _kept_secret(var / "demo-owner-key")
        self.devnet: dict[str, Any] = {}
        self._processes: list[Process] = []

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_devnet(self) -> None:
        """Raises `CannotStart`."""
        folder = self.var / "devnet"
        (folder / "devnet.json").unlink(missing_ok=True)
        arguments = ["devnet", "--folder", str(folder), "--ports", _devnet_ports()]
        if self.media:
            arguments += ["--media", str(self.media)]
        process = self._start("devnet", arguments, {})
        _wait(process, (folder / "devnet.json").exists)
        self.devnet = json.loads((folder / "devnet.json").read_text())

    def complaints(self) -> list[str]:
        """What the devnet could not take, such as a video file that cannot be read."""
        lines = (self.var / "devnet.log").read_text(errors="replace").splitlines()
        return [line for line in lines if " is left out: " in line]

    def start_service(self, *, downloads: int) -> None:
        """Raises `CannotStart`."""
        path = self.var / "demo-config.yml"
        configuration = service_configuration(
            self.devnet, port=self.port, owner_key=self.owner_key, var=self.var
        )
        # where the devnet's hub can reach it: without a public address there is no push
        configuration["httpApi"]["publicUrl"] = self.web
        write_configuration(path, configuration)
        arguments = ["up", "--port", str(self.port), "--workers", f"download={downloads}"]
        process = self._start(
            "service", arguments, {"CONFIG_PATH": str(path), "EMAIL_URL": self.devnet["mailbox"]["smtp"]}
        )
        _wait(process, lambda: _answers(f"{self.web}/readyz"))

    def check(self) -> None:
        for process in self._processes:
            process.check()

    @property
    def service_pid(self) -> int:
        return self._processes[-1].pid

    def stop(self) -> None:
        """The service first: it may have something to say to the devnet while it stops."""
        while self._processes:
            self._processes.pop().stop()

    def _start(self, name: str, arguments: Sequence[str], environment: dict[str, str]) -> Process:
        process = Process(name, arguments, log=self.var / f"{name}.log", environment=environment)
        self._processes.append(process)
        return process


def _wait(process: Process, ready: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        process.check()
        if time.monotonic() > deadline:
            raise CannotStart(f"{process.name} was not ready within {START_SECONDS:.0f} s; see {process.log}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 (an address of our own)
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _devnet_ports() -> str:
    """The usual ports, each replaced by any free one (0) where somebody else has it."""
    ports = zip(PARTS, DEVNET_PORTS, strict=True)
    return ",".join(f"{part}={port if _is_free(port) else 0}" for part, port in ports)


def free_port(first: int) -> int:
    """The first free port from there on."""
    return next(port for port in range(first, first + 100) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _kept_secret(path: Path) -> str:
    """A random secret, the same in every run in this folder."""
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(24))
    return path.read_text()
