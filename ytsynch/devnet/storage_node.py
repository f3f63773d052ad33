"""A simulated storage node (Colossus): takes files for a bucket, accepts them on chain, serves them.

Paths, checks and error bodies are Colossus' (`storage-node/src/services/webApi`). Several nodes may share one
`Shelf`, the folder of accepted files: that stands for the synchronisation between real nodes. What a node has
received but the chain has not accepted lies in the node's own folder.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from aiohttp import BodyPartReader, web
from blake3 import blake3

from .chain.chain import Chain
from .chain.events import Block
from .chain.pool import InvalidTransaction
from .chain.state import DataObject
from .content_id import content_id_of_digest
from .world import Bucket, World

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CHUNK = 256 * 1024
#: An accepting extrinsic that did nothing for so many blocks is sent again.
PATIENCE_BLOCKS = 10
#: More objects than this in one extrinsic would weigh on the block.
MAX_ACCEPTED_AT_ONCE = 200


@dataclass
class StorageFaults:
    """All off in a fresh world; what is switched on lasts until it is switched off."""

    unavailable: bool = False  # every request: 503
    silent: bool = False  # requests are taken and never answered
    refuse_uploads: bool = False  # uploads: 503, all else works
    cut_after_bytes: int | None = None  # an upload loses its connection after so many bytes
    cuts_left: int | None = None  # how many uploads are cut; None: all
    bytes_per_second: int | None = None  # of uploads
    never_accept: bool = False  # 201, and then nothing
    sees_no_new_objects: bool = False  # «doesn't exist in storage bag» for objects it has not seen yet
    corrupt: bool = False  # files are served with one byte changed


class Refused(Exception):
    """An upload is refused: HTTP status, and the words as Colossus prefixes them."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(f"Error: {message}")
        self.status = status


class Shelf:
    """Accepted files by data object id, shared by the nodes."""

    def __init__(self, folder: Path, world: World) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        for channel in world.channels:
            for asset in channel.assets:
                self.path(asset.id).write_bytes(asset.content)

    def path(self, object_id: int) -> Path:
        return self._folder / str(object_id)

    def object_ids(self) -> list[int]:
        return sorted(int(path.name) for path in self._folder.iterdir())

    def total_size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())


