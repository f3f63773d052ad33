"""Upload: a created video's files go to a storage node that serves its channel's bag."""

import time
from collections.abc import Callable
from pathlib import PurePosixPath

import structlog
from django.db.models.functions import Now

from videos import media_store, moves, outside, pace
from videos.errors import FileLost, NoStorageNode
from videos.leases import Keeper, LeaseLost, keeping
from videos.models import MediaFile, Video
from videos.pipeline import download, removals
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.content_id import ContentHasher
from ytsynch.joystream.errors import (
    AlreadyStored,
    FileRejected,
    ObjectUnknown,
    StorageUnavailable,
    UploadsBlocked,
)
from ytsynch.joystream.query_node import StorageBucket

log = structlog.get_logger(__name__)


def upload(video: Video) -> None:
    """Bring every file that is not uploaded yet to a storage node, and move the video on."""
    failpoint("upload.claimed")
    began = time.monotonic()
    try:
        with keeping(video) as keeper:
            files = list(video.files.filter(uploaded_at=None))
            _ensure_local(video, files, keeper)
            for file in files:
                _upload_file(video, file, keeper)
                failpoint("upload.file_uploaded")
                keeper.check()
        failpoint("upload.all_uploaded")
        moves.move(video, State.UPLOADED, event="uploaded", detail={"files": len(files)})
        pace.finished(Stage.UPLOAD, seconds=time.monotonic() - began, bytes=sum(file.size for file in files))
    except ObjectUnknown:
        if not removals.is_removed(video):
            raise
        removals.note(video)
    except LeaseLost:
        log.info("upload.stopped", video=video.youtube_id)
        moves.release(video)


def _ensure_local(video: Video, files: list[MediaFile], keeper: Keeper) -> None:
    """Files that were lost (a disk, a host) are downloaded once more: the chain has their hashes already
    (faults.md S7).
    """
    store = media_store.media_store()
    try:
        for file in files:
            store.check(file.key, size=file.size)
    except FileLost as lost:
        log.warning("upload.file_lost", video=video.youtube_id, text=str(lost))
        download.fetch_again(video, download.reporter(keeper))


def _upload_file(video: Video, file: MediaFile, keeper: Keeper) -> None:
    """Try each node of the bag until one takes the file. Raises the last node's refusal when none does."""
    store = media_store.media_store()
    assert file.object_id is not None  # set in the transaction that made the video «created»
    refusal: Exception = NoStorageNode("no active storage bucket with an address serves the channel")
    for bucket in _buckets(video, file):
        try:
            with store.open(file.key, size=file.size) as content:
                outside.storage_node(bucket.endpoint).upload_stream(
                    content,
                    name=PurePosixPath(file.key).name,
                    size=file.size,
                    object_id=file.object_id,
                    bucket_id=bucket.id,
                    channel_id=video.channel.joystream_channel_id or 0,
                    on_progress=_reporter(keeper, file),
                )
        except AlreadyStored:
            log.info("upload.already_there", video=video.youtube_id, object=file.object_id)
        except FileRejected:
            _drop_if_damaged(video, file)
            raise
        except (StorageUnavailable, UploadsBlocked, ObjectUnknown) as error:
            refusal = error
            log.info("upload.node_refused", video=video.youtube_id, node=bucket.endpoint, text=str(error))
            continue
        failpoint("upload.answered")
        MediaFile.objects.filter(pk=file.pk).update(
            uploaded_at=Now(), uploaded_bytes=file.size, uploaded_to=bucket.endpoint
        )
        return
    raise refusal


def _drop_if_damaged(video: Video, file: MediaFile) -> None:
    """A file that rotted here is as good as lost: the next try downloads it again (faults.md S5)."""
    store = media_store.media_store()
    hasher = ContentHasher()
    with store.open(file.key, size=file.size) as content:
        while chunk := content.read(media_store.CHUNK):
            hasher.update(chunk)
    if hasher.digest() != file.content_id:
        store.discard(file.key)
        log.warning("upload.file_damaged", video=video.youtube_id, key=file.key)


def _buckets(video: Video, file: MediaFile) -> list[StorageBucket]:
    """The nodes that may take the file; the one that took it before and never accepted it comes last."""
    assert video.channel.joystream_channel_id is not None
    buckets = outside.query_node().storage_buckets(video.channel.joystream_channel_id)
    return sorted(buckets, key=lambda bucket: bucket.endpoint == file.uploaded_to)


def _reporter(keeper: Keeper, file: MediaFile) -> Callable[[int], None]:
    def report(sent: int) -> None:
        failpoint("upload.bytes")
        keeper.report({"phase": "upload", "done": sent, "total": file.size})

    return report
