"""What the fate of a creation extrinsic means for its videos: each channel's batch for itself."""

from datetime import UTC, datetime

from videos import errors, moves, pace
from videos.models import ChainTransaction, MediaFile, TransactionVideo
from videos.pipeline import lanes, outbox, refusals
from videos.states import Stage, State
from ytsynch.failpoints import failpoint
from ytsynch.joystream.batches import Created, Failed, settle
from ytsynch.joystream.node import BlockRef, Inclusion, Outcome


class VideoCargo:
    """The videos of a creation extrinsic (an `outbox.Cargo`)."""

    def landed(self, row: ChainTransaction, inclusion: Inclusion, outcome: Outcome) -> None:
        """Move every video by what the chain's events say of its channel's batch."""
        batches = batches_of(row)
        if not outcome.success:
            error = refusals.error_of(outcome.error)
            for batch in batches:
                _give_back(batch, error)
            return
        lanes.grow(row.lane_id, sum(map(len, batches)))
        for batch, result in zip(batches, settle(outcome, [len(batch) for batch in batches]), strict=True):
            if isinstance(result, Failed):
                _give_back(batch, refusals.error_of(result.error))
            else:
                _mark_created(batch, result, inclusion.block)

    def lost(self, row: ChainTransaction) -> None:
        batches = batches_of(row)
        if row.error != outbox.NONCE_USED:
            lanes.shrink(row.lane_id, sum(map(len, batches)))
        for batch in batches:
            _give_back(batch, errors.ExtrinsicLost(f"{row.hash} was in no block up to {row.death_block - 1}"))


def batches_of(row: ChainTransaction) -> list[list[TransactionVideo]]:
    """The extrinsic's entries, a list a channel, in the order in which they were signed."""
    batches: dict[int, list[TransactionVideo]] = {}
    for entry in row.entries.select_related("video__channel").order_by("batch", "position"):
        batches.setdefault(entry.batch, []).append(entry)
    return [batches[index] for index in sorted(batches)]


def _mark_created(batch: list[TransactionVideo], result: Created, block: BlockRef) -> None:
    for entry, (video_id, object_ids) in zip(batch, result.videos, strict=True):
        waited = datetime.now(UTC) - entry.video.state_since
        files = list(MediaFile.objects.filter(video=entry.video).order_by("position"))
        for file, object_id in zip(files, object_ids, strict=True):
            file.object_id = object_id
        MediaFile.objects.bulk_update(files, ["object_id"])
        moves.move(
            entry.video,
            State.CREATED,
            event="created",
            detail={"joystream_video": video_id, "block": block.number},
            joystream_video_id=video_id,
            created_in_block=block.number,
        )
        failpoint("creation.created")
        pace.finished(Stage.CREATION, seconds=waited.total_seconds())


def _give_back(batch: list[TransactionVideo], error: Exception) -> None:
    """The videos of a batch that did not happen wait for another, or for what the error says."""
    if isinstance(error, errors.ChannelTrouble):
        refusals.pause_channel(batch[0].video.channel, error)
    for entry in batch:
        video = entry.video
        attempts = video.attempts
        moves.move(
            video, State.DOWNLOADED, event="not_created", detail={"text": str(error)[:500]}, attempts=attempts
        )
        moves.fail(video, error)
        failpoint("creation.given_back")
