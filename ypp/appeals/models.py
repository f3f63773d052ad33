"""An appeal and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from channels.models import Channel, ChannelEvent, SuspensionReason


class Decision(models.TextChoices):
    OPEN = "", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    MOOT = "moot", "Lifted without it"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        """Those that wait for an answer, the most urgent first."""
        return self.filter(decision=Decision.OPEN).order_by("due_at", "id")

    def overdue(self) -> "AppealQuerySet":
        return self.open().filter(due_at__lt=Now())


class Appeal(models.Model):
    """What a suspended channel's creator says, and the staff's answer. `ypp.appeals.hearing` writes it."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="appeals")
    suspension = models.OneToOneField(
        ChannelEvent,
        on_delete=models.PROTECT,
        related_name="appeal",
        help_text="The suspension that it is about: there is no second appeal against it.",
    )
    reason = models.CharField(max_length=24, choices=SuspensionReason, help_text="Of the suspension.")
    text = models.TextField(blank=True, help_text="The creator's words; empty once the account is deleted.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(help_text="Until when the creator was promised an answer.")
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default=Decision.OPEN)
    answer = models.TextField(blank=True, help_text="Staff's words for the creator.")
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.CharField(max_length=160, blank=True, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="appeal_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="a_decided_appeal_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["channel"], condition=Q(decision=""), name="one_open_appeal_a_channel"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(decision=""), name="appeal_open_by_due_date")]

    def __str__(self) -> str:
        return f"appeal of {self.channel}"
