"""Who: creators, gateway apps, and YouTube channels with the Joystream channels they belong to."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from ytsynch.encrypted_field import EncryptedJSONField


class Creator(models.Model):
    """A person whom Google has vouched for. One Google account is one creator, whatever they do later."""

    subject = models.CharField(
        max_length=64, unique=True, help_text="Google's stable id of the account («sub»)."
    )
    email = models.EmailField(help_text="The address Google knows; letters go to the channel's own address.")
    grant = EncryptedJSONField(
        null=True, blank=True, editable=False, help_text="Google's tokens; empty once revoked."
    )
    grant_revoked_at = models.DateTimeField(null=True, blank=True)
    grant_checked_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When Google was last asked whether the permission holds."
    )
    code_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the authorization code that proves the next sign-up call; empty once used.",
    )
    signed_in_channel = models.ForeignKey(
        "Channel",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The YouTube channel that the last sign-in showed: the one that the code proves.",
    )
    memberships_created = models.PositiveSmallIntegerField(
        default=0, help_text="Joystream memberships made for this account through the faucet."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["grant_checked_at"], condition=Q(grant__isnull=False), name="grant_to_be_checked"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class LanePurpose(models.TextChoices):
    VIDEOS = "videos", "Publishes videos"
    PAYMENTS = "payments", "Pays creators"


class Lane(models.Model):
    """One member and its account: a single file of extrinsics in nonce order.

    The key itself is not in the database: the configuration holds it, under `joystream.channelCollaborator`
    for a lane of videos, under `payments.payer` for the lane of payments.
    """

    purpose = models.CharField(
        max_length=10, choices=LanePurpose, default=LanePurpose.VIDEOS, db_default=LanePurpose.VIDEOS
    )

    member_id = models.PositiveBigIntegerField(
        unique=True, help_text="Joystream member that is the collaborator, or pays."
    )
    address = models.CharField(
        max_length=64, unique=True, help_text="SS58 address of the controller account."
    )
    paused_reason = models.CharField(
        max_length=200, blank=True, help_text="Why nothing is sent through it now."
    )
    needs_human = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="What became of its last extrinsic cannot be told: it is not even followed.",
    )
    batch_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="At most so many things in its next extrinsic: a larger one did not get into a block.",
    )
    balance = models.DecimalField(
        max_digits=39, decimal_places=0, null=True, blank=True, editable=False, help_text="HAPI, last seen."
    )
    days_left = models.FloatField(
        null=True, blank=True, editable=False, help_text="How long it lasts at the pace of the last day."
    )
    dry_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when it is too small for the next video."
    )
    needs = models.DecimalField(
        max_digits=39,
        decimal_places=0,
        null=True,
        blank=True,
        editable=False,
        help_text="HAPI that the next video takes, while it is dry.",
    )
    next_balance_check_at = models.DateTimeField(db_default=Now(), editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"lane of member {self.member_id}"


class App(models.Model):
    """A gateway (Gleev, for instance) that brings creators and is credited for their videos on Joystream."""

    name = models.CharField(max_length=100, unique=True, help_text="The app's name on Joystream.")
    account_seed = EncryptedJSONField(help_text="Seed of the key that signs what is attributed to the app.")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="apps")
    terms = models.TextField(
        blank=True,
        db_default="",
        help_text="What creators accept when they join through it. An empty line begins a paragraph, # a heading, "
        "- a point of a list. Empty: the terms that the service brings along.",
    )
    terms_version = models.CharField(
        max_length=20,
        blank=True,
        db_default="",
        editable=False,
        help_text="Which of its terms they are: the moment of their last change.",
    )
    support_email = models.EmailField(
        blank=True,
        db_default="",
        help_text="Where its creators write to. Empty: SUPPORT_EMAIL of the environment.",
    )
    support_url = models.URLField(
        "support page", blank=True, db_default="", help_text="Where its creators find help: shown to them."
    )
    categories = models.JSONField(
        default=list,
        blank=True,
        db_default=[],
        help_text="Joystream's video categories that its creators may choose; none chosen: all.",
    )
    carries_texts = models.BooleanField(
        "carries titles and descriptions over",
        default=True,
        db_default=True,
        help_text="A title or description that is changed on YouTube is changed on Joystream too, unless "
        "somebody has changed it there.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.name

    def allows(self, category_id: str) -> bool:
        """Whether its creators may choose the category."""
        return not self.categories or category_id in self.categories


class Status(models.TextChoices):
    """Where a channel stands in the partner programme."""

    UNVERIFIED = "unverified", "Unverified"
    VERIFIED = "verified", "Verified"
    SUSPENDED = "suspended", "Suspended"
    OPTED_OUT = "opted_out", "Opted out"


class TierName(models.TextChoices):
    BRONZE = "bronze", "Bronze"
    SILVER = "silver", "Silver"
    GOLD = "gold", "Gold"
    DIAMOND = "diamond", "Diamond"


class SuspensionReason(models.TextChoices):
    COPYRIGHT_BREACH = "CopyrightBreach", "Copyright breach"
    MISLEADING_CONTENT = "MisleadingContent", "Misleading content"
    PROGRAM_TERMS_EXPLOIT = "ProgramTermsExploit", "Programme terms exploited"
    UNSUPPORTED_TOPIC = "UnsupportedTopic", "Unsupported topic"


class Pause(models.TextChoices):
    """Why a channel's videos do not move. Empty means that they do."""

    NONE = "", "Not paused"
    BY_CREATOR = "creator", "Paused by the creator"
    BY_STAFF = "staff", "Paused by the operators"
    LEFT = "left", "The creator left the programme"
    SUSPENDED = "suspended", "The channel is suspended"
    COLLABORATOR_MISSING = "collaborator", "The service may not publish on the Joystream channel"
    STORAGE_FULL = "storage", "The Joystream channel has no storage left"
    MODERATED = "moderated", "Joystream's moderators paused the channel"
    JOYSTREAM_CHANNEL_GONE = "channel_gone", "The Joystream channel was deleted"
    YOUTUBE_CHANNEL_GONE = "youtube_gone", "The YouTube channel cannot be found"


