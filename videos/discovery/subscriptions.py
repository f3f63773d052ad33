"""Subscriptions at the WebSub hub: asked for, confirmed when the hub asks back, renewed before their
lease ends.

Renewals are spread over the second half of the lease at random, so that channels that subscribed together do
not renew together. A hub that is down costs one request at a time, later and later; feeds do its work.
"""

import random
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now

from channels.models import Channel, Pause
from videos import outside
from videos.discovery.models import Hub, Subscription, Wanted
from ytsynch.youtube.errors import HubRefused, HubUnavailable
from ytsynch.youtube.push import topic

log = structlog.get_logger(__name__)

LEASE = timedelta(days=5)
"""What is asked for; YouTube's hub gives at least that."""

LONGEST_LEASE = timedelta(days=10)
"""A longer promise is not believed."""

RENEWED_AT = (0.5, 0.8)
"""Between these parts of the lease it is renewed: a fifth of it is left for tries while the hub is down."""

ANSWER_WITHIN = timedelta(hours=1)
"""A hub that has not asked back by then is asked again."""

AFTER_REFUSAL = timedelta(days=1)
BATCH = 20
_LONGEST_PAUSE = timedelta(hours=1)


def are_possible() -> bool:
    """Whether a hub could reach us: without a public address there is nowhere to send notices."""
    return settings.CONFIG.http_api.public_url is not None


def callback_url(subscription: Subscription) -> str:
    return f"{settings.CONFIG.http_api.base_url}/push/{subscription.callback_key}"


def ensure(channel: Channel) -> None:
    """Have the channel followed by push. It is asked for soon after, by `ask_due`."""
    if not are_possible() or Subscription.objects.filter(channel=channel).exists():
        return
    hub, _ = Hub.objects.get_or_create(address=settings.CONFIG.endpoints.web_sub_hub)
    Subscription.objects.bulk_create([Subscription(channel=channel, hub=hub)], ignore_conflicts=True)


def ask_due() -> bool:
    """Ask the hub for the next subscriptions that are due. False when none was, or while the hub is down."""
    if not are_possible():
        return False
    asked = [subscription for subscription in _claim() if _ask(subscription)]
    return bool(asked)


@transaction.atomic
def _claim() -> list[Subscription]:
    """The next due ones of hubs that may be asked. If this process dies they fall due again by themselves."""
    due = Subscription.objects.due().filter(hub__ask_again_at__lte=Now())
    rows = list(
        due.select_for_update(skip_locked=True, of=("self",)).select_related("channel", "hub")[:BATCH]
    )
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(
        next_request_at=Now() + Value(ANSWER_WITHIN)
    )
    return rows


def _ask(subscription: Subscription) -> bool:
    """Tell the hub what we want. False when it was not told: then it is due again once the hub answers."""
    mine = Subscription.objects.filter(pk=subscription.pk)
    hub = Hub.objects.filter(pk=subscription.hub_id, ask_again_at__lte=Now()).first()
    if hub is None:  # it went down since this batch was taken
        mine.update(next_request_at=Now())
        return False
    wanted = Wanted.SUBSCRIBE if subscription.channel.pause == Pause.NONE else Wanted.UNSUBSCRIBE
    if wanted is Wanted.UNSUBSCRIBE and subscription.lease_ends_at is None:
        mine.update(next_request_at=Now() + Value(LEASE))  # nothing to end; looked at again in a while
        return True
    # what we want is written down first: the hub may ask back before its answer has arrived
    mine.update(wanted=wanted, asked_at=Now())
    try:
        _tell(subscription, wanted)
    except HubUnavailable as error:
        _failed(hub, error)
        mine.update(next_request_at=Now())
        return False
    except HubRefused as error:
        mine.update(next_request_at=Now() + Value(AFTER_REFUSAL), refusal=str(error))
        log.warning("push.refused", channel=subscription.channel.youtube_id, text=str(error))
    Hub.objects.filter(pk=hub.pk).update(failures=0, failing_since=None)
    return True


def _tell(subscription: Subscription, wanted: Wanted) -> None:
    hub, channel_id = outside.hub(subscription.hub.address), subscription.channel.youtube_id
    if wanted is Wanted.UNSUBSCRIBE:
        hub.unsubscribe(channel_id, callback=callback_url(subscription))
        return
    hub.subscribe(
        channel_id,
        callback=callback_url(subscription),
        secret=subscription.secret,
        lease_seconds=int(LEASE.total_seconds()),
    )


def _failed(hub: Hub, error: HubUnavailable) -> None:
    pause = min(timedelta(minutes=1) * 2 ** min(hub.failures, 10), _LONGEST_PAUSE)
    Hub.objects.filter(pk=hub.pk).update(
        failures=F("failures") + 1,
        failing_since=Coalesce("failing_since", Now()),
        ask_again_at=Now() + Value(pause * random.uniform(0.8, 1.2)),  # noqa: S311 (not a secret)
    )
    log.warning("push.hub_down", hub=hub.address, again_in=round(pause.total_seconds()), text=str(error))


def confirm(subscription: Subscription, *, mode: str, said_topic: str, lease_seconds: int | None) -> bool:
    """The hub asks whether we meant it. True when that is what we want, and then it holds from now on."""
    if said_topic != topic(subscription.channel.youtube_id) or mode != subscription.wanted:
        return False
    mine = Subscription.objects.filter(pk=subscription.pk)
    if mode == Wanted.UNSUBSCRIBE:
        mine.update(lease_ends_at=None, live_since=None, next_request_at=Now() + Value(LEASE))
        return True
    lease = min(timedelta(seconds=lease_seconds or 0) or LEASE, LONGEST_LEASE)
    until_renewal = lease * random.uniform(*RENEWED_AT)  # noqa: S311 (not a secret)
    lapsed = Q(lease_ends_at=None) | Q(lease_ends_at__lt=Now())
    mine.filter(lapsed).update(live_since=Now())
    mine.update(lease_ends_at=Now() + Value(lease), next_request_at=Now() + Value(until_renewal), refusal="")
    log.info(
        "push.confirmed",
        channel=subscription.channel.youtube_id,
        lease=round(lease.total_seconds()),
        renewed_in=round(until_renewal.total_seconds()),
    )
    return True


def deny(subscription: Subscription, *, said_topic: str, why: str) -> None:
    """The hub says that it will not, or no longer (`hub.mode=denied`)."""
    if said_topic != topic(subscription.channel.youtube_id):
        return
    Subscription.objects.filter(pk=subscription.pk).update(
        lease_ends_at=None, live_since=None, refusal=why, next_request_at=Now() + Value(AFTER_REFUSAL)
    )
    log.warning("push.denied", channel=subscription.channel.youtube_id, text=why)
