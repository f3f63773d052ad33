"""Videos, where each is on its way, and what happened to it."""

import re
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api import examples, history, identities
from api.filters import ReplicationFilter, VideoFilter
from api.paging import Orderings, Pages
from api.problems import refusals
from api.serializers import (
    HappeningSerializer,
    ReplicationSerializer,
    VideoDetailSerializer,
    VideoSerializer,
)
from api.views.base import PublicView
from videos import facts
from videos.models import Video
from videos.states import IN_PIPELINE, State


class VideoListView(PublicView, ListAPIView[Any]):
    """Pages of videos with the facts that follow from each."""

    queryset = Video.objects.for_everybody().select_related("channel").prefetch_related("files")
    serializer_class: type[Serializer[Any]] = VideoSerializer
    pagination_class = Pages
    orderings: Orderings

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shown = self.get_serializer(facts.of_rows(rows or []), many=True)
        return self.get_paginated_response(shown.data)


class VideosView(VideoListView):
    filterset_class = VideoFilter
    orderings: Orderings = {
        "-discovered_at": ("-id",),
        "discovered_at": ("id",),
        "-published_at": ("-published_at", "-id"),
        "published_at": ("published_at", "id"),
    }

    @extend_schema(
        tags=["Public: videos"],
        summary="Videos of all channels",
        responses={200: VideoSerializer(many=True), **refusals(400)},
        examples=[examples.VIDEO],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class VideoView(PublicView):
    @extend_schema(
        tags=["Public: videos"],
        operation_id="api_v1_videos_retrieve",
        summary="A video, with the history of its replication",
        parameters=[
            OpenApiParameter(
                "youtube_id",
                {"type": "string", "pattern": f"^{identities.VIDEO}$"},
                OpenApiParameter.PATH,
                examples=[examples.VIDEO_ID],
            )
        ],
        responses={200: VideoDetailSerializer, **refusals(404)},
        examples=[examples.VIDEO_DETAIL],
    )
    def get(self, request: Request, youtube_id: str) -> Response:
        is_an_id = re.fullmatch(identities.VIDEO, youtube_id)
        found = (
            facts.of_videos(Video.objects.for_everybody().filter(youtube_id=youtube_id)) if is_an_id else []
        )
        if not found:
            raise NotFound("There is no such video.")
        happened = HappeningSerializer(history.of_video(found[0].video), many=True).data
        return Response({**VideoSerializer(found[0]).data, "history": happened})


class ReplicationsView(VideoListView):
    """Videos that somebody works on, or that have left the first queue and are not there yet."""

    queryset = (
        Video.objects.for_everybody()
        .filter(
            Q(state__in=sorted(IN_PIPELINE - {State.NEW}))
            | Q(lease_token__isnull=False, leased_until__gt=Now(), state=State.NEW)
        )
        .select_related("channel")
        .prefetch_related("files")
    )
    serializer_class = ReplicationSerializer
    filterset_class = ReplicationFilter
    orderings: Orderings = {"-discovered_at": ("-id",), "discovered_at": ("id",)}

    @extend_schema(
        tags=["Public: videos"],
        operation_id="api_v1_replications_list",
        summary="Replications that go on at this moment",
        description="Videos that wait for their download are in the list of videos, under the state `new`.",
        responses={200: ReplicationSerializer(many=True), **refusals(400)},
        examples=[examples.REPLICATION],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)
