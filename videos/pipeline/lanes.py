"""Who drives a lane: one worker at a time, by a lease."""

import uuid

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Now

from channels.models import Lane, LanePurpose
from videos.leases import LEASE


@transaction.atomic
def claim(purpose: LanePurpose) -> Lane | None:
    """Take a lane for what it is for, that nobody drives now."""
    open_lanes = Lane.objects.filter(purpose=purpose, paused_reason="", dry_since=None)
    free = open_lanes.filter(Q(leased_until=None) | Q(leased_until__lt=Now()))
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