class StorageNode:
    """The node of one bucket. Wire `on_block` to the chain's blocks."""

    def __init__(
        self,
        chain: Chain,
        bucket: Bucket,
        shelf: Shelf,
        pending_folder: Path,
        *,
        sees_after: float = 0.3,
        accepts_after: float = 0.3,
    ) -> None:
        """Seconds from an object's block until it is known here, and from its upload until it is accepted."""
        self.faults = StorageFaults()
        self.bucket = bucket
        self._chain = chain
        self._shelf = shelf
        self._pending_folder = pending_folder
        self._sees_after = sees_after
        self._accepts_after = accepts_after
        self._unseen: dict[int, float] = {}  # object -> when the node will know it
        self._received: dict[int, float] = {}  # object -> when its file was here
        self._sent: dict[int, int] = {}  # object -> block in which its acceptance was last sent
        pending_folder.mkdir(parents=True, exist_ok=True)
        for leftover in pending_folder.glob("*.part"):
            leftover.unlink()

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/api/v1/files", self._suffering(self._upload)),
                web.get("/api/v1/files/{id}", self._suffering(self._file)),
                web.get("/api/v1/version", self._suffering(self._version)),
                web.get("/api/v1/state/data", self._suffering(self._state_data)),
                web.get("/api/v1/state/data-objects", self._suffering(self._state_data_objects)),
            ]
        )
        return app

    def on_block(self, block: Block) -> None:
        known_at = monotonic() + self._sees_after
        for object_id in _created_objects(block):
            self._unseen[object_id] = known_at
        asyncio.get_running_loop().call_soon(self.accept_pending)

    def forget(self, object_id: int) -> bool:
        """Loses the file of an object, as a broken disk does; False when there was none."""
        paths = [self._shelf.path(object_id), self._pending_folder / str(object_id)]
        lost = [path for path in paths if path.exists()]
        for path in lost:
            path.unlink()
        return bool(lost)

    def pending_count(self) -> int:
        return len(self._pending_files())

    def accept_pending(self) -> None:
        """Shelves what is accepted for good, and sends an extrinsic for what waits."""
        best, final = self._chain.state().data_objects, self._final_objects()
        due: dict[int, list[int]] = {}
        for path in self._pending_files():
            object_id = int(path.name)
            promised, settled = best.get(object_id), final.get(object_id)
            if settled and settled.accepted:
                self._sent.pop(object_id, None)
                path.rename(self._shelf.path(object_id))
            elif promised and not promised.accepted and self._is_due(object_id):
                due.setdefault(promised.channel, []).append(object_id)
        if due and not self.faults.never_accept:
            self._send_acceptance(due)

    def _final_objects(self) -> Mapping[int, DataObject]:
        try:
            return self._chain.state(self._chain.finalized.hash).data_objects
        except KeyError:  # finality has stalled for so long that the chain forgot that state
            return {}

    def _pending_files(self) -> list[Path]:
        return sorted(path for path in self._pending_folder.iterdir() if path.suffix != ".part")

    def _is_due(self, object_id: int) -> bool:
        sent = self._sent.get(object_id)
        if sent is not None:
            return self._chain.best.number - sent >= PATIENCE_BLOCKS
        return monotonic() - self._received.get(object_id, 0.0) >= self._accepts_after

    def _send_acceptance(self, due: dict[int, list[int]]) -> None:
        calls = [self._acceptance(channel, ids[:MAX_ACCEPTED_AT_ONCE]) for channel, ids in due.items()]
        call = calls[0] if len(calls) == 1 else {"Utility": {"force_batch": {"calls": calls}}}
        try:
            self._chain.submit_as(self.bucket.operator_suri, call)
        except InvalidTransaction as error:
            log.warning("bucket %s: acceptance refused: %s", self.bucket.id, error)
            return  # the next block tries again
        sent = (object_id for ids in due.values() for object_id in ids[:MAX_ACCEPTED_AT_ONCE])
        self._sent |= dict.fromkeys(sent, self._chain.best.number)

    def _acceptance(self, channel: int, object_ids: list[int]) -> dict[str, Any]:
        arguments = {
            "worker_id": self.bucket.id,
            "storage_bucket_id": self.bucket.id,
            "bag_id": {"Dynamic": {"Channel": channel}},
            "data_objects": sorted(object_ids),
        }
        return {"Storage": {"accept_pending_data_objects": arguments}}

    # HTTP

    def _suffering(self, handler: Handler) -> Handler:
        """`handler` with the faults that spoil every request."""

        async def answer(request: web.Request) -> web.StreamResponse:
            while self.faults.silent:
                await asyncio.sleep(0.2)
            if self.faults.unavailable:
                return web.Response(status=503, text="Service Unavailable")
            try:
                return await handler(request)
            except ConnectionError:
                return web.Response(status=499)  # the client is gone: nobody reads this

        return answer

    async def _upload(self, request: web.Request) -> web.Response:
        try:
            object_id, promised = self._expected_object(request)
            received = await self._receive(request, object_id)
        except Refused as refusal:
            return _error("upload", str(refusal), refusal.status)
        part, size, name = received
        try:
            _verify(object_id, promised, size, name)
        except Refused as refusal:
            part.unlink()
            return _error("upload", str(refusal), refusal.status)
        part.rename(self._pending_folder / str(object_id))
        self._received[object_id] = monotonic()
        return web.json_response({"id": name}, status=201)

    def _expected_object(self, request: web.Request) -> tuple[int, DataObject]:
        """Colossus' checks before it reads the body, in its order."""
        bucket_id = _number(request, "storageBucketId")
        object_id = _number(request, "dataObjectId")
        bag_id = request.query.get("bagId", "")
        if bucket_id != self.bucket.id or self.faults.refuse_uploads:
            raise Refused("Server is not accepting uploads into this bucket", 503)
        state = self._chain.state()
        channel = _channel_of_bag(bag_id)
        bag = state.bags.get(channel)
        if bag is None or bucket_id not in bag.stored_by:
            raise Refused(f"Storage bag {bag_id} is not assigned to storage bucket {bucket_id}.")
        promised = state.data_objects.get(object_id)
        if promised is None or promised.channel != channel or not self._sees(object_id):
            raise Refused(f"Data object {object_id} doesn't exist in storage bag {bag_id}")
        if (self._pending_folder / str(object_id)).exists():
            raise Refused(f"Data object {object_id} already exists (pending)")
        if self._shelf.path(object_id).exists():
            raise Refused(f"Data object {object_id} already exists (in storage)")
        return object_id, promised

    def _sees(self, object_id: int) -> bool:
        known_at = self._unseen.get(object_id)
        if known_at is None:
            return True  # older than this run of the node
        return monotonic() >= known_at and not self.faults.sees_no_new_objects

    async def _receive(self, request: web.Request, object_id: int) -> tuple[Path, int, str]:
        """Streams the file to disk: its path, bytes and content id."""
        part = await _file_part(request)
        path = self._pending_folder / f"{object_id}-{uuid4().hex}.part"
        try:
            size, digest = await self._write(request, part, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, size, content_id_of_digest(digest)

    async def _write(self, request: web.Request, part: BodyPartReader, path: Path) -> tuple[int, bytes]:
        size, hasher = 0, blake3()
        with path.open("wb") as file:
            while chunk := await part.read_chunk(CHUNK):
                size += len(chunk)
                hasher.update(chunk)
                file.write(chunk)
                if self._cuts(size) and request.transport:
                    request.transport.abort()
                    raise ConnectionResetError("cut on request")
                if self.faults.bytes_per_second:
                    await asyncio.sleep(len(chunk) / self.faults.bytes_per_second)
        return size, hasher.digest()

    def _cuts(self, size: int) -> bool:
        limit, left = self.faults.cut_after_bytes, self.faults.cuts_left
        if limit is None or size < limit or left == 0:
            return False
        if left is not None:
            self.faults.cuts_left = left - 1
        return True

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = self._served_path(request.match_info["id"])
        if path is None:
            return _error("files", "File not found.", 404)
        headers = {"Content-Type": _mime_type(path), "Content-Disposition": "inline"}
        if self.faults.corrupt:
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 0xFF
            return web.Response(body=bytes(content), headers=headers)
        return web.FileResponse(path, chunk_size=CHUNK, headers=headers)

    def _served_path(self, name: str) -> Path | None:
        if not name.isascii() or not name.isdecimal():
            return None
        object_id = int(name)
        if (shelved := self._shelf.path(object_id)).exists():
            return shelved
        promised = self._chain.state().data_objects.get(object_id)
        pending = self._pending_folder / str(object_id)
        return pending if promised and promised.accepted and pending.exists() else None

    async def _version(self, _: web.Request) -> web.Response:
        return web.json_response({"version": "4.0.0", "userAgent": "storage-node/4.0.0 devnet"})

    async def _state_data(self, _: web.Request) -> web.Response:
        pending = self._pending_files()
        return web.json_response(
            {
                "totalSize": self._shelf.total_size(),
                "objectNumber": len(self._shelf.object_ids()),
                "tempDirSize": sum(path.stat().st_size for path in pending),
                "tempDownloads": len(pending),
            }
        )

    async def _state_data_objects(self, _: web.Request) -> web.Response:
        return web.json_response([str(object_id) for object_id in self._shelf.object_ids()])


async def _file_part(request: web.Request) -> BodyPartReader:
    if not request.content_type.startswith("multipart/"):
        raise Refused("No file uploaded")
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                return part
    except (ValueError, AssertionError) as error:  # aiohttp's words for a body that is no multipart
        raise Refused("No file uploaded") from error
    raise Refused("No file uploaded")


def _created_objects(block: Block) -> Iterator[int]:
    for event in block.events:
        match event.pallet, event.name:
            case "Storage", "DataObjectsUploaded":
                yield from event.args[0]
            case "Storage", "DataObjectsUpdated" | "DynamicBagCreated":
                yield from event.args[1]


def _verify(object_id: int, promised: DataObject, size: int, name: str) -> None:
    if promised.size != size:
        raise Refused(f"File size doesn't match the data object's size for data object ID = {object_id}")
    if promised.content_id.decode() != name:
        raise Refused(
            f"File multihash doesn't match the data object's ipfsContentId for data object ID = {object_id}"
        )


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "")
    if not text.isascii() or not text.isdecimal():
        raise Refused(f"request.query.{name} should be integer")
    return int(text)


def _channel_of_bag(bag_id: str) -> int:
    match bag_id.split(":"):
        case ["dynamic", "channel", number] if number.isascii() and number.isdecimal():
            return int(number)
    raise Refused(f"Invalid bagId: {bag_id}")


def _error(kind: str, message: str, status: int) -> web.Response:
    return web.json_response({"type": kind, "message": message}, status=status)


def _mime_type(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"<svg"):
        return "image/svg+xml"
    if head.startswith(b"WEBVTT"):
        return "text/vtt"
    return "application/octet-stream"
