"""The objects of the public API.

Every field is named here one by one: what a model gets later is not shown by itself.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import history
from api.history import Happening
from channels.models import App, Channel, Pause, Status, SuspensionReason, TierName
from payments import money
from payments.models import Payment
from videos import words
from videos.facts import VideoFacts
from videos.states import STAGE_OF, Stage, State
from videos.tally import Tally
from videos.words import Actor, Words
from ypp.models import Requirement, Tier
from ypp.requirements import templates


def _counts_by(choices: type[TextChoices]) -> dict[str, Any]:
    """The schema of counts by each of the choices."""
    counts = {value: {"type": "integer"} for value in choices.values}
    return {"type": "object", "properties": counts, "required": choices.values}


ACTORS = tuple(actor.value for actor in Actor)
PICTURES = serializers.DictField(child=serializers.CharField(), help_text="Size → address of the picture.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """Why something is as it is, in the words that its creator reads."""

    code = serializers.CharField()
    happened = serializers.CharField(source="words.happened")
    actor = serializers.ChoiceField(ACTORS, source="words.actor", help_text="Who must act.")
    next = serializers.CharField(source="words.next", help_text="What happens next, or what to do.")


# --- payments -----------------------------------------------------------------------------------------------


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment that a final block holds. Amounts are texts: they may be more than a number of JSON holds."""

    amount_hapi = serializers.CharField(source="amount", help_text="1 JOY is 10¹⁰ HAPI.")
    amount_joy = serializers.SerializerMethodField()
    youtube_channel_id = serializers.CharField()

    class Meta:
        model = Payment
        fields = (
            "joystream_channel_id",
            "youtube_channel_id",
            "reward_account",
            "block",
            "executed_at",
            "action",
            "amount_hapi",
            "amount_joy",
            "rationale",
            "payer_member_id",
            "extrinsic",
        )

    def get_amount_joy(self, payment: Payment) -> str:
        return money.joy(payment.amount).replace(",", "")


# --- channels -----------------------------------------------------------------------------------------------


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    youtube_url = serializers.SerializerMethodField()
    joystream_channel_id = serializers.IntegerField()
    thumbnails = PICTURES
    app = serializers.CharField(source="app.name", help_text="The gateway that brought it.")
    status = serializers.ChoiceField(Status.choices, help_text="Where it stands in the programme.")
    tier = serializers.SerializerMethodField()
    suspension_reason = serializers.SerializerMethodField()
    pause = serializers.SerializerMethodField(help_text="Why its videos do not move; null: they do.")
    opened_at = serializers.DateTimeField(source="published_at", help_text="When it was opened on YouTube.")

    class Meta:
        model = Channel
        fields = (
            "youtube_id",
            "youtube_url",
            "joystream_channel_id",
            "handle",
            "title",
            "description",
            "language",
            "country",
            "thumbnails",
            "banner_url",
            "subscribers",
            "public_videos",
            "opened_at",
            "app",
            "referrer_channel_id",
            "category_id",
            "status",
            "tier",
            "suspension_reason",
            "pause",
            "created_at",
        )

    def get_youtube_url(self, channel: Channel) -> str:
        return f"https://www.youtube.com/channel/{channel.youtube_id}"

    @extend_schema_field(serializers.ChoiceField(TierName.choices, allow_null=True))
    def get_tier(self, channel: Channel) -> str | None:
        return channel.tier or None

    @extend_schema_field(serializers.ChoiceField(SuspensionReason.choices, allow_null=True))
    def get_suspension_reason(self, channel: Channel) -> str | None:
        return (channel.suspension_reason or None) if channel.status == Status.SUSPENDED else None

    @extend_schema_field(ExplanationSerializer(allow_null=True))
    def get_pause(self, channel: Channel) -> dict[str, Any] | None:
        return explained(channel.pause, words.of_pause(Pause(channel.pause))) if channel.pause else None


