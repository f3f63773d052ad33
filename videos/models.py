"""What: videos, where each is in the pipeline, its files, its history, and what was sent to the chain for it."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from channels.models import Channel, Lane
from videos.discovery.models import FoundBy  # and with it the other models of the discovery
from videos.states import IN_PIPELINE, ON_CHAIN, SOURCE, Stage, State
from videos.visibility import FOR_EVERYBODY


class Band(models.IntegerChoices):
    """The coarse order of the queue: a lower band goes first."""

    BOOST = 0, "Boosted by staff"
    FIRST = 1, "First video of a new channel"
    FRESH = 2, "New upload"
    CATALOGUE = 3, "Back catalogue"


class VideoQuerySet(models.QuerySet["Video"]):
    def in_queue_order(self) -> "VideoQuerySet":
        return self.order_by("band", "tag", "id")

    def for_everybody(self) -> "VideoQuerySet":
        """Videos that YouTube shows to everybody, or that are on Joystream; others concern their creators.
        Whatever is read without a sign-in or a key goes through here.
        """
        return self.filter(FOR_EVERYBODY)

    def waiting_for(self, stage: Stage) -> "VideoQuerySet":
        """What the stage has before it, whoever may be at work on it."""
        return self.filter(state=SOURCE[stage], held="")

    def claimable(self, stage: Stage) -> "VideoQuerySet":
        """What the stage may take now: in its source state, due, not held back, leased by nobody."""
        return (
            self.waiting_for(stage)
            .filter(next_attempt_at__lte=Now())
            .filter(Q(leased_until=None) | Q(leased_until__lt=Now()))
            .in_queue_order()
        )


class Video(models.Model):
    """A YouTube video of a channel, from its discovery to its place on Joystream.

    `state` is moved by `videos.moves.move` alone. Times come from the database's clock, so that hosts need
    not agree.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="videos")
    youtube_id = models.CharField(max_length=11, unique=True)
    title = models.TextField()
    description = models.TextField(blank=True)
    published_at = models.DateTimeField()
    duration = models.PositiveIntegerField(help_text="Seconds, as YouTube says.")
    language = models.CharField(max_length=20, blank=True)
    youtube_category_id = models.CharField(max_length=10, blank=True)
    license = models.CharField(max_length=20, default="youtube")
    privacy = models.CharField(max_length=10, default="public")
    broadcast = models.CharField(max_length=10, default="none", help_text="none, live or upcoming.")
    scheduled_start_at = models.DateTimeField(null=True, blank=True)
    is_short = models.BooleanField(null=True, blank=True, help_text="Known once its picture's shape is.")
    is_hd = models.BooleanField(default=False, help_text="YouTube says that there is a high definition.")
    avoid_formats = models.JSONField(
        default=list, blank=True, help_text="YouTube's ids of formats that gave a bad file."
    )
    answers = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Address → code with which YouTube refused it there.",
    )
    has_paid_promotion = models.BooleanField(default=False)
    is_age_restricted = models.BooleanField(default=False)
    views = models.PositiveBigIntegerField(default=0)
    likes = models.PositiveBigIntegerField(default=0)
    thumbnails = models.JSONField(default=dict, blank=True)

    state = models.CharField(max_length=12, choices=State, default=State.NEW, editable=False)
    reason = models.CharField(
        max_length=40, blank=True, help_text="Code of the fault it waits for or ended with."
    )
    reason_text = models.TextField(
        blank=True, help_text="What the other side said, word for word: for staff only."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Failed tries in this state.")
    next_attempt_at = models.DateTimeField(db_default=Now())
    held = models.CharField(
        max_length=12, blank=True, help_text="The channel's pause, copied to its queued videos."
    )

    band = models.PositiveSmallIntegerField(choices=Band, default=Band.CATALOGUE)
    tag = models.FloatField(
        default=0.0, help_text="Virtual finish time within the band: see videos.queue_order."
    )
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    leased_by = models.CharField(max_length=100, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    crashes = models.PositiveSmallIntegerField(
        default=0, help_text="Leases that ended without a word in this state."
    )
    progress = models.JSONField(
        null=True, blank=True, help_text="{phase, done, total} in bytes, while it is worked on."
    )
    reserved_bytes = models.PositiveBigIntegerField(
        default=0, help_text="Part of the media store's budget it holds."
    )

    media = models.JSONField(
        null=True, blank=True, help_text="Measured: duration, width, height, codecs, container."
    )
    joystream_video_id = models.PositiveBigIntegerField(null=True, blank=True, unique=True)
    created_in_block = models.PositiveBigIntegerField(null=True, blank=True)
    adopted = models.BooleanField(default=False, help_text="It was on the Joystream channel before we came.")
    discovered_at = models.DateTimeField(db_default=Now(), editable=False)
    found_by = models.CharField(max_length=10, choices=FoundBy, blank=True, db_default="", editable=False)
    needs_description = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Found without the Data API, which is still to be asked about it.",
    )
    describe_at = models.DateTimeField(db_default=Now(), editable=False)
    recording = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text="Of a stream's recording: its length in seconds, and since when it is that long.",
    )
    written = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text="What we last wrote on Joystream: title, description, is_public, thumbnail.",
    )
    next_look_at = models.DateTimeField(
        db_default=Now() + Value(timedelta(days=7)),
        editable=False,
        help_text="When YouTube is asked again about it, published or not brought over.",
    )
    gone_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when the public does not see it on YouTube any more."
    )
    gone_reason = models.CharField(max_length=40, blank=True, db_default="", help_text="Code of how it went.")
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    published_on_joystream_at = models.DateTimeField(null=True, blank=True)

    objects = VideoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="video_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ON_CHAIN)) | Q(joystream_video_id__isnull=False),
                name="a_video_on_chain_has_its_id",
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, leased_until=None)
                | Q(lease_token__isnull=False, leased_until__isnull=False),
                name="a_lease_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "band", "tag", "id"],
                condition=Q(state__in=sorted(SOURCE.values())) & Q(held=""),
                name="video_queue",
            ),
            models.Index(fields=["channel", "state", "band", "tag", "id"], name="video_of_channel_in_order"),
            models.Index(fields=["channel", "-published_at"], name="video_of_channel_newest"),
            models.Index(fields=["-published_at", "-id"], name="video_newest_first"),
            # what was published lately, to be rewarded
            models.Index(
                fields=["published_on_joystream_at"],
                condition=Q(published_on_joystream_at__isnull=False),
                name="video_by_arrival",
            ),
            # the rare ones among the videos at rest
            models.Index(
                fields=["state", "-id"],
                condition=Q(state__in=[State.SKIPPED, State.REMOVED]),
                name="video_not_brought_over",
            ),
            models.Index(
                fields=["lease_token"], condition=Q(lease_token__isnull=False), name="video_by_lease"
            ),
            models.Index(fields=["id"], condition=Q(reserved_bytes__gt=0), name="video_holding_budget"),
            models.Index(
                fields=["describe_at"], condition=Q(needs_description=True), name="video_to_be_described"
            ),
            models.Index(
                fields=["next_look_at"],
                condition=Q(state__in=[State.PUBLISHED, State.SKIPPED]),
                name="video_to_be_looked_at",
            ),
            # what is under way or stands still, oldest first: a small part of all videos
            models.Index(
                fields=["state", "state_since"],
                condition=Q(state__in=sorted(IN_PIPELINE | {State.STUCK})),
                name="video_by_age_in_state",
            ),
        ]
        permissions = [("handle_video", "Can retry, skip and boost videos")]

    def __str__(self) -> str:
        return f"{self.youtube_id} {self.title[:60]}"


