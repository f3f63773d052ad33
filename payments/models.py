"""What is owed to whom and for what, rounds in which it is paid, and the table of all payments."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from channels.models import Channel, TierName
from payments.states import LineState, RoundState
from videos.models import ChainTransaction, Video


class Action(models.TextChoices):
    """What a payment is for."""

    SIGN_UP = "sign_up", "Sign-up reward"
    VIDEOS = "videos", "Video rewards"
    REFERRALS = "referrals", "Referral rewards"
    OTHER = "other", "Payment by others"


class RewardRules(models.Model):
    """One row: what is rewarded, beside the sums of each tier. Staff change it at run time."""

    starts_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Sign-ups, videos and referrals before it are not rewarded. Empty: nothing is.",
    )
    min_video_seconds = models.PositiveIntegerField(default=300, help_text="Shorter videos are not rewarded.")
    max_videos_a_week = models.PositiveSmallIntegerField(
        default=3, help_text="So many new videos of a channel are rewarded in a week of payments."
    )
    referrals_count = models.BooleanField(
        "Referral programme", default=True, help_text="Off: whoever brings a channel earns nothing for now."
    )
    two_persons_above = models.PositiveIntegerField(
        default=50_000,
        help_text="US cents. A round of a larger sum is approved by somebody else than its reviewer.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_reward_rules")]
        verbose_name_plural = "reward rules"

    def __str__(self) -> str:
        return "Reward rules"


class Round(models.Model):
    """A payout round. `payments.rounds` moves it."""

    period_end = models.DateTimeField(help_text="What was earned before it is in the round.")
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.COMPUTED, editable=False)
    joy_price = models.PositiveBigIntegerField(help_text="Billionths of a US dollar for one JOY.")
    round_down_to = models.PositiveBigIntegerField(
        default=10**6, help_text="HAPI. Each amount is rounded down to a multiple of it."
    )
    reviewed_by = models.CharField(max_length=100, blank=True, editable=False)
    approved_by = models.CharField(max_length=100, blank=True, editable=False)
    dry_run = models.JSONField(
        null=True, blank=True, editable=False, help_text="What the last dry run found (`payments.dry_run`)."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    state_since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_is_known"),
            models.CheckConstraint(condition=Q(joy_price__gte=1), name="joy_has_a_price"),
            models.CheckConstraint(condition=Q(round_down_to__gte=1), name="rounding_is_to_something"),
        ]
        permissions = [
            ("run_round", "Can compute, adjust and review payout rounds"),
            ("approve_round", "Can approve and pay payout rounds"),
        ]
        verbose_name = "payout round"

    def __str__(self) -> str:
        return f"Round {self.pk}"


class RoundEvent(models.Model):
    """History: what happened to a round, who did it, and why. Rows are only added."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.event} at {self.at}"