class SyncSerializer(serializers.Serializer[Any]):
    """How far the channel's sync has come."""

    backlog = serializers.IntegerField(help_text="Videos on their way.")
    place = serializers.IntegerField(help_text="Of its first waiting video; 0: none, or it is worked on.")
    seconds_left = serializers.IntegerField(source="eta", help_text="Until all of them are published.")


class GapSerializer(ExplanationSerializer):
    """Public videos that are not on Joystream for one reason."""

    count = serializers.IntegerField()


class CoverageSerializer(serializers.Serializer[Any]):
    """What is on YouTube, and what of it on Joystream: `on_youtube` is `on_joystream` and the gaps."""

    on_youtube = serializers.IntegerField(help_text="Public videos.")
    on_joystream = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="Rounded down.")
    gaps = GapSerializer(many=True)


class ChannelDetailSerializer(ChannelSerializer):
    """A channel, with how far its sync has come."""

    sync = SyncSerializer()
    coverage = CoverageSerializer()

    class Meta:
        model = Channel
        fields = (*ChannelSerializer.Meta.fields, "sync", "coverage")


class ChannelBriefSerializer(serializers.ModelSerializer[Channel]):
    joystream_channel_id = serializers.IntegerField()

    class Meta:
        model = Channel
        fields = ("youtube_id", "joystream_channel_id", "title")


# --- videos -------------------------------------------------------------------------------------------------


class TransferSerializer(serializers.Serializer[Any]):
    """How much of a file has arrived."""

    phase = serializers.CharField()
    done = serializers.IntegerField(help_text="Bytes.")
    total = serializers.IntegerField(allow_null=True, help_text="Bytes.")


class MediaSerializer(serializers.Serializer[Any]):
    """The file, as measured."""

    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")
    video_codec = serializers.CharField()
    audio_codec = serializers.CharField(allow_null=True)
    container = serializers.CharField()


class OnJoystreamSerializer(serializers.Serializer[Any]):
    """The video on Joystream: its own ids there, and where its file is served."""

    video_id = serializers.IntegerField(source="video.joystream_video_id")
    object_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text="Media first, thumbnail second."
    )
    url = serializers.CharField(source="address", allow_null=True)
    created_in_block = serializers.IntegerField(source="video.created_in_block", allow_null=True)
    published_at = serializers.DateTimeField(source="video.published_on_joystream_at", allow_null=True)
    was_there_before = serializers.BooleanField(
        source="video.adopted", help_text="It had been brought there by somebody else."
    )


class _ExplainedVideoSerializer(serializers.Serializer[Any]):
    """Fields that follow from where a video is in the pipeline."""

    reason = serializers.SerializerMethodField(help_text="Why it waits or is not brought over.")
    place = serializers.IntegerField(allow_null=True, help_text="In its stage's queue, from 1.")
    expected_at = serializers.DateTimeField(allow_null=True, help_text="When it may be on Joystream.")
    progress = TransferSerializer(source="video.progress", allow_null=True)

    @extend_schema_field(ExplanationSerializer(allow_null=True))
    def get_reason(self, facts: VideoFacts) -> dict[str, Any] | None:
        return explained(facts.code, facts.words) if facts.words else None


class VideoSerializer(_ExplainedVideoSerializer):
    youtube_id = serializers.CharField(source="video.youtube_id")
    youtube_url = serializers.SerializerMethodField()
    channel = ChannelBriefSerializer(source="video.channel")
    title = serializers.CharField(source="video.title")
    description = serializers.CharField(source="video.description")
    published_at = serializers.DateTimeField(source="video.published_at", help_text="On YouTube.")
    duration = serializers.IntegerField(help_text="Seconds.")
    language = serializers.CharField(source="video.language")
    license = serializers.CharField(source="video.license")
    is_short = serializers.BooleanField(source="video.is_short", allow_null=True)
    views = serializers.IntegerField(source="video.views", help_text="On YouTube.")
    thumbnails = serializers.DictField(source="video.thumbnails", child=serializers.CharField())
    state = serializers.ChoiceField(State.choices, source="video.state")
    state_since = serializers.DateTimeField(source="video.state_since")
    media = MediaSerializer(source="video.media", allow_null=True)
    joystream = serializers.SerializerMethodField()
    discovered_at = serializers.DateTimeField(source="video.discovered_at")

    def get_youtube_url(self, facts: VideoFacts) -> str:
        return f"https://www.youtube.com/watch?v={facts.video.youtube_id}"

    @extend_schema_field(OnJoystreamSerializer(allow_null=True))
    def get_joystream(self, facts: VideoFacts) -> dict[str, Any] | None:
        return None if facts.video.joystream_video_id is None else OnJoystreamSerializer(facts).data