class WhenGone(models.TextChoices):
    """What becomes of a video on Joystream that its creator takes off YouTube's public pages."""

    KEEP = "keep", "Keep it on Joystream"
    UNLIST = "unlist", "Hide it on Joystream too"
    DELETE = "delete", "Delete it on Joystream too"


class ChannelQuerySet(models.QuerySet["Channel"]):
    def registered(self) -> "ChannelQuerySet":
        """Channels whose owners finished the sign-up, whatever became of them."""
        return self.filter(joystream_channel_id__isnull=False)

    def participating(self) -> "ChannelQuerySet":
        """Channels that hold their Joystream channel: everybody but those who left."""
        return self.registered().exclude(status=Status.OPTED_OUT)

    def of_joystream_channel(self, joystream_channel_id: int) -> "Channel | None":
        """The channel that holds the Joystream channel, or else the last one that did."""
        mine = self.filter(joystream_channel_id=joystream_channel_id)
        return mine.order_by(Case(When(status=Status.OPTED_OUT, then=1), default=0), "-id").first()

    def syncing(self) -> "ChannelQuerySet":
        return self.filter(pause=Pause.NONE, joystream_channel_id__isnull=False)

    def due_for_discovery(self) -> "ChannelQuerySet":
        """Channels whose listing is to be read now and that nobody is reading."""
        return (
            self.syncing()
            .filter(next_discovery_at__lte=Now())
            .filter(Q(discovery_leased_until=None) | Q(discovery_leased_until__lt=Now()))
            .order_by("next_discovery_at")
        )


