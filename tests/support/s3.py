"""An S3 in a process of its own (moto), talked to over sockets like the real one."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import requests

from videos import media_s3
from videos.media_s3 import S3Store
from ytsynch.devnet.supervisor import free_ports

KEY_ID, SECRET = "AKIATEST", "secret"
REGION: Final = "eu-central-1"


@contextmanager
def running_s3() -> Iterator[str]:
    """Its address."""
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.kill()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "moto's server ended"
        try:
            requests.get(f"{address}/moto-api/data.json", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("moto's server does not answer")


def bucket_at(address: str, bucket: str, prefix: str = "") -> S3Store:
    """A store in that bucket, which is made if it is new."""
    client = media_s3.client(address, REGION, KEY_ID, SECRET)
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return S3Store(client, bucket, prefix)


def configuration_of(address: str, bucket: str) -> dict[str, object]:
    """Keys of the configuration (with `__` for a dot) that put the media into that bucket."""
    return {
        "sync__mediaBucket": bucket,
        "aws__endpoint": address,
        "aws__region": REGION,
        "aws__credentials": {"accessKeyId": KEY_ID, "secretAccessKey": SECRET},
    }
