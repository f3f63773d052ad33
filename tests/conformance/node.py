"""Runs the JavaScript clients of `js`, where Node.js and their packages are there."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "js"

Script = Callable[..., list[Any]]


@pytest.fixture(scope="session")
def javascript() -> Script:
    """`javascript("decode_metadata.cjs", *arguments, stdin="…")` gives the JSON value of each line of output.

    Skips where the script cannot run; with CI=true in the environment that is a failure.
    """
    require(missing())
    return run


def run(script: str, *arguments: str, stdin: str = "", timeout: float = 120) -> list[Any]:
    """Runs a script to its end; AssertionError with its complaint when it fails."""
    command = ["node", str(FOLDER / script), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, f"{script} failed:\n{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def require(lacking: str | None) -> None:
    """Skips for what is lacking, or fails where the tests must run."""
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(f"{lacking}, and with CI=true these tests must run")
    if lacking:
        pytest.skip(lacking)


def missing() -> str | None:
    """What keeps the scripts from running; None when nothing does."""
    if shutil.which("node") is None:
        return "no Node.js here"
    if not (FOLDER / "node_modules" / ".package-lock.json").is_file():
        return "npm packages not installed: run make test"
    return None