class Channel(models.Model):
    """A YouTube channel and, once its owner has said so, the Joystream channel that receives its videos."""

    youtube_id = models.CharField(max_length=24, unique=True)
    handle = models.CharField(
        max_length=100, blank=True, db_index=True, help_text="With its @, as YouTube writes it."
    )
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    thumbnails = models.JSONField(default=dict, blank=True, help_text="Size name → address of the picture.")
    banner_url = models.URLField(max_length=500, blank=True)
    uploads_playlist_id = models.CharField(max_length=50)
    published_at = models.DateTimeField(help_text="When the channel was opened on YouTube.")
    subscribers = models.PositiveBigIntegerField(default=0)
    subscribers_hidden = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its owner hides them: the number is the last that was known, or 0.",
    )
    public_videos = models.PositiveIntegerField(default=0, help_text="As YouTube counts them.")
    views = models.PositiveBigIntegerField(default=0)

    creator = models.ForeignKey(
        Creator, null=True, blank=True, on_delete=models.SET_NULL, related_name="channels"
    )
    app = models.ForeignKey(
        App, on_delete=models.PROTECT, related_name="channels", help_text="Who brought it."
    )
    email = models.EmailField(blank=True)
    joystream_channel_id = models.PositiveBigIntegerField(null=True, blank=True)
    referrer_channel_id = models.PositiveBigIntegerField(null=True, blank=True)
    category_id = models.CharField(max_length=40, blank=True, help_text="Joystream category for its videos.")

    status = models.CharField(max_length=12, choices=Status, default=Status.UNVERIFIED)
    tier = models.CharField(max_length=10, choices=TierName, blank=True)
    tier_is_by_staff = models.BooleanField(
        default=False,
        help_text="Staff chose another tier than its subscribers propose: it no longer follows them.",
    )
    suspension_reason = models.CharField(max_length=24, choices=SuspensionReason, blank=True)
    status_before_suspension = models.CharField(max_length=12, choices=Status, blank=True)
    status_before_leaving = models.CharField(max_length=12, choices=Status, blank=True)
    wants_sync = models.BooleanField(default=True, help_text="The creator wants the videos brought over.")
    when_gone = models.CharField(
        max_length=6,
        choices=WhenGone,
        default=WhenGone.KEEP,
        db_default=WhenGone.KEEP,
        help_text="The creator's choice for videos that they make private or delete on YouTube.",
    )
    allow_operator_ingestion = models.BooleanField(default=True)
    pause = models.CharField(max_length=12, choices=Pause, blank=True, default=Pause.NONE)
    next_recheck_at = models.DateTimeField(
        db_default=Now() + Value(timedelta(days=1)), help_text="When Joystream is asked about it next."
    )
    recheck_every = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Seconds between two such questions while it is paused."
    )
    last_owner_action_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Timestamp of the newest signed owner action; an older one is a replay.",
    )

    next_discovery_at = models.DateTimeField(db_default=Now())
    discovery_lease_token = models.UUIDField(null=True, blank=True, editable=False)
    discovery_leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    catalogue_complete = models.BooleanField(
        default=False, help_text="The whole back catalogue has been listed once."
    )
    looked_at = models.DateTimeField(null=True, blank=True, help_text="When we last looked for new uploads.")
    check_every = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Seconds between two looks, as its rhythm and its push have them. 0: not known yet.",
    )
    needs_listing = models.BooleanField(
        default=False,
        db_default=False,
        help_text="There are uploads that its feed does not show: all are to be listed.",
    )
    listed_at = models.DateTimeField(null=True, blank=True, help_text="When all uploads were last listed.")
    feed_silent_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when its feed is silent."
    )
    refreshed_at = models.DateTimeField(db_default=Now(), help_text="When YouTube last showed the channel.")
    next_refresh_at = models.DateTimeField(db_default=Now() + Value(timedelta(days=1)))
    added_by_staff = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its owner has not signed in: its uploads are listed from its public pages.",
    )
    catalogue_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Older videos that staff want, as far as the tier allows them."
    )
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when YouTube's API does not show it."
    )
    queue_finish = models.FloatField(
        default=0.0, editable=False, help_text="Virtual time at which its queue ends."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["joystream_channel_id"],
                condition=~Q(status=Status.OPTED_OUT),
                name="one_youtube_channel_a_joystream_channel",
            ),
            models.CheckConstraint(
                condition=Q(referrer_channel_id=None) | ~Q(referrer_channel_id=F("joystream_channel_id")),
                name="nobody_refers_themselves",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="channel_status_is_known"),
            models.CheckConstraint(condition=Q(pause__in=Pause.values), name="channel_pause_is_known"),
            models.CheckConstraint(
                condition=Q(when_gone__in=WhenGone.values), name="channel_choice_when_gone_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.VERIFIED) | ~Q(tier=""), name="a_verified_channel_has_a_tier"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_discovery_at"],
                condition=Q(pause="") & Q(joystream_channel_id__isnull=False),
                name="channel_due_for_discovery",
            ),
            models.Index(
                fields=["next_recheck_at"],
                condition=Q(joystream_channel_id__isnull=False) & ~Q(status=Status.OPTED_OUT),
                name="channel_due_for_recheck",
            ),
            models.Index(
                fields=["next_refresh_at"],
                condition=Q(joystream_channel_id__isnull=False) & ~Q(status=Status.OPTED_OUT),
                name="channel_due_for_refresh",
            ),
            models.Index(fields=["joystream_channel_id"], name="channel_by_joystream_channel"),
            models.Index(
                fields=["referrer_channel_id"],
                condition=Q(referrer_channel_id__isnull=False),
                name="channel_by_referrer",
            ),
            models.Index(fields=["status", "-id"], name="channel_by_status"),
            models.Index(fields=["-created_at"], name="channel_newest_first"),
            models.Index(fields=["-subscribers", "-id"], name="channel_largest_first"),
            models.Index(fields=["tier", "-id"], condition=~Q(tier=""), name="channel_by_tier"),
            models.Index(
                fields=["pause", "-id"],
                condition=~Q(pause="") & Q(joystream_channel_id__isnull=False),
                name="channel_by_pause",
            ),
        ]
        permissions = [("moderate_channel", "Can decide about channels: verify, suspend, switch, resync")]

    def __str__(self) -> str:
        return self.handle or self.title or self.youtube_id

    @property
    def waits_for_its_owner(self) -> bool:
        """Staff added it; whoever shows that it is theirs may still sign up with it."""
        return self.added_by_staff and self.creator_id is None


