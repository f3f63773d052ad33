"""Clusters and their supervisor, as processes: what they do when something kills, hangs or stops them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from videos.states import Stage
from ytsynch.clusters import bell

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIGURED = {
    "YT_SYNCH__YOUTUBE__CLIENT_ID": "id",
    "YT_SYNCH__YOUTUBE__CLIENT_SECRET": "hush",
    "YT_SYNCH__YOUTUBE__API_KEY": "hush",
    "YT_SYNCH__JOYSTREAM__APP__NAME": "gateway",
    "YT_SYNCH__JOYSTREAM__APP__ACCOUNT_SEED": "hush",
    "YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__MEMBER_ID": "10",
    "YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": '[{"suri": "//Alice"}]',
}


class Service:
    """A `manage.py` command in a process of its own, with a database of its own."""

    def __init__(self, folder, *arguments, **environ):
        self.folder = folder
        self.log = (folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.units.stage_program", *arguments],
            cwd=ROOT,
            env=environment(folder) | environ,
            stdout=self.log,
            stderr=self.log,
        )

    def notes(self, stage="upload"):
        """Pids of the workers that ran the stage's task, in order."""
        file = self.folder / stage
        return [int(line) for line in file.read_text().splitlines()] if file.exists() else []

    def events(self):
        lines = (self.folder / "log").read_text().splitlines()
        return [json.loads(line)["event"] for line in lines if line.startswith("{")]

    def family(self):
        return psutil.Process(self.process.pid).children(recursive=True)


def environment(folder):
    return {
        **os.environ,
        **CONFIGURED,
        "VAR_DIR": str(folder / "var"),
        "YT_SYNCH__SYNC__DOWNLOADS_DIR": str(folder / "downloads"),
        "YT_SYNCH__SYNC__MEDIA_DIR": str(folder / "media"),
        "NOTES": str(folder),
        "DATABASE_URL": "",
    }


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A folder with a migrated database; each test's processes use it one after the other."""
    folder = tmp_path_factory.mktemp("service")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        timeout=120,
    )
    return folder


@pytest.fixture
def start(migrated):
    services = []
    for leftover in (*migrated.glob("*load*"), *migrated.glob("[lsd]*")):
        if leftover.is_file():
            leftover.unlink()

    def start(*arguments, **environ):
        services.append(Service(migrated, *arguments, **environ))
        return services[-1]

    yield start
    for service in services:
        family = service.family() if service.process.poll() is None else []
        service.process.kill()
        service.process.wait()
        service.log.close()
        _, alive = psutil.wait_procs(family, timeout=30)
        assert alive == []


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_every_stage_of_the_pipeline_has_a_cluster(settings):
    assert set(settings.STAGES) == {*Stage.values, "upkeep"}


def test_an_idle_cluster_rings_its_own_bell(start):
    service = start("cluster", "upload")
    wait_until(lambda: len(service.notes()) >= 2)
    assert len(set(service.notes())) == 1


def test_a_worker_killed_while_it_is_idle_is_replaced_and_the_stage_goes_on(start):
    service = start("cluster", "upload")
    wait_until(service.notes)
    worker = service.notes()[0]
    time.sleep(0.5)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: service.notes()[-1] != worker)
    assert "cluster.process_killed" in service.events()


def test_a_worker_killed_at_work_is_replaced_and_the_stage_goes_on(start, migrated):
    (migrated / "long").touch()
    service = start("cluster", "upload")
    wait_until(service.notes)
    os.kill(service.notes()[0], signal.SIGKILL)
    wait_until(lambda: len(service.notes()) >= 2)
    assert service.notes()[-1] != service.notes()[0]


@pytest.mark.parametrize("hung", ["sentinel", "worker"])
def test_a_cluster_that_hangs_is_replaced(start, hung):
    service = start("cluster", "upload", STALE_SECONDS="3")
    wait_until(service.notes)
    time.sleep(0.5)
    worker = psutil.Process(service.notes()[-1])
    sentinel = psutil.Process(worker.ppid())
    os.kill(sentinel.pid if hung == "sentinel" else worker.pid, signal.SIGSTOP)
    wait_until(lambda: service.notes()[-1] != worker.pid, 60)
    assert "process.hangs" in service.events()
    _, alive = psutil.wait_procs([sentinel, worker], timeout=5)
    assert alive == []


