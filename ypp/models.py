"""The programme: what it asks for, what a tier means, and who is let in whatever they measure."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from channels.models import App, Creator, TierName
from ypp.appeals.models import Appeal
from ypp.letters.models import Letter, Unsubscribed

__all__ = ["Appeal", "Letter", "RefusedSignUp", "Requirement", "Tier", "Unsubscribed", "WhitelistedHandle"]


class TierQuerySet(models.QuerySet["Tier"]):
    def for_subscribers(self, subscribers: int) -> "Tier | None":
        """The tier whose range holds the number, or None below the lowest."""
        return self.filter(min_subscribers__lte=subscribers).order_by("-min_subscribers").first()


class Tier(models.Model):
    """A tier: who belongs in it and how much of a channel is brought over. Staff change it at run time."""

    name = models.CharField(max_length=10, choices=TierName, unique=True)
    min_subscribers = models.PositiveBigIntegerField(
        unique=True, help_text="The range goes up to the next tier's."
    )
    max_old_videos = models.PositiveIntegerField(
        help_text="How many videos of the back catalogue are brought over."
    )
    max_old_bytes = models.PositiveBigIntegerField(
        help_text="Bytes of the back catalogue that are brought over."
    )
    weight = models.PositiveSmallIntegerField(
        default=1, help_text="Share of the queue against another channel: 2 moves twice as fast as 1."
    )
    sign_up_reward = models.PositiveIntegerField(
        default=0, db_default=0, help_text="US cents, once, for a channel that is verified in this tier."
    )
    video_reward = models.PositiveIntegerField(
        default=0, db_default=0, help_text="US cents for each new video that was brought over."
    )
    referral_reward = models.PositiveIntegerField(
        default=0, help_text="US cents for whoever brought a verified channel of this tier."
    )

    objects = TierQuerySet.as_manager()

    class Meta:
        ordering = ["min_subscribers"]
        constraints = [models.CheckConstraint(condition=Q(weight__gte=1), name="a_tier_moves")]

    def __str__(self) -> str:
        return self.get_name_display()


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def of_app(self, app: App | None) -> "Requirement":
        """The app's own row, or the one for every app that has none."""
        rows = self.filter(Q(app=app) | Q(app__isnull=True))
        return rows.order_by(F("app").asc(nulls_last=True))[0]


class Requirement(models.Model):
    """What a YouTube channel must have to join through an app. Staff change it at run time; 0 asks for
    nothing.
    """

    app = models.ForeignKey(
        App,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="requirements",
        help_text="Empty: for every app that has no row of its own.",
    )
    sign_ups_open = models.BooleanField(default=True, help_text="Off: nobody new is taken in for now.")
    min_subscribers = models.PositiveIntegerField(default=50)
    min_videos = models.PositiveIntegerField(default=10, help_text="Public videos of the age below.")
    min_video_age_hours = models.PositiveIntegerField(
        default=30 * 24, help_text="Younger videos do not count."
    )
    min_channel_age_hours = models.PositiveIntegerField(default=90 * 24)
    min_new_videos_a_month = models.PositiveIntegerField(default=0)
    months_considered = models.PositiveSmallIntegerField(
        default=1, help_text="The new videos of so many months are counted together."
    )
    # Atlas cannot show these five: they are for sign-ups on our own pages, and gateways that ask for them.
    needs_title = models.BooleanField("Joystream channel has a title", default=False)
    needs_description = models.BooleanField("Joystream channel has a description", default=False)
    needs_avatar = models.BooleanField("Joystream channel has an avatar", default=False)
    needs_cover = models.BooleanField("Joystream channel has a cover", default=False)
    needs_collaborator = models.BooleanField(
        "Joystream channel lets our member add videos",
        default=False,
        db_default=False,
        help_text="Off: it may join before, and its sync begins when the member may.",
    )

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app"], nulls_distinct=False, name="one_row_of_requirements_an_app"
            ),
            models.CheckConstraint(
                condition=Q(months_considered__gte=1), name="a_month_at_least_is_considered"
            ),
        ]

    def __str__(self) -> str:
        return f"requirements of {self.app or 'all other apps'}"


class WhitelistedHandle(models.Model):
    """A YouTube handle that may join whatever it measures."""

    handle = models.CharField(max_length=100, unique=True, help_text="In small letters, with its @.")
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["handle"]
        constraints = [
            models.CheckConstraint(condition=Q(handle__startswith="@"), name="a_handle_begins_with_at"),
        ]

    def __str__(self) -> str:
        return self.handle


class RefusedSignUpQuerySet(models.QuerySet["RefusedSignUp"]):
    def due(self, now: datetime) -> "RefusedSignUpQuerySet":
        return self.filter(next_check_at__lte=now).order_by("next_check_at")


class RefusedSignUp(models.Model):
    """A channel that does not meet the requirements yet. It is measured again until it does
    (`ypp.second_chance`).
    """

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="refused_sign_ups")
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="refused_sign_ups")
    youtube_id = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    unmet = models.JSONField(
        default=list, blank=True, help_text="[{code, message, measured, required}] of the last check."
    )
    refused_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True, blank=True, help_text="Empty once it passed.")
    passed_at = models.DateTimeField(null=True, blank=True)

    objects = RefusedSignUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(passed_at=None, next_check_at__isnull=False)
                | Q(passed_at__isnull=False, next_check_at=None),
                name="a_refusal_is_checked_until_it_passes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="refused_sign_up_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.youtube_id})"
