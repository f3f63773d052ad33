"""What a lane's account can pay: looked at before each extrinsic and by the clock.

A lane that cannot pay for the next video is dry: nothing is sent through it, its videos keep their places,
staff see what it needs, and it goes on by itself once it is funded. Before that they see how many days the
balance will last.
"""

from collections.abc import Iterable
from datetime import timedelta
from math import ceil

import structlog
from django.db import transaction
from django.db.models import Count, Sum, Value
from django.db.models.functions import Coalesce, Now

from channels.models import Lane, LanePurpose
from videos import errors, outside
from videos.models import ChainTransaction, MediaFile, TransactionState, Video
from videos.states import Stage
from ytsynch.clusters.bell import ring
from ytsynch.joystream.errors import JoystreamError
from ytsynch.joystream.node import Prices

log = structlog.get_logger(__name__)

MEGABYTE = 1 << 20
"""The runtime's own megabyte (`Storage.calculate_data_storage_fee`): each begun one is paid for."""

HAPI_PER_JOY = 10**10
EVERY = timedelta(minutes=10)
DRY_EVERY = timedelta(seconds=30)

ALERT_DAYS = 7
"""A balance that lasts no longer than that is worth a warning."""


def cost(videos: Iterable[Video], prices: Prices) -> int:
    """HAPI that creating the videos takes beside the extrinsic's fee: fees by size, and bonds."""
    rows = MediaFile.objects.filter(video__in=[video.pk for video in videos]).values("video")
    return sum(
        prices.video_bond
        + row["files"] * prices.object_bond
        + ceil(row["bytes"] / MEGABYTE) * prices.data_size_fee_per_mb
        for row in rows.annotate(bytes=Sum("size"), files=Count("id")).order_by("video")
    )


def run_dry(lane: Lane, dry: errors.LaneDry) -> None:
    """Send nothing more through the lane until it is funded."""
    Lane.objects.filter(pk=lane.pk).update(
        dry_since=Coalesce("dry_since", Now()),
        balance=dry.has,
        needs=dry.needs,
        next_balance_check_at=Now() + Value(DRY_EVERY),
    )
    log.error("lane.dry", lane=lane.member_id, address=lane.address, text=str(dry))


def check_due() -> bool:
    """Look at the balance of the next lane that is due. False when none was, or the chain does not answer."""
    lane = _claim()
    if lane is None:
        return False
    try:
        balance = outside.node().balance(lane.address)
        prices = outside.node().prices()
    except JoystreamError as error:
        log.warning("lane.not_checked", lane=lane.member_id, reason=error.code, text=str(error))
        return False
    # what creators are paid goes out in rounds: their pace says nothing of the days to come
    spent = spent_in_a_day(lane, prices) if lane.purpose == LanePurpose.VIDEOS else 0
    days_left = balance / spent if spent else None
    Lane.objects.filter(pk=lane.pk).update(balance=balance, days_left=days_left)
    if lane.dry_since is not None and balance >= (lane.needs or 0):
        _funded(lane, balance)
    elif days_left is not None and days_left < ALERT_DAYS:
        joy = balance / HAPI_PER_JOY
        log.warning(
            "lane.low", lane=lane.member_id, address=lane.address, joy=joy, days_left=round(days_left, 2)
        )
    return True


@transaction.atomic
def _claim() -> Lane | None:
    due = Lane.objects.filter(next_balance_check_at__lte=Now()).order_by("next_balance_check_at")
    lane = due.select_for_update(skip_locked=True).first()
    if lane is not None:
        every = EVERY if lane.dry_since is None else DRY_EVERY
        Lane.objects.filter(pk=lane.pk).update(next_balance_check_at=Now() + Value(every))
    return lane


def _funded(lane: Lane, balance: int) -> None:
    Lane.objects.filter(pk=lane.pk).update(dry_since=None, needs=None)
    log.info("lane.funded", lane=lane.member_id, joy=balance / HAPI_PER_JOY)
    if lane.purpose == LanePurpose.VIDEOS:
        ring(Stage.CREATION)


def spent_in_a_day(lane: Lane, prices: Prices) -> int:
    """HAPI that the lane spent in the last day, at today's prices."""
    settled = ChainTransaction.objects.filter(
        lane=lane, state=TransactionState.FINAL, settled_at__gt=Now() - Value(timedelta(days=1))
    )
    fees = settled.aggregate(sum=Sum("fee"))["sum"] or 0
    created = Video.objects.filter(transactions__transaction__in=settled, joystream_video_id__isnull=False)
    return int(fees) + cost(created.distinct(), prices)
