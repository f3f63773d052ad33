"""Everything that runs: a devnet, and the service on two hosts (process groups of their own, one database).

Whatever dies is started again, as an operator's init system does it.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import requests

from ytsynch import failpoints
from ytsynch.demo.configuration import service_configuration, write_configuration
from ytsynch.devnet.supervisor import free_ports
from ytsynch.orphans import die_with

ROOT = Path(__file__).resolve().parents[2]
MEDIA_CACHE = ROOT / "var" / "test-media"
PARTS = ("control", "google", "youtube", "chain", "query_node", "storage_node", "faucet", "mailbox")
START_SECONDS = 240.0
STOP_SECONDS = 40.0
LEASE = 8.0
QUICK = {
    "youtubePolling": 5,
    "retry": 0.2,
    "wait": 0.5,
    "chain": 0.2,
    "acceptance": 0.3,
    "lease": LEASE,
}
IMPATIENT = {"addressCoolDown": 0.5, "shortestPause": 0, "longestPause": 0.1}
"""Addresses: what kills them here is us, and it is soon over."""

HOSTS = {
    "first": ("--workers", "download=3,creation=2,upload=2"),
    "second": ("--no-web", "--workers", "discovery=1,download=2,creation=1,upload=1,acceptance=1,upkeep=0"),
}


class Program:
    """A `manage.py` command that is kept running; its output goes to one file, whatever its lives."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, environment: dict[str, str]) -> None:
        self.name, self.log = name, log
        self._arguments, self._environment = arguments, environment
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        return self._popen.pid if self._popen is not None and self._popen.poll() is None else None

    def keep_running(self) -> None:
        if self.pid is not None:
            return
        parent = os.getpid()
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "manage.py", *self._arguments],
                cwd=ROOT,
                env=os.environ | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 (no thread of ours runs)
            )

    def stop(self) -> int:
        """Ask it to stop; the exit status."""
        assert self._popen is not None
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
        return self._popen.wait(STOP_SECONDS)

    def offspring(self) -> list[psutil.Process]:
        """Every process below it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if self.pid is not None:
                return psutil.Process(self.pid).children(recursive=True)
        return []


class Town:
    """The processes of one run, in the folder `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failpoints = folder / "failpoints"
        self.failpoints.mkdir(parents=True, exist_ok=True)
        self.config_file = folder / "config.yml"
        ports = free_ports(len(PARTS) + 1)
        self.web = f"http://127.0.0.1:{ports[-1]}"
        self._web_port = ports[-1]
        self.facts: dict[str, Any] = {}
        named = ",".join(f"{part}={port}" for part, port in zip(PARTS, ports, strict=False))
        self._control = f"http://127.0.0.1:{ports[0]}"
        self.devnet = Program(
            "devnet",
            [
                *("devnet", "--folder", str(folder / "devnet"), "--ports", named, "--small"),
                *("--proxies", "5"),
                *("--block-time", "0.3", "--media-cache", str(MEDIA_CACHE)),
            ],
            folder / "devnet.log",
            {},
        )
        self.hosts = [self._host(name, arguments) for name, arguments in HOSTS.items()]

    def start(self) -> None:
        """Returns when everything is up."""
        announcement = self.folder / "devnet" / "devnet.json"
        self.devnet.keep_running()
        self._wait(announcement.exists, "the devnet")
        self.facts = json.loads(announcement.read_text())
        configuration = service_configuration(
            self.facts, port=self._web_port, owner_key="owner", var=self.folder
        )
        configuration["sync"]["intervals"] = QUICK
        configuration["youtube"] |= IMPATIENT | {"proxies": self.facts["proxies"]}
        configuration["joystream"]["eraPeriod"] = 32
        write_configuration(self.config_file, configuration)
        self.hosts[0].keep_running()
        self._wait(self.is_web_up, "the service")

    def keep_running(self) -> None:
        self.devnet.keep_running()
        for host in self.hosts:
            host.keep_running()

    def stop_service(self) -> dict[str, int]:
        """The exit status of each host."""
        return {host.name: host.stop() for host in self.hosts if host.pid is not None}

    def stop(self) -> None:
        for program in [*self.hosts, self.devnet]:
            if program.pid is not None:
                program.stop()

    def is_web_up(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.web}/readyz", timeout=2).status_code == 200
        return False

    def ask(self, path: str, **parameters: Any) -> dict[str, Any] | None:
        """An action of the devnet's control port; None while the devnet is down."""
        try:
            answer = requests.post(f"{self._control}/{path}", json=parameters, timeout=20)
        except requests.RequestException:
            return None
        result: dict[str, Any] = answer.json()
        assert answer.ok or answer.status_code >= 500, f"{path} {parameters}: {result}"
        return result if answer.ok else None

    def chain_state(self) -> dict[str, Any]:
        state: dict[str, Any] = requests.get(f"{self._control}/state", timeout=20).json()["chain"]
        return state

    def catalogue(self) -> list[dict[str, Any]]:
        """YouTube's channels with their videos, each with the end that it must come to."""
        answer = requests.get(f"{self.facts['google']}/_catalogue", timeout=20)
        channels: list[dict[str, Any]] = answer.json()["channels"]
        return channels

    # --- Who is who among the processes
    # ----------------------------------------------------------------------

    def clusters(self) -> list[psutil.Process]:
        """The sentinel of each cluster: a child of a host that has worker, pusher and monitor below it."""
        return [child for child, below in self._children_of_hosts() if below >= 2]

    def webs(self) -> list[psutil.Process]:
        return [child for child, below in self._children_of_hosts() if below == 1]

    def offspring_of_hosts(self) -> set[int]:
        """The process ids of the service, now."""
        return {process.pid for host in self.hosts for process in host.offspring()}

    def joystream(self) -> psutil.Process | None:
        """The devnet's chain, query node and storage nodes."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in self.devnet.offspring():
                if "ytsynch.devnet.joystream_process" in process.cmdline():
                    return process
        return None

    def postmaster(self) -> psutil.Process | None:
        data = self.folder / "postgres" / "data"
        with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
            process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
            return process if str(data) in process.cmdline() else None
        return None

    def _children_of_hosts(self) -> Iterator[tuple[psutil.Process, int]]:
        for host in self.hosts:
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(host.pid).children() if host.pid else ():
                    with contextlib.suppress(psutil.NoSuchProcess):
                        yield child, len(child.children())

    def _host(self, name: str, arguments: Sequence[str]) -> Program:
        environment = {
            "CONFIG_PATH": str(self.config_file),
            failpoints.VARIABLE: str(self.failpoints),
        }
        command = ["up", "--port", str(self._web_port), *arguments]
        return Program(name, command, self.folder / f"{name}.log", environment)

    def _wait(self, ready: Any, what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            assert time.monotonic() < deadline, f"{what} did not start: see the logs in {self.folder}"
            self.devnet.keep_running()
            if self.facts:
                self.hosts[0].keep_running()
            time.sleep(0.1)
