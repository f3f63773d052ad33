"""What must be true when everything has healed: each video on Joystream once, and nothing left behind.

Everything is asked of the outside again; what the service believes is compared with that.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone

from channels.models import Channel, Lane
from videos import media_store, outside
from videos.models import ChainTransaction, TransactionState, TransactionVideo, Video, VideoEvent
from videos.states import State
from ytsynch.demo.verify import NotVerified, verify


def whereabouts(ids: set[str]) -> str:
    """Where those of the videos are that are not published, a line each."""
    rows = Video.objects.filter(youtube_id__in=ids).exclude(state=State.PUBLISHED).order_by("id")
    known = set(Video.objects.filter(youtube_id__in=ids).values_list("youtube_id", flat=True))
    lines = [
        f"{video.youtube_id} {video.state} {video.reason} attempts={video.attempts} crashes={video.crashes} "
        f"held={video.held!r} leased_by={video.leased_by!r} next={video.next_attempt_at} {video.reason_text[:150]}"
        for video in rows
    ]
    return "\n".join([*lines, *(f"{id} was never discovered" for id in sorted(ids - known))])


def complaints(publishable: set[str], videos_on_chain: int) -> Iterator[str]:
    """A line for everything that is not as it must be. The service has been stopped, the devnet runs."""
    yield from _lost_or_twice(publishable, videos_on_chain)
    yield from _not_verified()
    yield from _left_in_rows()
    yield from _history()
    yield from _left_on_disk()


def _lost_or_twice(publishable: set[str], videos_on_chain: int) -> Iterator[str]:
    published = set(Video.objects.filter(state=State.PUBLISHED).values_list("youtube_id", flat=True))
    if lost := publishable - published:
        yield f"{len(lost)} videos are lost:\n{whereabouts(lost)}"
    if surplus := published - publishable:
        yield f"published, and must not be: {sorted(surplus)}"
    shown = outside.query_node().videos_by_youtube_id(sorted(publishable))
    for id, copies in shown.items():
        if len(copies) != 1:
            yield f"{id} is on Joystream {len(copies)} times: {[copy.id for copy in copies]}"
    # also those that the query node attributes to nobody
    if videos_on_chain != len(published):
        yield f"the chain has {videos_on_chain} videos, {len(published)} are published"


def _not_verified() -> Iterator[str]:
    for video in Video.objects.filter(state=State.PUBLISHED).select_related("channel__app"):
        try:
            verify(video)
        except NotVerified as problem:
            yield f"{video.youtube_id}: {problem}"


def _left_in_rows() -> Iterator[str]:
    if leased := Video.objects.filter(lease_token__isnull=False).count():
        yield f"{leased} videos are still leased"
    if lanes := Lane.objects.filter(lease_token__isnull=False).count():
        yield f"{lanes} lanes are still leased"
    if channels := Channel.objects.filter(discovery_leased_until__gt=timezone.now()).count():
        yield f"{channels} channels are still leased by the discovery"
    if open_ones := ChainTransaction.objects.filter(state=TransactionState.SIGNED).count():
        yield f"the fate of {open_ones} extrinsics is open"
    if reserved := Video.objects.aggregate(sum=Sum("reserved_bytes"))["sum"]:
        yield f"{reserved:,} bytes of the media store's budget are held by nobody"


def _history() -> Iterator[str]:
    """One creation in one final extrinsic, one publication, and no adoption: we never lost sight of our own."""
    for event in ("created", "published"):
        ours = Count("events", filter=Q(events__event=event))
        published = Video.objects.filter(state=State.PUBLISHED).annotate(ours=ours)
        for id, count in published.exclude(ours=1).values_list("youtube_id", "ours"):
            yield f"{id} has {count} events «{event}»"
    final = TransactionVideo.objects.filter(transaction__state=TransactionState.FINAL)
    created = final.filter(video__joystream_video_id__isnull=False, video__created_in_block=None)
    if created.exists():
        yield f"{created.count()} videos do not know their block"
    if adopted := VideoEvent.objects.filter(event="adopted").count():
        yield f"{adopted} of our own videos had to be adopted"


def _left_on_disk() -> Iterator[str]:
    media_store.sweep()
    for folder in (settings.CONFIG.sync.media_dir, settings.CONFIG.sync.downloads_dir):
        if left := [path.name for path in Path(folder).iterdir()]:
            yield f"{folder} still has {left}"
