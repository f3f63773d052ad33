import sys
from pathlib import Path
from subprocess import run

import pytest

PROJECT = Path(__file__).resolve().parents[3]
FOLDER = Path("ytsynch/joystream/proto")


@pytest.mark.parametrize("name", ["metadata_pb2.py", "metadata_pb2.pyi"])
def test_the_committed_messages_are_those_that_the_proto_file_gives(tmp_path, name):
    command = [sys.executable, "-m", "grpc_tools.protoc", "--proto_path=.", f"--python_out={tmp_path}"]
    run(
        [*command, f"--pyi_out={tmp_path}", str(FOLDER / "metadata.proto")],
        cwd=PROJECT,
        check=True,
        timeout=60,
    )
    assert (PROJECT / FOLDER / name).read_text() == (tmp_path / FOLDER / name).read_text()