class HappeningSerializer(serializers.Serializer[Any]):
    """Something that happened to a video."""

    at = serializers.DateTimeField()
    event = serializers.ChoiceField(history.EVENTS)
    text = serializers.CharField(help_text="The event in words.")
    state = serializers.CharField(help_text="Where the video was after it.")
    reason = serializers.SerializerMethodField()
    extrinsic = serializers.CharField(allow_null=True, help_text="Its hash on Joystream's chain.")
    block = serializers.IntegerField(allow_null=True, help_text="Its number on Joystream's chain.")

    @extend_schema_field(ExplanationSerializer(allow_null=True))
    def get_reason(self, happening: Happening) -> dict[str, Any] | None:
        return explained(happening.code, happening.words) if happening.words else None


class VideoDetailSerializer(VideoSerializer):
    history = HappeningSerializer(many=True, help_text="The oldest first.")


class ReplicationSerializer(_ExplainedVideoSerializer):
    """A video that is being brought over."""

    youtube_id = serializers.CharField(source="video.youtube_id")
    title = serializers.CharField(source="video.title")
    channel = ChannelBriefSerializer(source="video.channel")
    state = serializers.ChoiceField(State.choices, source="video.state")
    state_since = serializers.DateTimeField(source="video.state_since")
    stage = serializers.SerializerMethodField(help_text="The part of the pipeline that it is in.")
    is_worked_on = serializers.SerializerMethodField(
        help_text="A worker is at it now; else it waits for one."
    )

    @extend_schema_field(serializers.ChoiceField(Stage.choices))
    def get_stage(self, facts: VideoFacts) -> str:
        return STAGE_OF.get(State(facts.video.state), Stage.CREATION).value

    def get_is_worked_on(self, facts: VideoFacts) -> bool:
        until = facts.video.leased_until
        return facts.video.state == State.CREATING or (until is not None and until > timezone.now())


# --- the programme ------------------------------------------------------------------------------------------


class TierSerializer(serializers.ModelSerializer[Tier]):
    max_subscribers = serializers.IntegerField(read_only=True, allow_null=True, help_text="null: no end.")

    class Meta:
        model = Tier
        fields = (
            "name",
            "min_subscribers",
            "max_subscribers",
            "max_old_videos",
            "max_old_bytes",
            "weight",
            "sign_up_reward",
            "video_reward",
            "referral_reward",
        )


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    app = serializers.CharField(
        source="app.name", allow_null=True, help_text="null: every app without its own."
    )
    texts = serializers.SerializerMethodField(help_text="What is asked for, in words.")

    class Meta:
        model = Requirement
        fields = (
            "app",
            "sign_ups_open",
            "min_subscribers",
            "min_videos",
            "min_video_age_hours",
            "min_channel_age_hours",
            "min_new_videos_a_month",
            "months_considered",
            "needs_title",
            "needs_description",
            "needs_avatar",
            "needs_cover",
            "needs_collaborator",
            "texts",
        )

    def get_texts(self, rule: Requirement) -> list[str]:
        return [template.text.format(*template.variables) for template in templates(rule)]


class AppSerializer(serializers.ModelSerializer[App]):
    collaborator_member_id = serializers.IntegerField(
        source="lane.member_id", help_text="The Joystream member whom creators invite to their channel."
    )
    collaborator_account = serializers.CharField(source="lane.address")
    categories = serializers.ListField(
        child=serializers.CharField(), help_text="Video categories that its creators may choose; empty: all."
    )

    class Meta:
        model = App
        fields = (
            "name",
            "collaborator_member_id",
            "collaborator_account",
            "categories",
            "support_url",
            "created_at",
        )


