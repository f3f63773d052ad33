"""`manage.py devnet` and `manage.py devnet-control` as a user types them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import requests
from substrateinterface import SubstrateInterface

from tests.support.devnet import MEDIA_CACHE, ROOT, ControlRefused, Devnet, running_devnet, stop, wait_until
from ytsynch.devnet import supervisor
from ytsynch.devnet.config import DevnetConfig, Ports

FREE = "control=0,google=0,youtube=0,chain=0,query_node=0,storage_node=0,faucet=0,mailbox=0"


@pytest.fixture(scope="module")
def devnet(tmp_path_factory) -> Iterator[Devnet]:
    with running_devnet(tmp_path_factory.mktemp("devnet"), extra=("--proxies", "1")) as running:
        yield running


def manage(*words: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=ROOT, check=False)


def children(devnet: Devnet) -> list[psutil.Process]:
    return psutil.Process(devnet.process.pid).children(recursive=True)


def are_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != "zombie" for process in processes)


def refuses_connections(url: str) -> bool:
    host, port = url.split("/")[2].split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def test_everything_announced_answers(devnet):
    assert requests.get(f"{devnet.control}/state", timeout=10).ok
    assert requests.get(f"{devnet.google}/_control", timeout=10).ok
    assert requests.get(f"{devnet.youtube}/_control", timeout=10).ok
    assert len(devnet.proxies) == 2
    assert "BEGIN CERTIFICATE" in Path(devnet.ca_file).read_text()
    with SubstrateInterface(url=devnet.chain, ss58_format=126) as node:
        assert node.get_block_hash(0) is not None
    assert devnet.ask("{ apps { name } }") == {"apps": [{"name": devnet.app["name"]}]}
    assert requests.get(f"{devnet.storage_node}/api/v1/version", timeout=10).ok
    answer = requests.post(devnet.faucet, json={}, headers={"Authorization": "Bearer x"}, timeout=10)
    assert answer.json() == {"error": "InvalidCaptchaToken"}


def test_it_prints_one_line_a_part(devnet):
    lines = (devnet.folder / "devnet.log").read_text().splitlines()
    assert [line.split() for line in lines] == [
        ["control", devnet.control],
        ["google", devnet.google],
        ["youtube", devnet.youtube],
        ["chain", devnet.chain],
        ["query_node", devnet.query_node],
        ["storage_node", devnet.storage_node],
        ["faucet", devnet.faucet],
        ["mailbox", f"{devnet.mailbox['url']},", devnet.mailbox["smtp"]],
    ]


def test_its_people_have_a_channel_on_both_sides(devnet):
    assert len(devnet.people) == 8
    for person in devnet.people:
        query = "query ($id: String!) { channelByUniqueInput(where: {id: $id}) { ownerMember { id } } }"
        channel = devnet.ask(query, id=str(person.joystream_channel_id))["channelByUniqueInput"]
        assert channel["ownerMember"]["id"] == str(person.joystream_member_id)
    catalogue = requests.get(f"{devnet.google}/_catalogue", timeout=10).json()["channels"]
    assert {person.youtube_channel_id for person in devnet.people} == {entry["id"] for entry in catalogue}


def test_the_control_command_acts_and_prints_json(devnet):
    folder = ("--folder", str(devnet.folder))
    assert json.loads(manage("devnet-control", *folder).stdout)["actions"]
    lagging = manage("devnet-control", *folder, "query-node/lag", "blocks=3")
    assert (lagging.returncode, json.loads(lagging.stdout)) == (0, {"done": True})
    assert devnet.state()["query_node"]["faults"] == {"lag": 3}
    assert manage("devnet-control", *folder, "reset").returncode == 0
    assert devnet.state()["query_node"]["faults"] == {}
    refused = manage("devnet-control", *folder, "query-node/lag", "blocks=many")
    assert refused.returncode == 1
    assert '"field": "blocks"' in refused.stderr


def test_the_control_command_names_what_it_cannot_read(devnet, tmp_path):
    wrong = manage("devnet-control", "query-node/lag", "blocks")
    assert wrong.returncode == 2
    assert "expected key=value" in wrong.stderr
    nobody = manage("devnet-control", "--folder", str(tmp_path), "state")
    assert nobody.returncode == 1
    assert f"no devnet runs in {tmp_path}" in nobody.stderr


def test_youtubes_actions_are_passed_on_with_their_refusals(devnet):
    devnet.do("youtube/api_down", down=True)
    assert devnet.state()["youtube"]["faults"]["is_api_down"] is True
    devnet.reset()
    assert devnet.state()["youtube"]["faults"]["is_api_down"] is False
    with pytest.raises(ControlRefused) as refusal:
        devnet.do("youtube/delete_video", video="no such video")
    assert refusal.value.status == 400
    assert "no such video" in refusal.value.answer["error"]


def test_a_second_devnet_in_the_same_folder_is_refused(devnet):
    second = manage("devnet", "--folder", str(devnet.folder), "--ports", FREE)
    assert second.returncode == 2
    assert "another devnet runs in" in second.stderr
    assert (devnet.folder / "devnet.json").exists()


def test_a_taken_port_is_named_with_its_part_and_a_way_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = FREE.replace("chain=0", f"chain={port}")
        refused = manage("devnet", "--folder", str(tmp_path), "--ports", ports)
    assert refused.returncode == 2
    assert f"port {port} is taken (chain): choose another with --ports chain=" in refused.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--ports", "chian=1"), "«chian=1»: expected part=port"),
        (("--ports", "chain=99999"), "«99999» is not a port"),
        (("--block-time", "0"), "«0» is not a number above 0"),
        (("--block-time", "soon"), "«soon» is not a number above 0"),
        (("--finality-lag", "-1"), "«-1» is not a whole number"),
        (("--media", "/no/such/folder"), "--media /no/such/folder is not a folder"),
        (("--folder", "/dev/null/devnet"), "the folder /dev/null/devnet cannot be made"),
        (("--query-node-follows", "rumours"), "invalid choice"),
    ],
)
def test_wrong_options_are_refused_in_plain_words(words, complaint):
    refused = manage("devnet", *words)
    assert refused.returncode == 2
    assert complaint in refused.stderr
    assert "Traceback" not in refused.stderr


def test_too_little_disk_space_is_said_before_anything_starts(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 20 * 2**20})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(supervisor.CannotStart, match=r"only 20 MB are free in .*: the devnet needs 500 MB"):
        supervisor.check_space(tmp_path)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_leaves_no_process_port_or_announcement(tmp_path, by):
    with running_devnet(tmp_path) as devnet:
        processes = children(devnet)
        assert len(processes) >= 2
        assert stop(devnet.process, by) == 0
        assert are_gone(processes)
        assert refuses_connections(devnet.chain)
        assert refuses_connections(devnet.youtube)
        assert not (tmp_path / "devnet.json").exists()


def test_when_it_is_killed_its_processes_end_too(tmp_path):
    with running_devnet(tmp_path) as devnet:
        processes = children(devnet)
        stop(devnet.process, signal.SIGKILL)
        wait_until(lambda: are_gone(processes), what="the end of the children")


def test_when_one_of_its_processes_dies_it_says_so_and_stops(tmp_path):
    with running_devnet(tmp_path) as devnet:
        processes = children(devnet)
        victim = next(p for p in processes if "ytsynch.devnet.joystream_process" in p.cmdline())
        os.kill(victim.pid, signal.SIGKILL)
        assert devnet.process.wait(30) == 1
        assert "the joystream process ended by itself (signal 9)" in (tmp_path / "devnet.log").read_text()
        assert are_gone(processes)


def test_a_later_run_in_the_folder_goes_on_and_another_seed_is_refused(tmp_path):
    with running_devnet(tmp_path) as devnet:
        devnet.do("chain/remove-collaborator", channel_id=1)
        devnet.wait_for_blocks(4)
        height = devnet.state()["chain"]["finalized"]["number"]
    with running_devnet(tmp_path) as devnet:
        assert devnet.state()["chain"]["best"]["number"] >= height
        with SubstrateInterface(url=devnet.chain, ss58_format=126) as node:
            assert node.get_block_hash(height) is not None
    other = manage("devnet", "--folder", str(tmp_path), "--ports", FREE, "--seed", "2")
    assert other.returncode == 2
    assert "holds the world of --seed 1" in other.stderr


def test_in_memory_keeps_nothing_of_what_happened(tmp_path):
    with running_devnet(tmp_path, extra=("--in-memory",)) as devnet:
        devnet.wait_for_blocks(2)
    left = {path.name for path in tmp_path.iterdir()} - {"devnet.log", "devnet.lock"}
    assert left == {"ca.pem", "server.pem"}  # the throw-away certificates


def test_the_same_seed_gives_the_same_world_and_another_one_other_secrets(tmp_path):
    config = DevnetConfig(tmp_path, tmp_path, MEDIA_CACHE, Ports.from_base(19700))
    first, again = (supervisor.describe(config, proxies=[]) for _ in range(2))
    other = supervisor.describe(replace(config, seed=2), proxies=[])
    assert first == again
    assert first["people"] == other["people"]
    assert first["youtube_api_key"] != other["youtube_api_key"]
