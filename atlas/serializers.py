"""The objects that the Atlas API shows. Names and types are those of the contract."""

from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atlas.fields import Timestamp
from channels.models import Channel, Status, SuspensionReason, TierName
from payments.referrals import Referrer
from videos.facts import VideoFacts
from videos.models import QuotaDay
from videos.sync_status import SyncStatus
from videos.wire import STATES

YPP_STATUSES = (
    "Unverified",
    *(f"Verified::{tier}" for tier in TierName.labels),
    *(f"Suspended::{reason}" for reason in SuspensionReason.values),
    "OptedOut",
)
SIZES = ("default", "medium", "high", "standard")


def ypp_status(channel: Channel, status: str) -> str:
    """A status of the channel as the contract writes it: with its tier, with the reason of a suspension."""
    match Status(status):
        case Status.UNVERIFIED:
            return "Unverified"
        case Status.VERIFIED:
            return f"Verified::{TierName(channel.tier).label}"
        case Status.SUSPENDED:
            return f"Suspended::{channel.suspension_reason}"
        case Status.OPTED_OUT:
            return "OptedOut"


def thumbnails(known: dict[str, str]) -> dict[str, str]:
    """The four sizes that Atlas reads; one that YouTube does not have is the next smaller one's picture."""
    best, shown = known.get("default", ""), {}
    for size in SIZES:
        best = known.get(size) or best
        shown[size] = best
    return shown


class Thumbnails(serializers.Serializer[Any]):
    default = serializers.CharField()
    medium = serializers.CharField()
    high = serializers.CharField()
    standard = serializers.CharField()


class SyncStatusDto(serializers.Serializer[Any]):
    backlogCount = serializers.IntegerField(source="backlog")
    placeInSyncQueue = serializers.IntegerField(
        source="place", help_text="0: nothing waits, or it syncs now."
    )
    fullSyncEta = serializers.IntegerField(source="eta", help_text="Seconds.")


@dataclass(frozen=True)
class ShownChannel:
    channel: Channel
    status: SyncStatus


class ChannelDto(serializers.Serializer[Any]):
    youtubeChannelId = serializers.CharField(source="channel.youtube_id")
    title = serializers.CharField(source="channel.title")
    description = serializers.CharField(source="channel.description")
    shouldBeIngested = serializers.SerializerMethodField()
    yppStatus = serializers.SerializerMethodField()
    preOptOutStatus = serializers.SerializerMethodField()
    joystreamChannelId = serializers.IntegerField(source="channel.joystream_channel_id")
    referrerChannelId = serializers.IntegerField(source="channel.referrer_channel_id", allow_null=True)
    videoCategoryId = serializers.CharField(source="channel.category_id")
    language = serializers.CharField(source="channel.language")
    thumbnails = serializers.SerializerMethodField()
    subscribersCount = serializers.IntegerField(source="channel.subscribers")
    createdAt = Timestamp(source="channel.created_at")
    syncStatus = SyncStatusDto(source="status")

    def get_shouldBeIngested(self, shown: ShownChannel) -> bool:
        """The creator wants it and takes part."""
        return shown.channel.wants_sync and shown.channel.status in (Status.UNVERIFIED, Status.VERIFIED)

    @extend_schema_field(serializers.ChoiceField(YPP_STATUSES))
    def get_yppStatus(self, shown: ShownChannel) -> str:
        return ypp_status(shown.channel, shown.channel.status)

    @extend_schema_field(serializers.ChoiceField(YPP_STATUSES, allow_null=True))
    def get_preOptOutStatus(self, shown: ShownChannel) -> str | None:
        before = shown.channel.status_before_leaving
        return ypp_status(shown.channel, before) if before else None

    @extend_schema_field(Thumbnails)
    def get_thumbnails(self, shown: ShownChannel) -> dict[str, str]:
        return thumbnails(shown.channel.thumbnails)


class SignedInDto(serializers.Serializer[Any]):
    email = serializers.CharField(source="creator.email")
    userId = serializers.CharField(source="creator.subject")
    channelHandle = serializers.CharField(source="channel.handle")
    channelTitle = serializers.CharField(source="channel.title")
    channelDescription = serializers.CharField(source="channel.description")
    channelLanguage = serializers.CharField(source="channel.language")
    avatarUrl = serializers.SerializerMethodField()
    bannerUrl = serializers.CharField(source="channel.banner_url")

    def get_avatarUrl(self, signed_in: Any) -> str:
        return thumbnails(signed_in.channel.thumbnails)["standard"]


class MembershipDto(serializers.Serializer[Any]):
    memberId = serializers.IntegerField()
    handle = serializers.CharField()
    block = serializers.IntegerField(required=False, help_text="Where the membership was created.")


class UserBrief(serializers.Serializer[Any]):
    id = serializers.CharField(source="subject")
    email = serializers.CharField()


class UserDto(UserBrief):
    createdAt = Timestamp(source="created_at")


class JoinedDto(serializers.Serializer[Any]):
    user = UserBrief()
    channel = ChannelDto()


class ReferralDto(serializers.Serializer[Any]):
    joystreamChannelId = serializers.IntegerField(source="joystream_channel_id")
    title = serializers.CharField()
    subscribersCount = serializers.IntegerField(source="subscribers")
    yppStatus = serializers.SerializerMethodField()
    createdAt = Timestamp(source="created_at")

    @extend_schema_field(serializers.ChoiceField(YPP_STATUSES))
    def get_yppStatus(self, channel: Channel) -> str:
        return ypp_status(channel, channel.status)


