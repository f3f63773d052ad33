"""Channels, their videos, and what the programme asks for: what everybody may read."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from atlas.examples import CHANNEL, REFERRER, REQUIREMENTS, VIDEO, failures
from atlas.serializers import ChannelDto, ReferralDto, ReferrerDto, RequirementsDto, VideoDto
from atlas.views import sign_up
from atlas.views.base import AtlasView, SignUpThrottle, channel_or_404, shown, shown_videos
from channels.gateways import known_app
from channels.models import Channel, ChannelQuerySet, Status
from payments import referrals
from videos import on_request
from videos.models import Video
from ypp import requirements
from ypp.models import Requirement

NEWEST = 30


class ChannelsView(AtlasView):
    def get_throttles(self) -> list[BaseThrottle]:
        return [SignUpThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        tags=["Channels"],
        operation_id="listChannels",
        summary="The 30 newest channels",
        responses=ChannelDto(many=True),
        examples=[CHANNEL],
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(Channel.objects.registered()))

    @sign_up.JOIN_SCHEMA
    def post(self, request: Request) -> Response:
        return sign_up.join(request)


class UnverifiedChannelsView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="listUnverifiedChannels",
        summary="Channels that wait for their verification, newest first",
        responses=ChannelDto(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(Channel.objects.registered().filter(status=Status.UNVERIFIED), most=1000))


class ChannelView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="getChannel",
        summary="A channel, with how far its sync has come",
        responses={200: ChannelDto, **failures(404)},
        examples=[CHANNEL],
    )
    def get(self, request: Request, joystream_channel_id: int) -> Response:
        (channel,) = shown([channel_or_404(joystream_channel_id)])
        return Response(ChannelDto(channel).data)


class ChannelVideosView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="listVideosOfChannel",
        summary="The channel's videos, newest first",
        responses={200: VideoDto(many=True), **failures(404)},
        examples=[VIDEO],
    )
    def get(self, request: Request, joystream_channel_id: int) -> Response:
        return Response(shown_videos(Video.objects.filter(channel=channel_or_404(joystream_channel_id))))


class ReferralsView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="listReferralsOfChannel",
        summary="The channels that this one brought, newest first",
        responses={200: ReferralDto(many=True), **failures(404)},
    )
    def get(self, request: Request, joystream_channel_id: int) -> Response:
        channel_or_404(joystream_channel_id)
        brought = Channel.objects.participating().filter(referrer_channel_id=joystream_channel_id)
        return Response(ReferralDto(brought.order_by("-created_at", "-id"), many=True).data)


class TopReferrersView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="listTopReferrers",
        summary="Who earned most by bringing channels",
        responses=ReferrerDto(many=True),
        examples=[REFERRER],
    )
    def get(self, request: Request) -> Response:
        return Response(ReferrerDto(referrals.top_referrers(), many=True).data)


class RequirementsView(AtlasView):
    @extend_schema(
        tags=["Sign-up"],
        operation_id="getRequirements",
        summary="What a YouTube channel must have to join",
        responses=RequirementsDto,
        examples=[REQUIREMENTS],
    )
    def get(self, request: Request) -> Response:
        rule = Requirement.objects.of_app(known_app())
        return Response(RequirementsDto({"requirements": requirements.templates(rule)}).data)


class MemberChannelsView(AtlasView):
    @extend_schema(
        tags=["Channels"],
        operation_id="listChannelsOfMember",
        summary="All synced channels of a Joystream member",
        responses={200: ChannelDto(many=True), **failures(404, 503)},
    )
    def get(self, request: Request, member_id: int) -> Response:
        ids = [channel.id for channel in on_request.query_node().channels_of_member(member_id)]
        channels = Channel.objects.participating().filter(joystream_channel_id__in=ids)
        return Response(_shown(channels, most=1000))


def _shown(channels: ChannelQuerySet, *, most: int = NEWEST) -> object:
    return ChannelDto(shown(list(channels.order_by("-created_at", "-id")[:most])), many=True).data
