"""Who drives a lane: one worker at a time, by a lease."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Now

from channels.models import Lane, LanePurpose
from videos.leases import LEASE
from videos.models import ChainTransaction, TransactionState

FEWEST = 1


@transaction.atomic
def claim(purpose: LanePurpose) -> Lane | None:
    """Take a lane for what it is for, that nobody drives now: an open one, or a closed one that has something
    under way, to follow that to its end.
    """
    under_way = ChainTransaction.objects.filter(lane=OuterRef("pk"), state=TransactionState.SIGNED)
    useful = Q(paused_reason="", dry_since=None) | Q(Exists(under_way))
    lanes = Lane.objects.filter(useful, purpose=purpose, needs_human=False)
    free = lanes.filter(Q(leased_until=None) | Q(leased_until__lt=Now()))
    lane = free.order_by("leased_until").select_for_update(skip_locked=True).first()
    if lane is not None:
        lane.lease_token = uuid.uuid4()
        Lane.objects.filter(pk=lane.pk).update(
            lease_token=lane.lease_token, leased_until=Now() + Value(LEASE)
        )
    return lane


def renew(lane: Lane) -> bool:
    """Keep the lane; False when another worker has it now."""
    mine = Lane.objects.filter(pk=lane.pk, lease_token=lane.lease_token)
    return bool(mine.update(leased_until=Now() + Value(LEASE)))


def release(lane: Lane) -> None:
    Lane.objects.filter(pk=lane.pk, lease_token=lane.lease_token).update(lease_token=None, leased_until=None)


def is_open(lane: Lane) -> bool:
    """Whether something new may be sent through the lane, as it stands now."""
    return Lane.objects.filter(pk=lane.pk, paused_reason="", needs_human=False, dry_since=None).exists()


def batch_size(lane: Lane, most: int) -> int:
    """How many things the lane's next extrinsic may hold, at most `most`."""
    limit = Lane.objects.values_list("batch_limit", flat=True).get(pk=lane.pk)
    return most if limit is None else min(limit, most)


def shrink(lane_id: int, size: int) -> None:
    """An extrinsic of so many things got into no block: the next one is half of it (faults.md N10)."""
    Lane.objects.filter(pk=lane_id).update(batch_limit=max(size // 2, FEWEST))


def grow(lane_id: int, size: int) -> None:
    """One of so many things got into a block: the next one may be twice as large, if there was a limit."""
    Lane.objects.filter(pk=lane_id, batch_limit__lte=size).update(batch_limit=size * 2)
