"""What is measured against something else than itself."""

import hashlib
import threading
import tracemalloc
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tests.bench.__main__ import median
from tests.units.joystream.offline import (
    BIRTH_HASH,
    GENESIS,
    SPEC_VERSION,
    TRANSACTION_VERSION,
    OfflineSubstrate,
)
from videos.media_store import CHUNK
from videos.pipeline.creation import MOST
from ytsynch.devnet.chain.metadata import metadata_bytes
from ytsynch.joystream import calls, extrinsic
from ytsynch.joystream.chain import Asset, BlockRef, ChannelBatch, NewVideo, Prices
from ytsynch.joystream.content_id import ContentHasher
from ytsynch.joystream.keys import Signer
from ytsynch.joystream.storage_node import StorageNode

BLOCK_SECONDS = 6.0
LARGE = 256 << 20


def batch(folder: Path) -> str:
    substrate = OfflineSubstrate(metadata_bytes())
    signer = Signer.from_account(suri="//Collaborator")
    runtime = extrinsic.RuntimeIdentity(SPEC_VERSION, TRANSACTION_VERSION, GENESIS)
    assets = (Asset(300_000_000, "gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ"), Asset(90_000, "gWabc"))
    videos = [NewVideo(b"m" * 1_500, assets) for _ in range(8)]
    batches = [ChannelBatch(number, 10, videos, Prices(1000, 500, 700), 3) for number in range(MOST // 8)]

    def sign() -> None:
        extrinsic.sign(
            calls.encode(substrate, calls.create_videos(batches)),
            signer,
            nonce=7,
            era_period=64,
            birth=BlockRef(40, BIRTH_HASH),
            runtime=runtime,
        )

    blocks = median(sign, seconds=5.0) / BLOCK_SECONDS
    whole = f"the fullest batch ({MOST} videos of {MOST // 8} channels)"
    return f"Encoding and signing {whole} takes {blocks:.0%} of a block's time."


def hashing(folder: Path) -> str:
    data = b"x" * (32 << 20)

    def as_joystream() -> None:
        hasher = ContentHasher()
        for begin in range(0, len(data), CHUNK):
            hasher.update(data[begin : begin + CHUNK])
        hasher.digest()

    ratio = median(lambda: hashlib.sha256(data).digest()) / median(as_joystream)
    return f"Hashing a file as Joystream names it (BLAKE3) is {ratio:.1f} times as fast as SHA-256."


class _Taker(BaseHTTPRequestHandler):
    """A storage node that takes whatever comes."""

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, CHUNK)))
        answer = b'{"id": "gW"}'
        self.send_response(201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        return


def uploading(folder: Path) -> str:
    path = folder / "large.mp4"
    with path.open("wb") as file:
        file.truncate(LARGE)
    server = HTTPServer(("127.0.0.1", 0), _Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tracemalloc.start()
    try:
        node = StorageNode(f"http://127.0.0.1:{server.server_port}")
        node.upload(path, object_id=1, bucket_id=0, channel_id=1)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        server.shutdown()
    held = f"{most / 2**20:.1f} MiB of it in memory at most, the taker's share counted"
    return f"Uploading a file of {LARGE >> 20} MiB holds {held}."


MEASURES: tuple[Callable[[Path], str], ...] = (batch, hashing, uploading)