def test_a_stop_reaches_the_running_task_and_waits_for_its_end(start, migrated):
    (migrated / "long").touch()
    service = start("cluster", "upload")
    wait_until(service.notes)
    service.process.terminate()
    assert service.process.wait(15) == 0
    assert (migrated / "stopped").exists()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_up_serves_and_works_and_stops_without_leaving_a_process(start, signum):
    port = free_port()
    service = start("up", "--port", str(port), "--workers", "upload=2,acceptance=0")
    wait_until(lambda: answer(port, "/readyz") == {"status": "ok"})
    wait_until(lambda: service.notes("upload") and service.notes("download"))
    assert answer(port, "/healthz") == {"status": "ok"}
    family = service.family()
    assert service.events().count("cluster.started") == 6

    service.process.send_signal(signum)

    assert service.process.wait(30) == 0
    assert [process for process in family if process.is_running() and process.status() != "zombie"] == []


def test_up_killed_leaves_no_process_behind(start):
    service = start("up", "--no-web")
    wait_until(service.notes)
    family = service.family()
    service.process.kill()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_a_sentinel_that_waits_for_a_dead_workers_lock_ends_when_its_supervisor_was_killed_too(
    start, migrated
):
    (migrated / "last_wish").touch()
    service = start("cluster", "upload")
    wait_until(service.notes)
    family = service.family()
    worker = psutil.Process(service.notes()[0])
    wait_until(lambda: worker.status() == psutil.STATUS_ZOMBIE)
    time.sleep(2)  # several rounds of its sentinel, which now waits for the lock and does not bury it
    assert worker.status() == psutil.STATUS_ZOMBIE
    service.process.kill()
    _, alive = psutil.wait_procs(family, timeout=40)
    assert alive == []


def test_only_the_web_holds_the_port_so_that_no_surviving_worker_keeps_a_new_service_from_it(start, settings):
    port = free_port()
    service = start("up", "--port", str(port))
    wait_until(
        lambda: answer(port, "/readyz") and service.events().count("cluster.started") == len(settings.STAGES)
    )
    holders = {
        process.pid
        for process in service.family()
        if any(connection.laddr.port == port for connection in process.net_connections())
    }
    web = next(process for process in service.family() if process.pid in holders)
    assert holders == {web.pid, *(process.pid for process in web.children(recursive=True))}


def test_up_starts_again_what_dies(start):
    port = free_port()
    service = start("up", "--port", str(port))
    wait_until(lambda: answer(port, "/readyz"))
    listening = next(event for event in service.events() if event.startswith("Listening at:"))
    os.kill(int(listening.rpartition("(")[2].rstrip(")")), signal.SIGKILL)
    wait_until(lambda: "process.died" in service.events())
    wait_until(lambda: answer(port, "/readyz"))


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_port_that_is_taken_is_said_in_one_line(start, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        service = start(command, "--port", str(port))
        assert service.process.wait(30) == 2
    (line,) = (service.folder / "log").read_text().splitlines()
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in line


def test_a_database_that_cannot_be_reached_is_said_in_one_line(start):
    url = f"postgres://nobody:hush@127.0.0.1:{free_port()}/none"
    service = start("cluster", "upload", DATABASE_URL=url)
    assert service.process.wait(30) == 2
    (line,) = (service.folder / "log").read_text().splitlines()
    assert "the database cannot be reached" in line
    assert "hush" not in line


def test_a_stage_whose_configuration_is_incomplete_does_not_start(start):
    service = start("cluster", "creation", YT_SYNCH__JOYSTREAM__APP__NAME="off")
    assert service.process.wait(30) == 2
    (line,) = (service.folder / "log").read_text().splitlines()
    assert line.startswith("configuration: joystream.app.name is not set, and creation needs it")


def answer(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return json.load(response)
    except OSError:
        return None


@pytest.mark.django_db(transaction=True)
def test_bells_do_not_pile_up():
    for _ in range(20):
        bell.ring("upload", count=3)
    assert bell.unheard("upload") == bell.MOST_UNHEARD
    assert bell.unheard("download") == 0


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_a_worker_took_leaves_room_for_another():
    bell.ring("upload", count=bell.MOST_UNHEARD)
    OrmQ.objects.filter(key="upload").update(lock=timezone.now() + timedelta(hours=1))
    bell.ring("upload")
    assert bell.unheard("upload") == 1


@pytest.mark.django_db(transaction=True)
def test_a_bell_rings_when_the_transaction_is_committed_and_never_if_it_is_not():
    with transaction.atomic():
        bell.ring("upload")
        assert bell.unheard("upload") == 0
    assert bell.unheard("upload") == 1

    with transaction.atomic():
        bell.ring("upload")
        transaction.set_rollback(True)
    assert bell.unheard("upload") == 1


def test_a_stage_that_does_not_exist_has_no_bell():
    with pytest.raises(LookupError, match="no such stage: uplaod"):
        bell.ring("uplaod")