class Line(models.Model):
    """What one channel gets for one kind of thing in a round: one payment on chain."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="lines")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="payout_lines")
    action = models.CharField(max_length=10, choices=Action)
    count = models.PositiveIntegerField(help_text="Sign-ups, videos or referrals in it.")
    cents = models.PositiveBigIntegerField(help_text="US cents, as computed.")
    adjusted_cents = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="US cents, where staff changed the sum."
    )
    adjusted_reason = models.CharField(max_length=200, blank=True)
    amount = models.PositiveBigIntegerField(help_text="HAPI.")
    state = models.CharField(max_length=10, choices=LineState, default=LineState.OPEN, editable=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it failed or was set aside.")
    reward_account = models.CharField(max_length=64, blank=True, help_text="Whom it was signed for (SS58).")
    joystream_channel_id = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Whose account that is: its creator may bind the channel to another."
    )

    class Meta:
        ordering = ["channel_id", "-amount", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "channel", "action"], name="one_line_a_channel_and_action"
            ),
            models.CheckConstraint(condition=Q(state__in=LineState.values), name="line_state_is_known"),
            models.CheckConstraint(
                condition=Q(adjusted_cents=None) | ~Q(adjusted_reason=""), name="an_adjustment_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.SENT, LineState.PAID]) | ~Q(reward_account=""),
                name="a_sent_line_has_its_account",
            ),
        ]
        indexes = [models.Index(fields=["round", "state"], name="line_by_round_and_state")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} for {self.channel}"

    @property
    def owed(self) -> int:
        """US cents."""
        return self.cents if self.adjusted_cents is None else self.adjusted_cents


class EarningQuerySet(models.QuerySet["Earning"]):
    def unpaid_before(self, end: datetime) -> "EarningQuerySet":
        """What is in no round yet."""
        return self.filter(line=None, cents__gt=0, earned_at__lt=end)


class Earning(models.Model):
    """One thing that was rewarded, at what it was worth then. The database lets no thing be rewarded twice:
    a channel's sign-up, a video, a referred channel; nor more videos in a week than there are places.
    """

    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="earnings", help_text="Who earned it."
    )
    action = models.CharField(max_length=10, choices=Action)
    video = models.ForeignKey(Video, null=True, blank=True, on_delete=models.PROTECT, related_name="earnings")
    referred = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="referral_earnings"
    )
    tier = models.CharField(max_length=10, choices=TierName)
    cents = models.PositiveIntegerField(help_text="US cents.")
    week = models.DateField(null=True, blank=True, help_text="Of the video's publication on YouTube.")
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which of the channel's rewarded videos of that week it is."
    )
    earned_at = models.DateTimeField(db_default=Now())
    line = models.ForeignKey(
        Line,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="earnings",
        help_text="Where it is paid.",
    )

    objects = EarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], condition=Q(action=Action.SIGN_UP), name="a_sign_up_is_rewarded_once"
            ),
            models.UniqueConstraint(
                fields=["video"], condition=Q(action=Action.VIDEOS), name="a_video_is_rewarded_once"
            ),
            models.UniqueConstraint(
                fields=["referred"], condition=Q(action=Action.REFERRALS), name="a_referral_is_rewarded_once"
            ),
            models.UniqueConstraint(
                fields=["channel", "week", "place"],
                condition=Q(action=Action.VIDEOS),
                name="one_rewarded_video_a_place",
            ),
            models.CheckConstraint(
                condition=Q(action=Action.SIGN_UP, video=None, referred=None, week=None, place=None)
                | Q(
                    action=Action.VIDEOS,
                    video__isnull=False,
                    referred=None,
                    week__isnull=False,
                    place__gte=1,
                )
                | Q(action=Action.REFERRALS, video=None, referred__isnull=False, week=None, place=None),
                name="an_earning_is_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(referred=None) | ~Q(referred=F("channel")), name="nobody_earns_by_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["line"], name="earning_of_line"),
            models.Index(
                fields=["earned_at"], condition=Q(line=None) & Q(cents__gt=0), name="earning_unpaid"
            ),
            models.Index(fields=["channel", "-id"], name="earning_of_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} of {self.cents} cents"


class TransactionLine(models.Model):
    """A line's place in an extrinsic. It is live as long as the extrinsic may still pay it, or has."""

    transaction = models.ForeignKey(ChainTransaction, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="transactions")
    position = models.PositiveSmallIntegerField(help_text="Index within the batch.")
    is_live = models.BooleanField(default=True)

    class Meta:
        ordering = ["transaction", "position"]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "position"], name="one_line_a_place"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(is_live=True), name="a_line_is_paid_by_one_extrinsic"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line_id} at {self.position}"


class Payment(models.Model):
    """The payments table: one row a payment in a final block, ours or another payer's."""

    joystream_channel_id = models.PositiveBigIntegerField(verbose_name="Joystream channel")
    reward_account = models.CharField(max_length=64, help_text="SS58.")
    youtube_channel_title = models.CharField(max_length=200, blank=True)
    youtube_channel_id = models.CharField(max_length=24, blank=True)
    block = models.PositiveBigIntegerField()
    executed_at = models.DateTimeField(help_text="When the block was made.")
    action = models.CharField(max_length=10, choices=Action)
    amount = models.PositiveBigIntegerField(help_text="HAPI.")
    rationale = models.TextField(blank=True)
    payer_member_id = models.PositiveBigIntegerField(verbose_name="paid by member")
    extrinsic = models.CharField(max_length=66, blank=True, help_text="Hash of the extrinsic.")
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="payments", editable=False
    )
    line = models.OneToOneField(
        Line, null=True, blank=True, on_delete=models.PROTECT, related_name="payment", editable=False
    )
    event_id = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="Its event on the query node, for a payment that is not ours.",
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-block", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, event_id="") | Q(line=None) & ~Q(event_id=""),
                name="a_payment_is_ours_or_found",
            ),
            models.UniqueConstraint(
                fields=["event_id"], condition=~Q(event_id=""), name="a_payment_is_found_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_of_something"),
        ]
        indexes = [
            models.Index(fields=["-block", "-id"], name="payment_newest_first"),
            models.Index(fields=["channel", "-id"], name="payment_of_channel"),
        ]
        permissions = [("find_payment", "Can import payments that are found on chain")]

    def __str__(self) -> str:
        return f"payment in block {self.block}"


class Lookout(models.Model):
    """One row: up to which block the query node's payments have been read (`payments.found`)."""

    read_to = models.PositiveBigIntegerField(default=0)
    next_look_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_lookout")]

    def __str__(self) -> str:
        return f"read to block {self.read_to}"
