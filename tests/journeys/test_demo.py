"""`manage.py demo`, as a newcomer runs it: to its end, again in the same folder, and stopped by Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.support.devnet import MEDIA_CACHE, ROOT, wait_until
from ytsynch.demo.bad_day import MISFORTUNES

pytestmark = [pytest.mark.demo, pytest.mark.timeout(600)]

PARTS = {"control", "google", "youtube", "chain", "query_node", "storage_node", "faucet"}
PERSON = {
    "google_user",
    "youtube_channel_id",
    "handle",
    "joystream_member_id",
    "joystream_channel_id",
    "suri",
    "signed_up",
}


@pytest.fixture
def folder(tmp_path) -> Iterator[Path]:
    """The demo's own VAR_DIR, with pictures and sounds that other tests have made already."""
    (tmp_path / "devnet").mkdir()
    MEDIA_CACHE.mkdir(parents=True, exist_ok=True)
    (tmp_path / "devnet" / "media").symlink_to(MEDIA_CACHE)
    yield tmp_path
    for process in started_in(tmp_path):
        process.kill()


def start_demo(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": "", "CONFIG_PATH": ""}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(free_port()), *arguments],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value or name == "DATABASE_URL"},
        stdin=subprocess.DEVNULL,
        stdout=(folder / "output").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def output(folder: Path) -> str:
    return (folder / "output").read_text()


def facts(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "demo.json").read_text())
    return found


def published(folder: Path) -> dict[str, int]:
    """YouTube id → id on Joystream."""
    videos = facts(folder)["summary"]["videos"]
    return {
        video["youtube_id"]: video["joystream_video_id"] for video in videos if video["state"] == "published"
    }


def started_in(folder: Path) -> list[psutil.Process]:
    """Every process that was started with this folder as its VAR_DIR, by whomever."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("VAR_DIR") == str(folder):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def run_to_the_end(folder: Path) -> None:
    assert start_demo(folder, "--exit").wait(300) == 0, output(folder)
    wait_until(lambda: started_in(folder) == [], what="the end of all processes")


def test_the_demo_publishes_everything_once_however_often_it_runs_and_ends_cleanly(folder):
    run_to_the_end(folder)
    first = published(folder)
    the_summary_is_good(facts(folder)["summary"])
    everything_a_script_needs_is_written_down(facts(folder))

    run_to_the_end(folder)
    assert published(folder) == first

    demo = start_demo(folder)
    wait_until(lambda: "Running on." in output(folder), seconds=120, what="a settled demo")
    control = facts(folder)["devnet"]["control"]
    assert requests.get(f"{control}/state", timeout=30).json()["chain"]["videos"] == len(first)
    the_addresses_answer(facts(folder))
    atlas_plays_its_session(folder)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(60) == 0
    assert "goes on from here" in output(folder)
    wait_until(lambda: started_in(folder) == [], what="the end of all processes")


def test_a_bad_day_ends_with_everything_published_all_the_same(folder):
    demo = start_demo(folder, "--exit", "--faults")
    assert demo.wait(570) == 0, output(folder)
    said = " ".join(output(folder).split())
    for misfortune in MISFORTUNES:
        assert misfortune.happens in said, "told when it happens"
    the_summary_is_good(facts(folder)["summary"])
    wait_until(lambda: started_in(folder) == [], what="the end of all processes")


def the_summary_is_good(summary: dict[str, Any]) -> None:
    assert summary["failed"] == 0
    assert summary["published"] == summary["verified"] >= 40
    for video in summary["videos"]:
        assert video["state"] == "published" or video["reason"], "each other one has its reason"


def everything_a_script_needs_is_written_down(found: dict[str, Any]) -> None:
    assert found["web"].startswith("http://127.0.0.1:")
    assert found["docs"].startswith(found["web"])
    assert {"url", "username", "password"} <= set(found["admin"])
    assert found["owner_key"]
    assert set(found["devnet"]) >= PARTS
    assert all(set(person) >= PERSON for person in found["creators"])
    assert {person["signed_up"] for person in found["creators"]} == {True, False}


def the_addresses_answer(found: dict[str, Any]) -> None:
    person = next(person for person in found["creators"] if person["signed_up"])
    channel = f"{found['web']}/channels/{person['joystream_channel_id']}"
    assert requests.get(channel, timeout=30).json()["youtubeChannelId"] == person["youtube_channel_id"]
    for address in (found["docs"], found["admin"]["url"]):
        assert requests.get(address, timeout=30).status_code == 200
    dashboard = requests.get(found["dashboard"], timeout=60)
    assert dashboard.url.startswith(f"{found['web']}/dashboard/UC")
    assert "On Joystream" in dashboard.text


def atlas_plays_its_session(folder: Path) -> None:
    command = [sys.executable, "manage.py", "atlas_session"]
    environment = {**os.environ, "VAR_DIR": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sign-up again" in done.stdout
