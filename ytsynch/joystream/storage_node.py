"""A storage node (Colossus): where the files of videos are sent to and fetched from, streamed both ways.

Its errors are `{"type", "message"}`; the message says what is wrong (`storage-node/src/services/webApi` of
Joystream). What says nothing of the file is `StorageUnavailable`: another node of the bag may do. No
retries, no redirects.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import requests

from ytsynch.joystream.errors import (
    AlreadyStored,
    FileRejected,
    ObjectUnknown,
    StorageError,
    StorageUnavailable,
    UploadsBlocked,
)

_CHUNK = 1 << 20
_SHOWN = 300
_AS_STORED = {"Accept-Encoding": "identity"}
"""Files come byte for byte, with their true length."""

_MEANINGS: tuple[tuple[re.Pattern[str], type[StorageError]], ...] = (
    (re.compile(r"doesn.t exist in storage bag", re.I), ObjectUnknown),
    (re.compile(r"already exist", re.I), AlreadyStored),
    (re.compile(r"not accepting uploads|uploads? (is|are) blocked", re.I), UploadsBlocked),
    (
        re.compile(r"\b(hash|multihash|size)\b.*(match|mismatch|exceed)|mismatch|invalid file", re.I),
        FileRejected,
    ),
)


@dataclass(frozen=True)
class ObjectHead:
    """What a node says of a file that it serves: its size in bytes and MIME type."""

    size: int
    mime_type: str | None


class StorageNode:
    """The node at `endpoint` (as the query node gives it, without `api/v1`).

    `timeout` in seconds holds for connecting, for every piece sent and for every wait for an answer: not
    for a whole upload.
    """

    def __init__(self, endpoint: str, *, timeout: float = 60.0) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._base = f"{self.endpoint}/api/v1"
        self._timeout = timeout

    def version(self) -> str:
        """The node's version: the way to see that it answers."""
        with self._request("GET", "version") as response:
            self._raise_for(response, expected=200)
            version = self._json(response).get("version")
        if not isinstance(version, str):
            raise StorageUnavailable(self.endpoint, "the answer to /version has no version")
        return version

    def upload(
        self,
        path: Path,
        *,
        object_id: int,
        bucket_id: int,
        channel_id: int,
        on_progress: Callable[[int], None] = lambda sent: None,
    ) -> str:
        """Send the file. Like `upload_stream`; OSError where the file cannot be opened."""
        with path.open("rb") as file:
            return self.upload_stream(
                file,
                name=path.name,
                size=path.stat().st_size,
                object_id=object_id,
                bucket_id=bucket_id,
                channel_id=channel_id,
                on_progress=on_progress,
            )

    def upload_stream(
        self,
        file: BinaryIO,
        *,
        name: str,
        size: int,
        object_id: int,
        bucket_id: int,
        channel_id: int,
        on_progress: Callable[[int], None] = lambda sent: None,
    ) -> str:
        """Send `size` bytes, read while they are sent; the answer is the content id that the node found.
        The node has then still to accept it on chain.

        `on_progress` is told the bytes sent so far about once a megabyte; an exception of it stops the
        upload and comes through. ObjectUnknown, AlreadyStored, UploadsBlocked, FileRejected and
        StorageUnavailable as their docstrings say; what reading raises comes through too.
        """
        where = {
            "dataObjectId": str(object_id),
            "storageBucketId": str(bucket_id),
            "bagId": f"dynamic:channel:{channel_id}",
        }
        body = _MultipartFile(file, name, size, on_progress)
        headers = {"Content-Type": body.content_type}
        with self._request("POST", "files", params=where, data=body, headers=headers) as response:
            self._raise_for(response, expected=201)
            answer = self._json(response)
        on_progress(body.size)
        if not isinstance(answer.get("id"), str):
            raise StorageUnavailable(self.endpoint, f"the answer to the upload has no id: {answer}")
        return str(answer["id"])

    def head(self, object_id: int) -> ObjectHead | None:
        """What the node serves under that data object, None where nothing."""
        with self._request("HEAD", f"files/{object_id}", headers=_AS_STORED) as response:
            if response.status_code == 404:
                return None
            self._raise_for(response, expected=200)
            try:
                size = int(response.headers["Content-Length"])
            except (KeyError, ValueError) as error:
                raise StorageUnavailable(self.endpoint, "the answer names no file size") from error
            return ObjectHead(size, response.headers.get("Content-Type"))

    def fetch(self, object_id: int) -> Iterator[bytes]:
        """The file in chunks of up to a megabyte. ObjectUnknown where the node does not serve it."""
        with self._request("GET", f"files/{object_id}", headers=_AS_STORED) as response:
            if response.status_code == 404:
                raise ObjectUnknown(self.endpoint, f"does not serve data object {object_id}")
            self._raise_for(response, expected=200)
            try:
                yield from response.iter_content(_CHUNK)
            except requests.RequestException as error:
                raise StorageUnavailable(self.endpoint, f"the file broke off: {error}") from error

    # --- within ----------------------------------------------------------------------------------

    def _request(self, method: str, path: str, **arguments: Any) -> requests.Response:
        try:
            return requests.request(
                method,
                f"{self._base}/{path}",
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                **arguments,
            )
        except requests.RequestException as error:
            raise StorageUnavailable(self.endpoint, f"{type(error).__name__}: {error}") from error

    def _raise_for(self, response: requests.Response, *, expected: int) -> None:
        if response.status_code == expected:
            return
        message = self._message(response)
        for pattern, meaning in _MEANINGS:
            if pattern.search(message):
                raise meaning(self.endpoint, message)
        raise StorageUnavailable(self.endpoint, f"HTTP {response.status_code}: {message}")

    def _message(self, response: requests.Response) -> str:
        """The node's own words, or the beginning of whatever stands in their place."""
        answer = self._json(response)
        return str(answer.get("message") or response.text[:_SHOWN])

    def _json(self, response: requests.Response) -> dict[str, Any]:
        """The JSON object in the answer, an empty one where it is none."""
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            return {}
        except requests.RequestException as error:
            raise StorageUnavailable(self.endpoint, f"the answer broke off: {error}") from error
        return answer if isinstance(answer, dict) else {}


class _MultipartFile:
    """A `multipart/form-data` body of one file in the field `file`, read piece by piece while it is sent."""

    def __init__(self, file: BinaryIO, name: str, size: int, on_progress: Callable[[int], None]) -> None:
        boundary = uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.size = size
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(name)}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        self._length = len(head) + size + len(tail)
        self._parts: list[BinaryIO] = [BytesIO(head), file, BytesIO(tail)]
        self._on_progress, self._sent, self._told = on_progress, 0, 0

    def __len__(self) -> int:
        return self._length

    def read(self, amount: int) -> bytes:
        while self._parts:
            if piece := self._parts[0].read(amount):
                self._report(len(piece))
                return piece
            self._parts.pop(0)
        return b""

    def _report(self, more: int) -> None:
        self._sent += more
        if self._sent - self._told >= _CHUNK:
            self._told = self._sent
            self._on_progress(min(self._sent, self.size))


def _quoted(name: str) -> str:
    """A file name within the quotes of a header (WHATWG multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
