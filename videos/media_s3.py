"""The media store in a bucket of S3, shared by workers on any number of hosts.

Files go up in parts and come down as a stream, so that none is ever in memory whole. What a crash leaves of an
upload in parts is invisible in the bucket, and paid for: `sweep` in `videos.media_store` has it ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import boto3
import structlog
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from videos.errors import FileLost, MediaStoreAway
from ytsynch.failpoints import failpoint
from ytsynch.joystream.content_id import ContentHasher

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

log = structlog.get_logger(__name__)

PART = 16 << 20
"""Bytes: the largest file that is allowed has fewer than S3's 10,000 parts."""

TIMEOUT = Config(connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 3, "mode": "standard"})
"""Three attempts at each request. A part is the same part however often it is sent, and a file has hundreds."""

_MISSING = ("404", "NoSuchKey", "NotFound")


@cache
def client(endpoint: str | None, region: str | None, key_id: str | None, secret: str | None) -> "S3Client":
    """Without a key boto3 looks where every AWS client does: environment, `~/.aws`, the machine's role."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=TIMEOUT.merge(Config(s3={"addressing_style": "path" if endpoint else "auto"})),
    )


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the bucket's side says is `MediaStoreAway`: it is no video's fault."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise MediaStoreAway(f"{type(error).__name__}: {error}") from error


class S3Store:
    """A bucket (or what lies below `prefix` in one). Keys are `<YouTube id>/<file name>`."""

    def __init__(self, client: "S3Client", bucket: str, prefix: str = "") -> None:
        self._s3, self._bucket = client, bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def take(self, path: Path, key: str) -> tuple[int, str]:
        """Move the file in, hashing it in one pass; its size and content id. It is there whole or not at all."""
        hasher, size = ContentHasher(), 0

        def parts(file: BinaryIO) -> Iterator[bytes]:
            nonlocal size
            while part := file.read(PART):
                hasher.update(part)
                size += len(part)
                yield part

        with path.open("rb") as file, _told():
            if path.stat().st_size <= PART:
                body = b"".join(parts(file))
                failpoint("media_store.taking")
                self._s3.put_object(Bucket=self._bucket, Key=self._name(key), Body=body)
            else:
                self._send_in_parts(parts(file), self._name(key))
        path.unlink()
        return size, hasher.digest()

    def _send_in_parts(self, parts: Iterator[bytes], name: str) -> None:
        where: dict[str, Any] = {"Bucket": self._bucket, "Key": name}
        where["UploadId"] = self._s3.create_multipart_upload(**where)["UploadId"]
        sent: list[CompletedPartTypeDef] = []
        try:
            for number, part in enumerate(parts, start=1):
                answer = self._s3.upload_part(**where, PartNumber=number, Body=part)
                sent.append({"PartNumber": number, "ETag": answer["ETag"]})
                failpoint("media_store.taking")
            self._s3.complete_multipart_upload(**where, MultipartUpload={"Parts": sent})
        except BaseException:
            self._end(where)
            raise

    def _end(self, where: dict[str, Any]) -> None:
        try:
            self._s3.abort_multipart_upload(**where)
        except (BotoCoreError, ClientError) as error:  # the sweep does it
            log.warning("media_store.not_ended", key=where["Key"], error=str(error))

    def check(self, key: str, *, size: int) -> None:
        """Raises `FileLost` when the file is gone or is not of that size."""
        with _told():
            try:
                found = self._s3.head_object(Bucket=self._bucket, Key=self._name(key))["ContentLength"]
            except ClientError as error:
                if error.response["Error"]["Code"] not in _MISSING:
                    raise
                found = -1
        if found != size:
            raise FileLost(f"{key} is no longer in the media store")

    @contextmanager
    def open(self, key: str, *, size: int) -> Iterator[BinaryIO]:
        """The file as a stream. Raises `FileLost` like `check`; reading raises `MediaStoreAway` when it breaks off."""
        self.check(key, size=size)
        with _told():
            body = self._s3.get_object(Bucket=self._bucket, Key=self._name(key))["Body"]
        try:
            yield cast("BinaryIO", _Stream(body))
        finally:
            body.close()

    def discard(self, key: str) -> None:
        """Delete one file."""
        with _told():
            self._s3.delete_object(Bucket=self._bucket, Key=self._name(key))

    def remove(self, youtube_id: str) -> None:
        """Delete everything of the video; nothing there is fine."""
        with _told():
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{self._prefix}{youtube_id}/"
            )
            for page in pages:
                for found in page.get("Contents", []):
                    self._s3.delete_object(Bucket=self._bucket, Key=found["Key"])

    def youtube_ids(self) -> list[str]:
        """Of the videos that have anything here."""
        with _told():
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"
            )
            folders = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]
        return [folder.removeprefix(self._prefix).rstrip("/") for folder in folders]

    def end_unfinished(self, *, older_than: timedelta) -> int:
        """End uploads in parts that nobody can be at work on any more. Returns how many."""
        until = datetime.now(UTC) - older_than
        ended = 0
        with _told():
            pages = self._s3.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for upload in page.get("Uploads", []):
                    if upload["Initiated"] <= until:
                        self._end(
                            {"Bucket": self._bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
                        )
                        ended += 1
        return ended

    def reach(self) -> None:
        """Raises `MediaStoreAway` when the bucket cannot be used."""
        with _told():
            self._s3.head_bucket(Bucket=self._bucket)

    def _name(self, key: str) -> str:
        if ".." in key.split("/") or key.startswith("/"):
            raise ValueError(f"{key!r} leads out of the media store")
        return f"{self._prefix}{key}"


class _Stream:
    """A body that is read from the bucket while it is sent on."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, amount: int = -1) -> bytes:
        with _told():
            return bytes(self._body.read(amount if amount >= 0 else None))
