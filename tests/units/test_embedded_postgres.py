"""The embedded PostgreSQL server: there when somebody connects, gone when nobody does, whoever dies how."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ytsynch import embedded_postgres
from ytsynch.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

ROOT = Path(__file__).resolve().parent.parent.parent

# Connects by Django's engine, says so, and waits for a line before it ends.
USER = """
import sys
from pathlib import Path
import django
from django.conf import settings
settings.configure(DATABASES={"default": {
    "ENGINE": "ytsynch.db.embedded", "NAME": "ytsynch", "FOLDER": Path(sys.argv[1])}})
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT 40 + 2")
    print(*cursor.fetchone(), flush=True)
for line in sys.stdin:
    if line == "again\\n":
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            print(*cursor.fetchone(), flush=True)
    else:
        break
"""


class User:
    """A process that uses the server."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def said(self):
        return self.stdout.readline().strip()

    def ask_again(self):
        self.stdin.write("again\n")
        self.stdin.flush()
        return self.said()

    def leave(self):
        self.stdin.close()
        return self.process.wait(30)


@pytest.fixture
def folder(tmp_path):
    """A folder for a server. Nothing of it may run after the test."""
    folder = tmp_path / "postgres"
    yield folder
    wait_until(lambda: processes_of(folder) == [])


@pytest.fixture
def use(folder):
    users = []

    def start():
        users.append(User(folder))
        return users[-1]

    yield start
    for user in users:
        user.process.kill()
        user.process.wait()


def processes_of(folder):
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(folder) in line and ("embedded_postgres" in line or "postgres -D" in line):
            found.append(process.pid)
    return found


def server_of(folder):
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def keeper_of(folder):
    return psutil.Process(server_of(folder)).ppid()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def test_the_first_connection_starts_the_server_and_the_last_user_stops_it_before_it_ends(use, folder):
    user = use()
    assert user.said() == "42"
    assert len(processes_of(folder)) >= 2
    assert user.leave() == 0
    assert not EmbeddedPostgres(folder).ready()
    wait_until(lambda: processes_of(folder) == [])


def test_many_processes_at_once_share_one_server(use, folder):
    users = [use() for _ in range(5)]
    assert [user.said() for user in users] == ["42"] * 5
    server = server_of(folder)
    for user in users[:4]:
        user.leave()
    assert users[4].ask_again() == "1"
    assert server_of(folder) == server


def test_a_server_that_was_killed_is_started_again_by_the_next_connection(use, folder):
    user = use()
    assert user.said() == "42"
    killed = server_of(folder)
    os.kill(killed, signal.SIGKILL)
    assert user.ask_again() == "1"
    assert server_of(folder) != killed


def test_a_server_whose_keeper_was_killed_shuts_down_and_is_started_again(use, folder):
    user = use()
    assert user.said() == "42"
    killed = server_of(folder)
    os.kill(keeper_of(folder), signal.SIGKILL)
    wait_until(
        lambda: not psutil.pid_exists(killed) or psutil.Process(killed).status() == psutil.STATUS_ZOMBIE
    )
    assert user.ask_again() == "1"


def test_users_that_are_killed_leave_no_server_behind(use, folder):
    users = [use(), use()]
    assert [user.said() for user in users] == ["42", "42"]
    for user in users:
        user.process.kill()
    wait_until(lambda: processes_of(folder) == [])
    assert not EmbeddedPostgres(folder).ready()


def test_data_survive_and_the_next_start_finds_them(use, folder):
    use().leave()
    assert use().said() == "42"


def test_a_pid_file_that_names_a_stranger_does_not_keep_the_server_from_starting(use, folder):
    use().leave()
    (folder / "data" / "postmaster.pid").write_text(
        f"{os.getpid()}\n/elsewhere\n0\n5432\n/tmp\n\n0 0\nready\n"
    )
    assert use().said() == "42"


def test_a_path_too_long_for_a_socket_is_no_trouble(tmp_path):
    folder = tmp_path / ("x" * 60) / ("y" * 60)
    user = User(folder)
    assert user.said() == "42"
    assert user.leave() == 0
    assert EmbeddedPostgres(folder).socket_folder.parent != folder


def test_a_full_disk_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "_SPACE_FOR_A_NEW_ONE", 10**18)
    with pytest.raises(EmbeddedPostgresError, match=r"MB of disk space left for .*postgres, \d+ MB needed$"):
        EmbeddedPostgres(tmp_path / "postgres").start()


def test_a_server_that_does_not_start_is_told_by_the_words_of_its_log(use, folder):
    use().leave()
    (folder / "data" / "postgresql.conf").write_text("max_connections = many\n")
    with pytest.raises(EmbeddedPostgresError, match=r"cannot start: .*many.* \(more in .*log\)$"):
        EmbeddedPostgres(folder).start()


def test_a_command_says_in_one_line_that_the_server_cannot_start(tmp_path):
    (tmp_path / "postgres").write_text("a file where a folder is needed")
    ran = subprocess.run(
        [sys.executable, ROOT / "manage.py", "showmigrations"],
        env={**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [
        f"the embedded PostgreSQL cannot start: {tmp_path}/postgres: File exists"
    ]