class VideoEvent(models.Model):
    """History: every move, success and failure of a video. Rows are only added."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.CharField(
        max_length=40, help_text="What happened, as a verb: downloaded, retry, skipped …"
    )
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=100, help_text="The worker or the person.")

    class Meta:
        indexes = [
            models.Index(fields=["video", "-id"], name="event_of_video"),
            models.Index(
                fields=["at", "event", "reason"], condition=~Q(reason=""), name="event_with_reason_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.at}"


class Role(models.TextChoices):
    MEDIA = "media", "Media"
    THUMBNAIL = "thumbnail", "Thumbnail"
    SUBTITLE = "subtitle", "Subtitles"


class MediaFile(models.Model):
    """A file of a video: in the media store until the storage node has accepted it, promised on chain by its
    hash.
    """

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(help_text="Its index among the video's assets on chain.")
    role = models.CharField(max_length=10, choices=Role)
    language = models.CharField(max_length=20, blank=True, help_text="Of subtitles.")
    mime_type = models.CharField(max_length=60)
    key = models.CharField(max_length=200, help_text="Its name in the media store.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    content_id = models.CharField(
        max_length=64, help_text="Base58 multihash of its BLAKE3 digest, as the chain has it."
    )
    object_id = models.PositiveBigIntegerField(
        null=True, blank=True, unique=True, help_text="Data object on chain."
    )
    uploaded_bytes = models.PositiveBigIntegerField(default=0)
    uploaded_to = models.CharField(max_length=300, blank=True, help_text="The storage node that took it.")
    uploaded_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="When the local file was deleted.")

    class Meta:
        ordering = ["video", "position"]
        constraints = [models.UniqueConstraint(fields=["video", "position"], name="one_file_a_position")]

    def __str__(self) -> str:
        return self.key


class TransactionState(models.TextChoices):
    SIGNED = "signed", "Signed, perhaps sent"
    FINAL = "final", "In a final block"
    DEAD = "dead", "Can never be included"


class Purpose(models.TextChoices):
    """What an extrinsic is for; its name stands before those of the places where tests take a process down."""

    CREATION = "creation", "Creates videos"
    CHANGE = "change", "Changes videos"
    PAYMENT = "payment", "Pays creators"


class ChainTransaction(models.Model):
    """The outbox: an extrinsic, committed here before its first byte leaves the process."""

    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="transactions")
    purpose = models.CharField(
        max_length=10, choices=Purpose, default=Purpose.CREATION, db_default=Purpose.CREATION
    )
    hash = models.CharField(max_length=66, unique=True, help_text="0x + BLAKE2b-256 of the signed bytes.")
    data = models.BinaryField(help_text="The signed extrinsic, ready to be sent (again).")
    nonce = models.PositiveBigIntegerField()
    birth_block = models.PositiveBigIntegerField(help_text="First block in which it may be included.")
    death_block = models.PositiveBigIntegerField(help_text="First block in which it no longer may be.")
    scanned_to = models.PositiveBigIntegerField(help_text="Final blocks up to here do not hold it.")
    state = models.CharField(max_length=8, choices=TransactionState, default=TransactionState.SIGNED)
    block_number = models.PositiveBigIntegerField(null=True, blank=True)
    block_hash = models.CharField(max_length=66, blank=True)
    extrinsic_index = models.PositiveIntegerField(null=True, blank=True)
    fee = models.DecimalField(max_digits=39, decimal_places=0, null=True, blank=True, help_text="HAPI.")
    error = models.TextField(blank=True)
    signed_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lane"], condition=Q(state=TransactionState.SIGNED), name="one_thing_at_a_time_a_lane"
            ),
            models.CheckConstraint(condition=Q(death_block__gt=F("birth_block")), name="an_extrinsic_dies"),
            models.CheckConstraint(
                condition=~Q(state=TransactionState.FINAL) | Q(block_number__isnull=False),
                name="a_final_extrinsic_has_its_block",
            ),
        ]

    def __str__(self) -> str:
        return self.hash


class TransactionVideo(models.Model):
    """A video's place in an extrinsic: its channel's batch, and its position there."""

    transaction = models.ForeignKey(ChainTransaction, on_delete=models.CASCADE, related_name="entries")
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="transactions")
    batch = models.PositiveSmallIntegerField(help_text="Index of its channel's batch.")
    position = models.PositiveSmallIntegerField(help_text="Index within the batch.")
    attribution_nonce = models.PositiveBigIntegerField(help_text="The channel's video count that was signed.")

    class Meta:
        ordering = ["transaction", "batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["transaction", "batch", "position"], name="one_video_a_position"),
            models.UniqueConstraint(fields=["transaction", "video"], name="a_video_once_a_transaction"),
        ]

    def __str__(self) -> str:
        return f"video {self.video_id} at {self.batch}/{self.position}"


class ChangeKind(models.TextChoices):
    UPDATE = "update", "Other facts"
    DELETE = "delete", "Deletion"


class ChangeState(models.TextChoices):
    WANTED = "wanted", "To be made"
    SIGNED = "signed", "In a signed extrinsic"
    DONE = "done", "Made"
    DROPPED = "dropped", "Not made"


class VideoChange(models.Model):
    """A change of a published video on Joystream that follows one on YouTube. See `videos.changes`."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=6, choices=ChangeKind)
    values = models.JSONField(default=dict, blank=True, help_text="Field → what it becomes.")
    why = models.CharField(max_length=40, help_text="The event on YouTube that it follows.")
    state = models.CharField(max_length=8, choices=ChangeState, default=ChangeState.WANTED)
    transaction = models.ForeignKey(
        ChainTransaction, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    position = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Its place in the extrinsic."
    )
    reason = models.CharField(max_length=40, blank=True, help_text="Code of what keeps it from being made.")
    reason_text = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    wanted_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["video"],
                condition=Q(state__in=["wanted", "signed"]),
                name="one_open_change_a_video",
            ),
            models.UniqueConstraint(fields=["transaction", "position"], name="one_change_a_position"),
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="change_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.SIGNED) | Q(transaction__isnull=False, position__isnull=False),
                name="a_signed_change_has_its_extrinsic",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="wanted"),
                name="change_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of video {self.video_id}"


