"""Channels that signed up, and their videos."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples, identities
from api.filters import ChannelFilter, VideosOfChannelFilter
from api.paging import Orderings, Pages
from api.problems import refusals
from api.serializers import (
    ChannelDetailSerializer,
    ChannelSerializer,
    CoverageSerializer,
    SyncSerializer,
    VideoSerializer,
)
from api.views.base import PublicView
from api.views.videos import VideoListView
from channels.models import Channel
from videos import coverage, sync_status

BY = OpenApiParameter(
    "id",
    {"type": "string", "pattern": f"^{identities.CHANNEL}$"},
    OpenApiParameter.PATH,
    description="The YouTube channel's id, or that of the Joystream channel it belongs to.",
    examples=examples.CHANNEL_IDS,
)


def channel_or_404(name: str) -> Channel:
    channel = identities.channel_named(name)
    if channel is None:
        raise NotFound("There is no such channel.")
    return channel


class ChannelsView(PublicView, ListAPIView[Channel]):
    queryset = Channel.objects.registered().select_related("app")
    serializer_class = ChannelSerializer
    filterset_class = ChannelFilter
    pagination_class = Pages
    orderings: Orderings = {
        "-created_at": ("-id",),
        "created_at": ("id",),
        "-subscribers": ("-subscribers", "-id"),
        "subscribers": ("subscribers", "id"),
    }

    @extend_schema(
        tags=["Public: channels"],
        summary="Channels",
        responses={200: ChannelSerializer(many=True), **refusals(400)},
        examples=[examples.CHANNEL],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class ChannelView(PublicView):
    @extend_schema(
        tags=["Public: channels"],
        operation_id="api_v1_channels_retrieve",
        summary="A channel, with how far its sync has come and what of it is on Joystream",
        parameters=[BY],
        responses={200: ChannelDetailSerializer, **refusals(404)},
        examples=[examples.CHANNEL_DETAIL],
    )
    def get(self, request: Request, id: str) -> Response:
        channel = channel_or_404(id)
        sync = SyncSerializer(sync_status.of_channels([channel])[channel.pk]).data
        ledger = CoverageSerializer(coverage.of_channel(channel)).data
        return Response({**ChannelSerializer(channel).data, "sync": sync, "coverage": ledger})


class VideosOfChannelView(VideoListView):
    filterset_class = VideosOfChannelFilter
    orderings: Orderings = {
        "-published_at": ("-published_at", "-id"),
        "published_at": ("published_at", "id"),
    }

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset.filter(channel=channel_or_404(self.kwargs["id"])))

    @extend_schema(
        tags=["Public: channels"],
        operation_id="api_v1_channels_videos_list",
        summary="The channel's videos: past replications and those that go on",
        parameters=[BY],
        responses={200: VideoSerializer(many=True), **refusals(400, 404)},
        examples=[examples.VIDEO],
    )
    def get(self, request: Request, id: str) -> Response:
        return self.list(request)