class ChannelEvent(models.Model):
    """History: what happened to a channel, who did it, and why. Rows are only added."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=100, help_text="A person, a key's name, or a worker.")
    is_told = models.BooleanField(
        db_default=False, editable=False, help_text="If it is for its creator to know, a letter is written."
    )

    class Meta:
        indexes = [
            models.Index(fields=["channel", "-id"], name="event_of_channel"),
            models.Index(fields=["id"], condition=Q(is_told=False), name="event_to_be_told"),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.at}"


class OwnerAction(models.Model):
    """A message that a Joystream channel's owner signed and that was acted upon: it counts once, on one
    channel.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="owner_actions")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the signer's key and the message."
    )
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.channel} at {self.at}"


class OperatorKeyQuerySet(models.QuerySet["OperatorKey"]):
    def valid(self) -> "OperatorKeyQuerySet":
        return self.filter(revoked_at=None)


class OperatorKey(models.Model):
    """A key of the operator API. Only its hash is kept; its name goes into the history of what it does."""

    name = models.CharField(max_length=80, unique=True, help_text="Who or what uses it.")
    key_hash = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OperatorKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Switch(models.TextChoices):
    """What staff turn off for the whole service, and on again.

    Off is the exception: it has a reason that creators read.
    """

    SYNC = "sync", "Sync of all channels"
    DISCOVERY = "discovery", "Discovery of new videos"
    DOWNLOAD = "download", "Downloads"
    CREATION = "creation", "Creation on Joystream"
    UPLOAD = "upload", "Uploads to storage"
    ACCEPTANCE = "acceptance", "Waiting for acceptance"
    NEW_WORK = "new_work", "New work (off: drained for a deploy)"
    SIGN_UPS = "sign_ups", "New sign-ups"


class ServiceSwitch(models.Model):
    """How a switch stands. One that was never turned has no row and is on. `channels.switches` turns it."""

    name = models.CharField(primary_key=True, max_length=12, choices=Switch)
    is_on = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is off, in words for creators.")
    turned_by = models.CharField(max_length=100, blank=True)
    turned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_on=True) | ~Q(reason=""), name="off_has_a_reason"),
        ]
        permissions = [("turn_switch", "Can pause and resume the service")]
        verbose_name, verbose_name_plural = "switch", "switches"

    def __str__(self) -> str:
        return self.get_name_display()


class SwitchEvent(models.Model):
    """History: who turned a switch, when, and why. Rows are only added."""

    switch = models.ForeignKey(ServiceSwitch, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now(), editable=False)
    is_on = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.switch_id} {'on' if self.is_on else 'off'} at {self.at}"