# --- the service --------------------------------------------------------------------------------------------


class VideoTallySerializer(serializers.Serializer[Any]):
    """Videos that there are, by state."""

    total = serializers.SerializerMethodField()
    by_state = serializers.SerializerMethodField()
    is_estimate = serializers.BooleanField(help_text="Counted in a part of the table: it is large.")

    def get_total(self, tally: Tally) -> int:
        return tally.all.total()

    @extend_schema_field(_counts_by(State))
    def get_by_state(self, tally: Tally) -> dict[str, int]:
        return {state.value: tally.all[state] for state in State}


class ChannelTallySerializer(serializers.Serializer[Any]):
    """Channels that signed up, by status."""

    total = serializers.SerializerMethodField()
    syncing = serializers.SerializerMethodField(help_text="Those that nothing pauses.")
    by_status = serializers.SerializerMethodField()
    is_estimate = serializers.BooleanField(help_text="Counted in a part of the table: it is large.")

    def get_total(self, tally: Tally) -> int:
        return tally.all.total()

    def get_syncing(self, tally: Tally) -> int:
        return tally.active.total()

    @extend_schema_field(_counts_by(Status))
    def get_by_status(self, tally: Tally) -> dict[str, int]:
        return {status.value: tally.all[status] for status in Status}


class HourSerializer(serializers.Serializer[Any]):
    begins_at = serializers.DateTimeField()
    published = serializers.IntegerField()


class PaceSerializer(serializers.Serializer[Any]):
    """How fast a stage of the pipeline is, by what it finished lately."""

    stage = serializers.ChoiceField(Stage.choices)
    waiting = serializers.IntegerField(help_text="Videos before it.")
    seconds_each = serializers.FloatField(allow_null=True, help_text="null: it has finished none lately.")


class QuotaShareSerializer(serializers.Serializer[Any]):
    used = serializers.IntegerField(help_text="Units.")
    limit = serializers.IntegerField(help_text="Units.")
    by_midnight = serializers.IntegerField(help_text="Units that the day will have used if it goes on so.")
    spent_at = serializers.DateTimeField(allow_null=True, help_text="When it is spent at this rate, or was.")
    resumes_at = serializers.DateTimeField(help_text="Midnight in California.")


class QuotaSerializer(serializers.Serializer[Any]):
    """Today's quota of the YouTube Data API."""

    day = serializers.DateField(help_text="In California.")
    sync = QuotaShareSerializer()
    sign_up = QuotaShareSerializer()


class HaltSerializer(serializers.Serializer[Any]):
    """What holds everybody's videos up."""

    happened = serializers.CharField(source="words.happened")
    actor = serializers.ChoiceField(ACTORS, source="words.actor")
    next = serializers.CharField(source="words.next")
    ends_at = serializers.DateTimeField(allow_null=True, help_text="null: nobody can say.")


class MetricsSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="When the numbers were taken.")
    channels = ChannelTallySerializer()
    videos = VideoTallySerializer()
    backlog = serializers.IntegerField(help_text="Videos on their way that nothing holds.")
    seconds_to_empty = serializers.IntegerField(
        allow_null=True,
        help_text="Until all of the backlog is published, at this pace. null: unknown.",
    )
    published_by_hour = HourSerializer(many=True, help_text="The last 24 hours, the oldest first.")
    stages = PaceSerializer(many=True)
    quota = QuotaSerializer()
    halts = HaltSerializer(many=True, help_text="Empty while all goes its way.")


class RootSerializer(serializers.Serializer[Any]):
    channels = serializers.URLField()
    videos = serializers.URLField()
    replications = serializers.URLField()
    payments = serializers.URLField()
    tiers = serializers.URLField()
    requirements = serializers.URLField()
    apps = serializers.URLField()
    metrics = serializers.URLField()


def explained(code: str, said: Words) -> dict[str, Any]:
    return ExplanationSerializer({"code": code, "words": said}).data
