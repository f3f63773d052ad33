"""A letter to a creator, and who wants no letters."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from channels.models import Channel


class Kind(models.TextChoices):
    """What a letter is about."""

    WELCOME = "welcome", "Welcome"
    VERIFIED = "verified", "Verified, or another tier"
    REQUIREMENTS_UNMET = "requirements_unmet", "Requirements not met"
    REQUIREMENTS_MET = "requirements_met", "Requirements met after all"
    PERMISSION_REVOKED = "permission_revoked", "Permission at Google revoked"
    SYNC_PAUSED = "sync_paused", "Sync paused"
    SYNC_RESUMED = "sync_resumed", "Sync resumed"
    SPACE_FULL = "space_full", "No space left on the Joystream channel"
    SUSPENDED = "suspended", "Suspended"
    SUSPENSION_LIFTED = "suspension_lifted", "Suspension lifted"
    APPEAL_RECEIVED = "appeal_received", "Appeal received"
    APPEAL_ACCEPTED = "appeal_accepted", "Appeal accepted"
    APPEAL_REJECTED = "appeal_rejected", "Appeal rejected"
    LEFT = "left", "Left the programme"
    CHANNEL_GONE = "channel_gone", "Out of the programme: a channel is gone"
    PAYOUT = "payout", "Payout"


class Dropped(models.TextChoices):
    """Why a letter will not be sent. Empty means that it was, or will be."""

    NO = "", "Not dropped"
    UNSUBSCRIBED = "unsubscribed", "The creator wants no letters"
    REFUSED = "refused", "The address does not exist"


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self) -> "LetterQuerySet":
        return self.filter(sent_at=None, dropped=Dropped.NO)

    def due(self) -> "LetterQuerySet":
        """Letters to be sent now that nobody is sending, the one that waits longest first."""
        free = Q(leased_until=None) | Q(leased_until__lt=Now())
        return self.unsent().filter(free, next_attempt_at__lte=Now()).order_by("next_attempt_at", "id")


class Letter(models.Model):
    """One letter: what happened, to whom it is told, and whether it has been."""

    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.SET_NULL, related_name="letters"
    )
    kind = models.CharField(max_length=24, choices=Kind)
    event = models.CharField(
        max_length=120, unique=True, help_text="What it tells of. Nobody is written to about it twice."
    )
    address = models.EmailField(
        blank=True, help_text="Empty once an account is deleted and its last letter is out."
    )
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="What its text is made of.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    dropped = models.CharField(max_length=12, choices=Dropped, blank=True, default=Dropped.NO)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="letter_kind_is_known"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped=Dropped.NO), name="a_letter_is_sent_or_dropped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(sent_at=None) & Q(dropped=""),
                name="letter_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.event})"


class Unsubscribed(models.Model):
    """An address that wants no letters. Only its hash is kept: it outlives the account."""

    address_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the address in small letters."
    )
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "unsubscribed addresses"

    def __str__(self) -> str:
        return self.address_hash[:12]
