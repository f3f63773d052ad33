"""What is remembered of push notifications.

The other facts of a channel's watch are fields of the channel.
"""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from channels.models import Channel
from ytsynch.encrypted_field import EncryptedJSONField


class FoundBy(models.TextChoices):
    """The source that was first to show a video."""

    CATALOGUE = "catalogue", "Listing of the back catalogue"
    PUSH = "push", "Push notification"
    FEED = "feed", "Feed"
    LISTING = "listing", "Listing"


class Hub(models.Model):
    """A WebSub hub, and whether it answers. While it does not, it is asked less and less often."""

    address = models.URLField(max_length=300, unique=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Failed requests in a row.")
    failing_since = models.DateTimeField(null=True, blank=True)
    ask_again_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.address


class HubDay(models.Model):
    """How well a hub kept its word on a day (UTC): uploads of channels that it was to announce."""

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    announced = models.PositiveIntegerField(default=0, help_text="Told of within an hour of our own look.")
    missed = models.PositiveIntegerField(default=0, help_text="Found by a look of our own alone.")

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["hub", "day"], name="one_count_a_hub_and_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.announced} announced, {self.missed} missed"


class Wanted(models.TextChoices):
    """What a hub is asked for. The values are WebSub's own words (`hub.mode`)."""

    SUBSCRIBE = "subscribe", "Notices"
    UNSUBSCRIBE = "unsubscribe", "No more notices"


def new_key() -> str:
    """Unguessable: nobody but the hub can confirm a subscription, or say anything in its name."""
    return secrets.token_urlsafe(24)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def due(self) -> "SubscriptionQuerySet":
        """Those for which the hub is to be asked now."""
        return self.filter(next_request_at__lte=Now()).order_by("next_request_at")

    def live(self) -> "SubscriptionQuerySet":
        """Those whose lease runs."""
        return self.filter(lease_ends_at__gt=Now())


class Subscription(models.Model):
    """The hub's promise to tell us of a channel's uploads.

    It holds until the lease ends, and is renewed before.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="subscription")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="subscriptions")
    callback_key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    secret = EncryptedJSONField(default=new_key, editable=False, help_text="What the hub signs with.")
    wanted = models.CharField(max_length=12, choices=Wanted, default=Wanted.SUBSCRIBE)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When the hub was asked last.")
    live_since = models.DateTimeField(null=True, blank=True, help_text="Since when leases follow each other.")
    lease_ends_at = models.DateTimeField(null=True, blank=True)
    next_request_at = models.DateTimeField(db_default=Now(), help_text="When the hub is asked next.")
    last_notice_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True, help_text="What the hub said when it refused, word for word.")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(wanted__in=Wanted.values), name="subscription_wish_is_known"),
            models.CheckConstraint(
                condition=Q(lease_ends_at=None) | Q(live_since__isnull=False), name="a_lease_began"
            ),
        ]
        indexes = [models.Index(fields=["next_request_at"], name="subscription_due")]

    def __str__(self) -> str:
        return f"{self.channel} at {self.hub}"


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def open(self, channel: Channel) -> "AnnouncementQuerySet":
        """What was announced of the channel and not looked up yet."""
        return self.filter(channel=channel, settled_at=None)

    def outdated(self, age: timedelta) -> "AnnouncementQuerySet":
        return self.filter(noted_at__lt=Now() - Value(age))


class Announcement(models.Model):
    """A video that a hub named: once for each version, so that a notice that comes again is known as such."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="announcements")
    youtube_id = models.CharField(max_length=11)
    updated_at = models.DateTimeField(help_text="The version, as the notice dates it.")
    noted_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When YouTube itself was asked about it."
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "youtube_id", "updated_at"], name="a_version_is_announced_once"
            )
        ]
        indexes = [
            models.Index(fields=["channel"], condition=Q(settled_at=None), name="announcement_open"),
            models.Index(fields=["noted_at"], name="announcement_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.youtube_id} of {self.updated_at}"