class RequirementDto(serializers.Serializer[Any]):
    errorCode = serializers.CharField(source="code")
    template = serializers.CharField(
        source="text", help_text="With `{}` where the variables go, in their order."
    )
    variables = serializers.ListField(child=serializers.CharField())


class RequirementsDto(serializers.Serializer[Any]):
    requirements = RequirementDto(many=True)


class JoystreamVideo(serializers.Serializer[Any]):
    id = serializers.CharField()
    assetIds = serializers.ListField(
        child=serializers.CharField(), help_text="Media first, thumbnail second."
    )


class Progress(serializers.Serializer[Any]):
    phase = serializers.CharField()
    done = serializers.IntegerField(help_text="Bytes.")
    total = serializers.IntegerField(allow_null=True, help_text="Bytes.")


class Reason(serializers.Serializer[Any]):
    code = serializers.CharField()
    happened = serializers.CharField(source="words.happened")
    actor = serializers.ChoiceField(
        ("nobody", "creator", "operator"), source="words.actor", help_text="Who must act."
    )
    next = serializers.CharField(source="words.next")


class VideoDto(serializers.Serializer[Any]):
    id = serializers.CharField(source="video.youtube_id", help_text="YouTube's.")
    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="video.title")
    description = serializers.CharField(source="video.description")
    category = serializers.CharField(source="video.channel.category_id")
    channelId = serializers.CharField(source="video.channel.youtube_id")
    playlistId = serializers.CharField(source="video.channel.uploads_playlist_id")
    resourceId = serializers.CharField(source="video.youtube_id")
    thumbnails = serializers.SerializerMethodField()
    state = serializers.ChoiceField(STATES)
    duration = serializers.IntegerField(help_text="Seconds.")
    language = serializers.CharField(source="video.language")
    privacyStatus = serializers.CharField(source="video.privacy")
    isShort = serializers.SerializerMethodField()
    publishedAt = Timestamp(source="video.published_at")
    createdAt = Timestamp(source="video.discovered_at")
    viewCount = serializers.IntegerField(source="video.views")
    joystreamVideo = serializers.SerializerMethodField()
    destinationUrl = serializers.CharField(source="address", allow_null=True)
    expectedAt = Timestamp(source="expected_at", allow_null=True)
    progress = Progress(source="video.progress", allow_null=True)
    reason = serializers.SerializerMethodField()

    def get_url(self, facts: VideoFacts) -> str:
        return f"https://www.youtube.com/watch?v={facts.video.youtube_id}"

    @extend_schema_field(Thumbnails)
    def get_thumbnails(self, facts: VideoFacts) -> dict[str, str]:
        return thumbnails(facts.video.thumbnails)

    def get_isShort(self, facts: VideoFacts) -> bool:
        return bool(facts.video.is_short)

    @extend_schema_field(JoystreamVideo(allow_null=True))
    def get_joystreamVideo(self, facts: VideoFacts) -> dict[str, Any] | None:
        if facts.video.joystream_video_id is None:
            return None
        return {"id": str(facts.video.joystream_video_id), "assetIds": [str(id) for id in facts.object_ids]}

    @extend_schema_field(Reason(allow_null=True))
    def get_reason(self, facts: VideoFacts) -> dict[str, Any] | None:
        return Reason(facts).data if facts.words else None


class ReferredByTier(serializers.Serializer[Any]):
    bronze = serializers.IntegerField()
    silver = serializers.IntegerField()
    gold = serializers.IntegerField()
    diamond = serializers.IntegerField()


class ReferrerDto(serializers.Serializer[Any]):
    referrerChannelId = serializers.IntegerField(source="joystream_channel_id")
    referredByTier = ReferredByTier(source="by_tier")
    totalEarnings = serializers.SerializerMethodField(help_text="US dollars.")
    totalReferredChannels = serializers.IntegerField(source="channels")

    def get_totalEarnings(self, referrer: Referrer) -> float:
        dollars, cents = divmod(referrer.cents, 100)
        return dollars + cents / 100 if cents else dollars


class StatusDto(serializers.Serializer[Any]):
    version = serializers.CharField()
    syncStatus = serializers.ChoiceField(("enabled", "disabled"))
    syncBacklog = serializers.IntegerField()


class QuotaDto(serializers.Serializer[Any]):
    date = serializers.DateField(source="day")
    syncQuotaUsed = serializers.IntegerField(source="sync_used")
    signupQuotaUsed = serializers.IntegerField(source="signup_used")
    partition = serializers.SerializerMethodField()

    def get_partition(self, day: QuotaDay) -> str:
        """What the former service's table was partitioned by."""
        return "stats"


class CollaboratorDto(serializers.Serializer[Any]):
    memberId = serializers.IntegerField()
    controllerAccount = serializers.CharField()
    balance = serializers.FloatField(help_text="JOY.")


class Failure(serializers.Serializer[Any]):
    """One failure.

    Where it has a code of its own, `code`, `message` and perhaps `result` are all there is.
    """

    statusCode = serializers.IntegerField(required=False)
    message = serializers.JSONField(help_text="A text; for unmet requirements the list of them.")
    error = serializers.CharField(required=False)
    code = serializers.CharField(required=False)
    result = serializers.JSONField(required=False)