class QuotaDay(models.Model):
    """Units of the YouTube Data API spent on a Pacific day: reserved here before each call."""

    day = models.DateField(
        primary_key=True, help_text="The day in California, where Google resets the quota."
    )
    sync_used = models.PositiveIntegerField(default=0)
    signup_used = models.PositiveIntegerField(default=0)
    exhausted_at = models.DateTimeField(
        null=True, blank=True, help_text="When Google itself said that it is spent."
    )

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.sync_used} + {self.signup_used}"


class StagePace(models.Model):
    """How much a stage got done in ten seconds: what expected times are made of.

    A row with nothing done says that there was nothing to do. Of the days before yesterday a row is an hour.
    """

    stage = models.CharField(max_length=12, choices=Stage)
    slot = models.DateTimeField(help_text="When the ten seconds began.")
    finished = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0, db_default=0.0, help_text="That all of these took together.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "slot"], name="one_pace_a_slot")]

    def __str__(self) -> str:
        return f"{self.stage} {self.slot}: {self.finished}"


class QueueCount(models.Model):
    """How many videos wait before a stage within a bucket of tags. See `videos.places`.

    `is_sum`: added up by upkeep, one row a bucket; otherwise a change, as a trigger noted it.
    """

    state = models.CharField(max_length=12)
    band = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(help_text="Which of the widths the bucket has.")
    bucket = models.BigIntegerField(help_text="The tag divided by the width, rounded down.")
    videos = models.IntegerField()
    is_sum = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state", "band", "level", "bucket"], condition=Q(is_sum=True), name="one_sum_a_bucket"
            )
        ]
        indexes = [
            models.Index(fields=["state", "level", "band", "bucket"], include=["videos"], name="queue_count"),
            models.Index(fields=["id"], condition=Q(is_sum=False), name="queue_count_to_fold"),
            models.Index(fields=["id"], condition=Q(is_sum=True, videos=0), name="queue_count_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.band}/{self.level}/{self.bucket}: {self.videos}"


class QueueClock(models.Model):
    """One row: the virtual time of the back-catalogue queue (see `videos.queue_order`)."""

    time = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.time}"


class Worker(models.Model):
    """A process that works on a stage, as it was last heard of. See `videos.workers`."""

    name = models.CharField(max_length=100, help_text="Host and process.")
    stage = models.CharField(max_length=12, choices=Stage)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "stage"], name="one_worker_a_process")]

    def __str__(self) -> str:
        return f"{self.stage} {self.name}"


