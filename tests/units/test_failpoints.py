"""Named points: an order is carried out once, by the process that comes by, at the passing that was asked for."""

import os
import signal
import subprocess
import sys
import time

import pytest

from ytsynch import failpoints

PASSING_BY = """
import sys
from ytsynch.failpoints import failpoint
for passing in range(1, 4):
    failpoint("here")
    print(passing, flush=True)
"""


def pass_by(folder, **environment):
    """A process that passes the point three times; its exit status, and the passings that it survived."""
    process = subprocess.Popen(
        [sys.executable, "-c", PASSING_BY],
        env=os.environ | {failpoints.VARIABLE: str(folder)} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    said, _ = process.communicate(timeout=60)
    return process, said.split()


def test_without_an_order_nothing_happens(tmp_path):
    process, passings = pass_by(tmp_path)
    assert (process.returncode, passings) == (0, ["1", "2", "3"])


@pytest.mark.parametrize(("order", "survived"), [("kill", []), ("kill 1", []), ("kill 3", ["1", "2"])])
def test_an_order_kills_at_the_passing_that_was_asked_for(tmp_path, order, survived):
    (tmp_path / "here").write_text(order)
    process, passings = pass_by(tmp_path)
    assert (process.returncode, passings) == (-signal.SIGKILL, survived)
    assert [file.name for file in tmp_path.iterdir()] == [f"here@{process.pid}"]


def test_an_order_is_carried_out_once(tmp_path):
    (tmp_path / "here").write_text("kill")
    assert pass_by(tmp_path)[0].returncode == -signal.SIGKILL
    assert pass_by(tmp_path)[0].returncode == 0


def test_passings_of_several_processes_count_together(tmp_path):
    (tmp_path / "here").write_text("kill 5")
    assert pass_by(tmp_path)[1] == ["1", "2", "3"]
    assert pass_by(tmp_path)[1] == ["1"]


def test_a_stopped_process_goes_on_when_it_is_told_to(tmp_path):
    (tmp_path / "here").write_text("stop")
    process = subprocess.Popen(
        [sys.executable, "-c", PASSING_BY],
        env=os.environ | {failpoints.VARIABLE: str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    done = tmp_path / f"here@{process.pid}"
    deadline = time.monotonic() + 30
    while not done.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.send_signal(signal.SIGCONT)
    assert process.communicate(timeout=30)[0].split() == ["1", "2", "3"]


def test_production_refuses_to_start_with_failpoints(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import ytsynch.settings"],
        env=os.environ | {failpoints.VARIABLE: str(tmp_path), "ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{failpoints.VARIABLE} is set" in done.stderr
