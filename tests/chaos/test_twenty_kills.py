"""The short kill test, in every test run. `make chaos` is the long one.

The harness runs in a process of its own: it has a database server of its own, which it kills.
"""

import subprocess
import sys

import pytest

from tests.chaos.town import ROOT

SEED = 20


@pytest.mark.timeout(600)
def test_after_twenty_kills_every_video_is_there_once_and_nothing_is_left(tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.chaos", "--kills", "20"),
            *("--seed", str(SEED), "--folder", str(tmp_path / "chaos")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