class ToolStanding(models.TextChoices):
    ON_TRIAL = "on_trial", "New: tried on a canary first"
    TRUSTED = "trusted", "In use"
    BROKEN = "broken", "Does not understand YouTube"


class ToolVersion(models.Model):
    """A version of yt-dlp that workers run, and whether it understands YouTube. See `videos.pipeline.tool`."""

    version = models.CharField(max_length=40, unique=True)
    standing = models.CharField(max_length=8, choices=ToolStanding, default=ToolStanding.ON_TRIAL)
    suspects = models.JSONField(
        default=list,
        blank=True,
        help_text="YouTube ids of the videos that it did not understand since its last success.",
    )
    last_error = models.TextField(blank=True, help_text="What it said, word for word.")
    broken_since = models.DateTimeField(null=True, blank=True)
    next_probe_at = models.DateTimeField(db_default=Now(), help_text="When one video is let through.")
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now(), editable=False)
    next_warning_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=ToolStanding.values), name="tool_standing_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"yt-dlp {self.version}"


class Standing(models.TextChoices):
    TRUSTED = "trusted", "In use"
    COOLING = "cooling", "Excluded for a while"


class ProxyAddress(models.Model):
    """An address that YouTube sees us by, and how YouTube takes it. See `videos.pipeline.addresses`.

    The proxy's URL with its password is in the configuration alone.
    """

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the proxy's URL, or «direct».")
    name = models.CharField(max_length=200, help_text="Host and port.")
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.TRUSTED)
    blocks = models.PositiveSmallIntegerField(default=0, help_text="Exclusions since it last proved itself.")
    pause = models.FloatField(default=0.0, help_text="Seconds between two videos through it; tunes itself.")
    next_use_at = models.DateTimeField(db_default=Now())
    successes = models.PositiveBigIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, help_text="What YouTube or the proxy said, word for word.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="address_standing_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
